"""Maps of a cloud as marks: points in the colors of their classes, images where they are asked."""

from typing import Any

import numpy as np

from dlviz.cloud_layers import EDGE, CloudImages, CloudPoints, quantized
from dlviz.embedding.cloud import Array, Cloud
from dlviz.scene import Axis

PLAIN = Axis("", -EDGE, EDGE)


def codes_of(cloud: Cloud) -> tuple[Array, float, float]:
    """Return a code for each point, and the values of codes 0 and 255."""
    if cloud.names:
        return np.asarray(cloud.y, dtype=np.uint8), 0.0, 255.0
    low, high = float(cloud.y.min()), float(cloud.y.max())
    share = (cloud.y - low) / ((high - low) or 1)
    return np.round(255 * share).astype(np.uint8), low, high


def points_layer(cloud: Cloud, points: Array, over: str, **options: Any) -> CloudPoints:
    """Return maps (..., n, 2) as points of the cloud's colors."""
    xy, radius = quantized(points)
    codes, low, high = codes_of(cloud)
    letters = [name[:1] for name in cloud.names]
    looks: dict[str, Any] = {
        "codes": codes,
        "size": float(np.clip(110 / np.sqrt(len(cloud)), 3.0, 7.0)),
        "glyphs": len(set(letters)) == len(letters) > 7,
        "names": cloud.names,
        "value": cloud.value,
        "low": low,
        "high": high,
    }
    return CloudPoints(over=over, xy=xy, radius=radius, **(looks | options))


def images_layers(cloud: Cloud) -> list[CloudImages]:
    """Return what is shown at points, if there is something."""
    if not cloud.images.size:
        return []
    return [CloudImages(images=cloud.images.reshape(len(cloud), cloud.side, -1))]
