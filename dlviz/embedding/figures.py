"""The pictures of the embedding lab; each idea has its own file."""

from dlviz.embedding.stage import embedding_scene

__all__ = ["embedding_scene"]
