"""The plane of an attack and of random signs, with what is read in it."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from dlviz.adversarial.config import AdversarialConfig
from dlviz.adversarial.knobs import knob
from dlviz.adversarial.planes import REACH, SIZE, AttackPlane, plane
from dlviz.adversarial.shades import BOX, percent, shades
from dlviz.class_regions import ClassRegions
from dlviz.layers import Arrows, Curve, Field, Layer, Path, Points, Polygons, Text, Tiles
from dlviz.scene import Axis, Panel, Scene
from dlviz.words import number

Array = NDArray[np.float64]

ROW = 64  # corners in a row of polygons, at least
FINE = 160  # points a side at which it is looked up where to write a class's name


def plane_scene(
    config: AdversarialConfig, values: tuple[float, ...], regions: ClassRegions | None = None
) -> Scene:
    """Return the stage: the knob is ε, the length of both arrows.

    Parameters
    ----------
    regions : as ``plane`` takes them
    """
    found = plane(config, values, regions)
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
    exact = "exact" if found.is_exact else f"asked at {SIZE} x {SIZE} points"
    return Panel(
        "plane", Axis("ε along FGSM", -REACH, REACH), Axis("ε along random signs", -REACH, REACH),
        marks, equal=True,
        title=f"What it reads here ({exact})",
        alt="A plane with the picture in the middle: across, the change by FGSM, upward, one by "
        "random signs; areas by the digit that is read there, each with its name.",
    )  # fmt: skip


def _regions(found: AttackPlane) -> tuple[Layer, ...]:
    if not found.is_exact:
        ends = (-REACH, REACH)
        names = tuple(f"read as {k}" for k in range(10))
        return (
            Field(image=found.asked, x=ends, y=ends, colors="labels", opacity=0.5, names=names),
        )
    xy, codes = _rows(found.regions)
    return (Polygons(xy=xy, codes=codes, opacity=0.5, outline="", tiles=True),)


def _rows(regions: ClassRegions) -> tuple[Array, NDArray[np.uint8]]:
    """Return the polygons as rows of a mark, many in each, and the class of each row."""
    size = max(ROW, int(regions.counts.max()))
    rows: list[list[Array]] = []
    codes: list[int] = []
    room = 0
    polygons = regions.polygons
    for i in np.argsort(regions.classes, kind="stable"):
        k, need = int(regions.classes[i]), int(regions.counts[i])
        if not codes or k != codes[-1] or need > room:
            rows.append([])
            codes.append(k)
            room = size
        rows[-1].append(polygons[i])
        room -= need + 1
    xy = np.full((len(rows), size, 2), np.nan)
    for row, parts in zip(xy, rows, strict=True):
        at = 0
        for part in parts:
            row[at : at + len(part)] = part
            at += len(part) + 1
    return xy, np.array(codes, np.uint8)


def _names(found: AttackPlane) -> tuple[Text, ...]:
    """Return the name of each class at a place of its own area that is far from all others."""
    codes = _painted(found) if found.is_exact else found.asked
    size = len(codes)
    places, texts = [], []
    for k in np.unique(codes):
        mine = codes == k
        if mine.sum() < 0.002 * mine.size:
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


def _painted(found: AttackPlane) -> NDArray[np.uint8]:
    """Return which polygon's class is at each point of a grid."""
    image = Image.new("L", (FINE, FINE))
    draw = ImageDraw.Draw(image)
    for polygon, k in zip(found.polygons, found.classes, strict=True):
        corners = (polygon / REACH + 1) * (FINE / 2) - 0.5
        draw.polygon([(x, y) for x, y in corners], fill=int(k))
    return np.asarray(image)


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
