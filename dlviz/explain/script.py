"""The chosen map as a program of plain torch; weights and digits are read from the app's folder."""

from dlviz.explain.config import METHODS, ExplainConfig
from dlviz.explain.maps import CAM_PART, TRIALS

_NETWORKS = {
    "linear": "nn.Sequential(nn.Flatten(), nn.Linear(64, 10))",
    "mlp": "nn.Sequential(nn.Flatten(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))",
    "cnn": """nn.Sequential(
    nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 32, 3, padding=1), nn.ReLU(),
    nn.MaxPool2d(2), nn.Flatten(), nn.Linear(512, 10),
)""",
}

_HEAD = """import numpy as np
import torch
from torch import nn

model = {network}
with np.load("dlviz/data/victims.npz") as stored:
    state = {{key: torch.tensor(stored["{name}." + key]) for key in model.state_dict()}}
model.load_state_dict(state)
{picture}
order = model(x).argsort(1, descending=True)[0]
y = order[{choice}].item()  # choice number {rank}
{forget}

def f(images):
    return model(images)[:, y]


def gradient(images):
    images = images.clone().requires_grad_(True)
    return torch.autograd.grad(f(images).sum(), images)[0]


"""

_TEST_DIGIT = """with np.load("dlviz/data/digits.npz") as kept:
    images = kept["x"].reshape(-1, 1, 1, 8, 8) / 16
order = np.random.default_rng(17).permutation(len(images))[1300:]  # never trained on
x = torch.tensor(images[order[{digit}]], dtype=torch.float32)"""
_DRAWN = """drawing = "{drawing}"
x = torch.tensor([int(level, 16) / 15 for level in drawing]).reshape(1, 1, 8, 8)"""

_FORGET = """generator = torch.Generator().manual_seed({seed})
layers = [part for part in model if list(part.parameters())]
with torch.no_grad():
    for layer in layers[-{layers}:]:  # these forget what they learned
        for p in layer.parameters():
            p.copy_(p.flatten()[torch.randperm(p.numel(), generator=generator)].reshape(p.shape))
"""

_MAPS = {
    "gradient": "found = gradient(x)",
    "size": "found = gradient(x).abs()",
    "product": "found = x * gradient(x)",
    "smooth": """generator = torch.Generator().manual_seed({seed})
found = torch.zeros_like(x)
for _ in range({samples}):
    found += gradient(x + {noise} * torch.randn(x.shape, generator=generator)) / {samples}""",
    "integrated": """start = torch.full_like(x, {baseline})
{places}
found = torch.zeros_like(x)
for t, weight in zip(places, weights):
    found += (x - start) * weight * gradient(start + t * (x - start))
print("the logit rises by", (f(x) - f(start)).item())""",
    "occlusion": """found, covered, side = torch.zeros_like(x), torch.zeros_like(x), {window}
for top in range(9 - side):
    for left in range(9 - side):
        trial = x.clone()
        trial[..., top : top + side, left : left + side] = {baseline}
        found[..., top : top + side, left : left + side] += (f(x) - f(trial)).item()
        covered[..., top : top + side, left : left + side] += 1
found /= covered""",
    "lime": """side, trials = {patch}, {trials}
generator = torch.Generator().manual_seed({seed})
kept = torch.randint(2, (trials, (8 // side) ** 2), generator=generator).float()
kept[0] = 1  # the whole picture
mask = kept.reshape(trials, 1, 8 // side, 8 // side)
mask = mask.repeat_interleave(side, 2).repeat_interleave(side, 3)
answers = f({baseline} + mask * (x - {baseline})).double()
near = torch.exp(-((1 - kept.mean(1)) ** 2) / 0.25**2).double()  # what is near counts more
design = torch.cat([kept, torch.ones(trials, 1)], 1).double()
weighed = design * near[:, None]
ridge = 1e-9 * torch.eye(design.shape[1], dtype=torch.float64)
found = torch.linalg.solve(design.T @ weighed + ridge, weighed.T @ answers)[:-1]
found = found.reshape(1, 1, 8 // side, 8 // side) / side**2
found = found.repeat_interleave(side, 2).repeat_interleave(side, 3)""",
    "cam": """maps = model[:{part}](x).detach().requires_grad_(True)
slopes = torch.autograd.grad(model[{part}:](maps)[:, y].sum(), maps)[0]
found = (slopes.mean((2, 3), keepdim=True) * maps).sum(1, keepdim=True).detach(){relu}
found = nn.functional.interpolate(found, (8, 8), mode="bilinear")""",
}

_PLACES = {
    "midpoint": "places = (np.arange({n}) + 0.5) / {n}\nweights = np.full({n}, 1 / {n})",
    "left": "places = np.arange({n}) / {n}\nweights = np.full({n}, 1 / {n})",
    "right": "places = (np.arange({n}) + 1) / {n}\nweights = np.full({n}, 1 / {n})",
    "trapezoid": "places = np.linspace(0, 1, {n})\nweights = np.full({n}, 1 / ({n} - 1))\n"
    "weights[[0, -1]] /= 2",
    "gauss": "places, weights = np.polynomial.legendre.leggauss({n})\n"
    "places, weights = (1 + places) / 2, weights / 2",
}

_PIXELS = """import numpy as np

rng = np.random.default_rng({seed})
y, noise = rng.standard_normal(300), {spread} * rng.standard_normal(300)
x = np.stack([y + noise, noise], axis=1)
weights = np.linalg.lstsq(x, y, rcond=None)[0]
pattern = np.cov(x.T, y)[:2, 2] / y.var(ddof=1)
print("weights", weights.round(3), "pattern", pattern.round(3))
"""


def script(config: ExplainConfig) -> str:
    """Return the chosen map, or the fit of two pixels, as a program."""
    if config.picture == "distractor":
        return _PIXELS.format(spread=config.spread, seed=config.seed)
    picture = _TEST_DIGIT.format(digit=config.digit)
    if config.source == "drawn":
        picture = _DRAWN.format(drawing=config.drawing or "0" * 64)
    forget = ""
    if config.forgotten:
        forget = _FORGET.format(seed=config.seed, layers=config.forgotten)
    head = _HEAD.format(
        network=_NETWORKS[config.victim],
        name=f"hardened_{config.victim}" if config.hardened else config.victim,
        picture=picture, choice=config.rank - 1, rank=config.rank, forget=forget,
    )  # fmt: skip
    return head + _map(config) + _tail(config)


def _map(config: ExplainConfig) -> str:
    cam = config.method in ("cam", "cam_relu")
    if cam and config.victim != "cnn":
        return "found = torch.full_like(x, torch.nan)  # Grad-CAM needs a convolution"
    return _MAPS["cam" if cam else config.method].format(
        **{name: getattr(config, name) for name in ("seed", "samples", "noise", "baseline",
                                                    "window", "patch")},
        places=_PLACES[config.rule].format(n=config.steps), trials=TRIALS,
        part=CAM_PART[config.layer] + 1, relu=".relu()" if config.method == "cam_relu" else "",
    )  # fmt: skip


def _tail(config: ExplainConfig) -> str:
    return f"""
print("{METHODS[config.method]}: why a", y)
print(np.round(found[0, 0].detach().numpy(), 2))
print("sum", round(found.sum().item(), 4))
"""
