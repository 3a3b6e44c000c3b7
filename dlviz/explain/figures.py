"""The scenes of the lab."""

from dlviz.explain.agreement_stage import agreement_scene
from dlviz.explain.erase_stage import erase_scene
from dlviz.explain.pixels_stage import pixels_scene
from dlviz.explain.stage import maps_scene, method_at

__all__ = ["agreement_scene", "erase_scene", "maps_scene", "method_at", "pixels_scene"]
