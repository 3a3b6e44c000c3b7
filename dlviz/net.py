"""A network that a scene carries along, so that the player can evaluate it anywhere, live.

Its weights are hundreds of times smaller than pictures of what its units do: a scene with networks
of a dozen learning rates and a hundred epochs fits into a few hundred kilobytes, and every map of
every unit follows the knob, the epoch and the reader's hand. ``assets/player-net.js`` is the twin
of ``Net.values`` and ``Net.field`` in the browser.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.activations import ACTIVATIONS, LEAK, OUTPUTS
from dlviz.features import featurize
from dlviz.frozen import frozen
from dlviz.networks import Architecture, Layers, one_number

Array = NDArray[np.float64]

BOUNDED = {"tanh": (-1.0, 1.0), "sigmoid": (0.0, 1.0), "sine": (-1.0, 1.0), "softmax": (0.0, 1.0)}


@dataclass(frozen=True, eq=False)
class Net:
    """Networks of one shape, over the turns of a knob and the frames of a scene.

    Parameters
    ----------
    parameters : float32 (K, T, P), as in ``Architecture.matrices``: layer by layer the rows of
        [W b]; K and T may be 1
    sizes : number of inputs, of units in each hidden layer, and of outputs
    hidden : keys of ``ACTIVATIONS``, one for each hidden layer
    output : a key of ``OUTPUTS``, as the outputs are read
    features : keys of ``FEATURES``: what the inputs are made of
    regression : whether the output is a number and not a class
    span : maps are drawn over [-span, span]²
    leaks : in [−1, 1], the slope below 0 of relu units at each turn, (K,); none at all are 0
    """

    parameters: NDArray[Any]
    sizes: tuple[int, ...]
    hidden: tuple[str, ...]
    output: str
    features: tuple[str, ...]
    regression: bool = False
    span: float = 6.0
    leaks: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", frozen(self.parameters, np.float32))
        count = self.architecture.count
        if self.parameters.ndim != 3 or self.parameters.shape[-1] != count:
            raise ValueError(
                f"expected parameters of shape (K, T, {count}), got {self.parameters.shape}"
            )

    @property
    def architecture(self) -> Architecture:
        """The shape, as the engine has it."""
        return Architecture(self.sizes, self.hidden, self.output)

    def layers(self, frame: int, turn: int) -> Layers:
        """Return weights and biases of one picture."""
        runs, frames, _ = self.parameters.shape
        chosen = self.parameters[turn if runs > 1 else 0, frame if frames > 1 else 0]
        return self.architecture.layers(chosen.astype(np.float64))

    def leak(self, turn: int) -> float:
        """Return the slope below 0 of relu units at a turn of the knob."""
        return self.leaks[turn if len(self.leaks) > 1 else 0] if self.leaks else 0.0

    def values(self, x: Array, frame: int, turn: int) -> list[Array]:
        """Return what every unit puts out at points x (n, 2): one (n, units) for each layer.

        The first are the inputs, the last the outputs as they are read.
        """
        values = [featurize(np.asarray(x, np.float64), self.features)]
        weights, biases = self.layers(frame, turn)
        names, leak = (*self.hidden, self.output), self.leak(turn)
        with np.errstate(all="ignore"):
            for w, b, name in zip(weights, biases, names, strict=True):
                sums = w @ values[-1].T + b[:, None]  # (units, n): softmax runs over the units
                leaky = name == "relu" and leak != 0
                values.append(np.where(sums < 0, leak * sums, sums).T if leaky
                              else (ACTIVATIONS | OUTPUTS)[name].value(sums).T)  # fmt: skip
        return values

    def field(self, x: Array, frame: int, turn: int) -> Array:
        """Make one number of the outputs at points x (n, 2), (n,).

        Two classes: 0 is the boundary and class 1 above it. More: the number of the winner plus
        its lead over the second, in [0, 1). A regression: the output itself.
        """
        out = self.values(x, frame, turn)[-1]
        if self.regression:
            return np.asarray(out[:, 0])
        signed = 2 * out - 1 if self.output in ("sigmoid", "softmax") else out
        with np.errstate(all="ignore"):  # ∞ − ∞
            return one_number(signed.T)

    def classes(self, x: Array, frame: int, turn: int) -> NDArray[np.intp]:
        """Return the class (n,) that the network gives to points x (n, 2)."""
        field = self.field(x, frame, turn)
        named = np.floor(np.nan_to_num(field)) if self.sizes[-1] > 2 else field > 0
        return named.astype(np.intp)

    def header(self) -> dict[str, object]:
        """Return all that is not an array, as the player needs it."""
        return {
            "sizes": self.sizes,
            "hidden": self.hidden,
            "output": self.output,
            "features": self.features,
            "regression": self.regression,
            "span": self.span,
            "leak": LEAK,
            "leaks": self.leaks,
            "bounded": BOUNDED,
        }
