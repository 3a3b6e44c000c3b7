"""The embedding lab without its pictures: the Config, the verbs, the traces.

Each idea has its own file; this one only names what the rest of the app and notebooks use.
"""

from dlviz.embedding.cloud import Cloud
from dlviz.embedding.clouds import CLOUDS, cloud_of
from dlviz.embedding.config import (
    DATASETS,
    LAYERS,
    METHODS,
    PERPLEXITIES,
    EmbeddingConfig,
    usual_perplexities,
)
from dlviz.embedding.facts import Facts, facts
from dlviz.embedding.methods import installed
from dlviz.embedding.runs import EmbeddingSweep, EmbeddingTrace, embed, points_of, steps
from dlviz.embedding.script import script
from dlviz.embedding.sentences import outcome_sentence, wall_sentence
from dlviz.embedding.shipped import kept_map, shipped
from dlviz.embedding.sweeps import beginning, sweep, sweep_steps, whole
from dlviz.embedding.trusted import TrustSweep, trust_of
from dlviz.embedding.walls import WALLS, Wall, blank_wall, kept_wall, wall, wall_rows, wall_steps

__all__ = [
    "CLOUDS",
    "DATASETS",
    "LAYERS",
    "METHODS",
    "PERPLEXITIES",
    "WALLS",
    "Cloud",
    "EmbeddingConfig",
    "EmbeddingSweep",
    "EmbeddingTrace",
    "Facts",
    "TrustSweep",
    "Wall",
    "beginning",
    "blank_wall",
    "cloud_of",
    "embed",
    "facts",
    "installed",
    "kept_map",
    "kept_wall",
    "outcome_sentence",
    "points_of",
    "script",
    "shipped",
    "steps",
    "sweep",
    "sweep_steps",
    "trust_of",
    "usual_perplexities",
    "wall",
    "wall_rows",
    "wall_sentence",
    "wall_steps",
    "whole",
]
