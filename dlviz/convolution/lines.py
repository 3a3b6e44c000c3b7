"""Convolution in one dimension: a flipped kernel slides along a signal."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlviz.frozen import frozen

Array = NDArray[np.float64]

SIGNALS = {"sinusoid": "Sinusoid", "step": "Step", "impulse": "Impulse", "square": "Square wave",
           "noisy": "Noisy sinusoid"}  # fmt: skip
LINE_KERNELS = {"average": "Moving average", "triangle": "Triangle", "difference": "Difference",
                "fade": "Fading memory"}  # fmt: skip
LENGTH = 64  # samples in the picture


@dataclass(frozen=True, eq=False)
class LineTrace:
    """A signal and what a kernel makes of it.

    Parameters
    ----------
    signal : float64 (LENGTH + m − 1,), from the m − 1 samples before the picture's first on
    kernel : float64 (m,), k[0] first
    output : float64 (LENGTH,), a[n] = sum over j of k[j] x[n − j], for n = 0 to LENGTH − 1
    """

    signal: Array
    kernel: Array
    output: Array


def slide(signal: ArrayLike, kernel: ArrayLike) -> Array:
    """Return a[n] = sum over j of k[j] x[n − j] wherever all of x is there: numpy's "valid"."""
    x, k = np.asarray(signal, dtype=float), np.asarray(kernel, dtype=float)
    windows = np.lib.stride_tricks.sliding_window_view(x, len(k))
    return np.asarray(windows @ k[::-1])


def line(signal: str, kernel: str, taps: int, frequency: float, seed: int = 0) -> LineTrace:
    """Return a named signal, a named kernel of so many taps, and the output.

    ``frequency`` is in cycles per sample, 0 to 0.5.
    """
    at = np.arange(1 - taps, LENGTH)
    x, k = _signal(signal, at, frequency, seed), line_kernel(kernel, taps)
    return LineTrace(frozen(x), frozen(k), frozen(slide(x, k)))


def line_kernel(name: str, taps: int) -> Array:
    """Return the kernel (taps,): an average, a triangle, or a fading memory of sum 1; k₀ − k₁."""
    if name == "average":
        return np.full(taps, 1 / taps)
    if name == "triangle":
        rise = np.minimum(np.arange(1, taps + 1), np.arange(taps, 0, -1)).astype(float)
        return np.asarray(rise / rise.sum())
    if name == "fade":
        fall = 0.7 ** np.arange(taps)
        return np.asarray(fall / fall.sum())
    out = np.zeros(taps)
    out[0], out[-1] = 1.0, -1.0 if taps > 1 else 1.0
    return out


def response(kernel: ArrayLike, frequencies: ArrayLike) -> NDArray[np.complex128]:
    """Return what becomes of exp(2πi f n): H(f) = sum over j of k[j] exp(−2πi f j), for each f."""
    k, f = np.asarray(kernel, dtype=float), np.asarray(frequencies, dtype=float)
    return np.asarray(np.exp(-2j * np.pi * np.multiply.outer(f, np.arange(len(k)))) @ k)


def _signal(name: str, at: NDArray[np.intp], frequency: float, seed: int) -> Array:
    wave = np.sin(2 * np.pi * frequency * at)
    if name == "sinusoid":
        return np.asarray(wave)
    if name == "step":
        return np.asarray(at >= LENGTH // 2, dtype=float)
    if name == "impulse":
        return np.asarray(at == LENGTH // 2, dtype=float)
    if name == "square":
        return np.where(np.floor(2 * frequency * at + 1e-9) % 2 == 0, 1.0, -1.0)
    return np.asarray(wave + np.random.default_rng(seed).normal(0, 0.4, len(at)))
