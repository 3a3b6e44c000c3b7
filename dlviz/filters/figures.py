"""The lab's pictures: the stage, and what stands under it."""

from dlviz.filters.stage import KNOBS, filters_scene

__all__ = ["KNOBS", "filters_scene"]
