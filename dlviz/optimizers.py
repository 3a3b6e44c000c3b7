"""Update rules of gradient descent, each the lines of its paper; schedules beside them.

A rule is pure: ``state = rule.init(w)``, then ``w, state = rule.step(w, grad, state, lr)`` for
each update, nothing in place. Points ``w`` and gradients are float64 (..., D): any number of
runs go side by side along the leading axes, and ``lr`` and every hyperparameter may be an array
that broadcasts against ``w``, so runs may differ in them (shape (R, 1) for R runs).

All conventions are those of ``torch.optim``, which is the oracle in the tests. Left out of what
torch offers: dampening, centering, AMSGrad, and weight decay other than AdamW's.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from dlviz.schedules import SCHEDULES as SCHEDULES

Array = NDArray[np.float64]
Number = float | Array  # a number, or one for each run: anything that broadcasts against w
State = tuple[Any, ...]  # what a rule remembers between updates: arrays shaped as w, and counts
Step = tuple[Array, State]
Matrix = Array | None  # (..., D, D), given to the rules whose ``uses_hessian`` says so


class Rule(Protocol):
    """An update rule: memory made by ``init`` and carried from ``step`` to ``step``."""

    uses_hessian: ClassVar[bool] = False

    def init(self, w: Array) -> State:
        return ()

    def step(self, w: Array, grad: Array, state: State, lr: Number, hessian: Matrix = None) -> Step:
        """Return the next point and memory; w, grad and state stay as they are."""
        ...


@dataclass(frozen=True)
class Sgd(Rule):
    """Gradient descent: w ← w − lr·g (Cauchy 1847; Robbins & Monro 1951 where g is noisy)."""

    def step(self, w: Array, grad: Array, state: State, lr: Number, hessian: Matrix = None) -> Step:
        return w - lr * grad, state


@dataclass(frozen=True)
class Momentum(Rule):
    """Heavy ball: v ← momentum·v + g;  w ← w − lr·v  (Polyak 1964, equation 9)."""

    momentum: Number = 0.9  # in [0, 1)

    def init(self, w: Array) -> State:
        return (np.zeros_like(w),)

    def step(self, w: Array, grad: Array, state: State, lr: Number, hessian: Matrix = None) -> Step:
        (velocity,) = state
        velocity = self.momentum * velocity + grad
        return w - lr * velocity, (velocity,)


@dataclass(frozen=True)
class Nesterov(Momentum):
    """Momentum that looks ahead: v ← momentum·v + g;  w ← w − lr·(g + momentum·v).

    As in torch, w is the point after the jump, where g is taken (Nesterov 1983; Sutskever
    et al., "On the importance of initialization and momentum", ICML 2013, equations 3 and 4).
    """

    def step(self, w: Array, grad: Array, state: State, lr: Number, hessian: Matrix = None) -> Step:
        (velocity,) = state
        velocity = self.momentum * velocity + grad
        return w - lr * (grad + self.momentum * velocity), (velocity,)


@dataclass(frozen=True)
class Adagrad(Rule):
    """Each coordinate its own rate: s ← s + g²;  w ← w − lr·g / (√s + eps).

    Duchi, Hazan & Singer, "Adaptive Subgradient Methods", JMLR 2011, figure 1.
    """

    eps: Number = 1e-10

    def init(self, w: Array) -> State:
        return (np.zeros_like(w),)

    def step(self, w: Array, grad: Array, state: State, lr: Number, hessian: Matrix = None) -> Step:
        (squares,) = state
        squares = squares + grad * grad
        return w - lr * grad / (np.sqrt(squares) + self.eps), (squares,)


@dataclass(frozen=True)
class Rmsprop(Rule):
    """Adagrad that forgets: s ← alpha·s + (1 − alpha)·g²;  w ← w − lr·g / (√s + eps).

    Tieleman & Hinton, Neural Networks for Machine Learning, lecture 6.5, 2012.
    """

    alpha: Number = 0.99  # in [0, 1)
    eps: Number = 1e-8

    def init(self, w: Array) -> State:
        return (np.zeros_like(w),)

    def step(self, w: Array, grad: Array, state: State, lr: Number, hessian: Matrix = None) -> Step:
        (squares,) = state
        squares = self.alpha * squares + (1 - self.alpha) * grad * grad
        return w - lr * grad / (np.sqrt(squares) + self.eps), (squares,)


@dataclass(frozen=True)
class Adadelta(Rule):
    """Steps in the units of w: Δ = √(u + eps) / √(s + eps) · g, with s, u the means of g², Δ².

    Zeiler, "ADADELTA", 2012, algorithm 1, where lr = 1. arXiv:1212.5701
    """

    rho: Number = 0.9  # in [0, 1)
    eps: Number = 1e-6

    def init(self, w: Array) -> State:
        return np.zeros_like(w), np.zeros_like(w)

    def step(self, w: Array, grad: Array, state: State, lr: Number, hessian: Matrix = None) -> Step:
        squares, updates = state
        squares = self.rho * squares + (1 - self.rho) * grad * grad
        delta = np.sqrt(updates + self.eps) / np.sqrt(squares + self.eps) * grad
        updates = self.rho * updates + (1 - self.rho) * delta * delta
        return w - lr * delta, (squares, updates)


@dataclass(frozen=True)
class Adam(Rule):
    """Momentum over RMSProp: m and s the means of g and g²;  w ← w − lr·m̂ / (√ŝ + eps).

    The means start at 0 and are too small at first; m̂ = m / (1 − beta1^t) and
    ŝ = s / (1 − beta2^t) correct that, ``bias_correction=False`` leaves it.
    Kingma & Ba, "Adam", ICLR 2015, algorithm 1. arXiv:1412.6980
    """

    beta1: Number = 0.9  # in [0, 1)
    beta2: Number = 0.999  # in [0, 1)
    eps: Number = 1e-8
    bias_correction: bool = True

    def init(self, w: Array) -> State:
        return 0, np.zeros_like(w), np.zeros_like(w)

    def step(self, w: Array, grad: Array, state: State, lr: Number, hessian: Matrix = None) -> Step:
        t, mean, squares = state
        t = t + 1
        mean = self.beta1 * mean + (1 - self.beta1) * grad
        squares = self.beta2 * squares + (1 - self.beta2) * grad * grad
        if not self.bias_correction:
            return w - lr * mean / (np.sqrt(squares) + self.eps), (t, mean, squares)
        corrected = mean / (1 - self.beta1**t)
        scale = np.sqrt(squares / (1 - self.beta2**t)) + self.eps
        return w - lr * corrected / scale, (t, mean, squares)


@dataclass(frozen=True)
class Adamw(Adam):
    """Adam after w has been shrunk: w ← (1 − lr·weight_decay)·w, then Adam's step.

    Loshchilov & Hutter, "Decoupled Weight Decay Regularization", ICLR 2019, algorithm 2.
    arXiv:1711.05101
    """

    weight_decay: Number = 0.01  # >= 0

    def step(self, w: Array, grad: Array, state: State, lr: Number, hessian: Matrix = None) -> Step:
        return Adam.step(self, w * (1 - lr * self.weight_decay), grad, state, lr)


@dataclass(frozen=True)
class Nadam(Rule):
    """Adam with Nesterov's look ahead, and a momentum mu that warms up from beta1/2 to beta1.

    With mu_t = beta1·(1 − 0.96^(t·momentum_decay) / 2), the numerator of Adam's step becomes
    (1 − mu_t)·g / (1 − mu_1···mu_t) + mu_(t+1)·m / (1 − mu_1···mu_(t+1)).
    Dozat, "Incorporating Nesterov Momentum into Adam", ICLR workshop 2016, algorithm 2.
    """

    beta1: Number = 0.9  # in [0, 1)
    beta2: Number = 0.999  # in [0, 1)
    eps: Number = 1e-8
    momentum_decay: Number = 4e-3

    def init(self, w: Array) -> State:
        return 0, np.zeros_like(w), np.zeros_like(w), 1.0

    def step(self, w: Array, grad: Array, state: State, lr: Number, hessian: Matrix = None) -> Step:
        t, mean, squares, product = state
        t = t + 1
        mu, mu_next = self._mu(t), self._mu(t + 1)
        product = product * mu
        mean = self.beta1 * mean + (1 - self.beta1) * grad
        squares = self.beta2 * squares + (1 - self.beta2) * grad * grad
        ahead = (1 - mu) / (1 - product) * grad + mu_next / (1 - product * mu_next) * mean
        scale = np.sqrt(squares / (1 - self.beta2**t)) + self.eps
        return w - lr * ahead / scale, (t, mean, squares, product)

    def _mu(self, t: int) -> Number:
        return self.beta1 * (1 - 0.5 * 0.96 ** (t * self.momentum_decay))


@dataclass(frozen=True)
class Newton(Rule):
    """Newton's step with the curvatures' sizes: w ← w − lr·|H|⁻¹·g, for D = 1 or 2.

    |H| has the eigenvectors of H and the absolute values of its eigenvalues, none below
    ``damping``: in a bowl this is Newton's method, at a saddle it descends where Newton's method
    would climb. Where a curvature passes through 0, steps are long, as Newton's are.
    Dauphin et al., "Identifying and attacking the saddle point problem", NIPS 2014,
    algorithm 1, with exact eigenvalues. arXiv:1406.2572
    """

    uses_hessian: ClassVar[bool] = True
    damping: Number = 1e-8  # > 0; so small that no bowl is slowed down by it

    def step(self, w: Array, grad: Array, state: State, lr: Number, hessian: Matrix = None) -> Step:
        if hessian is None or hessian.shape[-1] > 2:
            raise ValueError("expected a hessian of shape (..., D, D) with D = 1 or 2")
        if hessian.shape[-1] == 1:
            return w - lr * grad / np.maximum(np.abs(hessian[..., 0]), self.damping), state
        return w - lr * self._solve(hessian, grad), state

    def _solve(self, hessian: Array, grad: Array) -> Array:
        """Return |H|⁻¹·g without a call of LAPACK for each point, which would be slow.

        Any function f of a symmetric 2x2 matrix whose eigenvalues are center ± radius is
        f(H) = (f₊ + f₋)/2 · I + (f₊ − f₋)/(2·radius) · (H − center·I); here f(λ) = 1/|λ|.
        """
        first, second, cross = hessian[..., :1, 0], hessian[..., 1:, 1], hessian[..., 1:, 0]
        center, half = (first + second) / 2, (first - second) / 2  # each (..., 1)
        radius = np.hypot(half, cross)
        plus = 1 / np.maximum(np.abs(center + radius), self.damping)
        minus = 1 / np.maximum(np.abs(center - radius), self.damping)
        slope = (plus - minus) / (2 * radius + np.finfo(np.float64).tiny)  # 0 if radius is 0
        turned = np.array([1.0, -1.0]) * half * grad + cross * grad[..., ::-1]
        return (plus + minus) / 2 * grad + slope * turned


_RULES = (Sgd, Momentum, Nesterov, Adagrad, Rmsprop, Adadelta, Adam, Adamw, Nadam, Newton)
OPTIMIZERS: dict[str, type[Any]] = {rule.__name__.lower(): rule for rule in _RULES}
