"""t-SNE, exactly: affinities of points, and steps of gradient descent that can be resumed.

van der Maaten & Hinton, "Visualizing Data using t-SNE", JMLR 9, 2008. Nothing is approximated:
every pair of points counts in every step, in the arithmetic that is asked for. The same arguments
give the same numbers, bit for bit, on one machine and however the steps are cut into chunks.
Another processor may round sums in another order, and as the descent is chaotic its map may then
be another one, as good as this.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from dlviz.affinities import affinities
from dlviz.checks import check_count, check_range
from dlviz.frozen import frozen

Array = NDArray[Any]

__all__ = ["TSNE", "Forces", "affinities", "auto_lr"]

CACHE = 65_536  # pairs of points per block: their distances and forces stay near the processor


class TSNE:
    """A t-SNE that goes on from where it is.

    Each step is w <- w + v, v <- momentum v - lr gain * gradient, as in van der Maaten's program:
    gains grow by 0.2 where the gradient goes on against the last move and shrink to 0.8 of
    themselves where it turns, to 0.01 at least (Jacobs 1988). P counts ``exaggeration`` times in
    the first ``exaggerated`` steps. When these are over, the momentum becomes the later one, and
    gains and moves begin anew, as in scikit-learn. The map stays centered.

    Parameters
    ----------
    P : (n, n) as of ``affinities``
    init : float (n, 2), where the points begin
    lr : > 0, or None for max(n / exaggeration / 4, 50) (Belkina et al. 2019)
    exaggeration : >= 1
    exaggerated : how many steps, >= 0
    momentum : in the first phase and in the second
    dtype : float32 or float64, what the steps are computed in

    Attributes
    ----------
    iteration : how many steps were made
    """

    def __init__(
        self,
        P: ArrayLike,  # noqa: N803
        init: ArrayLike,
        *,
        lr: float | None = None,
        exaggeration: float = 12.0,
        exaggerated: int = 250,
        momentum: tuple[float, float] = (0.5, 0.8),
        dtype: DTypeLike = np.float32,
    ) -> None:
        self.dtype = np.dtype(dtype)
        self._p = np.ascontiguousarray(P, dtype=self.dtype)
        n = len(self._p)
        if self._p.shape != (n, n) or np.shape(init) != (n, 2):
            raise ValueError(f"expected P (n, n) and init (n, 2), got {self._p.shape} and "
                             f"{np.shape(init)}")  # fmt: skip
        check_range("exaggeration", exaggeration, 1, 1000)
        check_count("exaggerated", exaggerated, 0, 10**9)
        self.lr = auto_lr(n, exaggeration) if lr is None else lr
        check_range("lr", self.lr, 0, 1e6, open_low=True)
        self.exaggeration, self.exaggerated, self.momentum = exaggeration, exaggerated, momentum
        self.iteration = 0
        self._y = np.array(init, dtype=self.dtype)
        self._begin_phase()
        self._forces = Forces(self._p)

    def _begin_phase(self) -> None:
        self._move = np.zeros_like(self._y)
        self._gains = np.ones_like(self._y)

    def step(self, count: int = 1) -> "TSNE":
        """Make ``count`` steps; return itself."""
        with np.errstate(over="ignore", invalid="ignore"):  # a run that diverges says so itself
            for _ in range(count):
                self._step()
        return self

    def _step(self) -> None:
        first = self.iteration < self.exaggerated
        if self.iteration == self.exaggerated:
            self._begin_phase()
        gradient = self._forces.gradient(self._y, self.exaggeration if first else 1.0)
        momentum = self.momentum[0 if first else 1]
        turned = gradient * self._move >= 0
        self._gains = np.where(turned, self._gains * 0.8,
                               self._gains + 0.2)  # fmt: skip
        np.maximum(self._gains, 0.01, out=self._gains)
        self._move *= momentum
        self._move -= self.lr * self._gains * gradient
        self._y += self._move
        self._y -= self._y.mean(axis=0)
        self.iteration += 1

    @property
    def embedding(self) -> Array:
        """The points (n, 2) now, read-only; a copy, which later steps leave as it is."""
        return frozen(self._y.copy(), self.dtype)

    @property
    def kl(self) -> float:
        """KL(P || Q) in nats now, without exaggeration."""
        return self.kl_and_z[0]

    @property
    def kl_and_z(self) -> tuple[float, float]:
        """KL(P || Q) in nats, and the sum of 1 / (1 + distance^2) over all pairs, now."""
        return self._forces.kl(self._y)

    @property
    def gradient(self) -> Array:
        """The gradient (n, 2) of KL(P || Q) now, without exaggeration."""
        return self._forces.gradient(self._y, 1.0)


def auto_lr(n: int, exaggeration: float) -> float:
    """Return the learning rate for n points: max(n / exaggeration / 4, 50)."""
    return max(n / exaggeration / 4, 50.0)


class Forces:
    """What pulls and pushes points of a map: the gradient of KL(P || Q), and KL itself.

    The gradient is 4 sum_j (p_ij - q_ij) w_ij (y_i - y_j) with w = 1 / (1 + |y_i - y_j|^2) and
    q = w / sum w (eq. 5). As all pairs count from both sides, each is looked at once: in blocks of
    rows, and of these the columns from the diagonal on.
    """

    def __init__(self, p: Array) -> None:
        n, kind = len(p), p.dtype
        self._p, self._n = p, n
        rows = max(1, min(n, CACHE // n))
        self._blocks = [(a, min(n, a + rows)) for a in range(0, n, rows)]
        self._w, self._f = np.empty(rows * n, kind), np.empty(rows * n, kind)
        self._left, self._right = np.empty((n, 4), kind), np.empty((n, 4), kind)
        self._one = np.empty((n, 3), kind)
        positive = np.asarray(p[p > 0], dtype=np.float64)
        self._entropy = float((positive * np.log(positive)).sum())

    def gradient(self, y: Array, exaggeration: float) -> Array:
        """Return the gradient (n, 2) with P times ``exaggeration``."""
        pull, push, z = self.sums(y)
        total = exaggeration * pull - push / z
        return np.asarray(4 * (total[:, 2:] * y - total[:, :2]))

    def sums(self, y: Array) -> tuple[Array, Array, float]:
        """Return, for each point, the sums over all j of p w and w^2 times (y_j, 1), and sum w."""
        self._load(y)
        pull, push, z = np.zeros_like(self._one), np.zeros_like(self._one), 0.0
        for a, b in self._blocks:
            w, f = self._weights(a, b)
            z += 2 * float(w.sum()) - float(w[:, : b - a].sum())
            np.multiply(self._p[a:b, a:], w, out=f)
            self._add(pull, f, a, b)
            np.multiply(w, w, out=w)
            self._add(push, w, a, b)
        return pull, push, z

    def kl(self, y: Array) -> tuple[float, float]:
        """Return KL(P || Q) in nats, and the sum of w over all pairs."""
        self._load(y)
        z, attraction = 0.0, 0.0
        for a, b in self._blocks:
            w, f = self._weights(a, b)
            z += 2 * float(w.sum(dtype=np.float64)) - float(w[:, : b - a].sum(dtype=np.float64))
            w[:, : b - a][np.diag_indices(b - a)] = 1
            np.log(w, out=f)
            f *= self._p[a:b, a:]
            attraction += 2 * float(f.sum(dtype=np.float64)) - float(f[:, : b - a].sum())
        return self._entropy - attraction + float(np.log(z)), z

    def _load(self, y: Array) -> None:
        norms = np.einsum("ij,ij->i", y, y)
        self._left[:, :2], self._left[:, 2], self._left[:, 3] = -2 * y, 1 + norms, 1
        self._right[:, :2], self._right[:, 2], self._right[:, 3] = y, 1, norms
        self._one[:, :2], self._one[:, 2] = y, 1

    def _weights(self, a: int, b: int) -> tuple[Array, Array]:
        """Return w (b - a, n - a) of the rows a to b, 0 on the diagonal, and room for as much."""
        shape = (b - a, self._n - a)
        size = shape[0] * shape[1]
        w, f = self._w[:size].reshape(shape), self._f[:size].reshape(shape)
        np.dot(self._left[a:b], self._right[a:].T, out=w)
        np.maximum(w, 1, out=w)  # 1 + distance^2, also where the difference was rounded
        np.reciprocal(w, out=w)
        w[:, : b - a][np.diag_indices(b - a)] = 0
        return w, f

    def _add(self, sums: Array, f: Array, a: int, b: int) -> None:
        sums[a:b] += f @ self._one[a:]
        sums[b:] += f[:, b - a :].T @ self._one[a:b]
