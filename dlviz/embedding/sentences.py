"""How a map came out, in words."""

from collections.abc import Mapping
from typing import Any

from dlviz.embedding.methods import METHODS
from dlviz.embedding.walls import Wall
from dlviz.words import number


def outcome_sentence(facts: Mapping[str, Any]) -> str:
    """Say in one sentence what became of the points."""
    if facts["outcome"] == "none":
        return f"{METHODS[facts['method']].label} finds no map of these points."
    if facts["outcome"] == "diverged":
        last = facts["iterations"]
        return f"The run diverged after iteration {last}: the learning rate is too large."
    size = f"{facts['n']} points of {facts['dim']} dimensions"
    if facts["method"] != "tsne":
        method = METHODS[facts["method"]]
        return f"{method.label} made a map of {size}. It keeps {method.keeps}."
    going = " so far" if facts["outcome"] == "growing" else ""
    return (
        f"{facts['iterations']} iterations{going} took the KL divergence of {size} from "
        f"{number(facts['kl_start'])} to {number(facts['kl'])} nats."
    )


def wall_sentence(wall: Wall) -> str:
    """Say in one sentence what stands side by side."""
    made = sum(part.trace is not None for part in wall.parts)
    words = {
        "methods": "Each method keeps something else of the same points",
        "perplexities": "The same points, another map for each perplexity, and PCA's",
        "seeds": "The same points from two random starts, the second map turned to fit the first",
        "variance": "The same points by t-SNE, which keeps neighbors, and by PCA, which keeps "
        "variance",
        "layers": "The same digits as pixels and as the layers of a network see them",
    }
    return f"{words[wall.kind]}: {made} maps."
