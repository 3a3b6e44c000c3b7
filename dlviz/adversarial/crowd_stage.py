"""One change on many digits: which of them are misread."""

from math import isqrt

import numpy as np

from dlviz.adversarial.config import AdversarialConfig
from dlviz.adversarial.crowd import Crowd, crowd
from dlviz.adversarial.knobs import knob
from dlviz.adversarial.shades import BOX, change_shades, shades
from dlviz.layers import Curve, Field, Layer, Polygons, Text, Tiles
from dlviz.scene import Axis, Panel, Scene
from dlviz.words import number


def crowd_scene(config: AdversarialConfig, values: tuple[float, ...]) -> Scene:
    """Return the stage: the knob is ε."""
    run, coins = crowd(config, values), crowd(config, values, "noise_sign")
    return Scene(
        panels=(_wall(run), _changes(run, coins), _curves(run, coins)),
        captions=tuple(_caption(run, coins, k) for k in range(len(values))),
        knob=knob(config, values),
    )


def _wall(run: Crowd) -> Panel:
    side = _side(run)
    return Panel(
        "wall", Axis("", 0, side), Axis("", 0, side), (_mosaic(run), _frames(run), *_read(run)),
        equal=True, framed=False,
        title=f"The same change on {len(run.labels)} digits; framed, with what is read: misread",
        alt="Many small digits, all with the same change; those that are misread are framed "
        "and bear the digit that is read.",
    )  # fmt: skip


def _mosaic(run: Crowd) -> Field:
    """Return all pictures as one, a black line between them."""
    codes = shades(run.pictures)
    turns, count, height, width = codes.shape
    side = _side(run)
    tiles = np.zeros((turns, count, height + 1, width + 1), np.uint8)
    tiles[:, :, :height, :width] = codes
    rows = tiles.reshape(turns, side, side, height + 1, width + 1)
    wall = rows.swapaxes(2, 3).reshape(turns, side * (height + 1), -1)[:, ::-1]
    half = [0.5 / (length + 1) for length in (width, height)]
    return Field(
        image=wall,
        x=(half[0], side - half[0]),
        y=(half[1], side - half[1]),
        colors="gray",
        over="k",
    )


def _side(run: Crowd) -> int:
    return isqrt(len(run.labels))


def _corners(run: Crowd) -> np.ndarray:
    """Return where the pictures' lower left corners are, (n, 2)."""
    at, side = np.arange(len(run.labels)), _side(run)
    return np.stack([at % side, side - 1 - at // side], axis=1).astype(float)


def _frames(run: Crowd) -> Polygons:
    square = np.array([(0.0, 0.11), (0.89, 0.11), (0.89, 1.0), (0.0, 1.0)])
    xy = np.repeat((_corners(run)[:, None] + square)[None], len(run.values), axis=0)
    xy[run.answers == run.labels] = np.nan
    codes = np.full(len(run.labels), 1, np.uint8)
    return Polygons(xy=xy, codes=codes, over="k", opacity=0.25, outline="path")


def _read(run: Crowd) -> tuple[Layer, ...]:
    """Return what is read of the misread ones: for each picture, each digit that it ever is."""
    wrong = run.answers != run.labels
    pairs = sorted(
        {(int(i), int(run.answers[k, i])) for k, i in zip(*np.nonzero(wrong), strict=True)}
    )
    if not pairs:
        return ()
    which, digit = np.array(pairs).T
    shown = (run.answers[:, which] == digit) & wrong[:, which]
    xy = np.where(shown[..., None], _corners(run)[which] + (0.72, 0.3), np.nan)
    return (Text(xy=xy, texts=tuple(map(str, digit)), over="k", color="path"),)


def _changes(run: Crowd, coins: Crowd) -> Panel:
    sides = np.array(run.values)[:, None, None, None]
    both = np.stack([run.change, coins.change])[None]
    tiles = Tiles(images=change_shades(sides * both), columns=2, over="k",
                  labels=("one for all", "random signs"))  # fmt: skip
    return Panel(
        "changes", BOX, BOX, (tiles,), title="The changes (±0.4 is white, black)",
        alt="Two small pictures: the one change for all, and random signs.",
    )  # fmt: skip


def _curves(run: Crowd, coins: Crowd) -> Panel:
    sides = np.array(run.values)
    curves = (
        Curve(x=sides, y=run.misread, color="good", cursor="knob", label="one for all"),
        Curve(x=sides, y=coins.misread, color="muted", cursor="knob", dashed=True, label="coins"),
    )
    many = len(run.labels)
    return Panel(
        "misread", Axis("ε", sides[0], sides[-1]), Axis(f"of {many}", 0, many), curves,
        title="How many are misread",
        alt="Two curves against ε: how many digits are misread with the one change, "
        "and with random signs.",
    )  # fmt: skip


def _caption(run: Crowd, coins: Crowd, k: int) -> str:
    return (
        f"ε = {number(run.values[k])}: the one change has {run.misread[k]} of {len(run.labels)} "
        f"digits misread, random signs {coins.misread[k]} · it was made of other digits"
    )
