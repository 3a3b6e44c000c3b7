"""The pictures of the noise lab, by their names."""

from dlviz.noise.stage import noise_scene

__all__ = ["noise_scene"]
