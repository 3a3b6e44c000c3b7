"""The code panel: a map made by a short script that stands alone."""

from dlviz.embedding.clouds import CLOUDS
from dlviz.embedding.config import EmbeddingConfig

_OWN = """import numpy as np

x = np.loadtxt("data.csv", delimiter=",", skiprows=1)  # the columns of numbers
"""

_MADE = """import numpy as np
from dlviz.embedding.compute import EmbeddingConfig, cloud_of

x = cloud_of(EmbeddingConfig({settings})).x
"""

_DIGITS = """import numpy as np
from sklearn.datasets import load_digits

x = load_digits().data[:{n}]
"""

_TSNE = """{data}
n = len(x)
d = ((x[:, None] - x[None]) ** 2).sum(-1)  # squared distances
np.fill_diagonal(d, np.inf)
d -= d.min(axis=1, keepdims=True)

# P: Gaussians around each point, of the precision that gives the perplexity asked for.
low, high = np.full(n, -60.0), np.full(n, 60.0)
for _ in range(100):
    middle = (low + high) / 2
    p = np.exp(-np.exp(middle)[:, None] * d)
    p /= p.sum(axis=1, keepdims=True)
    entropy = -(p * np.log(np.where(p > 0, p, 1))).sum(axis=1)
    more = entropy > np.log({perplexity!r})
    low, high = np.where(more, middle, low), np.where(more, high, middle)
p = (p + p.T) / (2 * n)

{start}
move, gains = np.zeros((n, 2)), np.ones((n, 2))
for t in range({iterations}):
    first = t < {exaggerated}
    if t == {exaggerated}:
        move, gains = np.zeros((n, 2)), np.ones((n, 2))
    w = 1 / (1 + ((y[:, None] - y[None]) ** 2).sum(-1))  # Student t, one degree of freedom
    np.fill_diagonal(w, 0)
    q = w / w.sum()
    force = (p * ({exaggeration!r} if first else 1) - q) * w
    gradient = 4 * (force.sum(axis=1)[:, None] * y - force @ y)
    gains = np.maximum(np.where(gradient * move < 0, gains + 0.2, gains * 0.8), 0.01)
    move = (0.5 if first else 0.8) * move - {lr} * gains * gradient
    y = y + move
    y -= y.mean(axis=0)

w = 1 / (1 + ((y[:, None] - y[None]) ** 2).sum(-1))
np.fill_diagonal(w, 0)
seen = p > 0
print((p[seen] * np.log(p[seen] * w.sum() / w[seen])).sum())  # KL(P || Q), nats
"""

_PCA = """centered = x - x.mean(axis=0)
u, s, v = np.linalg.svd(centered, full_matrices=False)
y = (u * s * np.sign(v[np.arange(len(v)), np.abs(v).argmax(axis=1)]))[:, :2]
y *= 1e-4 / y[:, 0].std()
y += 1e-6 * np.random.default_rng({seed}).standard_normal((n, 2))"""

_RANDOM = "y = 1e-4 * np.random.default_rng({seed}).standard_normal((n, 2))"

_OTHER = """{data}
from sklearn.{module} import {name}

y = {name}({options}).fit_transform(x)
print(y.std(axis=0))
"""

_UMAP = """{data}
import umap

y = umap.UMAP(n_neighbors={k}, random_state={seed}).fit_transform(x)
print(y.std(axis=0))
"""

_LLE = "n_neighbors={k}, eigen_solver='dense', random_state={seed}"
_CLASSES = {
    "pca": ("decomposition", "PCA", "n_components=2"),
    "mds": ("manifold", "MDS", "n_init=1, init='classical_mds', max_iter=150, random_state={seed}"),
    "isomap": ("manifold", "Isomap", "n_neighbors={k}"),
    "lle": ("manifold", "LocallyLinearEmbedding", _LLE),
    "ltsa": ("manifold", "LocallyLinearEmbedding", "method='ltsa', " + _LLE),
    "spectral": ("manifold", "SpectralEmbedding",
                 "n_neighbors={k}, affinity='nearest_neighbors', random_state={seed}"),
}  # fmt: skip


def script(config: EmbeddingConfig) -> str:
    """Return Python text that makes the map; of t-SNE it prints KL, of others how wide it is."""
    data = _data(config)
    if config.method == "umap":
        return _UMAP.format(data=data, k=config.neighbors, seed=config.seed)
    if config.method != "tsne":
        module, name, options = _CLASSES[config.method]
        filled = options.format(seed=config.seed, k=config.neighbors)
        return _OTHER.format(data=data, module=module, name=name, options=filled)
    lr = config.lr or f"max(n / {config.exaggeration!r} / 4, 50)"
    return _TSNE.format(
        data=data, perplexity=float(config.perplexity), iterations=config.iterations,
        exaggerated=config.exaggerated, exaggeration=config.exaggeration, lr=lr,
        start=(_PCA if config.init == "pca" else _RANDOM).format(seed=config.seed),
    )  # fmt: skip


def _data(config: EmbeddingConfig) -> str:
    if config.dataset not in CLOUDS:
        return _OWN
    if config.dataset == "digits" and config.layer == "pixels":
        return _DIGITS.format(n=config.n)
    usual = EmbeddingConfig()
    fields = ("dataset", "n", "dim", "layer", "epochs", "seed")
    changed = [
        f"{f}={getattr(config, f)!r}" for f in fields if getattr(config, f) != getattr(usual, f)
    ]
    return _MADE.format(settings=", ".join(changed))
