"""The code panel: a network's regions, counted by a short script that stands alone."""

from dlviz.networks import Layers
from dlviz.origami.config import OrigamiConfig, architecture_of
from dlviz.origami.constructions import layers_of
from dlviz.origami.hand import HandTrace

_RANDOM = """sizes = {sizes!r}
weights, biases = [], []
for i, (m, n) in enumerate(zip(sizes, sizes[1:])):
    rng = np.random.default_rng([{seed}, i])
    weights.append({weight_scale!r} * rng.normal(0, np.sqrt(2 / m), (n, m)))
    biases.append({bias_scale!r} * rng.uniform(-1, 1, n) / np.sqrt(m))
"""

_CENTERED = "biases[-1] = biases[-1] - weights[-1].sum(axis=1) / 2\n"

_GIVEN = """weights = [
{weights}]
biases = [
{biases}]
"""

_REGIONS = """import numpy as np

leak, span = {leak!r}, {span!r}
{network}

def halves(polygon, line):
    # Cut a polygon along a x + b y + c = 0.
    sums = [line @ (*corner, 1) for corner in polygon]
    tiny = 1e-10 * np.abs(line).max() * max(span, 1)
    if min(sums) >= -tiny or max(sums) <= tiny:
        return [polygon]
    above, below = [], []
    for i in range(len(polygon)):
        p, q, s, t = polygon[i - 1], polygon[i], sums[i - 1], sums[i]
        if s * t < 0:
            above.append(p + s / (s - t) * (q - p))
            below.append(above[-1])
        if t >= 0:
            above.append(q)
        if t <= 0:
            below.append(q)
    return [above, below]


# A region is a polygon and, for each unit that feeds the next layer, its a, b and c there.
square = span * np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])
regions = [(list(square), np.eye(2, 3))]
for w, b in zip(weights[:-1], biases[:-1]):
    finer = []
    for polygon, inputs in regions:
        sums = w @ inputs
        sums[:, 2] += b
        parts = [polygon]
        for line in sums:
            parts = [half for part in parts for half in halves(part, line)]
        for part in parts:
            on = sums @ (*np.mean(part, axis=0), 1) > 0
            finer.append((part, sums * np.where(on, 1, leak)[:, None]))
    regions = finer
print(len(regions))
"""

_SMOOTH = """import numpy as np

k, span = {sharpness!r}, {span!r}
{network}
line = np.linspace(-span, span, 100)
x = np.stack(np.meshgrid(line, line)).reshape(2, -1)
for w, b in zip(weights[:-1], biases[:-1]):
    x = (1 + np.tanh(k * (w @ x + b[:, None]) / 2)) / 2  # the sigmoid of k z
y = weights[-1] @ x + biases[-1][:, None]
print(y.min(), y.max())
"""


def script(config: OrigamiConfig) -> str:
    """Return Python text that prints the number of regions, or of sigmoids the output's range."""
    frame = _SMOOTH if config.activation == "sigmoid" else _REGIONS
    return frame.format(
        leak=float(config.leak),
        span=float(config.span),
        sharpness=float(config.sharpness),
        network=_network(config),
    )


def hand_script(trace: HandTrace) -> str:
    """Return Python text that prints the number of pieces of a sheet folded by hand."""
    return _REGIONS.format(leak=0.0, span=1.0, network=_given(trace.layers))


def _network(config: OrigamiConfig) -> str:
    if config.network == "random" and not config.parameters:
        return _RANDOM.format(
            sizes=architecture_of(config).sizes,
            seed=config.seed,
            weight_scale=float(config.weight_scale),
            bias_scale=float(config.bias_scale),
        ) + (_CENTERED if config.activation == "sigmoid" else "")
    return _given(layers_of(config))


def _given(layers: Layers) -> str:
    texts = ["".join(f"    np.array({a.tolist()!r}),\n" for a in arrays) for arrays in layers]
    return _GIVEN.format(weights=texts[0], biases=texts[1])
