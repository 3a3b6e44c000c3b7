"""One thread for products, for as long as anybody needs it so."""

import threading

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from dlviz.threads import one_thread


def used():
    """Return how many threads products use."""
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


def allow(count):
    threadpool_limits(limits=count, user_api="blas")
    with threadpool_limits(limits=count, user_api="blas"):  # then other threads may set it again
        pass


@pytest.fixture
def two():
    (before,) = used()
    allow(2)
    yield
    allow(before)


def test_products_use_one_thread_until_the_last_computation_is_over(two):
    first, second = one_thread(), one_thread()
    assert used() == {2}
    first.__enter__()
    second.__enter__()
    assert used() == {1}
    first.__exit__(None, None, None)  # while the other goes on in another thread
    assert used() == {1}
    second.__exit__(None, None, None)
    assert used() == {2}


def test_a_computation_that_fails_has_left(two):
    with pytest.raises(ZeroDivisionError), one_thread():
        raise ZeroDivisionError
    assert used() == {2}


def test_other_threads_may_need_it_afterwards(two):
    seen = []

    def compute():
        with one_thread():
            seen.append(used())
        seen.append(used())

    for _ in range(2):
        compute()
        thread = threading.Thread(target=compute)
        thread.start()
        thread.join()
    assert seen == [{1}, {2}] * 4
