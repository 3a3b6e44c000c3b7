"""Rows of flags as *words*, a bit for each flag: all flags of two rows are compared at once."""

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
Ints = NDArray[np.intp]
Words = NDArray[np.unsignedinteger]


def shift_of(flags: int) -> int:
    """Return s, where 2^s is how many bits a row of so many flags takes up."""
    return max(3, (flags - 1).bit_length())


def packed(flags: Flags) -> Words:
    """Return flags (N, n) as words (W, N), where W is 1 up to 64 flags."""
    bits = 1 << shift_of(flags.shape[1])
    if bits != flags.shape[1]:
        wide = np.zeros((len(flags), bits), dtype=np.bool_)
        wide[:, : flags.shape[1]] = flags
        flags = wide
    words = np.packbits(flags).view(f"u{min(bits, 64) // 8}")
    return words.reshape(len(flags), -1).T.copy() if bits > 64 else words[None]


def unpacked(words: Words, flags: int) -> Flags:
    """Return the flags (N, n) of words."""
    return _bits(words).reshape(-1, 1 << shift_of(flags))[:, :flags]


def ones(words: Words) -> Ints:
    """Return row << shift | flag of all flags that are set, in rising order."""
    return _bits(words).nonzero()[0]


def count(words: Words) -> Ints:
    """Return how many flags of each row are set."""
    return np.asarray(np.bitwise_count(words).sum(0, dtype=np.intp))


def any_of(words: Words, rows: Ints) -> Words:
    """Return the words of all flags that are set in any of the rows of a column, (K, C)."""
    return np.asarray(np.bitwise_or.reduce(words.take(rows, axis=1), axis=1))


def _bits(words: Words) -> Flags:
    return np.unpackbits(words.T.ravel().view(np.uint8)).view(np.bool_)
