"""Pictures of the race lab, by their names."""

from dlviz.race.anatomy_stage import anatomy_scene
from dlviz.race.mistake_stage import mistake_scene
from dlviz.race.plane_stage import plane_scene
from dlviz.race.stage import race_scene

__all__ = ["anatomy_scene", "mistake_scene", "plane_scene", "race_scene"]
