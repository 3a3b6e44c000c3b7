"""A plain or residual network with one output, any number side by side: loss, slope, curvature.

Parameters are (M, P), laid out as in ``dlviz.networks``; samples are columns. With skip
connections every hidden layer after the first puts out its input plus its own answer:
a ← a + f(W a + b). The loss is the mean cross-entropy of two classes, in nats.

Curvature comes as its product with vectors, exactly: Pearlmutter, "Fast Exact Multiplication by
the Hessian", Neural Computation 6, 1994.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from dlviz.datasets import DATASETS
from dlviz.initializers import initial_layers
from dlviz.landscape.config import SAMPLES, LandscapeConfig
from dlviz.networks import Architecture, Array, parts, with_ones

# For each layer: what goes in, with ones, (M, fan_in + 1, n); the sums z; and f(z).
Passed = list[tuple[Array, Array, Array]]
IN_CACHE = 40_000  # numbers that pass between layers at a time


@dataclass(frozen=True, eq=False)
class Network:
    """The shape of a network and the samples it learns.

    Parameters
    ----------
    shape : sizes and activations
    skip : whether hidden layers after the first add their input
    x : float64 (d + 1, n), with a row of ones
    t : float64 (n,), 0 or 1
    start : float64 (P,), the first weights
    """

    shape: Architecture
    skip: bool
    x: Array
    t: Array
    start: Array

    @property
    def smooth(self) -> bool:
        """Whether hidden units are tanh, not ReLU."""
        return self.shape.hidden[0] == "tanh"

    def loss(self, parameters: Array) -> Array:
        """Return the loss (M,) of networks (M, P)."""
        widest = max(self.shape.sizes) * len(self.t)
        whole = np.empty(len(parameters))
        for part in parts(len(parameters), widest, IN_CACHE):
            scores = self._forward(self.shape.matrices(parameters[part]))[-1][1][:, 0]
            whole[part] = _entropy(scores, self.t).mean(-1)
        return whole

    def gradient(self, parameters: Array) -> Array:
        """Return the loss's gradient (M, P)."""
        matrices = self.shape.matrices(parameters)
        passed = self._forward(matrices)
        grad = np.empty_like(parameters)
        into = self.shape.matrices(grad)
        back = (_sigmoid(passed[-1][1]) - self.t) / len(self.t)  # δ of the output
        for i in reversed(range(len(matrices))):
            inside, _, value = passed[i]
            above = back
            delta = back if i == len(matrices) - 1 else above * self._slope(value)
            into[i][...] = delta @ inside.swapaxes(-1, -2)
            if i:
                back = matrices[i][..., :-1].swapaxes(-1, -2) @ delta
                back += above if self._skips(i) else 0.0
        return grad

    def hessian_times(
        self, parameters: Array, vectors: Array, passed: Passed | None = None
    ) -> Array:
        """Return each network's Hessian times its vector, both (M, P).

        ``passed`` is what ``forward`` returns for the parameters, if it is known already.
        """
        matrices, moves = self.shape.matrices(parameters), self.shape.matrices(vectors)
        passed = passed or self._forward(matrices)
        shifts = self._forward_shift(matrices, moves, passed)
        product = np.empty_like(vectors)
        into = self.shape.matrices(product)
        p = _sigmoid(passed[-1][1])
        back = (p - self.t) / len(self.t)
        back_shift = p * (1 - p) * shifts[-1][1] / len(self.t)
        for i in reversed(range(len(matrices))):
            (inside, _, value), (inside_shift, z_shift) = passed[i], shifts[i]
            above, above_shift = back, back_shift
            if i == len(matrices) - 1:
                delta, delta_shift = above, above_shift
            else:
                slope = self._slope(value)
                delta = above * slope
                delta_shift = above_shift * slope + above * self._bend(value) * z_shift
            into[i][...] = delta_shift @ inside.swapaxes(-1, -2)
            into[i][...] += delta @ inside_shift.swapaxes(-1, -2)
            if i:
                w, v = (m[i][..., :-1].swapaxes(-1, -2) for m in (matrices, moves))
                back, back_shift = w @ delta, v @ delta + w @ delta_shift
                back += above if self._skips(i) else 0.0
                back_shift += above_shift if self._skips(i) else 0.0
        return product

    # ------------------------------------------------------------ passes

    def forward(self, parameters: Array) -> Passed:
        """Return what goes through networks (M, P), layer by layer."""
        return self._forward(self.shape.matrices(parameters))

    def _skips(self, i: int) -> bool:
        return self.skip and 0 < i < len(self.shape.sizes) - 2

    def _forward(self, matrices: Any) -> Passed:
        inside = np.broadcast_to(self.x, (len(matrices[0]), *self.x.shape))
        passed = []
        for i, matrix in enumerate(matrices):
            z = matrix @ inside
            last = i == len(matrices) - 1
            value = z if last else np.tanh(z) if self.smooth else np.maximum(z, 0)
            passed.append((inside, z, value))
            if not last:
                after = np.ones((len(z), z.shape[1] + 1, z.shape[2]))
                after[:, :-1] = value + inside[:, :-1] if self._skips(i) else value
                inside = after
        return passed

    def _forward_shift(self, matrices: Any, moves: Any, passed: Any) -> list[tuple[Array, Array]]:
        """Return how inputs and sums shift when the parameters do."""
        inside = np.zeros((len(matrices[0]), *self.x.shape))
        shifts = []
        for i, (matrix, move) in enumerate(zip(matrices, moves, strict=True)):
            z = move @ passed[i][0] + matrix @ inside
            shifts.append((inside, z))
            if i < len(matrices) - 1:
                after = np.zeros((len(z), z.shape[1] + 1, z.shape[2]))
                after[:, :-1] = self._slope(passed[i][2]) * z
                after[:, :-1] += inside[:, :-1] if self._skips(i) else 0.0
                inside = after
        return shifts

    def _slope(self, value: Array) -> Array:
        """Return f'(z) of what f(z) is."""
        return 1 - value * value if self.smooth else (value > 0).astype(np.float64)

    def _bend(self, value: Array) -> Any:
        """Return f''(z) of what f(z) is; that of ReLU is 0 wherever it has one."""
        return -2 * value * (1 - value * value) if self.smooth else 0.0


def _sigmoid(z: Array) -> Array:
    return np.asarray(0.5 * (1 + np.tanh(0.5 * z)))


def _entropy(z: Array, t: Array) -> Array:
    """Return log(1 + e^z) − t z, which never overflows."""
    return np.asarray(np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z))) - t * z)


def network_of(config: LandscapeConfig) -> Network:
    """Return the network that the settings describe, with its data and first weights."""
    data = DATASETS[config.dataset](SAMPLES, config.noise, config.seed)
    sizes = (2, *[config.width] * config.depth, 1)
    shape = Architecture(sizes, (config.activation,) * config.depth, "linear")
    init = "xavier" if config.activation == "tanh" else "he"
    start = shape.parameters(initial_layers(shape, init, config.seed))
    return Network(shape, config.skip, with_ones(data.x), data.y.astype(np.float64), start)
