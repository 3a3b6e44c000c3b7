"""Time training and maps of boundary, with torch.nn and a plain JavaScript loop beside them.

Run ``python -m benchmarks.boundary``; it needs node. It prints a table and fails if a promise is
not kept. All train the same network on the same points, and agree where the order is the same.
"""

import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

# One thread each: more do not help at these sizes. The libraries read this when they load.
os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

import numpy as np
import torch

from benchmarks.timing import seconds
from dlviz.boundary.compute import BoundaryConfig, BoundaryTrace, sweep, train

CONFIG = BoundaryConfig()
RATES = np.geomspace(1e-4, 0.1, 32)  # larger ones are chaotic and have nothing to agree on
LOOP = Path(__file__).with_name("playground_loop.mjs")
ROUNDS = 7  # all take turns, so that whatever else the machine does slows all alike
TORCH_EPOCHS = 20
MAPS = 100


def torch_loss(start: BoundaryTrace, epochs: int) -> float:
    """Train with torch.nn and autograd from where a run begins; return the training loss."""
    data, initial = start.data[0], start.layers(0)
    x = torch.tensor(data.x)
    y = torch.tensor(2.0 * data.y[:, None] - 1)
    modules: list[torch.nn.Module] = []
    for w, b in zip(*initial, strict=True):
        layer = torch.nn.Linear(w.shape[1], w.shape[0], dtype=torch.float64)
        layer.weight.data, layer.bias.data = torch.tensor(w), torch.tensor(b)
        modules += [layer, torch.nn.Tanh()]
    net = torch.nn.Sequential(*modules)
    optimizer = torch.optim.SGD(net.parameters(), CONFIG.lr)
    for _ in range(epochs):
        for at in range(0, len(x), CONFIG.batch_size):
            optimizer.zero_grad()
            part = slice(at, at + CONFIG.batch_size)
            (0.5 * (net(x[part]) - y[part]) ** 2).mean().backward()
            optimizer.step()
    with torch.no_grad():
        return float((0.5 * (net(x) - y) ** 2).mean())


def javascript(start: BoundaryTrace) -> dict[str, Any]:
    """Let node train 32 networks and draw the maps of the first."""
    data, initial = start.data[0], start.layers(0)
    task = {
        "x": data.x.tolist(),
        "y": (2 * data.y - 1).tolist(),
        "weights": [w.tolist() for w in initial.weights],
        "biases": [b.tolist() for b in initial.biases],
        "rates": RATES.tolist(),
        "epochs": CONFIG.epochs,
        "batchSize": CONFIG.batch_size,
        "size": 100,
        "maps": MAPS,
    }
    run = subprocess.run(
        ["node", LOOP], input=json.dumps(task), capture_output=True, text=True, check=True
    )
    answer: dict[str, Any] = json.loads(run.stdout)
    return answer


def draw(trace: BoundaryTrace) -> None:
    for _ in range(MAPS):
        trace.units(0)


def measure(start: BoundaryTrace) -> dict[str, float]:
    """Time everything once; return rates per second."""
    js = javascript(start)
    return {
        "single": CONFIG.epochs / seconds(lambda: train(CONFIG)),
        "torch": TORCH_EPOCHS / seconds(lambda: torch_loss(start, TORCH_EPOCHS)),
        "sweep": len(RATES) * CONFIG.epochs / seconds(lambda: sweep(CONFIG, "lr", RATES)),
        "js": js["epochsPerSecond"],
        "maps": MAPS / seconds(lambda: draw(start)),
        "js_maps": js["mapsPerSecond"],
    }


def disagreement(start: BoundaryTrace) -> float:
    """Return the largest difference of a loss or a map between the three, points in order."""
    config = replace(CONFIG, shuffle=False)
    js, runs = javascript(start), sweep(config, "lr", RATES)
    ours = train(replace(config, epochs=TORCH_EPOCHS)).train_loss[-1]
    first = runs.run(0).units(-1)[-1].ravel()
    return max(
        float(np.abs(runs.train_loss[:, -1] - js["losses"]).max()),
        float(np.abs(first - js["map"]).max()),
        abs(float(ours) - torch_loss(start, TORCH_EPOCHS)),
    )


def main() -> None:
    torch.set_num_threads(1)
    start = train(replace(CONFIG, epochs=0))
    difference = disagreement(start)  # and everything has been called once
    rounds = [measure(start) for _ in range(ROUNDS)]
    rate = {key: median(one[key] for one in rounds) for key in rounds[0]}
    ratios = [
        ("one network", "single", "torch", "torch.nn + autograd", 8.0),
        ("32 learning rates at once", "sweep", "js", "JavaScript loop", 2.5),
        ("maps 100 x 100 of all units", "maps", "js_maps", "JavaScript loop", 8.0),
    ]
    print(f"{'what, a second of CPU time':30s} {'dlviz':>8s} {'peer':>8s} {'ratio':>6s}")
    kept = difference <= 1e-9
    for what, ours, peer, name, least in ratios:
        ratio = median(one[ours] / one[peer] for one in rounds)
        kept &= ratio >= least
        print(f"{what:30s} {rate[ours]:8.0f} {rate[peer]:8.0f} {ratio:6.1f}  >= {least:g}, {name}")
    print(f"largest difference of a loss or a map: {difference:.1e}, <= 1e-9")
    raise SystemExit(0 if kept else "a promise is not kept")


if __name__ == "__main__":
    main()
