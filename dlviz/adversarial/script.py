"""The numbers of a picture as a program on the engine."""

from collections.abc import Callable, Mapping

from dlviz.adversarial.config import OWN, AdversarialConfig, reads, recipe_of
from dlviz.adversarial.crowd import FEW, MANY
from dlviz.adversarial.sweeps import BRIEF
from dlviz.attacks import METHODS
from dlviz.victims import KINDS

PRINTS = {
    "attacks": "It prints what is read.",
    "path": "It prints what is read before the first step, and after each.",
    "plane": "It prints what is read.",
    "sum": "It prints the lead, and what chosen signs add to it.",
    "shares": "It prints the share of test digits that is still read right.",
    "nearest": "It prints the two distances.",
    "universal": "It prints how many of a hundred digits are misread.",
    "transfer": "It prints the share of test digits that is still read right.",
    "gap": "It prints how many times as much chosen signs do: by the formula, and measured.",
}


def script(config: AdversarialConfig) -> str:
    """Return the numbers of a picture as a program."""
    return "\n".join(_SCRIPTS.get(config.picture, _attack)(config)) + "\n"


def _names(config: AdversarialConfig) -> tuple[str, str, str, str]:
    """Return a network's module, and what its weights, images and one change are called there."""
    if config.victim in KINDS:
        return "dlviz.victims", "victim", "unseen_digits", "universal_pattern"
    return "dlviz.cnn_victims", "cnn_victim", "unseen_images", "cnn_universal"


def _imports(config: AdversarialConfig, *, pattern: bool = False) -> str:
    if config.victim == OWN:
        return "from dlviz.cnn_recipe import CnnRecipe\nfrom dlviz.own_victims import own_victim"
    module, *names = _names(config)
    return f"from {module} import {', '.join(sorted(names if pattern else names[:2]))}"


def _model(config: AdversarialConfig) -> str:
    if config.victim == OWN:
        return f"own = own_victim({recipe_of(config)})\nmodel = own.model()"
    return f'model = {_names(config)[1]}("{config.victim}", hardened={config.hardened})'


def _images(config: AdversarialConfig) -> str:
    if config.victim == OWN:
        return "own.unseen()"
    return f"{_names(config)[2]}({'' if config.victim in KINDS else repr(config.victim)})"


def _change(config: AdversarialConfig) -> str:
    if config.victim == OWN:
        return f"{config.epsilon} * torch.tensor(own.change)"
    change = f'{_names(config)[3]}("{config.victim}", {config.hardened})'
    return f"{config.epsilon} * {change}"


def _beginning(config: AdversarialConfig, *names: str, pattern: bool = False) -> list[str]:
    lines = ["import torch", ""]
    lines += [f"from dlviz.attacks import {', '.join(names)}"] if names else []
    if config.source == "drawn":
        lines.append("from dlviz.drawn import cells")
    lines += [_imports(config, pattern=pattern), "", _model(config)]
    if config.source == "drawn":
        side, _ = reads(config.victim, config.dataset)
        return [
            *lines,
            f'drawn = cells("{config.drawing}", {side}, {side})',
            f"x = torch.tensor(drawn.copy()).float().reshape(1, 1, {side}, {side})",
            "y = model(x).argmax(1)",
        ]
    k = config.digit
    return [*lines, f"x, y = {_images(config)}", f"x, y = x[{k}:{k + 1}], y[{k}:{k + 1}]"]


def _how(config: AdversarialConfig, method: str) -> tuple[str, str]:
    """Return the attack as code, and what it is given as y."""
    parts = [f'"{method}"']
    if METHODS[method].bounded:
        parts.append(f"epsilon={config.epsilon}")
    parts.append(f"seed={config.seed}")
    parts += [f"{name}={value}" for name, value in BRIEF.get(method, {}).items()]
    if method == "pgd":
        parts.append(f"steps={config.steps}")
        parts += [f"step_size={config.step_size}"] if config.step_size else []
    climbs = method in ("fgsm", "pgd") or not METHODS[method].bounded
    aimed = config.target != "any" and climbs and METHODS[method].targets
    parts += ["targeted=True"] if aimed else []
    which = f"torch.tensor([{config.target}])" if aimed else "y"
    return f"AttackConfig({', '.join(parts)})", which


def _attack(config: AdversarialConfig) -> list[str]:
    if config.method == "universal":
        return [
            *_beginning(config, pattern=True),
            f"images = (x + {_change(config)}).clamp(0, 1)",
            "print(model(images).argmax(1).item())",
        ]
    how, which = _how(config, config.method)
    return [
        *_beginning(config, "AttackConfig", "attack"),
        f"r = attack(model, x, {which}, {how})",
        "print(r.logits.argmax(1).item())",
    ]


def _path(config: AdversarialConfig) -> list[str]:
    how, which = _how(config, "pgd")
    return [
        *_beginning(config, "AttackConfig", "attack_steps"),
        f"for images in attack_steps(model, x, {which}, {how}):",
        "    print(model(images).argmax(1).item())",
    ]


def _nearest(config: AdversarialConfig) -> list[str]:
    lines = _beginning(config, "AttackConfig", "attack")
    for method in ("deepfool", "cw"):
        how, which = _how(config, method)
        lines.append(f"print(attack(model, x, {which}, {how}).distance().item())")
    return lines


def _sum(config: AdversarialConfig) -> list[str]:
    plain = AdversarialConfig(
        victim="linear",
        hardened=config.hardened,
        source=config.source,
        digit=config.digit,
        drawing=config.drawing,
    )
    return [
        *_beginning(plain, "AttackConfig"),
        "logits = model(x)[0].double()",
        "leads = logits - logits.max()",
        "w = model[1].weight.double() - model[1].weight[logits.argmax()]",
        "w1 = w.abs().sum(1)",
        "rival = (-leads / w1).nan_to_num(torch.inf).argmin()",
        f"print(leads[rival].item(), ({config.epsilon} * w1[rival]).item())",
    ]


def _share(config: AdversarialConfig) -> list[str]:
    method = config.method if config.method in ("fgsm", "pgd") else "pgd"
    side, count = reads(config.victim, config.dataset)
    many = count // (2 if side > 8 else 1)
    return [
        "from dlviz.attacks import AttackConfig, attack",
        _imports(config),
        "",
        _model(config),
        f"x, y = (part[:{many}] for part in {_images(config)})",
        f'r = attack(model, x, y, AttackConfig("{method}", epsilon={config.epsilon}))',
        "print(1 - r.success.double().mean().item())",
    ]


def _crowd(config: AdversarialConfig) -> list[str]:
    many = MANY if reads(config.victim, config.dataset)[0] <= 8 else FEW
    return [
        *(["import torch", ""] if config.victim == OWN else []),
        _imports(config, pattern=True),
        "",
        _model(config),
        f"x, y = (part[:{many}] for part in {_images(config)})",
        f"change = {_change(config)}",
        "print((model((x + change).clamp(0, 1)).argmax(1) != y).sum().item())",
    ]


def _gap(config: AdversarialConfig) -> list[str]:
    return [
        "import numpy as np",
        "",
        f"n = {config.dimension}",
        f"w = np.random.default_rng({config.seed}).standard_normal(n)",
        "print(np.sqrt(2 * n / np.pi), np.abs(w).sum() / np.linalg.norm(w))",
    ]


_SCRIPTS: Mapping[str, Callable[[AdversarialConfig], list[str]]] = {
    "path": _path,
    "sum": _sum,
    "shares": _share,
    "nearest": _nearest,
    "universal": _crowd,
    "transfer": _share,
    "gap": _gap,
}
