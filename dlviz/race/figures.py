"""Pictures of the race lab, by their names."""

from dlviz.race.stage import race_scene

__all__ = ["race_scene"]
