"""The words a convolutional network is written in: "conv 8 3 same", "pool 2", "dense 32".

A word knows what it may stand on, and says in one sentence why not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import prod

Shape = tuple[int, ...]  # (channels, rows, columns), or (units,)

MAX_BLOCKS, MAX_FILTERS, MAX_KERNEL, MAX_UNITS = 12, 64, 15, 512
FORMS = {
    "conv": "conv <filters> <kernel>, or conv <filters> <kernel> same",
    "pool": "pool <window>",
    "mean": "mean <window>",
    "norm": "norm",
    "dropout": "dropout <share>",
    "dense": "dense <units>",
}


@dataclass(frozen=True)
class Word:
    """One block as it is written.

    Parameters
    ----------
    kind : a key of ``FORMS``, or "output"
    numbers : of conv filters and kernel; of pool and mean the window; of dense the units
    same : of conv: zeros around, so that the map keeps its size
    share : of dropout: how many are dropped
    """

    kind: str
    numbers: tuple[int, ...] = ()
    same: bool = False
    share: float = 0.0

    @property
    def kernel(self) -> int:
        """Rows and columns of a conv's kernel."""
        return self.numbers[1]

    @property
    def padding(self) -> int:
        """Rows and columns of zeros on each side of what a conv is given."""
        return self.kernel // 2 if self.same else 0

    def shape(self, given: Shape) -> Shape:
        """Return the shape that comes out of what is given.

        Raises
        ------
        ValueError
            If the block does not fit.
        """
        if self.kind in ("dense", "output"):
            return (self.numbers[0],)
        if self.kind in ("norm", "dropout"):
            return given
        if len(given) == 1:
            raise ValueError(f"expected {self.kind} before dense: after it there are no maps")
        k = self.numbers[-1]
        _, rows, columns = given
        reach = 2 * self.padding if self.kind == "conv" else 0
        if k > min(rows, columns) + reach:
            what = "kernel" if self.kind == "conv" else "window"
            raise ValueError(f"a {k}x{k} {what} does not fit a {rows}x{columns} map")
        if self.kind == "conv":
            return (self.numbers[0], rows + reach - k + 1, columns + reach - k + 1)
        return (given[0], rows // k, columns // k)


def read_words(text: str) -> tuple[Word, ...]:
    """Return the blocks that a text tells of, semicolons between them.

    Raises
    ------
    ValueError
        If a word is not known, or its numbers are not.
    """
    written = [" ".join(part.split()) for part in text.lower().replace("\n", ";").split(";")]
    written = [part for part in written if part]
    if len(written) > MAX_BLOCKS:
        raise ValueError(f"expected at most {MAX_BLOCKS} blocks, got {len(written)}")
    return tuple(_read(part) for part in written)


def _read(part: str) -> Word:
    kind, *rest = part.split()
    if kind not in FORMS:
        raise ValueError(f"expected blocks of {', '.join(FORMS)}, got {part!r}")
    try:
        return _READERS[kind](rest)
    except (ValueError, IndexError) as wrong:
        said = str(wrong)
        raise ValueError(said if said.startswith("expected") else
                         f"expected {FORMS[kind]!r}, got {part!r}") from None  # fmt: skip


def _conv(rest: list[str]) -> Word:
    same = rest[-1] == "same"
    filters, kernel = rest[:-1] if same else rest
    word = Word("conv", (_count(filters, "filters", MAX_FILTERS),
                         _count(kernel, "kernel", MAX_KERNEL)), same)  # fmt: skip
    if same and word.kernel % 2 == 0:
        raise ValueError(f"expected an odd kernel with same, got {word.kernel}")
    return word


def _window(kind: str) -> Callable[[list[str]], Word]:
    def read(rest: list[str]) -> Word:
        (window,) = rest
        return Word(kind, (_count(window, "window", MAX_KERNEL, 2),))

    return read


def _dense(rest: list[str]) -> Word:
    (units,) = rest
    return Word("dense", (_count(units, "units", MAX_UNITS),))


def _norm(rest: list[str]) -> Word:
    () = rest
    return Word("norm")


def _dropout(rest: list[str]) -> Word:
    (share,) = map(float, rest)
    if not 0 <= share < 1:
        raise ValueError(f"expected 0 <= dropout < 1, got {share:g}")
    return Word("dropout", share=share)


def _count(text: str, what: str, most: int, least: int = 1) -> int:
    count = int(text)
    if not least <= count <= most:
        raise ValueError(f"expected {least} <= {what} <= {most}, got {count}")
    return count


_READERS: dict[str, Callable[[list[str]], Word]] = {
    "conv": _conv,
    "pool": _window("pool"),
    "mean": _window("mean"),
    "norm": _norm,
    "dropout": _dropout,
    "dense": _dense,
}


def shape_words(shape: Shape) -> str:
    """Return a shape as it is said: 8 maps of 8x8, 32 units."""
    if len(shape) == 1:
        return f"{shape[0]} units"
    return f"{shape[0]} map{'s' * (shape[0] > 1)} of {shape[1]}x{shape[2]}"


def values_of(shape: Shape) -> int:
    """Return how many values a shape holds."""
    return prod(shape)
