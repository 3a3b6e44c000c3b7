"""The GAN lab's pictures."""

from dlviz.gan.multiples import multiples_scene
from dlviz.gan.stage import LOOKS, game_scene
from dlviz.gan.theory_stage import apart_scene, dirac_scene

__all__ = ["LOOKS", "apart_scene", "dirac_scene", "game_scene", "multiples_scene"]
