"""The GAN lab's pictures."""

from dlviz.gan.stage import game_scene
from dlviz.gan.multiples import multiples_scene

__all__ = ["game_scene", "multiples_scene"]
