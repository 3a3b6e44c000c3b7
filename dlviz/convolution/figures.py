"""Pictures of convolution: one for each idea."""

import numpy as np
from numpy.typing import NDArray

from dlviz.convolution.config import ConvolutionConfig
from dlviz.convolution.cost_stage import cost_scene
from dlviz.convolution.field_stage import field_scene
from dlviz.convolution.knobs import LABELS
from dlviz.convolution.line_stage import line_scene
from dlviz.convolution.matrix_stage import matrix_scene
from dlviz.convolution.photo_stage import photo_scene
from dlviz.convolution.photos import photo
from dlviz.convolution.shift_stage import shift_scene
from dlviz.convolution.window_stage import guess_scene, window_scene
from dlviz.scene import Scene

__all__ = ["LABELS", "convolution_scene"]

_SCENES = {"window": window_scene, "guess": guess_scene, "line": line_scene,
           "shift": shift_scene, "cost": cost_scene, "field": field_scene}  # fmt: skip


def convolution_scene(
    config: ConvolutionConfig, values: tuple[float, ...], pixels: NDArray[np.float64] | None = None
) -> Scene:
    """Return the picture that a Config asks for.

    Parameters
    ----------
    values : what the knob can be: ``knobs.values_of``
    pixels : (H, W) in [0, 1], a photo of one's own; without it, scikit-learn's "china" stands in
    """
    if config.picture == "photo":
        if pixels is None or config.photo != "own":
            pixels = photo("china" if config.photo == "own" else config.photo)
        return photo_scene(config, values, pixels)
    if config.picture == "matrix":
        return matrix_scene(config)
    return _SCENES[config.picture](config, values)
