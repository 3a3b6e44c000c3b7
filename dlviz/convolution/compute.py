"""The convolution lab without its pictures: the Config, the verbs, the Traces.

Each idea has its own file; this one only names what the rest of the app and notebooks use.
"""

from dlviz.convolution.config import ConvolutionConfig, image_of, kernel_of
from dlviz.convolution.costs import Cost, cost
from dlviz.convolution.facts import Facts, facts
from dlviz.convolution.guessing import Guess, guess
from dlviz.convolution.kernels import KERNELS, kernel
from dlviz.convolution.lines import LineTrace, line, response, slide
from dlviz.convolution.matrices import LayerMatrix, layer_matrix
from dlviz.convolution.moving import Moved, move
from dlviz.convolution.photos import photo
from dlviz.convolution.receptive import Stack, fields_of, stack
from dlviz.convolution.runs import guess_kernel, operate, run, sweep
from dlviz.convolution.script import script
from dlviz.convolution.sentences import outcome_sentence
from dlviz.convolution.sliding import WindowTrace, convolve, pool

__all__ = [
    "KERNELS",
    "ConvolutionConfig",
    "Cost",
    "Facts",
    "Guess",
    "LayerMatrix",
    "LineTrace",
    "Moved",
    "Stack",
    "WindowTrace",
    "convolve",
    "cost",
    "facts",
    "fields_of",
    "guess",
    "guess_kernel",
    "image_of",
    "kernel",
    "kernel_of",
    "layer_matrix",
    "line",
    "move",
    "operate",
    "outcome_sentence",
    "photo",
    "pool",
    "response",
    "run",
    "script",
    "slide",
    "stack",
    "sweep",
]
