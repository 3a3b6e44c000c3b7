"""The main picture: every map of the network while it learns, one pixel taken apart, accuracy."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from dlviz.cnn_layers import CnnMaps, CnnWindow
from dlviz.filters.config import FiltersConfig
from dlviz.filters.shown import label_of, shown_under
from dlviz.filters.traces import FiltersTrace, answers, data_of
from dlviz.layers import Curve
from dlviz.scene import Axis, Knob, Panel, Scene
from dlviz.words import number

KNOBS = {
    "picture": "picture",
    "angle": "turned by (degrees)",
    "shift": "moved to the right (pixels)",
    "noise": "noise σ",
}


def filters_scene(
    trace: FiltersTrace,
    config: FiltersConfig,
    field: str,
    values: Sequence[float],
    *,
    ranges: str = "layer",
    sums: bool = True,
    chosen: tuple[int, int] = (0, 0),
    pinned: FiltersTrace | None = None,
) -> Scene:
    """Return the lab's main picture.

    Parameters
    ----------
    trace : the run, or what there is of it
    config : the picture that is shown
    field, values : the knob's setting, a key of ``KNOBS``, and what it can be
    ranges, sums, chosen : as ``CnnMaps`` takes them
    pinned : another run to compare with, or what there is of it
    """
    net = trace.net
    names = data_of(config.dataset, config.shuffled).names
    labels = [_truth(config, field, value) for value in values]
    shown = shown_under(config, field, values)
    maps = CnnMaps(
        numbers=trace.numbers.view(np.uint8),
        pictures=shown,
        net=net,
        names=names,
        truth=tuple(labels),
        ranges=ranges,
        sums=sums,
        chosen=chosen,
        paint=not config.shuffled,
    )
    box = Axis("", 0, 1)
    network = Panel("network", box, box, (maps,), pick=True,
                    alt="Every map of the network, from the picture to the answer.")  # fmt: skip
    alt = "One pixel of a map: the window below it, the kernel, their sum."
    window = Panel("window", box, box, (CnnWindow(),), alt=alt)
    words = "epoch {epoch} · test accuracy {accuracy} % · this picture: {answer} ({sure})"
    return Scene(
        panels=(network, window, _accuracy(trace, pinned)),
        frames=len(trace.updates),
        fps=8.0,
        captions=_beside(words, pinned, shown) if pinned else (words,),
        knob=Knob(field, KNOBS[field], tuple(float(v) for v in values), 0),
        readouts={
            "epoch": np.round(trace.epochs, 1)[None],
            "accuracy": np.round(100 * trace.test_accuracy, 1)[None],
        },
        layout="wide",
        unit="update",
        numbers=tuple(trace.updates.tolist()),
    )


def _truth(config: FiltersConfig, field: str, value: float) -> int:
    from dataclasses import replace

    shown = replace(config, picture=int(value)) if field == "picture" else config
    label = label_of(shown)
    return -1 if label is None else label


def _beside(words: str, pinned: FiltersTrace, pictures: ArrayLike) -> tuple[str, ...]:
    """Return the caption of each picture, with what the pinned run says in the end."""
    words += f" · pinned: {number(round(float(100 * pinned.test_accuracy[-1]), 1))} %"
    if pinned.net.shape != np.shape(pictures)[1:]:
        return (words,)
    names = data_of(pinned.config.dataset, pinned.config.shuffled).names
    found = answers(pinned, pictures)
    return tuple(
        f"{words}, {names[row.argmax()]} ({number(round(float(100 * row.max())))} %)"
        if np.isfinite(row).all() else f"{words}, no number"
        for row in found
    )  # fmt: skip


def _named(pinned: FiltersConfig, config: FiltersConfig) -> str:
    """Return in what a pinned run differs first from the run that is shown."""
    differing = [f"{field} {value}" for field, value in vars(pinned).items()
                 if value != getattr(config, field)]  # fmt: skip
    return f"pinned: {differing[0] if differing else 'the same'}"


def _accuracy(trace: FiltersTrace, pinned: FiltersTrace | None) -> Panel:
    x, last = trace.epochs, trace.config.epochs
    others: list[Curve] = []
    if pinned:
        last = max(last, pinned.config.epochs)
        name = _named(pinned.config, trace.config)
        others.append(Curve(x=pinned.epochs, y=pinned.test_accuracy, color="good", width=2.0,
                            dashed=True, label=name))  # fmt: skip
    train = Curve(x=x, y=trace.accuracy, color="second", dashed=True)
    test = Curve(x=x, y=trace.test_accuracy, cursor="step")
    return Panel("accuracy", Axis("epoch", 0, max(1, last)), Axis("accuracy", 0, 1),
                 (*others, train, test), title="right: test —, training - -",
                 alt="Share of right answers by epoch, on training and test pictures.")  # fmt: skip
