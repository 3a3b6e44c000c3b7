"""One thread of linear algebra for each computation.

At the sizes of this app a second thread never helps; on a busy machine the two wait for each other,
and small products take ten times as long. Besides, a product by two threads may end in other bits.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

import numpy as np
from threadpoolctl import ThreadpoolController, threadpool_limits  # type: ignore[import-untyped]

_LOCK = threading.Lock()
_BEFORE: list[dict[str, int]] = []  # how many threads there were, for each who is inside


@cache
def _controller() -> Any:
    np.ones((2, 2)) @ np.ones((2, 2))  # only libraries that are loaded are found
    return ThreadpoolController()


@contextmanager
def one_thread() -> Iterator[None]:
    """Let numpy's products use one thread; as before once all who asked for it have left."""
    with _LOCK:
        before = _BEFORE[0] if _BEFORE else _counts()
        if not _BEFORE:
            _set({library: 1 for library in before}, before)
        _BEFORE.append(before)
    try:
        yield
    finally:
        with _LOCK:
            _BEFORE.pop()
            if not _BEFORE:
                _set(before, _counts())


def _counts() -> dict[str, int]:
    found = _controller().info()
    return {each["filepath"]: each["num_threads"] for each in found if each["user_api"] == "blas"}


def _set(counts: Mapping[str, int], now: Mapping[str, int]) -> None:
    if counts == now:
        return
    _controller().limit(limits=counts)
    with _controller().limit(limits=counts):  # as it is left, other threads may set it again
        pass


@cache
def one_thread_for_good() -> None:
    """Let all products of this process use one thread each, as a server does for many people."""
    threadpool_limits(limits=1, user_api="blas")
    with threadpool_limits(limits=1, user_api="blas"):  # as in _set
        pass
