"""How many regions a ReLU network can have, and how many it has by chance: the closed forms.

All count activation regions: sets of inputs, with an inside, that switch on the same units. Two of
them may share an affine map, so a network has at most as many linear pieces.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import comb, factorial, prod

from dlviz.checks import check_count


def bounds(widths: Sequence[int], inputs: int = 2) -> dict[str, int | float]:
    """Return what is known of networks with so many units in each hidden layer.

    Parameters
    ----------
    widths : n_1 to n_L, at least 1 each; no hidden layer at all is one region, whatever is asked
    inputs : n_0 >= 1, the dimension of the input, or of the slice through it that is looked at

    Returns
    -------
    dict
        With N = Σ n_l, whole numbers but for the last:

        - ``shallow``: Σ_{j<=n_0} C(N, j), the most that one layer of all N units can have, and has
          if its hyperplanes are in general position; 1 + N + C(N, 2) of lines. Zaslavsky, "Facing
          up to Arrangements", Memoirs of the AMS 154, 1975.
        - ``pascanu``: Π_{l<L} ⌊n_l / n_0⌋ · Σ_{j<=n_0} C(n_L, j). The best network has at least as
          many. Pascanu, Montúfar & Bengio, "On the number of response regions of deep feedforward
          networks with piece-wise linear activations", ICLR 2014. arXiv:1312.6098
        - ``montufar``: Π_{l<L} ⌊n_l / n_0⌋^{n_0} · Σ_{j<=n_0} C(n_L, j). The best network has at
          least as many. Montúfar, Pascanu, Cho & Bengio, "On the number of linear regions of deep
          neural networks", NIPS 2014, theorem 4.
        - ``patterns``: 2^N, as many as there are ways to switch N units. No network has more.
        - ``montufar_upper``: Π_l Σ_{j<=m_l} C(n_l, j), m_l = min(n_0, ..., n_{l−1}). No network has
          more. Montúfar, "Notes on the number of linear regions of deep neural networks", 2017.
        - ``serra``: Σ Π_l C(n_l, j_l) over all j with 0 <= j_l <= min(n_0, n_1 − j_1, ...,
          n_{l−1} − j_{l−1}, n_l). No network has more. Serra, Tjandraatmadja & Ramalingam,
          "Bounding and Counting Linear Regions of Deep Neural Networks", ICML 2018, theorem 1.
        - ``typical``: N^{n_0} / n_0!, about what random networks have on the whole plane, however
          deep they are. Hanin & Rolnick, "Deep ReLU Networks Have Surprisingly Few Activation
          Patterns", NeurIPS 2019, theorem 5. arXiv:1906.00904

        Units that leak pass something on even when they are off: ``serra`` is not for them.
        The two lower bounds are 1, and say nothing, if a layer but the last is narrower than the
        input.

    Raises
    ------
    ValueError
        "expected 1 <= widths <= 1000, got 0" and the like.
    """
    check_count("inputs", inputs, 1, 1000)
    for width in widths:
        check_count("widths", width, 1, 1000)
    layers, units = tuple(widths), sum(widths)
    folds = [width // inputs for width in layers[:-1]]
    last = arranged(layers[-1], inputs) if layers else 1
    rooms = [min((inputs, *layers[:i])) for i in range(len(layers))]
    return {
        "shallow": arranged(units, inputs),
        "pascanu": max(1, prod(folds) * last),
        "montufar": max(1, prod(fold**inputs for fold in folds) * last),
        "patterns": 2**units,
        "montufar_upper": prod(arranged(n, m) for n, m in zip(layers, rooms, strict=True)),
        "serra": _serra(inputs, layers),
        "typical": units**inputs / factorial(inputs) if layers else 1,
    }


def arranged(planes: int, dimension: int) -> int:
    """Return in how many parts hyperplanes in general position cut a space: Σ_{j<=d} C(n, j)."""
    return sum(comb(planes, j) for j in range(min(planes, dimension) + 1))


@lru_cache(maxsize=4096)
def _serra(room: int, widths: tuple[int, ...]) -> int:
    """Sum over the units j of the first layer that are switched off, n − j of which are left."""
    if not widths:
        return 1
    first, rest = widths[0], widths[1:]
    return sum(
        comb(first, j) * _serra(min(room, first - j), rest) for j in range(min(room, first) + 1)
    )
