"""Time and accuracy of the filters lab: python -m benchmarks.filters.

It prints a table and fails if a promise is not kept.
"""

import os
from dataclasses import replace
from statistics import median

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

import numpy as np
import torch
from torch import nn

from benchmarks.report import Row, report
from benchmarks.timing import least, seconds
from dlviz.cnn import forward
from dlviz.filters import figures
from dlviz.filters.choices import values_for
from dlviz.filters.compute import FiltersConfig, learn, picture_of, train
from dlviz.filters.traces import data_of
from dlviz.ui.player import squeeze

SEEDS = range(5)
REPEATS = 20


def trained(seed: int) -> tuple[float, float]:
    """Return the seconds of processor time of a default run, and its test accuracy."""
    runs = []
    took = seconds(lambda: runs.extend(learn(replace(FiltersConfig(), seed=seed))))
    return took, float(runs[-1].test_accuracy[-1])


def plain_loop() -> None:
    """Train the same network as any tutorial does: torch.nn, two epochs, nothing recorded."""
    data = data_of("digits", False)
    net = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                        nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                        nn.Flatten(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))  # fmt: skip
    optimizer = torch.optim.Adam(net.parameters(), 0.005)
    x, y = torch.from_numpy(np.array(data.x)), torch.from_numpy(np.array(data.y))
    for _ in range(2):
        order = torch.randperm(len(x))
        for at in range(0, len(x) - 31, 32):
            batch = order[at : at + 32]
            optimizer.zero_grad()
            nn.functional.cross_entropy(net(x[batch]), y[batch]).backward()
            optimizer.step()


def main() -> None:
    torch.set_num_threads(1)
    runs = [trained(seed) for seed in SEEDS]
    times, accuracies = zip(*runs, strict=True)
    for seed, (time, accuracy) in zip(SEEDS, runs, strict=True):
        print(f"seed {seed}: {100 * accuracy:.1f} %, {time:.1f} s of CPU time")
    config = FiltersConfig()
    trace = train(config)
    picture = picture_of(config)[None]
    once = least(lambda: forward(trace.net, trace.numbers[-1], picture), REPEATS)
    values = values_for(config, "picture")
    make = lambda: squeeze(figures.filters_scene(trace, config, "picture", values))  # noqa: E731
    stage = least(make, REPEATS)
    loop = least(plain_loop, 3)
    ours = least(lambda: [*learn(replace(config, epochs=2))], 3)
    rows: list[Row] = [
        ("test accuracy on digits, least of 5 seeds", 100 * min(accuracies), "%", ">= 97",
         lambda v: v >= 97),
        ("training the default, CPU time, median", median(times), "s", "<= 10", lambda v: v <= 10),
        ("training with 25 moments kept, beside a plain torch.nn loop", ours / loop, "x", "<= 4",
         lambda v: v <= 4),
        ("forward pass of one picture, numpy", 1000 * once, "ms", "<= 5", lambda v: v <= 5),
        ("the first picture, from trained weights", 1000 * stage, "ms", "<= 300",
         lambda v: v <= 300),
        ("the picture, deflated", len(make()) / 1e6, "MB", "<= 1.5", lambda v: v <= 1.5),
    ]  # fmt: skip
    report(rows)


if __name__ == "__main__":
    main()
