"""The filters lab without its pictures: the Config, the verbs, the Trace.

Each idea has its own file; this one only names what the rest of the app and notebooks use.
"""

from collections.abc import Iterator

from dlviz.filters.config import FiltersConfig, learning, network_of
from dlviz.filters.counter import layers_of, rows
from dlviz.filters.embedding import Embedding, embed
from dlviz.filters.facts import Facts, facts, outcome_sentence
from dlviz.filters.gradients import Blame, Dreams, blame, dream
from dlviz.filters.patches import Patches, best_patches, receptive_field
from dlviz.filters.script import script
from dlviz.filters.shipped import shipped
from dlviz.filters.shown import label_of, picture_of, shown_under
from dlviz.filters.traces import FiltersTrace, activations, answers, learn, untrained
from dlviz.picture_sets import NoPicturesError, pictures

__all__ = [
    "Blame",
    "Dreams",
    "Embedding",
    "Facts",
    "FiltersConfig",
    "FiltersTrace",
    "Patches",
    "activations",
    "answers",
    "best_patches",
    "blame",
    "count_parameters",
    "dream",
    "embed",
    "facts",
    "fetching",
    "label_of",
    "layers_of",
    "learn",
    "learning",
    "network_of",
    "outcome_sentence",
    "picture_of",
    "receptive_field",
    "rows",
    "script",
    "share_of",
    "shown_under",
    "steps",
    "train",
    "untrained",
]


def steps(config: FiltersConfig) -> Iterator[FiltersTrace]:
    """Yield the run so far at each moment that is kept; at once if it comes trained."""
    ready = shipped(config)
    if ready is not None:
        yield ready
    else:
        yield from learn(config)


def fetching(dataset: str) -> Iterator[str]:
    """Make or fetch the pictures of a data set; yield "", or why there are none."""
    try:
        pictures(dataset)
    except NoPicturesError as missing:
        yield str(missing)
    else:
        yield ""


def train(config: FiltersConfig) -> FiltersTrace:
    """Return the whole run of a Config."""
    *_, trace = steps(config)
    return trace


def share_of(trace: FiltersTrace) -> float:
    """Return how much of the training is done."""
    return trace.share


def count_parameters(config: FiltersConfig) -> int:
    """Return how many parameters are trained."""
    return network_of(config).parameters
