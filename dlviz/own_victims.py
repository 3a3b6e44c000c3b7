"""A network to attack that is trained here and now, by a recipe of the filters lab.

After each epoch it is what the same recipe with so many epochs would give, so what there is of it
so far is a network of its own. Its numbers have the filters lab's precision: it is that network.
"""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from threading import Lock

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from dlviz.attacks import AttackConfig, universal_perturbation
from dlviz.cnn_module import as_module
from dlviz.cnn_recipe import CnnRecipe
from dlviz.cnn_training import Batches, fit
from dlviz.frozen import frozen
from dlviz.picture_sets import pictures
from dlviz.torch_threads import one_thread

LOOKS = 5  # at most, at a network while it is trained
ASKED = 240  # training images that the one change for all is made of
UNIVERSAL = AttackConfig("universal", epsilon=0.2, steps=16, loss="margin")
MOST = 64  # networks that are kept
_KEPT: OrderedDict[CnnRecipe, "OwnVictim"] = OrderedDict()
_LOCK = Lock()


@dataclass(frozen=True, eq=False)
class OwnVictim:
    """A network so far.

    Parameters
    ----------
    recipe : of what it is now, with the epochs that are done
    epochs : that are asked for
    numbers : float16 (P,), as ``Cnn.arrays`` reads them
    change : float32 (1, H, W), at most 1 in size: the one change for all images
    """

    recipe: CnnRecipe
    epochs: int
    numbers: NDArray[np.float16]
    change: NDArray[np.float32]

    @property
    def share(self) -> float:
        """How much of the training is done."""
        return self.recipe.epochs / self.epochs if self.epochs else 1.0

    @property
    def diverged(self) -> bool:
        """Whether its numbers ran away: then there is nothing to attack."""
        return not np.isfinite(self.numbers).all()

    def model(self) -> nn.Sequential:
        """Return it as a module, from images (n, 1, H, W) in [0, 1] to logits (n, 10)."""
        return as_module(self.recipe.net, self.numbers)

    def unseen(self) -> tuple[Tensor, Tensor]:
        """Return test images (n, 1, H, W) that it has not seen, and labels."""
        found = pictures(self.recipe.dataset)
        return torch.tensor(found.test_x), torch.tensor(found.test_y)


def own_victim_steps(recipe: CnnRecipe) -> Iterator[OwnVictim]:
    """Train a network, and yield what there is of it: before any update, then after some epochs."""
    data = pictures(recipe.dataset)
    size = min(recipe.batch_size, len(data.x))
    each = len(data.x) // size  # updates an epoch
    asked = np.unique(np.linspace(0, recipe.epochs, LOOKS).round().astype(int)).tolist()
    course = fit(recipe.net, Batches(data.x, data.y, size, recipe.lr, recipe.seed))
    done = -1
    for epochs in asked:
        numbers = next(islice(course, epochs * each - done - 1, None))
        done = epochs * each
        yield _so_far(replace(recipe, epochs=epochs), recipe.epochs, numbers)


def _so_far(recipe: CnnRecipe, epochs: int, numbers: NDArray[np.float32]) -> OwnVictim:
    kept = frozen(numbers, np.float16)
    if not np.isfinite(kept).all():  # nothing fools what says nothing
        return OwnVictim(recipe, epochs, kept, frozen(np.zeros(recipe.net.shape), np.float32))
    found = pictures(recipe.dataset)
    x, y = (torch.tensor(part[:ASKED]) for part in (found.x, found.y))
    with one_thread():
        change = universal_perturbation(as_module(recipe.net, kept), x, y, UNIVERSAL)[0]
    return OwnVictim(recipe, epochs, kept, frozen((change / UNIVERSAL.epsilon).numpy(), np.float32))


def own_victim(recipe: CnnRecipe) -> OwnVictim:
    """Return the network of a recipe, the one that was kept if there is one."""
    with _LOCK:
        if recipe in _KEPT:
            _KEPT.move_to_end(recipe)
            return _KEPT[recipe]
    *_, found = own_victim_steps(recipe)
    keep(found)
    return found


def keep(found: OwnVictim) -> None:
    """Keep a network that was trained elsewhere, as ``own_victim`` would have it."""
    with _LOCK:
        _KEPT[found.recipe] = found
        _KEPT.move_to_end(found.recipe)
        while len(_KEPT) > MOST:
            _KEPT.popitem(last=False)
