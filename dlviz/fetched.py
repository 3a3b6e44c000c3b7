"""Pictures that are fetched from OpenML once, and kept in a small file of this machine.

The file holds a part of the set, and the checksum of what it holds; what was fetched is compared
with OpenML's own checksum by scikit-learn, and with the known number of pictures of each class.
"""

import hashlib
import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Pictures = tuple[NDArray[np.uint8], NDArray[np.int64]]


class NoPicturesError(OSError):
    """Pictures that are not on this machine and could not be fetched."""


def fetched(name: str, counts: tuple[int, ...], label: str = "") -> Pictures:
    """Return 6000 pictures (6000, 28, 28) and their labels, those to train on first.

    Parameters
    ----------
    name : of the set on OpenML
    counts : how many pictures of each class the whole set is known to have
    label : what it is called in a sentence, if not by that name

    Raises
    ------
    NoPicturesError
        If they are not here and cannot be fetched; one sentence says why.
    """
    file = _folder() / f"{name}.npz"
    kept = _read(file) if file.exists() else None
    if kept is None:
        kept = _fetch(name, counts, label or name)
        np.savez_compressed(file, x=kept[0], y=kept[1], sha256=_digest(*kept))
    return kept


def _folder() -> Path:
    from sklearn.datasets import get_data_home

    folder = Path(get_data_home()) / "dlviz"
    folder.mkdir(exist_ok=True)
    return folder


def _read(file: Path) -> Pictures | None:
    """Return what a file holds, None if that is not what was written."""
    try:
        with np.load(file, allow_pickle=False) as data:
            x, y = data["x"], data["y"]
            return (x, y) if str(data["sha256"]) == _digest(x, y) else None
    except (OSError, ValueError, KeyError):
        return None


def _digest(x: NDArray[np.uint8], y: NDArray[np.int64]) -> str:
    return hashlib.sha256(x.tobytes() + y.tobytes()).hexdigest()


def _fetch(name: str, counts: tuple[int, ...], label: str) -> Pictures:
    from sklearn.datasets import fetch_openml

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of each attempt; the last one is told below
            data = fetch_openml(name, version=1, as_frame=False, parser="liac-arff", n_retries=1,
                                delay=0.2)  # fmt: skip
    except (OSError, ValueError) as wrong:
        raise NoPicturesError(
            f"{label} is not on this machine and could not be fetched: choose another data set, "
            "or start the app with a network once"
        ) from wrong
    flat, y = np.asarray(data.data), np.asarray(data.target).astype(np.int64)
    found = tuple(np.bincount(y, minlength=10).tolist())
    if flat.shape != (70_000, 784) or found != counts:
        raise NoPicturesError(f"{label} as fetched is not the known set: its classes have {found}")
    chosen = np.r_[0:60_000:12, 60_000:70_000:10]  # 5000 and 1000 pictures
    return flat[chosen].reshape(-1, 28, 28).astype(np.uint8), y[chosen]
