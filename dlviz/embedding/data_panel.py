"""What the points look like before they are mapped: images, points in space, or all numbers."""

import numpy as np

from dlviz.cloud_layers import CloudPoints
from dlviz.embedding.cloud import Array, Cloud
from dlviz.embedding.points import PLAIN, points_layer
from dlviz.layers import Field, Tiles
from dlviz.scene import Axis, Panel

TILT = (0.55, 0.35)  # radians about the upright axis and toward the eye, as solids are looked at
ROWS, COLUMNS = 3, 8  # of images
SHOWN = 150  # points of a matrix


def data_panel(cloud: Cloud) -> Panel:
    """Return the data as they are: as images, as points seen from aside, or as a matrix."""
    d = cloud.x.shape[1]
    if cloud.images.size and not cloud.layer:
        return _images(cloud)
    if d <= 3:
        aside = _aside(cloud)
        return Panel("data", PLAIN, PLAIN, (aside,), title="The data", equal=True, framed=False,
                     alt=f"The data as they are, in {d} dimensions.")  # fmt: skip
    return _matrix(cloud)


def _images(cloud: Cloud) -> Panel:
    shown = by_class(cloud, ROWS * COLUMNS)
    images = cloud.images[shown].reshape(len(shown), cloud.side, cloud.side)[:, ::-1]
    box = Axis("", 0, 1)
    return Panel("data", box, box, (Tiles(images=images, columns=COLUMNS),),
                 title=f"The data: {cloud.x.shape[1]} pixels each",
                 alt=f"Some of the data: images, {cloud.side} by {cloud.side} pixels.")  # fmt: skip


def _aside(cloud: Cloud) -> CloudPoints:
    return points_layer(cloud, from_aside(cloud.x), "")


def from_aside(x: Array) -> Array:
    """Return points (n, d) as a picture (n, 2): the first three axes seen from aside."""
    centered = x[:, :3] - x[:, :3].mean(axis=0)
    if centered.shape[1] == 1:
        return np.column_stack([centered[:, 0], np.zeros(len(x))])
    if centered.shape[1] == 2:
        return np.asarray(centered)
    turn, tilt = TILT
    a, b, c = centered.T
    across, deep = np.cos(turn) * a + np.sin(turn) * b, np.cos(turn) * b - np.sin(turn) * a
    return np.column_stack([across, np.cos(tilt) * c + np.sin(tilt) * deep])


def _matrix(cloud: Cloud) -> Panel:
    """Return a column for each point, by class or along the shape, and a row for each number."""
    shown = by_class(cloud, SHOWN)
    x = cloud.x[shown]
    low, high = float(x.min()), float(x.max())
    image = np.round(255 * (x.T - low) / ((high - low) or 1)).astype(np.uint8)
    d, n = image.shape
    field = Field(image=image, x=(0, n - 1), y=(1, d), levels=np.linspace(low, high, 256))
    sorted_by = "by class" if cloud.names else f"by {cloud.value}"
    return Panel(
        "data", Axis(f"points, {sorted_by}", -0.5, n - 0.5), Axis("number", 0.5, d + 0.5),
        (field,), title=f"The data: {d} numbers a point",
        alt=f"The {d} numbers of {n} points as colors, a column for each point.",
    )  # fmt: skip


def by_class(cloud: Cloud, most: int) -> Array:
    """Return at most so many points, as many of each class, in the order of their classes."""
    order = np.argsort(cloud.y, kind="stable")
    at = np.linspace(0, len(order) - 1, min(most, len(order))).round().astype(int)
    return np.asarray(order[at])
