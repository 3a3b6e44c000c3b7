"""What a game depends on."""

from dataclasses import dataclass

from dlviz.checks import check_choice, check_count, check_range
from dlviz.gan.data import DATA
from dlviz.networks import Architecture
from dlviz.painting import read_points

LOSSES = ("nonsaturating", "minimax", "least_squares", "hinge", "wgan", "wgan_gp")
RULES = ("adam", "sgd", "momentum", "rmsprop")
UNITS = ("leaky_relu", "relu", "tanh")
NOISE = ("normal", "uniform")
MAX_LAYERS, MAX_UNITS, MAX_STEPS = 4, 64, 10_000


@dataclass(frozen=True)
class GanConfig:
    """Everything a game depends on.

    Parameters
    ----------
    data : a key of ``DATA``, of one dimension or two
    points : points painted by hand, as ``dlviz.painting`` writes them, for the data "own"
    loss : "nonsaturating", "minimax" (Goodfellow et al. 2014), "least_squares" (Mao et al. 2017),
        "hinge" (Lim & Ye 2017), "wgan" (weights clipped, Arjovsky et al. 2017), or "wgan_gp"
        (gradient penalty 10, Gulrajani et al. 2017)
    lr_g, lr_d : in (0, 1], the learning rates of generator and discriminator
    optimizer : "adam", "sgd", "momentum" or "rmsprop", of both players
    beta1 : in [0, 0.9999], of adam, and the momentum of momentum
    beta2 : in [0, 0.9999], of adam, and the memory of rmsprop
    k_d, k_g : 1 to 10, updates of each player in a step
    hidden_g, hidden_d : units in each hidden layer, 1 to 64 each; 0 to 4 layers. A generator of
        none is affine: G(z) = W z + b.
    units : "leaky_relu" (slope 0.2 below 0), "relu" or "tanh"
    noise : "normal" N(0, 1) or "uniform" on [−1, 1]
    noise_dim : 1 or 2
    batch_size : 2 to 512, real points, and as many fakes
    r1 : in [0, 100], the weight γ of R1: γ/2 E_data |∇D|² (Mescheder et al. 2018)
    clip : in (0, 10], the bound on all weights of the discriminator of "wgan"
    instance_noise : in [0, 2], the sd of noise on all that the discriminator sees
    smoothing : in [0, 0.5], real points are labeled 1 − smoothing; not of hinge and Wasserstein
    spectral : whether each weight matrix of the discriminator is divided by its largest singular
        value (Miyato et al. 2018), by one power iteration per update
    steps : 0 to 10 000; a game ends sooner rather than make more than ``runs.MOST_WORK``
    seed : >= 0, of the initial weights, the noise, and the data, each its own stream

    Raises
    ------
    ValueError
        "expected 0 < lr_g <= 1, got -1" and the like.
    """

    data: str = "ring8"
    points: str = ""
    loss: str = "nonsaturating"
    lr_g: float = 0.001
    lr_d: float = 0.003
    optimizer: str = "adam"
    beta1: float = 0.5
    beta2: float = 0.999
    k_d: int = 1
    k_g: int = 1
    hidden_g: tuple[int, ...] = (32, 32)
    hidden_d: tuple[int, ...] = (32, 32)
    units: str = "leaky_relu"
    noise: str = "normal"
    noise_dim: int = 2
    batch_size: int = 64
    r1: float = 0.0
    clip: float = 0.1
    instance_noise: float = 0.0
    smoothing: float = 0.0
    spectral: bool = False
    steps: int = 1500
    seed: int = 0

    def __post_init__(self) -> None:
        check_choice("data", self.data, DATA)
        read_points(self.points)
        check_choice("loss", self.loss, LOSSES)
        check_range("lr_g", self.lr_g, 0, 1, open_low=True)
        check_range("lr_d", self.lr_d, 0, 1, open_low=True)
        check_choice("optimizer", self.optimizer, RULES)
        check_range("beta1", self.beta1, 0, 0.9999)
        check_range("beta2", self.beta2, 0, 0.9999)
        check_count("k_d", self.k_d, 1, 10)
        check_count("k_g", self.k_g, 1, 10)
        self._check_networks()
        check_count("batch_size", self.batch_size, 2, 512)
        check_range("r1", self.r1, 0, 100)
        check_range("clip", self.clip, 0, 10, open_low=True)
        check_range("instance_noise", self.instance_noise, 0, 2)
        check_range("smoothing", self.smoothing, 0, 0.5)
        check_count("steps", self.steps, 0, MAX_STEPS)
        check_count("seed", self.seed, 0, 2**32 - 1)

    def _check_networks(self) -> None:
        for name in ("hidden_g", "hidden_d"):
            widths = getattr(self, name)
            if not isinstance(widths, tuple) or len(widths) > MAX_LAYERS:
                raise ValueError(
                    f"expected {name} to be a tuple of 0 to {MAX_LAYERS}, got {widths!r}"
                )
            for width in widths:
                check_count(name, width, 1, MAX_UNITS)
        check_choice("units", self.units, UNITS)
        check_choice("noise", self.noise, NOISE)
        check_count("noise_dim", self.noise_dim, 1, 2)
        if not isinstance(self.spectral, bool):
            raise ValueError(f"expected True or False, got spectral={self.spectral!r}")


def generator_of(config: GanConfig) -> Architecture:
    """Return the generator's shape: noise, hidden layers, as many outputs as the data has."""
    sizes = (config.noise_dim, *config.hidden_g, DATA[config.data].dim)
    return Architecture(sizes, (config.units,) * len(config.hidden_g), "linear")


def discriminator_of(config: GanConfig) -> Architecture:
    """Return the discriminator's shape; its one output is a logit, or a Wasserstein critic."""
    sizes = (DATA[config.data].dim, *config.hidden_d, 1)
    return Architecture(sizes, (config.units,) * len(config.hidden_d), "linear")
