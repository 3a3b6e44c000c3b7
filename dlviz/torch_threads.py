"""One thread for torch, which at the sizes of this app is faster than two."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def one_thread() -> Iterator[None]:
    """Compute with one thread, as torch counts them for the thread that asks.

    Where there is one already nothing is set: torch would forget all it has prepared for
    convolutions, and prepare it anew at the next.
    """
    before = torch.get_num_threads()
    if before == 1:
        yield
        return
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
