"""The exact linear regions of a ReLU network on a piece of the plane.

On each region the network is one affine map. Layer by layer, the plane is cut along the lines on
which a unit's sum is 0; on each face these are straight, as all below is affine there. What is
counted are *activation regions*: sets that switch on the same units. Where neighbors have the same
map all the same, ``Regions.pieces`` joins them.

Montúfar, Pascanu, Cho & Bengio, "On the number of linear regions of deep neural networks", NIPS
2014; Humayun et al., "SplineCam: Exact Visualization and Characterization of Deep Network Geometry
and Decision Boundaries", CVPR 2023.

**Tolerances.** With u = 2⁻⁵³, the computed W h + b of n inputs is off by at most (n + 2) u A to
first order, A = |W| |h| + |b| (Higham, "Accuracy and Stability of Numerical Algorithms", 2002,
equation 3.5), and by |W| times the error of h. A vertex put between two others is off by 4 u A more
than they are; in a layer of m units that happens at most m times over. A unit whose sum is 0 within
its error e may count as on for one face and as off for its neighbor, which makes h wrong by 2 e
for one of them. So

    e_l = 2 |W_l| e_{l−1} + (n_{l−1} + 2 + 4 n_l) u A_l,   e_0 = 0,

with |h| the largest over all vertices. A sum counts as 0 up to e_l: see ``dlviz.cuts`` for why
that keeps all faces whole and convex. The vertices themselves need no tolerance, since sums are
carried along with them and never computed from them anew.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlviz.activation_regions import ROUNDOFF, Regions
from dlviz.checks import check_range
from dlviz.cuts import cut
from dlviz.frozen import frozen
from dlviz.region_bounds import bounds
from dlviz.subdivisions import Subdivision, cross, one_face

__all__ = ["SQUARE", "Plane", "Regions", "bounds", "linear_regions"]

Array = NDArray[np.float64]

SQUARE = ((-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0))


class Plane(NamedTuple):
    """A slice through a space of d inputs: the points origin + s first + t second.

    Parameters
    ----------
    origin : float (d,)
    directions : float (2, d), the first and the second
    """

    origin: ArrayLike
    directions: ArrayLike


def linear_regions(
    weights: Sequence[ArrayLike],
    biases: Sequence[ArrayLike],
    polygon: ArrayLike = SQUARE,
    leak: float | Sequence[float] = 0.0,
    plane: Plane | None = None,
) -> Regions:
    """Return the regions of a ReLU network on a convex polygon, exactly.

    Parameters
    ----------
    weights : float (fan_out, fan_in) of each layer; the last is linear. The first takes 2 inputs,
        or d if there is a ``plane``.
    biases : float (fan_out,) of each layer
    polygon : float (k, 2), the corners in order; of a ``plane``, in its s and t
    leak : in [−1, 1], the slope below 0, or one for each hidden layer: 0 is ReLU, 1 makes the
        network linear, though its units still switch, and −1 makes units |z|, which fold paper
    plane : the slice of the input space that is looked at

    Raises
    ------
    ValueError
        "expected a convex polygon, got ..." and the like; numbers must be finite.
    """
    ws, bs = _layers(weights, biases, plane)
    leaks = _leaks(leak, len(ws) - 1)
    whole, dropped = one_face(_convex(polygon)), 0.0
    patterns, births = np.empty((1, 0), dtype=bool), np.zeros(1, dtype=np.intp)
    inputs, errors, counts = whole.vertices, np.zeros(2), [1]
    for layer, (w, b, slope) in enumerate(zip(ws, bs, leaks, strict=False), start=1):
        sums, size, errors = _sums(w, b, inputs, errors)
        errors += 4 * len(w) * ROUNDOFF * size
        whole, sums, positive, parents, area = cut(whole, sums, errors)
        patterns = np.concatenate([patterns.take(parents, axis=0), positive], axis=1)
        is_whole = np.bincount(parents).take(parents) == 1
        births = np.where(is_whole, births.take(parents), layer)
        inputs, dropped = np.maximum(sums, slope * sums), dropped + area
        counts.append(len(parents))
    values, _, errors = _sums(ws[-1], bs[-1], inputs, errors)
    return Regions(
        weights=ws,
        biases=bs,
        leaks=leaks,
        whole=Subdivision(frozen(whole.vertices), *(frozen(a, np.intp) for a in whole[1:])),
        patterns=frozen(patterns, bool),
        counts=frozen(counts, np.intp),
        births=frozen(births, np.intp),
        values=frozen(values),
        errors=frozen(errors),
        dropped_area=dropped,
    )


def _sums(w: Array, b: Array, inputs: Array, errors: Array) -> tuple[Array, Array, Array]:
    """Return W h + b at all vertices, the A and the error bound of each unit."""
    sizes = np.abs(w)
    largest = np.abs(inputs.T, order="C").max(1)  # thrice as fast as down the columns
    size = sizes @ largest + np.abs(b)
    error = 2 * sizes @ errors + (w.shape[1] + 2) * ROUNDOFF * size
    return inputs @ w.T + b, size, error


def _layers(
    weights: Sequence[ArrayLike], biases: Sequence[ArrayLike], plane: Plane | None
) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
    """Return the checked weights and biases of a network that takes points of the plane."""
    ws = [np.asarray(w, dtype=np.float64) for w in weights]
    bs = [np.asarray(b, dtype=np.float64) for b in biases]
    if not ws or len(ws) != len(bs):
        raise ValueError(f"expected as many biases as weights, got {len(bs)} and {len(ws)}")
    for w, b in zip(ws, bs, strict=True):
        if w.ndim != 2 or b.shape != w.shape[:1] or not w.size:
            raise ValueError(
                f"expected weights (n, m) and biases (n,), got {w.shape} and {b.shape}"
            )
    if plane is not None:
        ws[0], bs[0] = _sliced(ws[0], bs[0], plane)
    fans = [2, *(len(w) for w in ws)]
    for w, fan in zip(ws, fans, strict=False):
        if w.shape[1] != fan:
            raise ValueError(f"expected weights of shape ({len(w)}, {fan}), got {w.shape}")
    if not all(np.isfinite(array).all() for array in (*ws, *bs)):
        raise ValueError("expected finite weights and biases, got nan or inf")
    return tuple(map(frozen, ws)), tuple(map(frozen, bs))


def _sliced(w: Array, b: Array, plane: Plane) -> tuple[Array, Array]:
    """Return a first layer that takes s and t in place of origin + s first + t second."""
    origin = np.asarray(plane.origin, dtype=np.float64)
    directions = np.asarray(plane.directions, dtype=np.float64)
    if origin.shape != w.shape[1:] or directions.shape != (2, *w.shape[1:]):
        raise ValueError(f"expected a plane in {w.shape[1]} dimensions, got shapes "
                         f"{origin.shape} and {directions.shape}")  # fmt: skip
    return w @ directions.T, w @ origin + b


def _leaks(leak: float | Sequence[float], layers: int) -> tuple[float, ...]:
    leaks = tuple(leak) if isinstance(leak, Sequence) else (leak,) * layers
    if len(leaks) != layers:
        raise ValueError(f"expected {layers} leaks, one for each hidden layer, got {leaks!r}")
    for slope in leaks:
        check_range("leak", slope, -1, 1)
    return leaks


def _convex(polygon: ArrayLike) -> Array:
    """Return the corners of a convex polygon counterclockwise, those that are no turns left out."""
    points = np.asarray(polygon, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != 2 or not np.isfinite(points).all():
        raise ValueError(f"expected a polygon of shape (k, 2), finite, got {polygon!r}")
    points = points[(points != points[np.arange(-1, len(points) - 1)]).any(1)]
    if len(points) >= 3:
        arms = points - points[0]
        if cross(arms[1:-1], arms[2:]).sum() < 0:
            points = points[::-1]
        slack = 8 * ROUNDOFF * np.ptp(points, axis=0).max() ** 2
        sides = points - points[np.arange(-1, len(points) - 1)]
        heights = cross(sides[:, None], points - points[:, None])  # of each corner over each side
        corners = points[cross(sides, sides[np.arange(1 - len(points), 1)]) > slack]
        if len(corners) >= 3 and (heights >= -slack).all():
            return np.asarray(corners)
    raise ValueError(f"expected a convex polygon, got {polygon!r}")
