"""The inside of networks trained on digits: what their layers make of pixels.

A classifier 64 - 64 - 32 - 10 of ReLU units, whose hidden layers and logits can be looked at, and
an autoencoder 64 - 64 - 2 - 64 - 64, whose bottleneck is a map by itself (Hinton &
Salakhutdinov, "Reducing the Dimensionality of Data with Neural Networks", Science 2006). Both are
trained with Adam in batches of 50.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from dlviz.frozen import frozen
from dlviz.initializers import initial_layers
from dlviz.losses import LOSSES
from dlviz.networks import Architecture, Tape, with_ones
from dlviz.optimizers import Adam

Array = NDArray[np.float64]

CLASSIFIER = Architecture((64, 64, 32, 10), ("relu", "relu"), "linear")
AUTOENCODER = Architecture((64, 64, 2, 64, 64), ("relu", "linear", "relu"), "linear")
DEPTH = {"hidden1": 0, "hidden2": 1, "logits": 2}
BATCH, LR = 50, 5e-3


def activations(x: Array, y: Array, layer: str, epochs: int) -> Array:
    """Return what a layer puts out (n, units), after so many epochs of training on all of x.

    Parameters
    ----------
    x : float64 (n, 64), pixels in [0, 1]
    y : (n,), the digits
    layer : "hidden1", "hidden2" or "logits" of the classifier, "bottleneck" of the autoencoder
    epochs : 0 is the network as it was drawn
    """
    name = "autoencoder" if layer == "bottleneck" else "classifier"
    shape = AUTOENCODER if layer == "bottleneck" else CLASSIFIER
    parameters = trained(name, x.tobytes(), y.tobytes(), epochs)
    tape = Tape(shape, 1, len(x))
    tape.forward(shape.matrices(parameters), with_ones(x)[None])
    return frozen(tape.values[1 if layer == "bottleneck" else DEPTH[layer]][0].T.copy())


@lru_cache(maxsize=8)
def trained(name: str, pixels: bytes, digits: bytes, epochs: int) -> Array:
    """Return the parameters (1, P) of a network after training."""
    x = np.frombuffer(pixels).reshape(-1, 64)
    labels = np.frombuffer(digits).astype(int)
    shape = AUTOENCODER if name == "autoencoder" else CLASSIFIER
    columns = with_ones(x)[None]
    targets = x.T[None] if name == "autoencoder" else np.eye(10)[labels].T[None]
    loss = LOSSES["half_mse" if name == "autoencoder" else "cross_entropy"]
    parameters = shape.parameters(initial_layers(shape, "xavier", 0))[None].copy()
    grad = np.empty_like(parameters)
    matrices, into = shape.matrices(parameters), shape.matrices(grad)
    tapes = {n: Tape(shape, 1, n) for n in {BATCH, len(x) % BATCH or BATCH}}
    rule, rng = Adam(), np.random.default_rng(0)
    memory = rule.init(parameters)
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for part in np.split(order, range(BATCH, len(x), BATCH)):
            tape = tapes[len(part)]
            scores = tape.forward(matrices, columns[..., part])
            slope = loss.gradient(scores, targets[..., part]) / len(part)
            tape.backward(matrices, slope, into)
            after, memory = rule.step(parameters, grad, memory, LR)
            parameters[...] = after  # in place: the matrices are views of it
    return parameters
