"""The pictures of the embedding lab; each idea has its own file."""

from dlviz.embedding.single import single_scene
from dlviz.embedding.stage import embedding_scene
from dlviz.embedding.wall_stage import trust_scene, wall_scene

__all__ = ["embedding_scene", "single_scene", "trust_scene", "wall_scene"]
