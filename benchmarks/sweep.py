"""Time sweeps and basin maps of descent, and the same sweep with torch.optim.SGD beside them.

Run ``python -m benchmarks.sweep``. It prints a table and fails if a promise is not kept.
"""

from collections.abc import Callable
from dataclasses import replace
from statistics import median
from time import perf_counter

import numpy as np
import torch

from dlviz.descent.compute import DescentConfig, basins, basins_sweep, descend, sweep
from dlviz.optimizers import Array

RATES = np.geomspace(1e-4, 0.19, 64)  # below 2/λmax = 0.2: diverging runs have nothing to agree on
BOWL = DescentConfig(surface="bowl", curvature1=1.0, curvature2=10.0, steps=300)
HIMMELBLAU = DescentConfig(surface="himmelblau", lr=0.01, steps=200)


def torch_runs() -> Array:
    """Descend once for each rate with autograd; return the points (R, T+1, 2)."""
    return np.array([_torch_run(float(lr)) for lr in RATES])


def _torch_run(lr: float) -> Array:
    curvatures = torch.tensor([BOWL.curvature1, BOWL.curvature2], dtype=torch.float64)
    w = torch.tensor(BOWL.start, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=lr)
    points = [w.detach().clone()]
    for _ in range(BOWL.steps):
        optimizer.zero_grad()
        (0.5 * (curvatures * w * w).sum()).backward()
        optimizer.step()
        points.append(w.detach().clone())
    return torch.stack(points).numpy()


def seconds(task: Callable[[], object], repeats: int) -> float:
    """Return the median time of one call, after one to warm up."""
    task()
    times = []
    for _ in range(repeats):
        began = perf_counter()
        task()
        times.append(perf_counter() - began)
    return median(times)


def main() -> None:
    torch.set_num_threads(1)
    ours = seconds(lambda: sweep(BOWL, "lr", RATES), 15)
    torchs = seconds(torch_runs, 3)
    difference = np.abs(sweep(BOWL, "lr", RATES).points - torch_runs()).max()
    map_time = seconds(lambda: basins(HIMMELBLAU, 128), 9)
    knob = replace(HIMMELBLAU, steps=100)
    knob_time = seconds(lambda: basins_sweep(knob, np.geomspace(1e-3, 10, 64), 48), 5)
    rows = [
        ("64 rates x 300 steps, dlviz sweep", f"{1e3 * ours:.1f} ms", ""),
        ("64 rates x 300 steps, torch.optim.SGD", f"{1e3 * torchs:.0f} ms", ""),
        ("ratio", f"{torchs / ours:.0f}", ">= 50"),
        ("largest difference of a point", f"{difference:.1e}", "<= 1e-9"),
        ("one run of 300 steps", f"{1e3 * seconds(lambda: descend(BOWL), 9):.1f} ms", ""),
        ("basins 128 x 128, 200 steps", f"{1e3 * map_time:.0f} ms", "< 300 ms"),
        ("basins of 64 rates, 48 x 48, 100 steps", f"{1e3 * knob_time:.0f} ms", "< 1000 ms"),
    ]
    for what, value, promise in rows:
        print(f"{what:40s} {value:>10s}  {promise}")
    kept = torchs / ours >= 50 and difference <= 1e-9 and map_time < 0.3 and knob_time < 1.0
    raise SystemExit(0 if kept else "a promise is not kept")


if __name__ == "__main__":
    main()
