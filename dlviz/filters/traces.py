"""A network while it learns: its numbers at some moments, and how well it does."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlviz.cnn import Cnn, forward, softmax
from dlviz.filters.config import FiltersConfig, learning, network_of
from dlviz.frozen import frozen
from dlviz.picture_sets import PictureSet, pictures

Array = NDArray[np.float64]
Outcome = Literal["learned", "guesses", "diverged"]
FRAMES, BYTES = 25, 700_000  # at most, of what is kept and sent of the numbers
MEASURED = 600  # training pictures that the training loss is measured on


@dataclass(frozen=True, eq=False)
class FiltersTrace:
    """A run of training; arrays have an entry for each moment kept, the first before any update.

    Parameters
    ----------
    config : of training: the picture shown is not part of it
    updates : int (F,), how many updates were made
    numbers : float16 (F, P), all numbers of the network, block by block as ``Cnn.arrays`` reads
    losses, test_losses : mean cross entropy on training and test pictures
    accuracy, test_accuracy : shares of right answers
    """

    config: FiltersConfig
    updates: NDArray[np.int64]
    numbers: NDArray[np.float16]
    losses: Array
    test_losses: Array
    accuracy: Array
    test_accuracy: Array

    @property
    def net(self) -> Cnn:
        """The shape of the network."""
        return network_of(self.config)

    @property
    def outcome(self) -> Outcome:
        """How it ended: it learned; answers hardly better than by chance; numbers ran away."""
        if not (np.isfinite(self.numbers[-1]).all() and np.isfinite(self.test_losses[-1])):
            return "diverged"
        return "learned" if self.test_accuracy[-1] >= 2 / self.net.classes else "guesses"

    @property
    def share(self) -> float:
        """How much of the training is done."""
        return float(self.updates[-1] / max(1, moments(self.config)[-1]))

    @property
    def epochs(self) -> Array:
        """The moments in epochs, float64 (F,)."""
        return self.updates / updates_of(self.config, 1)

    def weights(self, frame: int = -1) -> list[tuple[Array, ...]]:
        """Return each block's arrays at a moment."""
        return self.net.arrays(self.numbers[frame])


@lru_cache(maxsize=16)
def data_of(dataset: str, shuffled: bool) -> PictureSet:
    """Return the pictures, of which all pixels change places alike if they are shuffled."""
    found = pictures(dataset)
    if not shuffled:
        return found
    x, test_x = (shuffle(a) for a in (found.x, found.test_x))
    return PictureSet(found.names, frozen(x, np.float32), found.y, frozen(test_x, np.float32),
                      found.test_y)  # fmt: skip


def shuffle(x: NDArray[np.float32]) -> NDArray[np.float32]:
    """Put the pixels of pictures (..., H, W) into another order, always the same."""
    flat = x.reshape(*x.shape[:-2], -1)
    return flat[..., np.random.default_rng(0).permutation(flat.shape[-1])].reshape(x.shape)


def updates_of(config: FiltersConfig, epochs: int) -> int:
    """Return how many updates so many epochs make."""
    count = len(data_of(config.dataset, config.shuffled).x)
    return epochs * (count // min(config.batch_size, count))


def moments(config: FiltersConfig) -> tuple[int, ...]:
    """Return the updates after which a run is kept: closer at the start, where more happens."""
    total = updates_of(config, config.epochs)
    frames = min(FRAMES, BYTES // (2 * network_of(config).numbers))
    spaced = total * (np.arange(frames) / (frames - 1)) ** 2
    return tuple(np.unique(spaced.round().astype(int)).tolist())


def learn(config: FiltersConfig) -> Iterator[FiltersTrace]:
    """Train, and yield the trace so far at each moment that is kept."""
    from dlviz.cnn_training import Batches, fit, measure

    config = learning(config)
    data, net = data_of(config.dataset, config.shuffled), network_of(config)
    asked = moments(config)
    rows: list[tuple[float, ...]] = []
    kept: list[NDArray[np.float16]] = []
    courses = fit(net, Batches(data.x, data.y, config.batch_size, config.lr, config.seed))
    for update, numbers in enumerate(islice(courses, asked[-1] + 1)):
        if update != asked[len(kept)]:
            continue
        with np.errstate(over="ignore"):
            kept.append(numbers.astype(np.float16))
        train = measure(net, kept[-1], data.x[:MEASURED], data.y[:MEASURED])
        rows.append((*train, *measure(net, kept[-1], data.test_x, data.test_y)))
        yield _trace(config, asked[: len(kept)], kept, rows)


def _trace(config: FiltersConfig, updates: tuple[int, ...], kept: list[NDArray[np.float16]],
           rows: list[tuple[float, ...]]) -> FiltersTrace:  # fmt: skip
    losses, accuracy, test_losses, test_accuracy = (
        frozen(column) for column in zip(*rows, strict=True)
    )
    return FiltersTrace(config, frozen(updates, np.int64), frozen(kept, np.float16), losses,
                        test_losses, accuracy, test_accuracy)  # fmt: skip


def untrained(config: FiltersConfig) -> FiltersTrace:
    """Return a run of which nothing but the beginning is there."""
    return next(learn(config))


def activations(trace: FiltersTrace, pictures: ArrayLike, frame: int = -1) -> tuple[Array, ...]:
    """Return what comes out of each block before its ReLU, for pictures (B, 1, H, W)."""
    return forward(trace.net, trace.numbers[frame], pictures)


def answers(trace: FiltersTrace, pictures: ArrayLike, frame: int = -1) -> Array:
    """Return the probability of each class for pictures (B, 1, H, W): (B, classes)."""
    return softmax(activations(trace, pictures, frame)[-1])
