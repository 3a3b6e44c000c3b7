"""What a picture of a network's loss depends on."""

from dataclasses import dataclass

from dlviz.checks import check_choice, check_count, check_range

DATASETS = ("circle", "xor", "gauss", "spiral", "moons")  # of two classes
ACTIVATIONS = ("relu", "tanh")
OPTIMIZERS = ("sgd", "momentum", "adam")
DIRECTIONS = ("path", "random", "raw")
SAMPLES = 250


@dataclass(frozen=True)
class LandscapeConfig:
    """Everything a landscape depends on.

    Parameters
    ----------
    dataset : of two classes, a key of ``dlviz.datasets.DATASETS``
    noise : in [0, 0.5]
    depth : 1 to 8 hidden layers
    width : 2 to 24 units in each
    activation : "relu" or "tanh"
    skip : whether each hidden layer after the first adds its input to what it puts out
    optimizer : "sgd" (all samples at once), "momentum" (0.9) or "adam"
    lr : in (0, 10]
    steps : 1 to 2000
    seed : 0 to 2**32 - 1, of the first weights and the data
    directions : the plane: "path" (the two principal directions of training), "random"
        (Gaussian, filter-normalized), or "raw" (Gaussian as drawn)
    direction_seed : 0 to 2**32 - 1
    extent : in [0.01, 10], how far the plane reaches; for "path" in units of the path's reach
    rescale : in [0.01, 100]: the first hidden layer times this and the second divided by it,
        which changes nothing that a plain ReLU network computes; 1 where there is no such layer
    resolution : 11 to 201, odd, the points on a side
    """

    dataset: str = "moons"
    noise: float = 0.1
    depth: int = 3
    width: int = 8
    activation: str = "relu"
    skip: bool = False
    optimizer: str = "sgd"
    lr: float = 0.5
    steps: int = 200
    seed: int = 0
    directions: str = "path"
    direction_seed: int = 0
    extent: float = 1.0
    rescale: float = 1.0
    resolution: int = 51

    def __post_init__(self) -> None:
        check_choice("dataset", self.dataset, DATASETS)
        check_range("noise", self.noise, 0, 0.5)
        check_count("depth", self.depth, 1, 8)
        check_count("width", self.width, 2, 24)
        check_choice("activation", self.activation, ACTIVATIONS)
        if not isinstance(self.skip, bool):
            raise ValueError(f"expected True or False, got skip={self.skip!r}")
        check_choice("optimizer", self.optimizer, OPTIMIZERS)
        check_range("lr", self.lr, 0, 10, open_low=True)
        check_count("steps", self.steps, 1, 2000)
        check_count("seed", self.seed, 0, 2**32 - 1)
        check_choice("directions", self.directions, DIRECTIONS)
        check_count("direction_seed", self.direction_seed, 0, 2**32 - 1)
        check_range("extent", self.extent, 0.01, 10)
        check_range("rescale", self.rescale, 0.01, 100)
        check_count("resolution", self.resolution, 11, 201)
        if self.resolution % 2 == 0:
            raise ValueError(f"expected an odd resolution, got {self.resolution}")

    @property
    def can_be_rescaled(self) -> bool:
        """Whether there are two layers that a factor can be moved between."""
        return self.activation == "relu" and not self.skip and self.depth >= 2
