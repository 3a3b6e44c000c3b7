"""Pictures and runs kept for everybody: in memory, within bounds, and default scenes in a file.

``python -m benchmarks.scenes`` (``make scenes``) opens all default scenes and writes the file.
"""

import inspect
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from functools import wraps
from typing import Any, TypeVar, cast

from dlviz.contents import array_bytes
from dlviz.ui.gate import code_of
from dlviz.ui.scenefile import SCENES
from dlviz.ui.shelf import Shelf

MOST_THINGS, MOST_BYTES = 1024, 64_000_000  # of all functions together
F = TypeVar("F", bound=Callable[..., Any])

SHELF: Shelf[Any] = Shelf(MOST_THINGS, MOST_BYTES)
_ON_THEIR_WAY: dict[Hashable, "Future[Any]"] = {}
_LOCK = threading.Lock()


def cached(function: F) -> F:
    """Keep what a function returns for everyone: one computation for a whole class.

    What is kept must be read-only (packed scenes, frozen traces) and not None. Arguments whose
    names begin with an underscore follow from the others and are not looked at. ``when(whole)`` of
    it is itself, or the plain function for what is not whole yet and should not be kept; with
    ``stopped=False``, work going on, that one shows what is whole if it is there already.
    """
    signature = inspect.signature(function)
    code = code_of(function)
    stored = signature.return_annotation in (bytes, "bytes")  # the only kind that a file holds

    def asked(*args: Any, **kwargs: Any) -> Hashable:
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        return _hashable({k: v for k, v in bound.arguments.items() if k[0] != "_"})

    def there(*args: Any, **kwargs: Any) -> Any:
        told = asked(*args, **kwargs)
        thing = SHELF.get((code, told))
        if thing is None and stored and (thing := SCENES.get(function, told)):
            SHELF.put((code, told), thing, array_bytes(thing))
        return thing

    @wraps(function)
    def kept(*args: Any, **kwargs: Any) -> Any:
        told = asked(*args, **kwargs)

        def made() -> Any:
            found = SCENES.get(function, told) if stored else None
            thing = function(*args, **kwargs) if found is None else found
            if stored:
                SCENES.note(function, told, thing)
            return thing

        return _kept((code, told), made)

    def so_far(*args: Any, **kwargs: Any) -> Any:
        thing = there(*args, **kwargs)
        return function(*args, **kwargs) if thing is None else thing

    def when(whole: bool, stopped: bool = True) -> Callable[..., Any]:
        return kept if whole else function if stopped else so_far

    kept.when = when  # type: ignore[attr-defined]
    return cast(F, kept)


def _kept(key: Hashable, made: Callable[[], Any]) -> Any:
    """Return what is kept, or make it; who asks meanwhile waits for the same."""
    with _LOCK:
        thing = SHELF.get(key)
        if thing is not None:
            return thing
        first = key not in _ON_THEIR_WAY
        coming = _ON_THEIR_WAY.setdefault(key, Future())
    if first:
        try:
            thing = made()
            SHELF.put(key, thing, array_bytes(thing))
            coming.set_result(thing)
        except BaseException as error:
            coming.set_exception(error)
            raise
        finally:
            with _LOCK:
                del _ON_THEIR_WAY[key]
    return coming.result()


def _hashable(thing: Any) -> Hashable:
    if isinstance(thing, dict):
        return tuple((name, _hashable(part)) for name, part in thing.items())
    if isinstance(thing, tuple | list):
        return tuple(_hashable(part) for part in thing)
    hash(thing)  # or a TypeError here and now
    return cast(Hashable, thing)
