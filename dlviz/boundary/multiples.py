"""Pictures side by side: runs that differ in one setting, and scikit-learn's classifiers."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dlviz.boundary.panels import SHOWN, plane_axes
from dlviz.boundary.stage import ENDINGS
from dlviz.boundary.traces import BoundaryTrace, fields
from dlviz.classifiers import CLASSIFIERS, Fitted
from dlviz.dataset import Dataset
from dlviz.layers import Curve, Field, Layer, Points
from dlviz.net_layers import code
from dlviz.scene import Axis, Knob, Panel, Scene
from dlviz.words import number

Array = NDArray[np.float64]

SMALL = 40  # samples a side of a small map
FILM = 26  # frames of small multiples, so that sixteen of them stay light


def multiples_scene(runs: Sequence[tuple[str, BoundaryTrace]]) -> Scene:
    """Return up to sixteen runs side by side, in step; each with the words of its setting."""
    frames = FILM if max(len(run.epochs) for _, run in runs) > 1 else 1
    panels = tuple(_small(i, words, run, frames) for i, (words, run) in enumerate(runs))
    return Scene(
        panels=panels,
        frames=frames,
        fps=6.0,
        captions=("{frame} % of the way · the same points and, where they fit, the same initial "
                  "weights in every picture",),
        layout="grid",
        unit="percent",
        numbers=tuple(np.linspace(0, 100, frames).round().astype(int).tolist()),
    )  # fmt: skip


def _small(i: int, words: str, run: BoundaryTrace, frames: int) -> Panel:
    train, test = run.data
    entries = np.linspace(0, len(run.epochs) - 1, frames).round().astype(np.intp)
    images = np.stack(
        [_image(field, run.head.units) for field in fields(run, entries, SMALL, train.span)]
    )
    last = (
        f"{run.test_accuracy[-1]:.0%}"
        if test.task == "classification"
        else number(float(run.test_loss[-1]))
    )
    ending = "" if run.outcome in ("converged", "ran") else f", {ENDINGS[run.outcome]}"
    layers = (_map(images, train.span, run.head.units, over="t"), *_dots(train))
    return Panel(
        f"run{i}", *plane_axes(train), layers,
        title=f"{words}: {last}{ending}", equal=True, framed=False,
        alt=f"The map of the run with {words}; at its end {last} on the test points.",
    )  # fmt: skip


def _image(field: Array, units: int) -> NDArray[np.uint8]:
    """Return color codes of a field: of the diverging map, or of the winning class."""
    codes = np.floor(np.nan_to_num(field)) if units > 2 else code(field)
    return np.asarray(codes, dtype=np.uint8)


def _map(images: NDArray[np.uint8], span: float, units: int, over: str) -> Field:
    return Field(image=images, x=(-span, span), y=(-span, span), over=over, opacity=0.75,
                 colors="labels" if units > 2 else "diverging")  # fmt: skip


def _dots(data: Dataset, size: float = 2.0) -> list[Layer]:
    if data.task == "regression":
        return []
    return [Points(xy=data.x[:SHOWN], classes=data.y[:SHOWN], size=size)]


def classifier_scene(
    fitted: Fitted, train: Dataset, test: Dataset, *, paint: bool = False
) -> Scene:
    """Return the map of one classifier under every value of its setting, and its accuracy.

    ``paint`` says whether points can be painted on the map.
    """
    kind = CLASSIFIERS[fitted.name]
    values = tuple(float(value) for value in fitted.values)
    units = max(2, train.classes)
    images = np.stack([_image(field, units) for field in fitted.fields])
    wrong = fitted.test_predictions != test.y
    rings = np.where(wrong[:, :SHOWN, None], test.x[:SHOWN], np.nan)
    layers = [
        _map(images, train.span, units, over="k"),
        Points(xy=rings, over="k", color="ink", size=7.0),
        Points(xy=test.x[:SHOWN], classes=test.y[:SHOWN], size=3.0),
        *_dots(train, 4.5),
    ]
    log = values[0] > 0 and values[-1] / values[0] > 20
    x = Axis(kind.knob_label, values[0], max(values[-1], values[0] + 1e-9), log=log)
    curves = (
        Curve(x=fitted.values, y=fitted.test_accuracy, cursor="knob", color="second",
              dashed=True),
        Curve(x=fitted.values, y=fitted.train_accuracy, cursor="knob"),
    )  # fmt: skip
    panels = (
        Panel("map", *plane_axes(train), tuple(layers), equal=True, pick=paint,
              alt=f"The plane colored by the class that {kind.label.lower()} gives; test points it "
                  "takes for another are ringed."),
        Panel("accuracy", x, Axis("accuracy", 0, 1.02), curves, title="training — · test - -",
              alt=f"Training and test accuracy against {kind.knob_label}."),
    )  # fmt: skip
    readouts = {"train": fitted.train_accuracy[:, None], "test": fitted.test_accuracy[:, None]}
    return Scene(
        panels=panels,
        captions=(f"{kind.label} · {kind.knob_label} = {{knob}} · training accuracy {{train}} · "
                  "test accuracy {test}",),
        knob=Knob("complexity", kind.knob_label, values, 0),
        layout="split",
        readouts=readouts,
    )  # fmt: skip


def rivals_scene(rivals: Sequence[Fitted], train: Dataset) -> Scene:
    """Return the maps of several classifiers side by side, each at its one value."""
    panels = []
    for fitted in rivals:
        units = max(2, train.classes)
        image = _image(fitted.fields[0], units)
        kind = CLASSIFIERS[fitted.name]
        share = float(fitted.test_accuracy[0])
        layers = (_map(image, train.span, units, over=""), *_dots(train))
        panels.append(Panel(
            fitted.name, *plane_axes(train), layers,
            title=f"{kind.label}: {share:.0%}", equal=True, framed=False,
            alt=f"The map of {kind.label.lower()}, right on {share:.0%} of the test points.",
        ))  # fmt: skip
    return Scene(
        panels=tuple(panels), captions=("right on so much of the test points",), layout="grid"
    )
