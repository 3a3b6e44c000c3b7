"""A defense as a program of plain torch; digits and weights are read from the app's folder."""

from dlviz.defend.config import DefendConfig
from dlviz.defend.training import JUDGE, recipes
from dlviz.victim_training import RECIPES

NETWORKS = {
    "linear": "nn.Sequential(nn.Flatten(), nn.Linear(64, 10))",
    "mlp": "nn.Sequential(nn.Flatten(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))",
    "cnn": """nn.Sequential(
    nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 32, 3, padding=1), nn.ReLU(),
    nn.MaxPool2d(2), nn.Flatten(), nn.Linear(512, 10),
)""",
}

_DATA = """import numpy as np
import torch
from torch import nn
from torch.nn.functional import cross_entropy

with np.load("dlviz/data/digits.npz") as kept:
    images, labels = kept["x"].reshape(-1, 1, 8, 8) / 16, kept["y"].astype(int)
order = np.random.default_rng(17).permutation(len(labels))
x, y = torch.tensor(images[order], dtype=torch.float32), torch.tensor(labels[order])
seen, names, unseen, truth = x[:1300], y[:1300], x[1300:], y[1300:]

"""

_PGD = """
def pgd(model, x, y, epsilon, steps, lead=False, start=None):
    here = x.clone() if start is None else start
    for _ in range(steps):
        here = here.detach().requires_grad_(True)
        logits = model(here)
        if lead:  # of another class over the right one
            others = logits.scatter(1, y[:, None], -torch.inf).max(1).values
            loss = (others - logits.gather(1, y[:, None])[:, 0]).sum()
        else:
            loss = cross_entropy(logits, y, reduction="sum")
        (slope,) = torch.autograd.grad(loss, here)
        here = here + 2.5 * epsilon / steps * slope.sign()
        here = (x + (here - x).clamp(-epsilon, epsilon)).clamp(0, 1)
    return here.detach()


def right(model, x):
    return round(100 * (model(x).argmax(1) == truth[: len(x)]).float().mean().item(), 1)

"""

_TRAIN = """
for hardening in (0.0, {hardening}):
    generator = torch.Generator().manual_seed({seed})
    model = {network}
    for layer in model:  # as torch does it, from numbers of its own
        for numbers in layer.parameters():
            bound = layer.weight[0].numel() ** -0.5
            nn.init.uniform_(numbers, -bound, bound, generator=generator)
    optimizer = torch.optim.Adam(model.parameters(), {lr})
    for epoch in range({epochs}):
        for rows in torch.randperm(1300, generator=generator).split({batch}):
            images = seen[rows]
            if hardening:  # the digits as an attacker would have them
                {change}
            optimizer.zero_grad()
            cross_entropy(model(images), names[rows]).backward()
            optimizer.step()
    attacked = pgd(model, unseen, truth, {epsilon}, {judge})
    print("trained on", hardening, end=": ")
    print("right", right(model, unseen), "attacked", right(model, attacked))
"""

_CHANGES = """start = images + hardening * (2 * torch.rand(images.shape, generator=generator) - 1)
                start = start.clamp(0, 1)
                images = pgd(model, images, names[rows], hardening, {steps}, start=start)"""
_SIGNS = """signs = torch.randn(images.shape, generator=generator).sign()
                images = (images + hardening * signs).clamp(0, 1)"""

_LOAD = """model = {network}
with np.load("dlviz/data/victims.npz") as stored:
    state = {{key: torch.tensor(stored["{name}." + key]) for key in model.state_dict()}}
model.load_state_dict(state)
"""

_MASKED = """

class Masked(nn.Module):
    def __init__(self, through=False):
        super().__init__()
        self.through = through  # backward, as if nothing were rounded

    def forward(self, x):
{forward}


masked, unseen, truth = Masked(), unseen[:150], truth[:150]
attacks = {{"PGD": pgd(masked, unseen, truth, {epsilon}, 10),
           "from its twin": pgd(model, unseen, truth, {epsilon}, 10),
           "its breaker": pgd({breaker})}}
print("no attack", right(masked, unseen))
for name, attacked in attacks.items():
    print(name, right(masked, attacked))
"""
_FORWARDS = {
    "sharp": "        return {sharpness} * model(x)",
    "quantized": """        rounded = torch.round(x * {gaps}) / {gaps}
        return model(x + (rounded - x).detach() if self.through else rounded)""",
}
_BREAKERS = {
    "sharp": "masked, unseen, truth, {epsilon}, 10, lead=True",
    "quantized": "Masked(through=True), unseen, truth, {epsilon}, 10",
}

_SMOOTH = """
from scipy.special import betaincinv, ndtri

{picture}
generator = torch.Generator().manual_seed({seed})


def votes(copies):
    noise = torch.randn((copies, 1, 8, 8), generator=generator)
    return torch.bincount(model(image + {sigma} * noise).argmax(1), minlength=10)


with torch.no_grad():
    picked, counted = votes({few}).argmax().item(), votes({many})
hits = counted[picked].item()
p = betaincinv(hits, {many} - hits + 1, 0.001) if hits else 0.0  # Clopper and Pearson
print("the vote says", picked, "with p >=", round(p, 4))
print("radius", round(max(0.0, {sigma} * ndtri(p)), 4))
"""


def script(config: DefendConfig) -> str:
    """Return the defense of a Config as a program."""
    network = NETWORKS[config.kind]
    if config.picture in ("training", "price"):
        long = config.picture == "price"
        recipe = RECIPES[config.kind] if long else recipes(config)[1]
        change = _CHANGES.format(steps=recipe.attack_steps) if recipe.attack_steps else _SIGNS
        return _DATA + _PGD + _TRAIN.format(
            network=network.replace("\n", "\n    "), hardening=config.hardening, seed=recipe.seed,
            lr=recipe.lr, epochs=recipe.epochs, batch=recipe.batch_size,
            change=change, epsilon=config.epsilon, judge=10 if long else JUDGE.rounds,
        )  # fmt: skip
    hardened = config.hardened and config.picture == "smoothing"
    name = f"hardened_{config.kind}" if hardened else config.kind
    load = _LOAD.format(network=network, name=name)
    if config.picture == "masking":
        forward = _FORWARDS[config.mask].format(sharpness=config.sharpness, gaps=config.levels - 1)
        breaker = _BREAKERS[config.mask].format(epsilon=config.epsilon)
        masked = _MASKED.format(forward=forward, breaker=breaker, epsilon=config.epsilon)
        return _DATA + load + _PGD + masked.lstrip("\n")
    picture = f"image = unseen[{config.digit}]"
    if config.source == "drawn":
        picture = f'drawing = "{config.drawing or "0" * 64}"\n'
        picture += "image = torch.tensor([int(c, 16) / 15 for c in drawing]).reshape(1, 8, 8)"
    few = config.samples // 10
    return _DATA + load + _SMOOTH.format(picture=picture, seed=config.seed, sigma=config.sigma,
                                         few=few, many=config.samples - few)  # fmt: skip
