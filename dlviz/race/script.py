"""The code panel: a race as a short PyTorch script that stands alone."""

from dlviz.race.config import RaceConfig, surface_of
from dlviz.race.runs import Branch, base_rates
from dlviz.rule_text import SCHEDULES, maker, with_math

_FRAME = """import torch

steps, tolerance = {steps}, {tolerance!r}
start = {start!r}


def J(w):  # the loss: {label}
    {coordinates} = w
    return {source}


runners = [
{runners}]
for name, lr, make in runners:
    w = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = make(w, lr)
{schedule}    slopes = []
    for t in range(steps + 1):
        optimizer.zero_grad()
        J(w).backward()
        slopes.append(w.grad.abs().max().item())
        if t < steps:
            optimizer.step()
{tick}    away = [t for t, slope in enumerate(slopes) if not slope <= tolerance]
    settled = away[-1] + 1 if away else 0
    when = f"settled at step {{settled}}" if settled <= steps else "not in time"
    print(f"{{name}} at {{lr:.4g}}: {{when}}, loss {{J(w).item():.6g}} at {{w.tolist()}}")
"""

_NEWTON = """
class Newton(torch.optim.Optimizer):  # each axis of the bowl divided by the size of its curvature
    def __init__(self, params, lr):
        super().__init__(params, {"lr": lr})

    def step(self):
        group = self.param_groups[0]
        (w,) = group["params"]
        curvatures, axes = torch.linalg.eigh(torch.autograd.functional.hessian(J, w))
        with torch.no_grad():
            w -= group["lr"] * axes @ (axes.T @ w.grad / curvatures.abs().clamp(min=1e-8))

"""


def script(config: RaceConfig, branch: Branch | None = None) -> str:
    """Return Python text that runs the race and prints who settled when."""
    surface = surface_of(config)
    rate = SCHEDULES.get(config.schedule, "")
    if branch:
        step, ratio = branch[0], branch[1].factor / config.factor
        before = f"({ratio!r} if t < {step} else 1.0)  # the branch: other rates from there on"
        rate = f"({rate}) * {before}" if rate else before
    text = _FRAME.format(
        steps=config.steps,
        tolerance=config.tolerance,
        start=list(config.start[: surface.dim]),
        label=surface.label,
        coordinates="x, y" if surface.dim == 2 else "(x,)",
        source=_source(config),
        runners="".join(_runner(config, i) for i in range(len(config.optimizers))),
        schedule="    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)\n"
        if rate
        else "",
        tick="            schedule.step()\n" if rate else "",
    )
    if rate:
        text = text.replace("\n\nrunners", f"\n\ndef rate(t):\n    return {rate}\n\n\nrunners")
    if "newton" in config.optimizers:
        text = text.replace("\n\nrunners", f"\n{_NEWTON}\nrunners")
    return with_math(text)


def _source(config: RaceConfig) -> str:
    source = surface_of(config).source
    if config.surface in ("j1", "j2"):  # autograd would go on where nothing is defined
        return f"{source} if x > 1 / math.e else math.nan * x  # defined right of 1/e"
    return source


def _runner(config: RaceConfig, i: int) -> str:
    name, lr = config.optimizers[i], float(base_rates(config)[i] * config.factor)
    if name == "newton":
        return f'    ("{name}", {lr!r}, lambda w, lr: Newton([w], lr)),\n'
    made = maker(
        name,
        momentum=config.momentum,
        beta2=config.beta2,
        weight_decay=config.weight_decay,
    )
    return f'    ("{name}", {lr!r}, lambda w, lr: torch.optim.{made}),\n'
