"""How a convolutional network is made: what it learns from, its blocks, and for how long."""

from dataclasses import dataclass

from dlviz.checks import check_choice, check_count, check_range
from dlviz.cnn import Cnn, build
from dlviz.picture_sets import PICTURE_SETS
from dlviz.reader import ARCHITECTURE

MAX_PARAMETERS, MAX_PRODUCTS = 62_000, 6_000_000
DIGIT_SETS = ("digits", "printed")  # that come with the app


def check_size(net: Cnn) -> None:
    """Raise ValueError if a network takes too long to train, or to send."""
    check_count("the number of parameters", net.parameters, 0, MAX_PARAMETERS)
    check_count("the number of products", net.products, 0, MAX_PRODUCTS)


def check_course(epochs: int, lr: float, batch_size: int, seed: int) -> None:
    """Raise ValueError if a network cannot be trained so, or for too long."""
    check_count("epochs", epochs, 0, 40)
    check_range("lr", lr, 0, 1, open_low=True)
    check_count("batch_size", batch_size, 1, 512)
    check_count("seed", seed, 0, 2**32 - 1)


@dataclass(frozen=True)
class CnnRecipe:
    """A network that reads digits, as the filters lab trains it.

    Parameters
    ----------
    dataset : one of ``DIGIT_SETS``
    architecture : blocks with semicolons between, as ``dlviz.cnn.build`` reads them
    epochs : 0 to 40
    lr : in (0, 1], the learning rate of Adam
    batch_size : 1 to 512
    seed : >= 0
    """

    dataset: str = "digits"
    architecture: str = ARCHITECTURE
    epochs: int = 20
    lr: float = 0.005
    batch_size: int = 32
    seed: int = 0

    def __post_init__(self) -> None:
        check_choice("dataset", self.dataset, DIGIT_SETS)
        check_size(self.net)
        check_course(self.epochs, self.lr, self.batch_size, self.seed)

    @property
    def net(self) -> Cnn:
        """The shape of the network."""
        source = PICTURE_SETS[self.dataset]
        return build(self.architecture, source.shape, source.classes)
