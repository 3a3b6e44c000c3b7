"""All that a trace, a scene or an argument holds, and how many bytes that is."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np


def contents(thing: Any) -> Iterator[Any]:
    """Yield a thing and all that is within it, in dataclasses and containers, each once."""
    seen: set[int] = set()
    found = [thing]
    while found:
        part = found.pop()
        if id(part) not in seen:
            seen.add(id(part))
            yield part
            found.extend(_parts(part))


def array_bytes(thing: Any) -> int:
    """Return the bytes of all arrays and texts within a thing, each counted once."""
    owners = {id(owner): owner for owner in map(_owner, contents(thing))}
    return sum(
        len(part) if isinstance(part, bytes | str) else int(getattr(part, "nbytes", 0))
        for part in owners.values()
    )


def sealed(thing: Any) -> Any:
    """Return a thing after making its arrays read-only, as those of a frozen trace are.

    What another process sent is a copy, and the copy of a read-only array may be writable.
    """
    for part in contents(thing):
        if isinstance(part, np.ndarray):
            part.setflags(write=False)
    return thing


def _owner(part: Any) -> Any:
    """Return the array whose memory a view shows: that is what is kept."""
    while isinstance(part, np.ndarray) and isinstance(part.base, np.ndarray):
        part = part.base
    return part


def _parts(thing: Any) -> Iterable[Any]:
    if is_dataclass(thing) and not isinstance(thing, type):
        return [getattr(thing, field.name) for field in fields(thing)]
    if isinstance(thing, Mapping):
        return thing.values()
    return thing if isinstance(thing, tuple | list | set | frozenset) else ()
