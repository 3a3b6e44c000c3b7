"""The main picture: the map with its points, the network, the curves, and what is mistaken."""

import numpy as np
from numpy.typing import NDArray

from dlviz.boundary.panels import (
    Frames,
    Ghosts,
    confusion_panel,
    drawing_panel,
    map_panel,
    net_of,
    space_panel,
)
from dlviz.boundary.traces import BoundarySweep
from dlviz.layers import Curve, Layer
from dlviz.scene import Axis, Knob, Panel, Scene

Array = NDArray[np.float64]

BUDGET = 1_100_000  # bytes of weights that a scene may carry
ENDINGS = {
    "converged": "it has settled",
    "ran": "it has not settled",
    "stalled": "it is stuck",
    "diverged": "it ran away",
}


def boundary_scene(
    sweep: BoundarySweep,
    *,
    picture: str = "map",
    curves: str = "loss",
    beside: str = "confusion",
    discrete: bool = False,
    show_test: bool = True,
    paint: bool = False,
    space: tuple[int, int, int] = (0, 1, 2),
    ghosts: Ghosts = (),
) -> Scene:
    """Return the lab's main picture.

    Parameters
    ----------
    sweep : the same run under every learning rate of the knob
    picture : "map"; "hidden" for the points in the coordinates of two hidden units; "regions" for
        the flat pieces of a relu network
    curves : "loss" or "accuracy" against the epoch
    beside : "confusion" of the test points, or "final": the final test loss against the rate
    discrete : show the class alone, not how sure the network is
    show_test : draw the test points too
    paint : whether points can be painted on the map
    space : hidden layer, from 1 on (0 is the last), and two of its units, from 1 on
    ghosts : a pinned run, the run branched from
    """
    kept = frames_within(sweep)
    net = net_of(sweep, kept)
    train, test = sweep.data[0]
    cut = picture == "regions"
    looks = {"discrete": discrete, "show_test": show_test, "paint": paint, "cut": cut}
    has_space = picture == "hidden" and len(sweep.architecture.sizes) > 2
    main = (
        space_panel(net, train, space)
        if has_space
        else map_panel(net, train, test, ghosts, **looks)
    )
    final = beside == "final" or train.task == "regression"
    panels = (
        main,
        drawing_panel(net, train),
        _curves_panel(sweep, kept, curves, ghosts),
        _final_panel(sweep) if final else confusion_panel(net, test),
    )
    shown = {"train": sweep.train_loss, "test": sweep.test_loss}
    if train.task == "classification":
        shown["accuracy"] = sweep.test_accuracy
    return Scene(
        panels=panels,
        frames=len(kept),
        fps=float(np.clip(len(kept) / 5, 4, 30)),
        captions=(_caption(sweep),),
        endings=_endings(sweep),
        knob=_knob(sweep),
        layout="split",
        readouts={name: array[:, kept] for name, array in shown.items()},
        unit="epoch",
        numbers=tuple(sweep.epochs[kept].tolist()),
    )


def frames_within(sweep: BoundarySweep) -> Frames:
    """Return the entries that are sent: all, or as many as the budget allows, evenly."""
    runs, frames, count = sweep.parameters.shape
    most = max(2, BUDGET // (4 * runs * count))
    return np.unique(np.linspace(0, frames - 1, min(frames, most)).round().astype(np.intp))


def _knob(sweep: BoundarySweep) -> Knob:
    values = tuple(float(value) for value in sweep.values)
    final = sweep.test_loss[:, -1]
    final = np.where(np.isfinite(final) & (sweep.outcomes != "diverged"), final, np.inf)
    known = len(sweep.epochs) > 1 and np.isfinite(final).any()
    best = ((values[int(final.argmin())], "lowest test loss"),) if known else ()
    return Knob("lr", "learning rate η", values, 0, best)


def _endings(sweep: BoundarySweep) -> tuple[str, ...]:
    whole = sweep.epochs[-1] > 0 and sweep.epochs[-1] >= sweep.configs[0].epochs
    return tuple(ENDINGS[str(end)] for end in sweep.outcomes) if whole else ()


def _caption(sweep: BoundarySweep) -> str:
    words = "epoch {frame} · training loss {train} · test loss {test}"
    if sweep.head.task == "classification":
        words += " · test accuracy {accuracy}"
    return words + (" · η = {knob}" if len(sweep.epochs) > 1 else " · not trained")


def _curves_panel(sweep: BoundarySweep, kept: Frames, curves: str, ghosts: Ghosts) -> Panel:
    epochs = sweep.epochs[kept]
    curves = "loss" if sweep.head.task == "regression" else curves
    train, test = (getattr(sweep, f"{side}_{curves}") for side in ("train", "test"))
    low, high, log = _reach(train, test, curves)
    layers: list[Layer] = []
    for name, ghost in ghosts:
        y = np.interp(epochs, ghost.epochs, getattr(ghost, f"test_{curves}"))
        y = np.where(epochs <= ghost.epochs[-1], np.clip(y, low, None), np.nan)
        layers.append(Curve(x=epochs, y=y, color="good", dashed=True, label=name, width=2.0))
    layers += [
        Curve(x=epochs, y=np.maximum(test[:, kept], low), over="k", cursor="step", color="second",
              dashed=True),
        Curve(x=epochs, y=np.maximum(train[:, kept], low), over="k", cursor="step"),
    ]  # fmt: skip
    return Panel(
        "curves", Axis("epoch", 0, max(1, int(epochs[-1]))), Axis(curves, low, high, log=log),
        tuple(layers), title="training — · test - -",
        alt=f"Training {curves} (solid) and test {curves} (dashed) by epoch.",
    )  # fmt: skip


def _reach(train: Array, test: Array, curves: str) -> tuple[float, float, bool]:
    """Return the ends of the axis of values, and whether it is logarithmic."""
    if curves == "accuracy":
        return 0.0, 1.02, False
    both = np.concatenate([train.ravel(), test.ravel()])
    known = both[np.isfinite(both) & (both > 0)]
    if known.size == 0:
        return 1e-3, 1.0, True
    high = float(np.clip(np.median([train[:, 0], test[:, 0]]) * 3, 1e-3, 1e6))
    return float(np.clip(known.min() / 2, 1e-4, high / 10)), high, True


def _final_panel(sweep: BoundarySweep) -> Panel:
    low, high, _ = _reach(sweep.train_loss, sweep.test_loss, "loss")
    values = np.array(sweep.values, dtype=np.float64)
    final = np.clip(np.nan_to_num(sweep.test_loss[:, -1], nan=high, posinf=high), low, high)
    layers = [Curve(x=values, y=final, cursor="knob")]
    first, last = float(values.min()), float(values.max())
    return Panel(
        "final", Axis("learning rate η", first, max(last, 1.1 * first), log=True),
        Axis("final test loss", low, high, log=True), tuple(layers),
        alt="Final test loss against learning rate: high when too small, high when too large.",
    )  # fmt: skip
