"""Time the exact regions of classes on the plane of an attack, and beside them asking at points.

Run ``python -m benchmarks.class_regions``. It prints a table and fails if a promise is not kept.
All is processor time on one thread, the least of several turns, for the first three test digits;
beside it stands what it takes to ask the network at each of 161 x 161 points.
"""

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.report import Row, report
from benchmarks.timing import least, seconds
from dlviz.adversarial.config import AdversarialConfig
from dlviz.adversarial.networks import NETWORK_NAMES
from dlviz.adversarial.pictures import model_of, picture_of
from dlviz.adversarial.planes import REACH, SIZE, plane, regions_steps
from dlviz.class_regions import NO_REGIONS
from dlviz.frozen_model import FrozenModel

DIGITS = range(3)
MOST = {"printed": 8.0}  # seconds that are promised; of other networks:
USUAL = 1.0


def found(config: AdversarialConfig) -> int:
    """Return how many polygons there are, all of them."""
    *_, known = regions_steps(config)
    assert known.share == 1
    return len(known)


def ask_everywhere(config: AdversarialConfig, along: NDArray[np.float32]) -> None:
    """Ask the network at all points of the grid."""
    x, _ = picture_of(config)
    at = np.linspace(-REACH, REACH, SIZE)
    s, t = (torch.tensor(each.ravel(), dtype=torch.float32) for each in np.meshgrid(at, at))
    a, c = (torch.tensor(each) for each in along)
    FrozenModel(model_of(config)).logits(
        x + s[:, None, None, None] * a + t[:, None, None, None] * c
    )


def rows(kind: str, hardened: bool) -> list[Row]:
    configs = [AdversarialConfig(victim=kind, hardened=hardened, digit=digit) for digit in DIGITS]
    repeats = 1 if kind in MOST else 3
    times = [least(lambda c=config: found(c), repeats) for config in configs]  # type: ignore[misc]
    polygons = [found(config) for config in configs]
    along = plane(configs[0], regions=NO_REGIONS).along
    asked = seconds(lambda: ask_everywhere(configs[0], along))
    name, most = f"{kind}{', hardened' if hardened else ''}", MOST.get(kind, USUAL)
    return [
        (f"{name}: exact regions, slowest of {len(configs)} digits", max(times), "s",
         f"≤ {most}", lambda s: s <= most),
        (f"{name}: asking at all points", asked, "s", "", None),
        (f"{name}: polygons, most", max(polygons), "", "", None),
    ]  # fmt: skip


if __name__ == "__main__":
    report([row for kind in NETWORK_NAMES for twin in (False, True) for row in rows(kind, twin)])
