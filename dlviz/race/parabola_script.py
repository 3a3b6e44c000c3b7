"""The code panel of the (αλ, β) plane and of the two mistakes: short programs that stand alone."""

from dlviz.race.config import RaceConfig

_PLANE = """import numpy as np

pace, beta = {pace!r}, {beta!r}  # learning rate times the largest curvature, and momentum
for share in (1.0, {share!r}):  # the steepest axis, and the flattest
    a = pace * share
    # What a step makes of (error, velocity): its largest eigenvalue is what it keeps in the end.
    momentum = np.array([[1 - a, -beta], [a, beta]])
    nesterov = np.array([[1 - a - beta * a, -beta**2], [a, beta]])
    for name, matrix in (("momentum", momentum), ("nesterov", nesterov)):
        kept = max(abs(np.linalg.eigvals(matrix)))
        state = np.array([1.0, 0.0])
        for _ in range(60):
            state = matrix @ state
        print(f"{{name}}, αλ {{a:.4g}}: a step keeps {{kept:.6f}}, error after 60 {{state[0]:.6g}}")
"""
_LAG = """pace, alpha = {pace!r}, {beta!r}  # ελ of J = λ/2 θ²; the deck's momentum
printed = corrected = 1.0
v = w = 0.0
for step in range(80):
    # As printed: θ moves by the velocity of before, then the velocity is made.
    printed, v = printed + v, alpha * v - pace * printed
    # Corrected: first the velocity, then the move.
    w = alpha * w - pace * corrected
    corrected += w
print(f"after 80 steps: as printed {{printed:.6g}}, corrected {{corrected:.6g}}")
"""
_SCHEDULE = """pace, beta = {pace!r}, {beta!r}  # αλ of J = λ/2 x², and momentum
printed = true = 1.0
v = 0.0
for t in range(80):
    printed -= pace / (1 + 10 * t / 80) * printed  # α(t) ∇J: a schedule, it remembers no slope
    v = beta * v + true
    true -= pace * v
print(f"after 80 steps: the schedule {{printed:.6g}}, momentum {{true:.6g}}")
"""


def plane_script(config: RaceConfig) -> str:
    """Return Python text that prints the rates of convergence and the runs of a point."""
    return _PLANE.format(pace=config.alpha_lambda, beta=config.momentum, share=1 / config.condition)


def mistake_script(config: RaceConfig, mistake: str) -> str:
    """Return Python text that runs what is printed beside what is meant."""
    frame = {"lag": _LAG, "schedule": _SCHEDULE}[mistake]
    return frame.format(pace=config.alpha_lambda, beta=config.momentum)
