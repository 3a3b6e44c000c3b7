"""The GAN lab's pictures."""

from dlviz.gan.measures_stage import measures_scene
from dlviz.gan.multiples import multiples_scene
from dlviz.gan.picture_stage import (
    average_scene,
    demand_scene,
    picture_scene,
    rivals_scene,
    twins_scene,
    walk_scene,
    wall_scene,
)
from dlviz.gan.slow_stage import slow_scene
from dlviz.gan.stage import LOOKS, game_scene
from dlviz.gan.theory_stage import apart_scene, dirac_scene, theory_scene

__all__ = [
    "LOOKS",
    "apart_scene",
    "average_scene",
    "demand_scene",
    "dirac_scene",
    "game_scene",
    "measures_scene",
    "multiples_scene",
    "picture_scene",
    "rivals_scene",
    "slow_scene",
    "theory_scene",
    "twins_scene",
    "walk_scene",
    "wall_scene",
]
