"""What a GAN of pictures depends on."""

from dataclasses import dataclass

from dlviz.checks import check_choice, check_count, check_range

SETS = ("digits", "printed")
FROM_THE_START = (
    "pictures", "conditional", "batch_norm", "hidden", "noise_dim", "batch_size", "seed",
)  # fmt: skip
LOSSES = ("nonsaturating", "minimax", "least_squares", "hinge")


@dataclass(frozen=True)
class PictureConfig:
    """Everything a GAN of pictures depends on; the defaults are known to work.

    Parameters
    ----------
    pictures : "digits" (8x8, handwritten) or "printed" (28x28)
    loss : of the classic ones
    conditional : whether both networks are told the class (Mirza & Osindero 2014)
    batch_norm : whether the generator has it
    dropout : in [0, 0.9], of the discriminator's hidden units
    hidden : 8 to 256, units in each of the two hidden layers of either network
    noise_dim : 1 to 64
    lr_g, lr_d : in (0, 1], of Adam with β1 = 0.5
    batch_size : 8 to 256
    average : in [0, 0.9999], how much of the average of the generator's weights is kept in each
        step; what is shown is the average. 0 shows the generator as it is.
    steps : 0 to 5000
    seed : >= 0
    """

    pictures: str = "digits"
    loss: str = "nonsaturating"
    conditional: bool = False
    batch_norm: bool = True
    dropout: float = 0.3
    hidden: int = 128
    noise_dim: int = 16
    lr_g: float = 0.001
    lr_d: float = 0.001
    batch_size: int = 64
    average: float = 0.98
    steps: int = 1000
    seed: int = 0

    def __post_init__(self) -> None:
        check_choice("pictures", self.pictures, SETS)
        check_choice("loss", self.loss, LOSSES)
        for name in ("conditional", "batch_norm"):
            if not isinstance(getattr(self, name), bool):
                raise ValueError(f"expected True or False, got {name}={getattr(self, name)!r}")
        check_range("dropout", self.dropout, 0, 0.9)
        check_count("hidden", self.hidden, 8, 256)
        check_count("noise_dim", self.noise_dim, 1, 64)
        check_range("lr_g", self.lr_g, 0, 1, open_low=True)
        check_range("lr_d", self.lr_d, 0, 1, open_low=True)
        check_count("batch_size", self.batch_size, 8, 256)
        check_range("average", self.average, 0, 0.9999)
        check_count("steps", self.steps, 0, 5000)
        check_count("seed", self.seed, 0, 2**32 - 1)
