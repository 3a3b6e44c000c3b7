"""The plane of an attack and of random signs, with what is read in it."""

import numpy as np
from numpy.typing import NDArray

from dlviz.adversarial.config import AdversarialConfig
from dlviz.adversarial.knobs import knob
from dlviz.adversarial.planes import REACH, SIZE, AttackPlane, plane
from dlviz.adversarial.shades import BOX, percent, shades
from dlviz.layers import Arrows, Curve, Field, Layer, Path, Points, Polygons, Text, Tiles
from dlviz.scene import Axis, Panel, Scene
from dlviz.words import number

Array = NDArray[np.float64]


def plane_scene(config: AdversarialConfig, values: tuple[float, ...]) -> Scene:
    """Return the stage: the knob is ε, the length of both arrows."""
    found = plane(config, values)
    return Scene(
        panels=(_map(found), _ends(found), _profile(found)),
        captions=tuple(_caption(found, k) for k in range(len(values))),
        knob=knob(config, values),
    )


def _map(found: AttackPlane) -> Panel:
    sides = np.array(found.values)
    zero = np.zeros_like(sides)
    chosen = np.stack([sides, zero], axis=1)[:, None]
    coins = np.stack([zero, sides], axis=1)[:, None]
    still = np.zeros_like(chosen)
    marks = (
        *_regions(found),
        *_names(found),
        Path(xy=sides[:, None, None] * found.ball, over="k", whole=True, ball=False, dots=False,
             color="ink", width=1.5),
        Arrows(xy=np.stack([still, chosen], axis=2), over="k", color="ink", label="FGSM", width=3),
        Arrows(xy=np.stack([still, coins], axis=2), over="k", color="ink", label="coins", width=3),
        Points(xy=np.zeros((1, 2)), color="ink", marker="star", size=8),
    )  # fmt: skip
    exact = "exact" if len(found.polygons) else f"asked at {SIZE} x {SIZE} points"
    return Panel(
        "plane", Axis("ε along FGSM", -REACH, REACH), Axis("ε along random signs", -REACH, REACH),
        marks, equal=True,
        title=f"What it reads here ({exact})",
        alt="A plane with the picture in the middle: across, the change by FGSM, upward, one by "
        "random signs; areas by the digit that is read there, each with its name.",
    )  # fmt: skip


def _regions(found: AttackPlane) -> tuple[Layer, ...]:
    if not len(found.polygons):
        ends = (-REACH, REACH)
        names = tuple(f"read as {k}" for k in range(10))
        return (
            Field(image=found.asked, x=ends, y=ends, colors="labels", opacity=0.5, names=names),
        )
    xy = np.full((len(found.polygons), max(map(len, found.polygons)), 2), np.nan)
    for i, polygon in enumerate(found.polygons):
        xy[i, : len(polygon)] = polygon
    return (Polygons(xy=xy, codes=found.classes.astype(np.uint8), opacity=0.5, outline=""),)


def _names(found: AttackPlane) -> tuple[Text, ...]:
    """Return the name of each class at a place of its own area that is far from all others."""
    codes = found.asked if not len(found.polygons) else _painted(found)
    size = len(codes)
    places, texts = [], []
    for k in np.unique(codes):
        mine = codes == k
        if mine.sum() < 0.004 * mine.size:
            continue
        row, column = _inside(mine)
        places.append((2 * (column + 0.5) / size - 1, 2 * (row + 0.5) / size - 1))
        texts.append(str(k))
    return (Text(xy=REACH * np.array(places), texts=tuple(texts)),)


def _inside(mine: NDArray[np.bool_]) -> tuple[int, int]:
    """Return a cell of a set that lies deep in it: the last to go as its rim is taken off."""
    left = np.pad(mine, 1)
    while True:
        core = left.copy()
        for axis in (0, 1):
            core &= np.roll(left, 1, axis) & np.roll(left, -1, axis)
        if not core.any():
            rows, columns = np.nonzero(left)
            i = int(np.argmin(np.hypot(rows - rows.mean(), columns - columns.mean())))
            return int(rows[i]) - 1, int(columns[i]) - 1
        left = core


def _painted(found: AttackPlane, size: int = 81) -> NDArray[np.uint8]:
    """Return which polygon's class is at each point of a grid."""
    at = REACH * np.linspace(-1, 1, size)
    points = np.stack(np.meshgrid(at, at), axis=-1)
    codes = np.zeros((size, size), np.uint8)
    for polygon, k in zip(found.polygons, found.classes, strict=True):
        inside = np.ones((size, size), bool)
        for a, b in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
            side = b - a
            inside &= side[0] * (points[..., 1] - a[1]) - side[1] * (points[..., 0] - a[0]) >= -1e-9
        codes[inside] = k
    return codes


def _ends(found: AttackPlane) -> Panel:
    images = shades(found.ends).swapaxes(0, 1)
    tiles = Tiles(images=images, columns=2, labels=("FGSM", "random signs"), over="k")
    return Panel(
        "ends", BOX, BOX, (tiles,), title="At the ends of the arrows",
        alt="Two small pictures: after FGSM, and after random signs of the same size.",
    )  # fmt: skip


def _profile(found: AttackPlane) -> Panel:
    sides = np.array(found.values)
    chosen, coins = found.confidences[:, :, found.label]
    curves = (
        Curve(x=sides, y=chosen, color="path", cursor="knob", label="FGSM"),
        Curve(x=sides, y=coins, color="muted", cursor="knob", dashed=True, label="coins"),
    )
    return Panel(
        "profile", Axis("ε", sides[0], sides[-1]),
        Axis(f"confidence in {found.label}", 0, 1), curves,
        title="Along each arrow",
        alt=f"Two curves: confidence in {found.label} along FGSM and along random signs.",
    )  # fmt: skip


def _caption(found: AttackPlane, k: int) -> str:
    said = [f"{end[k].argmax()} ({percent(float(end[k].max()))})" for end in found.confidences]
    return (
        f"ε = {number(found.values[k])}: at the end of FGSM's arrow it reads {said[0]}, at that of "
        f"random signs {said[1]} · thin line: where no pixel has moved by more than ε"
    )
