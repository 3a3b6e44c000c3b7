"""Time the maps of the lab of explanations beside captum's, with the same settings, in one run.

In the environment of the peers, which ``benchmarks/attacks.py`` tells how to make::

    /tmp/peers/bin/python -m benchmarks.explain

It prints a table and fails if a promise is not kept. Times are processor time on one thread, the
median of ratios of runs that take turns.
"""

import os

# Before numpy and torch are imported, for they read it then.
os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

from collections.abc import Callable
from statistics import median

import captum.attr
import torch
from captum._utils.models.linear_model import SkLearnLinearRegression
from torch import Tensor

from benchmarks.report import Row, report
from benchmarks.timing import seconds
from dlviz.explain.compute import ExplainConfig, sweep, values_of
from dlviz.explain.figures import maps_scene
from dlviz.explain.maps import TRIALS, order_of
from dlviz.victims import unseen_digits, victim

torch.set_num_threads(1)
ROUNDS = 7
CONFIG = ExplainConfig()


def ours() -> None:
    """Make the first picture's nine maps of ten classes."""
    sweep(CONFIG, "rank", values_of(CONFIG))


def theirs() -> Callable[[], None]:
    """Return what makes the same maps with captum, the ten classes as a batch."""
    model, attr = victim("cnn").requires_grad_(True), captum.attr
    x = unseen_digits()[0][1:2].repeat(10, 1, 1, 1).requires_grad_(True)
    y = torch.tensor(order_of(CONFIG))
    patches = torch.arange(16).reshape(1, 1, 4, 4).repeat_interleave(2, 2).repeat_interleave(2, 3)
    lime = attr.Lime(model, interpretable_model=SkLearnLinearRegression())

    def make() -> None:
        attr.Saliency(model).attribute(x, y, abs=False)
        attr.InputXGradient(model).attribute(x, y)
        attr.NoiseTunnel(attr.Saliency(model)).attribute(
            x, nt_samples=CONFIG.samples, stdevs=CONFIG.noise, target=y, abs=False
        )
        attr.IntegratedGradients(model).attribute(
            x, target=y, n_steps=CONFIG.steps, method="riemann_middle"
        )
        attr.Occlusion(model).attribute(x, (1, 3, 3), target=y)
        attr.LayerGradCam(model, model[3]).attribute(x, y)
        for i in range(10):  # one fit each, as captum has it
            lime.attribute(_one(x, i), target=int(y[i]), feature_mask=patches, n_samples=TRIALS,
                           perturbations_per_eval=TRIALS)  # fmt: skip

    return make


def _one(x: Tensor, i: int) -> Tensor:
    return x[i : i + 1].detach()


def main() -> None:
    make = theirs()
    pairs = [(seconds(ours), seconds(make)) for _ in range(ROUNDS)]
    run = sweep(CONFIG, "rank", values_of(CONFIG))
    packed = len(maps_scene(run, "integrated").pack())
    rows: list[Row] = [
        ("nine maps of ten classes, CPU", 1000 * min(own for own, _ in pairs), "ms", "<= 300",
         lambda ms: ms <= 300),
        ("the same with captum, CPU", 1000 * min(peer for _, peer in pairs), "ms", "", None),
        ("captum's time over ours", median(peer / own for own, peer in pairs), "", ">= 1.5",
         lambda ratio: ratio >= 1.5),
        ("the picture, packed", packed / 1e6, "MB", "<= 1.5", lambda size: size <= 1.5),
    ]  # fmt: skip
    report(rows)


if __name__ == "__main__":
    main()
