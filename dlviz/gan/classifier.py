"""Who judges made pictures: networks that have learned real ones.

They are scikit-learn's and come trained, by ``python -m dlviz.gan.classifier``: that library takes
a second to import, and each of them as long to train.
"""

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dlviz.frozen import frozen
from dlviz.gan.picture_config import SETS
from dlviz.picture_sets import pictures
from dlviz.threads import one_thread

Array = NDArray[Any]

FILE = Path(__file__).parents[1] / "data" / "gan_classifiers.npz"
HIDDEN, EPOCHS = 128, 25


class Classifier(NamedTuple):
    """A network with one hidden layer of ReLUs; all numbers are float32."""

    weights: tuple[Array, Array]  # (pixels, HIDDEN), (HIDDEN, classes)
    biases: tuple[Array, Array]

    def features(self, x: Array) -> Array:
        """Return what the hidden layer makes of pictures (n, pixels)."""
        return np.asarray(np.maximum(x @ self.weights[0] + self.biases[0], 0))

    def shares(self, x: Array) -> Array:
        """Return how sure it is of each class: (n, classes), each row a sum of 1."""
        logits = self.features(x) @ self.weights[1] + self.biases[1]
        grown = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(grown / grown.sum(axis=1, keepdims=True))


@cache
def classifier(name: str) -> Classifier:
    """Return the network that has learned the training pictures of a set."""
    with np.load(FILE, allow_pickle=False) as kept:
        parts = [frozen(kept[f"{name}.{part}"], np.float32) for part in ("w0", "w1", "b0", "b1")]
    return Classifier((parts[0], parts[1]), (parts[2], parts[3]))


def learn(name: str) -> Any:
    """Train scikit-learn's network on the training pictures of a set."""
    from sklearn.neural_network import MLPClassifier

    data = pictures(name)
    x = data.x.reshape(len(data.x), -1)
    net = MLPClassifier((HIDDEN,), batch_size=64, learning_rate_init=0.005, random_state=0)
    with one_thread():
        for _ in range(EPOCHS):
            net.partial_fit(x, data.y, classes=np.unique(data.y))
    return net


if __name__ == "__main__":
    kept: dict[str, Any] = {}
    for each in SETS:
        made = learn(each)
        for i in range(2):
            kept |= {f"{each}.w{i}": made.coefs_[i], f"{each}.b{i}": made.intercepts_[i]}
    np.savez_compressed(FILE, **kept)
    print(f"{FILE.name}: {FILE.stat().st_size // 1024} kB")
