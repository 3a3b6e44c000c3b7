"""Pictures of decision boundaries: the stage for the player, and what stands under it."""

from dlviz.boundary.inside import inside_scene
from dlviz.boundary.multiples import classifier_scene, multiples_scene, rivals_scene
from dlviz.boundary.stage import boundary_scene

__all__ = ["boundary_scene", "classifier_scene", "inside_scene", "multiples_scene", "rivals_scene"]
