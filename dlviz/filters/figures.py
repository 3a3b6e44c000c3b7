"""The lab's pictures: the stage, and what stands under it."""

from dlviz.filters.stage import KNOBS, filters_scene
from dlviz.filters.under import (
    blame_scene,
    counter_scene,
    dreams_scene,
    embedding_scene,
    patches_scene,
)

__all__ = [
    "KNOBS",
    "blame_scene",
    "counter_scene",
    "dreams_scene",
    "embedding_scene",
    "filters_scene",
    "patches_scene",
]
