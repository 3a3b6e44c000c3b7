"""The file of default scenes: packed pictures that this very engine has made before.

A file of another engine, a damaged one or none is no fault: pictures are then made when asked for.
"""

import hashlib
import os
import threading
import zipfile
from collections.abc import Callable, Hashable, Iterable
from contextlib import suppress
from dataclasses import fields, is_dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
STAMP = "engine"  # the entry that says whose pictures they are
PARTS = ("dlviz", "pages")
LIBRARIES = ("numpy", "scipy", "torch", "scikit-learn")
FAULTS = (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile, NotImplementedError)


class SceneFile:
    """Pictures by the function that made them and what it was called with.

    Parameters
    ----------
    path : a zip file, which need not be there
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notes: dict[str, bytes] | None = None  # what is asked for, while somebody wants it
        self._lock = threading.Lock()
        self._zip: zipfile.ZipFile | None = None
        self._opened = False

    def get(self, function: Callable[..., Any], told: Hashable) -> bytes | None:
        """Return the picture, None if there is none or none that is whole."""
        name = name_of(function, told)
        with self._lock:
            if not self._opened:
                self._zip, self._opened = _opened(self.path), True
            if self._zip is None or name is None:
                return None
            try:
                return self._zip.read(name)  # which checks its sum
            except FAULTS:
                return None

    def note(self, function: Callable[..., Any], told: Hashable, picture: bytes) -> None:
        """Remember a picture for the file, if one is being made."""
        if self.notes is not None and (name := name_of(function, told)):
            self.notes[name] = picture

    def write(self) -> bool:
        """Write what was noted, as a whole or not at all; tell whether it could be written."""
        unfinished = self.path.with_suffix(f".{os.getpid()}")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with zipfile.ZipFile(unfinished, "w") as made:  # stored: the pictures are deflated
                made.writestr(STAMP, engine_hash())
                for name, picture in sorted((self.notes or {}).items()):
                    made.writestr(name, picture)
            unfinished.replace(self.path)
        except OSError:  # a full disk, a folder that is not ours
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
            return False
        return True


def _opened(path: Path) -> zipfile.ZipFile | None:
    if not path.is_file():
        return None
    try:
        made = zipfile.ZipFile(path)
        if made.read(STAMP).decode() == engine_hash():
            return made
        made.close()
    except FAULTS:
        pass
    return None


def name_of(function: Callable[..., Any], told: Hashable) -> str | None:
    """Return a name that is the same in every process, None for what only this one knows."""
    try:
        text = repr((Path(function.__code__.co_filename).name, function.__name__, _plain(told)))
    except TypeError:
        return None
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(thing: Any) -> Any:
    """Return a thing as plain values, or raise TypeError."""
    if is_dataclass(thing) and not isinstance(thing, type):
        parts = [(field.name, _plain(getattr(thing, field.name))) for field in fields(thing)]
        return type(thing).__name__, parts
    if isinstance(thing, tuple):
        return tuple(_plain(part) for part in thing)
    if isinstance(thing, str | int | float | None):
        return thing
    raise TypeError(f"expected plain values, got {type(thing).__name__}")


@cache
def engine_hash() -> str:
    """Return what changes whenever a picture might: of the engine, its data and its libraries."""
    said = hashlib.sha256()
    for file in _files():
        said.update(str(file.relative_to(ROOT)).encode())
        said.update(hashlib.sha256(file.read_bytes()).digest())
    said.update(repr([version(library) for library in LIBRARIES]).encode())
    return said.hexdigest()


def _files() -> Iterable[Path]:
    found = (file for part in PARTS for file in (ROOT / part).rglob("*"))
    return sorted(file for file in found if file.is_file() and file.suffix != ".pyc")


SCENES = SceneFile(Path(os.environ.get("DLVIZ_SCENES") or ROOT / "build" / "scenes.zip"))
