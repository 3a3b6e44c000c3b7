"""What is kept for everybody, within bounds: those things nobody asked for longest go first."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import RLock
from typing import Generic, TypeVar

V = TypeVar("V")


class Shelf(Generic[V]):
    """Things by their keys.

    Parameters
    ----------
    things : how many are kept
    room : how many bytes of them in all
    """

    def __init__(self, things: int, room: int) -> None:
        self._things, self._room = things, room
        self._kept: OrderedDict[Hashable, tuple[V, int]] = OrderedDict()
        self._lock = RLock()
        self.bytes = 0

    def get(self, key: Hashable) -> V | None:
        """Return what is kept under a key, None if nothing is."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def put(self, key: Hashable, thing: V, size: int) -> None:
        """Keep a thing of so many bytes; one that would need all the room is not kept."""
        with self._lock:
            self._drop(key)
            if size > self._room:
                return
            self._kept[key] = thing, size
            self.bytes += size
            while len(self._kept) > self._things or self.bytes > self._room:
                self._drop(next(iter(self._kept)))

    def clear(self) -> None:
        """Keep nothing any more."""
        with self._lock:
            self._kept.clear()
            self.bytes = 0

    def _drop(self, key: Hashable) -> None:
        if key in self._kept:
            self.bytes -= self._kept.pop(key)[1]
