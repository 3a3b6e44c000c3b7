"""The code panel: a run of descent as a short PyTorch script that stands alone."""

from dlviz.descent.config import DescentConfig, surface_of
from dlviz.rule_text import SCHEDULES, maker, settings, with_math

_FRAME = """import torch

lr, steps = {lr!r}, {steps}
w = torch.tensor({start!r}, dtype=torch.float64, requires_grad=True)


def J(w):  # the loss: {label}
    {coordinates} = w
{body}

{setup}
for t in range({end}):
{update}{rest}
print(w.tolist(), J(w).item())
"""

_REST = """
# From step {step} on, with other settings.
lr, steps = {lr!r}, {steps}
{setup}
for t in range({step}, steps):
{update}"""

# What is undefined has no slope either, though autograd would go on.
_RETURN = "    return {source}"
_RETURN_ABOVE = "    return {source} if x > 1 / math.e else math.nan * x  # defined right of 1/e"
_RETURN_DEFINED = """    value = {source}
    return math.nan * x if value.isnan() else value  # undefined there"""

_STEP = """    optimizer.zero_grad()
    J(w).backward()
    optimizer.step()
"""

_NEWTON = """    slope = torch.autograd.grad(J(w), w)[0]
    curvatures, axes = torch.linalg.eigh(torch.autograd.functional.hessian(J, w))
    with torch.no_grad():  # each axis of the bowl divided by the size of its curvature
        w -= lr * rate(t) * axes @ (axes.T @ slope / curvatures.abs().clamp(min=1e-8))
"""

_MEANS = """    slope = torch.autograd.grad(J(w), w)[0]
    m = {momentum!r} * m + (1 - {momentum!r}) * slope
    s = {beta2!r} * s + (1 - {beta2!r}) * slope**2
"""

_UNCORRECTED = """    with torch.no_grad():  # uncorrected: m and s remember that they began at 0
{decay}        w -= lr * rate(t) * m / (s.sqrt() + 1e-8)
"""

_CORRECTED = """    began = 1 - {momentum!r} ** (t + 1), 1 - {beta2!r} ** (t + 1)
    with torch.no_grad():  # bias correction: m and s began at 0
{decay}        w -= lr * rate(t) * m / began[0] / ((s / began[1]).sqrt() + 1e-8)
"""


def script(config: DescentConfig, branch: tuple[int, DescentConfig] | None = None) -> str:
    """Return Python text that prints where the run of ``config`` ends.

    ``branch`` is the step up to which it went with other settings, and those: the trunk.
    """
    step, first = branch or (None, config)
    surface = surface_of(config)
    by_hand = _is_by_hand(first) or (_goes_on(first, config) and _is_by_hand(config))
    text = _FRAME.format(
        lr=first.lr,
        steps=first.steps,
        start=list(config.start[: surface.dim]),
        label=surface.label,
        coordinates="x, y" if surface.dim == 2 else "(x,)",
        body=_body(config).format(source=surface.source),
        setup=_own_setup(first) if by_hand else _torch_setup(first),
        end="steps" if step is None else step,
        update=_own_update(first) if by_hand else _torch_update(first),
        rest="" if step is None else _rest(step, first, config),
    )
    return with_math(text)


def _body(config: DescentConfig) -> str:
    if config.surface in ("j1", "j2"):
        return _RETURN_ABOVE
    return _RETURN_DEFINED if config.surface == "formula" else _RETURN


def _is_by_hand(config: DescentConfig) -> bool:
    return config.optimizer == "newton" or (
        config.optimizer in ("adam", "adamw") and not config.bias_correction
    )


def _goes_on(first: DescentConfig, then: DescentConfig) -> bool:
    """Tell whether the rule, and with it what it remembers, is the same in both stretches."""
    return first.optimizer == then.optimizer


def _rest(step: int, first: DescentConfig, then: DescentConfig) -> str:
    """Return the stretch after ``step``, which takes over what the rule remembers."""
    goes_on = _goes_on(first, then)
    if _is_by_hand(then) or (goes_on and _is_by_hand(first)):
        setup, update = "\n" + _own_setup(then, afresh=not goes_on), _own_update(then)
    else:
        scheduled = then.schedule in SCHEDULES
        rate = f"lr * ({SCHEDULES[then.schedule]})" if scheduled else ""
        setup = _torch_change(step, first, then) if goes_on else _torch_optimizer(then)
        update = f'    optimizer.param_groups[0]["lr"] = {rate}\n' if scheduled else ""
        update += _STEP
    return _REST.format(step=step, lr=then.lr, steps=then.steps, setup=setup, update=update)


def _torch_optimizer(config: DescentConfig) -> str:
    return f"\noptimizer = torch.optim.{maker(config.optimizer, **_numbers(config))}\n"


def _numbers(config: DescentConfig) -> dict[str, float]:
    return {
        "momentum": config.momentum,
        "beta2": config.beta2,
        "weight_decay": config.weight_decay,
        "alpha": config.beta2,
        "rho": config.beta2,
    }


def _torch_change(step: int, first: DescentConfig, then: DescentConfig) -> str:
    """Return the lines that give an optimizer, in the middle of its run, other settings."""
    lines = f"optimizer.param_groups[0].update({settings(then.optimizer, **_numbers(then))})\n"
    if then.optimizer in ("momentum", "nesterov") and first.momentum == 0 and step:
        lines += 'optimizer.state[w]["momentum_buffer"] = w.grad.clone()  # torch kept none\n'
    return lines


def _torch_setup(config: DescentConfig) -> str:
    lines = _torch_optimizer(config)
    if config.schedule in SCHEDULES:
        rate = SCHEDULES[config.schedule]
        lines += f"schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda t: {rate})\n"
    return lines


def _torch_update(config: DescentConfig) -> str:
    return _STEP + ("    schedule.step()\n" if config.schedule in SCHEDULES else "")


def _own_setup(config: DescentConfig, *, afresh: bool = True) -> str:
    lines = f"\ndef rate(t):\n    return {SCHEDULES.get(config.schedule, 1)}\n\n"
    remembers = config.optimizer != "newton" and afresh
    return lines + "\nm = s = torch.zeros_like(w)\n" if remembers else lines


def _own_update(config: DescentConfig) -> str:
    if config.optimizer == "newton":
        return _NEWTON
    lines = _MEANS + (_CORRECTED if config.bias_correction else _UNCORRECTED)
    decay = f"        w *= 1 - lr * rate(t) * {config.weight_decay!r}\n"
    return lines.format(
        momentum=config.momentum,
        beta2=config.beta2,
        decay=decay if config.optimizer == "adamw" else "",
    )
