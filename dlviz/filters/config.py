"""What a trained network depends on, and what it is shown."""

from dataclasses import dataclass, fields, replace
from typing import Any

from dlviz.checks import check_choice, check_count, check_range
from dlviz.cnn import Cnn, build
from dlviz.cnn_recipe import check_course, check_size
from dlviz.drawn import cells
from dlviz.picture_sets import PICTURE_SETS
from dlviz.reader import ARCHITECTURE


@dataclass(frozen=True)
class FiltersConfig:
    """Everything a trained network depends on, and the picture it looks at.

    Parameters
    ----------
    dataset : a key of ``PICTURE_SETS``
    architecture : blocks with semicolons between, as ``dlviz.cnn.build`` reads them; at most
        62 000 parameters, and 6 000 000 products for a picture
    epochs : 0 to 40, passes over the training pictures
    lr : in (0, 1], the learning rate of Adam
    batch_size : 1 to 512
    seed : >= 0, of the initial weights, the order of the pictures and what dropout drops
    shuffled : one fixed permutation of the pixels, of all pictures alike
    picture : which test picture is shown: 0 to 9 are the first of each class, then the second
    source : "test", or "drawn" for a picture drawn by hand
    drawing : that picture, as ``dlviz.drawn`` reads it
    angle : −180 to 180, degrees that the picture is turned counterclockwise
    shift : −8 to 8, pixels that it is moved to the right
    noise : 0 to 1, standard deviation of what is added to each pixel
    """

    dataset: str = "digits"
    architecture: str = ARCHITECTURE
    epochs: int = 20
    lr: float = 0.005
    batch_size: int = 32
    seed: int = 0
    shuffled: bool = False
    picture: int = 3
    source: str = "test"
    drawing: str = ""
    angle: float = 0.0
    shift: float = 0.0
    noise: float = 0.0

    def __post_init__(self) -> None:
        check_choice("dataset", self.dataset, PICTURE_SETS)
        check_size(network_of(self))
        check_course(self.epochs, self.lr, self.batch_size, self.seed)
        check_count("picture", self.picture, 0, 199)
        check_choice("source", self.source, ("test", "drawn"))
        size = PICTURE_SETS[self.dataset].size
        cells(self.drawing, size, size)
        check_range("angle", self.angle, -180, 180)
        check_range("shift", self.shift, -8, 8)
        check_range("noise", self.noise, 0, 1)


SHOWN = ("picture", "source", "drawing", "angle", "shift", "noise")  # what is not about training
_USUAL = {f.name: f.default for f in fields(FiltersConfig)}


def network_of(config: FiltersConfig) -> Cnn:
    """Return the shape of the network."""
    source = PICTURE_SETS[config.dataset]
    return build(config.architecture, source.shape, source.classes)


def learning(config: FiltersConfig) -> FiltersConfig:
    """Return a Config with what training does not depend on at its default."""
    usual: dict[str, Any] = {name: _USUAL[name] for name in SHOWN}
    return replace(config, **usual)
