"""One thread of linear algebra for each computation.

At the sizes of this app a second thread never helps; on a busy machine the two wait for each other,
and small products take ten times as long.
"""

from functools import cache
from typing import Any

import numpy as np
from threadpoolctl import ThreadpoolController, threadpool_limits  # type: ignore[import-untyped]


@cache
def _controller() -> Any:
    np.ones((2, 2)) @ np.ones((2, 2))  # only libraries that are loaded are found
    return ThreadpoolController()


def one_thread() -> Any:
    """Return a context in which numpy's products use one thread; as before when it is left."""
    return _controller().limit(limits=1, user_api="blas")


@cache
def one_thread_for_good() -> None:
    """Let all products of this process use one thread each, as a server does for many people."""
    threadpool_limits(limits=1, user_api="blas")
