"""The operation itself: a window slides over an image, and each place gives one number."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from dlviz.checks import check_choice, check_count
from dlviz.frozen import frozen

Array = NDArray[np.float64]

POOLINGS: dict[str, Callable[..., Array]] = {"max": np.max, "mean": np.mean, "min": np.min}
LARGEST = 64  # of stride, dilation, padding and windows


@dataclass(frozen=True, eq=False)
class WindowTrace:
    """What a window saw at each place, and what came of it; all arrays are read-only.

    Parameters
    ----------
    image : float64 (H, W), as it was given
    padded : float64 (H + p, W + p), the image with what is around it
    kernel : float64 (k, l), as it was laid on the image: flipped, if it was asked for; of a
        pooling all 0
    corners : int (n, 2), row and column in ``padded`` of the window's top left cell, row by row
    dilation : cells from one tap of the window to the next
    windows : float64 (n, k, l), what was under the window
    output : float64 (H', W'), with n = H' W'
    """

    image: Array
    padded: Array
    kernel: Array
    corners: NDArray[np.intp]
    dilation: int
    windows: Array
    output: Array

    @property
    def products(self) -> Array:
        """Kernel times window at each place, (n, k, l): what is summed."""
        return np.asarray(self.windows * self.kernel)


def convolve(
    image: ArrayLike,
    kernel: ArrayLike,
    stride: int = 1,
    padding: int | str = 0,
    dilation: int = 1,
    flip: bool = False,
    circular: bool = False,
) -> WindowTrace:
    """Slide a kernel over an image and sum the products at each place.

    The output is O[i, j] = sum over m, n of X[s i + d m, s j + d n] K[m, n] with the stride s and
    the dilation d: the cross-correlation, which deep learning calls convolution.

    Parameters
    ----------
    image : (H, W)
    kernel : (k, l)
    padding : cells of zeros on each side; "valid" is 0, "same" as many as keep the size at stride
        1, the odd one at the right and the bottom
    flip : turn the kernel by 180° first: the convolution of mathematics and of signal processing
    circular : the padding repeats the image from its other side

    Raises
    ------
    ValueError
        If the numbers make no sense, or the kernel does not fit.

    References
    ----------
    Dumoulin & Visin, arXiv:1603.07285, relationships 5 and 15 (sizes); Goodfellow, Bengio &
    Courville, 2016, equation 9.6.
    """
    x, k = _plane("image", image), _plane("kernel", kernel)
    check_count("stride", stride, 1, LARGEST)
    check_count("dilation", dilation, 1, LARGEST)
    laid = frozen(k[::-1, ::-1] if flip else k)
    padded = _pad(x, laid.shape, padding, dilation, circular)
    corners, windows, shape = _windows(padded, laid.shape, stride, dilation)
    output = np.tensordot(windows, laid, axes=2).reshape(shape)
    return WindowTrace(frozen(x), frozen(padded), laid, corners, dilation, windows, frozen(output))


def pool(
    image: ArrayLike, window: int = 2, stride: int | None = None, kind: str = "max"
) -> WindowTrace:
    """Slide a square window over an image and keep its largest, smallest or mean number.

    Parameters
    ----------
    image : (H, W)
    window : cells a side
    stride : cells from one window to the next; None is the window's side, so that none overlap
    kind : "max", "mean" or "min"

    Raises
    ------
    ValueError
        If the numbers make no sense, or the window does not fit.
    """
    x = _plane("image", image)
    check_choice("kind", kind, POOLINGS)
    check_count("window", window, 1, LARGEST)
    stride = window if stride is None else stride
    check_count("stride", stride, 1, LARGEST)
    corners, windows, shape = _windows(x, (window, window), stride, 1)
    output = POOLINGS[kind](windows, axis=(1, 2)).reshape(shape)
    kernel = np.zeros((window, window))
    return WindowTrace(frozen(x), frozen(x), frozen(kernel), corners, 1, windows, frozen(output))


def _plane(name: str, values: ArrayLike) -> Array:
    array = np.asarray(values, dtype=float)
    if array.ndim != 2 or not array.size:
        raise ValueError(f"expected {name} to have rows and columns, got shape {array.shape}")
    return array


def _pad(x: Array, kernel: tuple[int, ...], padding: int | str, dilation: int, wrap: bool) -> Array:
    """Return the image with zeros, or itself again, around it."""
    if isinstance(padding, str):
        check_choice("padding", padding, ("valid", "same"))
        spans = [dilation * (side - 1) if padding == "same" else 0 for side in kernel]
        edges = [(span // 2, span - span // 2) for span in spans]
    else:
        check_count("padding", padding, 0, LARGEST)
        edges = [(padding, padding)] * 2
    return np.pad(x, edges, mode="wrap" if wrap else "constant")


def _windows(
    x: Array, kernel: tuple[int, ...], stride: int, dilation: int
) -> tuple[NDArray[np.intp], Array, tuple[int, int]]:
    """Return the corners (n, 2), the windows (n, k, l), and the output's height and width."""
    reach = [dilation * (side - 1) + 1 for side in kernel]
    if reach[0] > x.shape[0] or reach[1] > x.shape[1]:
        got = f"{reach[0]}x{reach[1]} on {x.shape[0]}x{x.shape[1]}"
        raise ValueError(f"expected the window to fit the image, got {got}")
    views = sliding_window_view(x, (reach[0], reach[1]))[::stride, ::stride, ::dilation, ::dilation]
    rows, columns = views.shape[:2]
    corners = np.stack(np.meshgrid(np.arange(rows), np.arange(columns), indexing="ij"), axis=-1)
    windows = frozen(views.reshape(rows * columns, *kernel))
    return frozen(corners.reshape(-1, 2) * stride, np.intp), windows, (rows, columns)
