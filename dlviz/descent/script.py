"""The code panel: a run of descent as a short PyTorch script that stands alone."""

from dlviz.descent.config import DescentConfig, surface_of

_FRAME = """import torch

lr, steps = {lr!r}, {steps}
w = torch.tensor({start!r}, dtype=torch.float64, requires_grad=True)


def J(w):  # the loss: {label}
    {coordinates} = w
{body}

{setup}
for t in range(steps):
{update}
print(w.tolist(), J(w).item())
"""

# What is undefined has no slope either, though autograd would go on.
_RETURN = "    return {source}"
_RETURN_ABOVE = "    return {source} if x > 1 / math.e else math.nan * x  # defined right of 1/e"
_RETURN_DEFINED = """    value = {source}
    return math.nan * x if value.isnan() else value  # undefined there"""

_OPTIMIZER = {
    "sgd": "SGD([w], lr=lr)",
    "momentum": "SGD([w], lr=lr, momentum={momentum!r})",
    "nesterov": "SGD([w], lr=lr, momentum={momentum!r}, nesterov=True)",
    "adagrad": "Adagrad([w], lr=lr, eps=1e-10)",
    "rmsprop": "RMSprop([w], lr=lr, alpha={beta2!r})",
    "adadelta": "Adadelta([w], lr=lr, rho={beta2!r})",
    "adam": "Adam([w], lr=lr, betas=({momentum!r}, {beta2!r}))",
    "adamw": "AdamW([w], lr=lr, betas=({momentum!r}, {beta2!r}), weight_decay={weight_decay!r})",
    "nadam": "NAdam([w], lr=lr, betas=({momentum!r}, {beta2!r}), momentum_decay=4e-3)",
}

# What the learning rate of update t is multiplied by.
_SCHEDULE = {
    "step": "0.1 ** (t // -(-steps // 3))",
    "exponential": "0.01 ** (t / steps)",
    "inverse_time": "1 / (1 + 10 * t / steps)",
    "cosine": "(1 + math.cos(math.pi * t / steps)) / 2",
    "warmup_cosine": "(t + 1) / (steps // 10 + 1) if t < steps // 10 else "
    "(1 + math.cos(math.pi * (t - steps // 10) / (steps - steps // 10))) / 2",
}

_STEP = """    optimizer.zero_grad()
    J(w).backward()
    optimizer.step()
"""

_NEWTON = """    slope = torch.autograd.grad(J(w), w)[0]
    curvatures, axes = torch.linalg.eigh(torch.autograd.functional.hessian(J, w))
    with torch.no_grad():  # each axis of the bowl divided by the size of its curvature
        w -= lr * rate(t) * axes @ (axes.T @ slope / curvatures.abs().clamp(min=1e-8))
"""

_UNCORRECTED = """    slope = torch.autograd.grad(J(w), w)[0]
    m = {momentum!r} * m + (1 - {momentum!r}) * slope
    s = {beta2!r} * s + (1 - {beta2!r}) * slope**2
    with torch.no_grad():  # no bias correction: m and s still remember that they began at 0
{decay}        w -= lr * rate(t) * m / (s.sqrt() + 1e-8)
"""


def script(config: DescentConfig, branch: tuple[int, float] | None = None) -> str:
    """Return Python text that prints where the run of ``config`` ends.

    ``branch`` is the step up to which it went at another learning rate, and that rate.
    """
    rate = _rate(config, branch)
    surface = surface_of(config)
    by_hand = config.optimizer == "newton" or (
        config.optimizer in ("adam", "adamw") and not config.bias_correction
    )
    text = _FRAME.format(
        lr=config.lr,
        steps=config.steps,
        start=list(config.start[: surface.dim]),
        label=surface.label,
        coordinates="x, y" if surface.dim == 2 else "(x,)",
        body=_body(config).format(source=surface.source),
        setup=_own_setup(config, rate) if by_hand else _torch_setup(config, rate),
        update=_own_update(config) if by_hand else _torch_update(rate),
    )
    return (
        text.replace("import torch\n", "import math\n\nimport torch\n", 1)
        if "math." in text
        else text
    )


def _body(config: DescentConfig) -> str:
    if config.surface in ("j1", "j2"):
        return _RETURN_ABOVE
    return _RETURN_DEFINED if config.surface == "formula" else _RETURN


def _rate(config: DescentConfig, branch: tuple[int, float] | None) -> str:
    """Return what the learning rate of update t is multiplied by, "" for 1."""
    rate = _SCHEDULE.get(config.schedule, "")
    if branch is None:
        return rate
    step, before = branch
    return f"({before!r} / lr if t < {step} else 1)" + (f" * ({rate})" if rate else "")


def _torch_setup(config: DescentConfig, rate: str) -> str:
    plain = config.optimizer == "nesterov" and config.momentum == 0  # which torch refuses
    optimizer = _OPTIMIZER["sgd" if plain else config.optimizer].format(**vars(config))
    lines = f"\noptimizer = torch.optim.{optimizer}\n"
    if rate:
        lines += f"schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda t: {rate})\n"
    return lines


def _torch_update(rate: str) -> str:
    return _STEP + ("    schedule.step()\n" if rate else "")


def _own_setup(config: DescentConfig, rate: str) -> str:
    lines = f"\ndef rate(t):\n    return {rate or 1}\n\n"
    return lines if config.optimizer == "newton" else lines + "\nm = s = torch.zeros_like(w)\n"


def _own_update(config: DescentConfig) -> str:
    if config.optimizer == "newton":
        return _NEWTON
    decay = f"        w *= 1 - lr * rate(t) * {config.weight_decay!r}\n"
    return _UNCORRECTED.format(
        momentum=config.momentum,
        beta2=config.beta2,
        decay=decay if config.optimizer == "adamw" else "",
    )
