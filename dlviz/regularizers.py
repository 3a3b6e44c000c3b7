"""What is added to a loss to keep weights small; biases are left alone.

The penalty is l1 Σ|w| + l2 Σ ½w². That of L2 enters the gradient as l2·w, so that the update rule
sees it. L1 pulls each weight after the update, by itself, and kills what it pulls across 0: this
is TensorFlow Playground's arithmetic, and with plain descent it is descent on loss and penalty.
"""

import numpy as np
from numpy.typing import NDArray

from dlviz.optimizers import Number

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


def pull_l1(before: Array, after: Array, pull: Number, dead: Flags) -> tuple[Array, Flags]:
    """Move weights that an update took from ``before`` to ``after`` towards 0, by ``pull``.

    A weight that the pull takes across 0 is set to 0 and is dead from then on: no update will
    move it. One that the update itself took across 0 lives.

    Parameters
    ----------
    pull : lr · l1 for weights and 0 for biases; broadcasts against them
    dead : which are dead already
    """
    pulled = after - pull * np.sign(before)
    dead = dead | (after * pulled < 0)
    return np.where(dead, 0.0, pulled), dead
