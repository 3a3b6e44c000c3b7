"""The main picture: every map of the network while it learns, one pixel taken apart, accuracy."""

from collections.abc import Sequence

import numpy as np

from dlviz.cnn_layers import CnnMaps, CnnWindow
from dlviz.filters.config import FiltersConfig
from dlviz.filters.shown import label_of, shown_under
from dlviz.filters.traces import FiltersTrace, data_of
from dlviz.layers import Curve
from dlviz.scene import Axis, Knob, Panel, Scene

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
) -> Scene:
    """Return the lab's main picture.

    Parameters
    ----------
    trace : the run, or what there is of it
    config : the picture that is shown
    field, values : the knob's setting, a key of ``KNOBS``, and what it can be
    ranges, sums, chosen : as ``CnnMaps`` takes them
    """
    net = trace.net
    names = data_of(config.dataset, config.shuffled).names
    labels = [_truth(config, field, value) for value in values]
    maps = CnnMaps(
        numbers=trace.numbers.view(np.uint8),
        pictures=shown_under(config, field, values),
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
    return Scene(
        panels=(network, window, _accuracy(trace)),
        frames=len(trace.updates),
        fps=8.0,
        captions=("epoch {epoch} · test accuracy {accuracy} % · this picture: {answer} ({sure})",),
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


def _accuracy(trace: FiltersTrace) -> Panel:
    x = trace.epochs
    train = Curve(x=x, y=trace.accuracy, color="second", dashed=True)
    test = Curve(x=x, y=trace.test_accuracy, cursor="step")
    return Panel("accuracy", Axis("epoch", 0, max(1, trace.config.epochs)), Axis("accuracy", 0, 1),
                 (train, test), title="right: test —, training - -",
                 alt="Share of right answers by epoch, on training and test pictures.")  # fmt: skip
