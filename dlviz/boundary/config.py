"""What a training run depends on."""

from collections.abc import Collection
from dataclasses import dataclass

from dlviz.activations import ACTIVATIONS, OUTPUTS
from dlviz.checks import check_choice, check_count, check_range
from dlviz.datasets import DATASETS, MAX_POINTS
from dlviz.features import FEATURES
from dlviz.initializers import INITIALIZERS
from dlviz.losses import LOSSES
from dlviz.optimizers import OPTIMIZERS, SCHEDULES
from dlviz.painting import read_points

OWN, TABLE = "own", "table"  # datasets that somebody brings: painted by hand, read from a file
MAX_LAYERS, MAX_UNITS, MAX_EPOCHS = 6, 16, 2000
RULES = tuple(name for name, rule in OPTIMIZERS.items() if not rule.uses_hessian)


@dataclass(frozen=True)
class BoundaryConfig:
    """Everything a training run depends on; the defaults are those of TensorFlow Playground.

    Parameters
    ----------
    dataset : a key of ``DATASETS``; "own", the points below; or "table", which the verbs must be
        given as ``data``. Of these two, n and noise say nothing.
    n : 10 to 5000, the number of points; datasets of measured things have as many as they have
    noise : in [0, 0.5]
    train_share : in [0.05, 0.95], the part of the points that is trained on
    data_seed : >= 0, of the points and of their split
    points : points painted by hand, as ``dlviz.painting`` writes them; "" stands for its starter
    features : keys of ``FEATURES``, at least one, none twice
    hidden : units in each hidden layer, 1 to 16 each; 0 to 6 layers
    activation : keys of ``ACTIVATIONS`` with commas between, one for each hidden layer; the last
        one does for all layers that follow, names too many are passed over. A tuple will do.
    output : a key of ``OUTPUTS``, of the losses half_mse and hinge. The others bring their own,
        sigmoid (bce) and softmax (cross_entropy), whatever is said here.
    loss : a key of ``LOSSES``; a regression has half_mse, whatever is said here
    optimizer : a key of ``OPTIMIZERS``, but not newton, which needs second derivatives
    lr : in (0, 10], the learning rate, η on pages
    momentum : in [0, 0.9999]; of momentum and nesterov, and beta1 of adam, adamw and nadam
    beta2 : in [0, 0.9999]; beta2 of adam, adamw and nadam, alpha of rmsprop, rho of adadelta
    weight_decay : in [0, 1]; of adamw
    schedule : a key of ``SCHEDULES``; it multiplies lr, update by update
    batch_size : 1 to 5000; what is left over at the end of an epoch is a smaller batch
    epochs : 0 to 2000; a run ends sooner, after a whole epoch, rather than make more than
        ``MAX_UPDATES`` updates
    l1, l2 : in [0, 10], regularization rates, of weights and not of biases
    dropout : in [0, 0.95], the part of the units of each hidden layer dropped in each update
    init : a key of ``INITIALIZERS``
    seed : >= 0, of the initial weights, the order of the points, and dropout, each its own stream
    shuffle : whether the points come in a new order in each epoch

    Raises
    ------
    ValueError
        "expected 0 < lr <= 10, got -1" and the like.
    """

    dataset: str = "circle"
    n: int = 500
    noise: float = 0.0
    train_share: float = 0.5
    data_seed: int = 0
    points: str = ""
    features: tuple[str, ...] = ("x1", "x2")
    hidden: tuple[int, ...] = (4, 2)
    activation: str = "tanh"
    output: str = "tanh"
    loss: str = "half_mse"
    optimizer: str = "sgd"
    lr: float = 0.03
    momentum: float = 0.9
    beta2: float = 0.999
    weight_decay: float = 0.01
    schedule: str = "constant"
    batch_size: int = 10
    epochs: int = 200
    l1: float = 0.0
    l2: float = 0.0
    dropout: float = 0.0
    init: str = "uniform"
    seed: int = 0
    shuffle: bool = True

    def __post_init__(self) -> None:
        names: object = self.activation
        if isinstance(names, tuple):
            object.__setattr__(self, "activation", ",".join(map(str, names)))
        self._check_data()
        self._check_network()
        self._check_training()

    def _check_data(self) -> None:
        check_choice("dataset", self.dataset, (*DATASETS, OWN, TABLE))
        check_count("n", self.n, 10, MAX_POINTS)
        check_range("noise", self.noise, 0, 0.5)
        check_range("train_share", self.train_share, 0.05, 0.95)
        check_count("data_seed", self.data_seed, 0, 2**32 - 1)
        read_points(self.points)

    def _check_network(self) -> None:
        _check_tuple("features", self.features, 1, len(FEATURES))
        for name in self.features:
            check_choice("features", name, FEATURES)
        if len(set(self.features)) < len(self.features):
            raise ValueError(f"expected each feature once, got {self.features!r}")
        _check_tuple("hidden", self.hidden, 0, MAX_LAYERS)
        for units in self.hidden:
            check_count("hidden", units, 1, MAX_UNITS)
        for name in self.activation.split(","):
            check_choice("activation", name, ACTIVATIONS)
        check_choice("output", self.output, OUTPUTS)
        check_choice("loss", self.loss, LOSSES)
        check_choice("init", self.init, INITIALIZERS)

    def _check_training(self) -> None:
        check_choice("optimizer", self.optimizer, RULES)
        check_choice("schedule", self.schedule, SCHEDULES)
        check_range("lr", self.lr, 0, 10, open_low=True)
        check_range("momentum", self.momentum, 0, 0.9999)
        check_range("beta2", self.beta2, 0, 0.9999)
        check_range("weight_decay", self.weight_decay, 0, 1)
        check_count("batch_size", self.batch_size, 1, MAX_POINTS)
        check_count("epochs", self.epochs, 0, MAX_EPOCHS)
        check_range("l1", self.l1, 0, 10)
        check_range("l2", self.l2, 0, 10)
        check_range("dropout", self.dropout, 0, 0.95)
        check_count("seed", self.seed, 0, 2**32 - 1)
        if not isinstance(self.shuffle, bool):
            raise ValueError(f"expected True or False, got shuffle={self.shuffle!r}")


def activations_of(config: BoundaryConfig) -> tuple[str, ...]:
    """Return the name of the activation of each hidden layer."""
    names = config.activation.split(",")
    return tuple(names[min(i, len(names) - 1)] for i in range(len(config.hidden)))


def _check_tuple(name: str, value: Collection[object], least: int, most: int) -> None:
    if not isinstance(value, tuple) or not least <= len(value) <= most:
        raise ValueError(f"expected {name} to be a tuple of {least} to {most}, got {value!r}")
