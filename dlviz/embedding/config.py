"""What an embedding depends on."""

from dataclasses import dataclass

from dlviz.checks import check_choice, check_count, check_range
from dlviz.reader import BLOCKS

MAX_POINTS, MAX_COLUMNS = 2000, 200
PERPLEXITIES = (2.0, 3.0, 5.0, 8.0, 12.0, 20.0, 30.0, 45.0, 65.0, 100.0)  # of the knob
METHODS = ("tsne", "pca", "mds", "isomap", "lle", "spectral", "ltsa", "umap")
LAYERS = ("pixels", "hidden1", "hidden2", "logits", "bottleneck", *BLOCKS)
DATASETS = (
    "digits", "two_clusters", "two_sizes", "three_clusters", "noise", "ellipse", "two_lines",
    "nested", "linked_rings", "unlinked_rings", "nested_rings", "trefoil", "grid", "circle",
    "line", "walk", "simplex", "swiss_roll", "s_curve", "iris", "wine", "table",
)  # fmt: skip


@dataclass(frozen=True)
class EmbeddingConfig:
    """Everything an embedding depends on.

    Parameters
    ----------
    method : one of ``METHODS``; what follows ``layer`` but the seed is of t-SNE
    dataset : one of ``DATASETS``; "table" is the user's own
    n : 10 to 2000 points; data sets with fewer give all they have
    dim : 0 to 100, the dimensions of clusters, ellipse, noise, line and walk; 0 for the usual
    layer : what of the digits is embedded: their pixels, or the activations in a network
    epochs : 0 to 30, for which that network was trained; a convolutional one has at most 20
    neighbors : 2 to 100, of Isomap, LLE, LTSA, spectral embedding and UMAP
    perplexity : in (1, n − 1), effective neighbors
    iterations : 0 to 5000
    seed : >= 0, of the data, of a random start, and of methods that draw
    init : "pca" (scaled to sd 1e-4) or "random" (the same sd)
    lr : in [0, 10 000]; 0 for max(n / exaggeration / 4, 50)
    exaggeration : in [1, 50], what P is multiplied with in the first phase
    exaggerated : 0 to 2000, how many iterations the first phase has
    every : 1 to 100, iterations from one recorded frame to the next
    """

    method: str = "tsne"
    dataset: str = "digits"
    n: int = 500
    dim: int = 0
    layer: str = "pixels"
    epochs: int = 30
    neighbors: int = 8
    perplexity: float = 30.0
    iterations: int = 750
    seed: int = 0
    init: str = "pca"
    lr: float = 0.0
    exaggeration: float = 12.0
    exaggerated: int = 250
    every: int = 10

    def __post_init__(self) -> None:
        check_choice("method", self.method, METHODS)
        check_choice("dataset", self.dataset, DATASETS)
        check_count("n", self.n, 10, MAX_POINTS)
        check_count("dim", self.dim, 0, 100)
        check_choice("layer", self.layer, LAYERS)
        check_count("epochs", self.epochs, 0, 30)
        check_count("neighbors", self.neighbors, 2, 100)
        check_range("perplexity", self.perplexity, 1, 1000, open_low=True)
        check_count("iterations", self.iterations, 0, 5000)
        check_count("seed", self.seed, 0, 2**32 - 1)
        check_choice("init", self.init, ("pca", "random"))
        check_range("lr", self.lr, 0, 10_000)
        check_range("exaggeration", self.exaggeration, 1, 50)
        check_count("exaggerated", self.exaggerated, 0, 2000)
        check_count("every", self.every, 1, 100)


def usual_perplexities(n: int) -> tuple[float, ...]:
    """Return the knob's values for n points: ``PERPLEXITIES``, closer ones where n is small."""
    if n - 1 > PERPLEXITIES[-1]:
        return PERPLEXITIES
    most = 0.9 * (n - 1)
    steps = len(PERPLEXITIES) - 1
    low = min(2.0, most / 2)
    return tuple(round(low * (most / low) ** (i / steps), 1) for i in range(steps + 1))
