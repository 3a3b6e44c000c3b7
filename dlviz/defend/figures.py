"""The scenes of the lab."""

from dlviz.defend.masking_stage import masking_scene
from dlviz.defend.price_stage import price_scene
from dlviz.defend.smoothing_stage import smoothing_scene
from dlviz.defend.training_stage import duel_scene

__all__ = ["duel_scene", "masking_scene", "price_scene", "smoothing_scene"]
