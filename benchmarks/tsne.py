"""Compare our t-SNE with scikit-learn's and openTSNE's: ``python -m benchmarks.tsne``.

Digits, perplexity 30, the same PCA start, one thread, CPU time. All maps are judged by one dense P:
its exact KL divergence, and scikit-learn's trustworthiness of the 5 nearest. Ours records every
tenth iteration and its KL; the others make one map. It fails if a promise is not kept.
"""

import os

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn import manifold
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from threadpoolctl import threadpool_limits

from benchmarks.report import Row, report
from benchmarks.timing import seconds
from dlviz.tsne import TSNE, affinities

PERPLEXITY, ITERATIONS = 30, 750
PROMISES = {500: (1.02, 0.6), 1797: (1.03, 1.2)}  # n -> KL and CPU time over those of the peers


def ours(x: Any, start: Any) -> tuple[Any, int]:
    run = TSNE(affinities(x, PERPLEXITY), start)
    frames = [(run.embedding, run.kl)]
    for _ in range(ITERATIONS // 10):
        run.step(10)
        frames.append((run.embedding, run.kl))
    return frames[-1][0], len(frames)


def sklearn(x: Any, start: Any) -> tuple[Any, int]:
    made = manifold.TSNE(init=start.astype(np.float32), perplexity=PERPLEXITY, n_jobs=1)
    return made.fit_transform(x), 1


def open_tsne(x: Any, start: Any) -> tuple[Any, int]:
    from openTSNE import TSNE as OpenTSNE  # noqa: N811

    made = OpenTSNE(
        initialization=start, perplexity=PERPLEXITY, n_jobs=1, negative_gradient_method="bh"
    )
    return np.asarray(made.fit(x)), 1


def timed(make: Callable[..., tuple[Any, int]], *args: Any, times: int) -> tuple[Any, float, int]:
    """Return the map, the least CPU time in seconds, and how many frames were recorded."""
    runs = []
    took = min(seconds(lambda: runs.append(make(*args))) for _ in range(times))
    return runs[-1][0], took, runs[-1][1]


def rows_of(n: int) -> list[Row]:
    x = load_digits().data[:n]
    start = PCA(2, svd_solver="full").fit_transform(x)
    start *= 1e-4 / start[:, 0].std()
    p = affinities(x, PERPLEXITY)
    makers = {"dlviz": ours, "scikit-learn": sklearn, "openTSNE": open_tsne}
    found = {name: timed(make, x, start, times=3) for name, make in makers.items()}
    kls = {name: TSNE(p, y, dtype=np.float64).kl for name, (y, _, _) in found.items()}
    trust = {
        name: manifold.trustworthiness(x, y, n_neighbors=5) for name, (y, _, _) in found.items()
    }
    worst_kl, worst_time = PROMISES[n]
    rows: list[Row] = []
    for name, (_, took, frames) in found.items():
        rows.append((f"n = {n}, {name}, {frames} frames: CPU time", took, "s", "", None))
        rows.append((f"n = {n}, {name}: exact KL", kls[name], "nats", "", None))
        rows.append((f"n = {n}, {name}: trustworthiness", trust[name], "", "", None))
    for peer in ("scikit-learn", "openTSNE"):
        rows.append((f"n = {n}, KL over that of {peer}", kls["dlviz"] / kls[peer], "",
                     f"<= {worst_kl}", lambda r: r <= worst_kl))  # fmt: skip
    share = found["dlviz"][1] / found["scikit-learn"][1]
    rows.append((f"n = {n}, CPU time over that of scikit-learn", share, "", f"<= {worst_time}",
                 lambda r: r <= worst_time))  # fmt: skip
    if n == 500:
        rows.append((f"n = {n}, trustworthiness", trust["dlviz"], "", ">= 0.995",
                     lambda t: t >= 0.995))  # fmt: skip
    return rows


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    with threadpool_limits(1):
        report([row for n in PROMISES for row in rows_of(n)])
