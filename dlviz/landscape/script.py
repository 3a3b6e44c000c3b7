"""The code panel: the same surface with PyTorch, in a program that stands alone."""

from dlviz.landscape.config import SAMPLES, LandscapeConfig
from dlviz.landscape.surveys import FRAMES, Branch
from dlviz.rule_text import maker

# Each data set as its recipe in ``dlviz.toys`` draws it.
_DATA = {
    "circle": """place, jitter = np.random.default_rng(seed).spawn(2)
share, turn = place.random((n, 2)).T
radius = np.where(np.arange(n) % 2 == 0, 2.5 * share, 3.5 + 1.5 * share)
x = np.column_stack([radius * np.sin(2 * np.pi * turn), radius * np.cos(2 * np.pi * turn)])
y = np.hypot(*(x + noise * jitter.uniform(-5, 5, (n, 2))).T) < 2.5""",
    "xor": """place, jitter = np.random.default_rng(seed).spawn(2)
x = place.uniform(-5, 5, (n, 2))
x += np.where(x > 0, 0.3, -0.3)
y = (x + noise * jitter.uniform(-5, 5, (n, 2))).prod(axis=1) >= 0""",
    "gauss": """y = np.arange(n) % 2
spread = np.sqrt(0.5 + 7 * noise)
x = np.array([(-2, -2), (2, 2)])[y] + spread * np.random.default_rng(seed).normal(size=(n, 2))""",
    "spiral": """y = 1 - np.arange(n) % 2
along = np.arange(n) // 2 / (n / 2)
angle = 2 * np.pi * (1.75 * along + np.where(y == 1, 0, 0.5))
x = 5 * along[:, None] * np.column_stack([np.sin(angle), np.cos(angle)])
x += noise * np.random.default_rng(seed).uniform(-1, 1, (n, 2))""",
    "moons": """place, jitter = np.random.default_rng(seed).spawn(2)
y = np.arange(n) % 2
angle = np.pi * place.random(n)
upper = np.column_stack([np.cos(angle), np.sin(angle)])
arcs = np.where(y[:, None] == 0, upper, [1, 0.5] - upper) - [0.5, 0.25]
x = 3 * (arcs + noise * jitter.normal(size=(n, 2)))""",
}
_INIT = {
    "relu": "rng.normal(0, (2 / fan_in) ** 0.5, (fan_out, fan_in))",  # He et al. 2015
    "tanh": "rng.uniform(-1, 1, (fan_out, fan_in)) * (6 / (fan_in + fan_out)) ** 0.5",  # Glorot
}
_DIRECTIONS = {
    "path": """# The plane: the two directions in which training moved most.
directions = torch.linalg.svd(way - center, full_matrices=False).Vh[:2]
path = (way - center) @ directions.T
reach = {extent!r} * 1.15 * path.abs().amax(0)
reach[1] = max(reach[1], 0.3 * reach[0])
""",
    "random": """# The plane: two random directions; as long as the weights, unit by unit.
drawn = torch.tensor(np.random.default_rng(({direction_seed}, 7)).normal(size=(2, len(center))))
for direction in drawn:
    for mine, theirs in zip(matrices(direction), matrices(center)):
        mine[:, -1] = 0  # biases are left alone
        mine *= theirs[:, :-1].norm(dim=1, keepdim=True) / mine.norm(dim=1, keepdim=True)
directions = drawn
path = torch.linalg.lstsq(directions.T, (way - center).T).solution.T
reach = torch.full((2,), {extent!r}, dtype=torch.float64)
""",
    "raw": """# The plane: two random directions as they are drawn.
drawn = torch.tensor(np.random.default_rng(({direction_seed}, 7)).normal(size=(2, len(center))))
for direction in drawn:
    for mine in matrices(direction):
        mine[:, -1] = 0  # biases are left alone
directions = drawn
path = torch.linalg.lstsq(directions.T, (way - center).T).solution.T
reach = torch.full((2,), {extent!r}, dtype=torch.float64)
""",
}
_FRAME = """import numpy as np
import torch

n, noise, seed, steps = {samples}, {noise!r}, {seed}, {steps}
{data}
x, t = torch.tensor(x.T), torch.tensor(y, dtype=torch.float64)
sizes = {sizes}
blocks = [(fan_out, fan_in + 1) for fan_in, fan_out in zip(sizes, sizes[1:])]


def matrices(flat):  # weights with the biases as last column, of each layer
    parts = flat.split([rows * columns for rows, columns in blocks])
    return [part.view(block) for part, block in zip(parts, blocks)]


def loss(flat):
    a = x
    for i, matrix in enumerate(matrices(flat)):
        z = matrix[:, :-1] @ a + matrix[:, -1:]
        a = {answer}
    return torch.nn.functional.binary_cross_entropy_with_logits(z[0], t)


layers = []
for i, (fan_in, fan_out) in enumerate(zip(sizes, sizes[1:])):
    rng = np.random.default_rng([seed, i])
    weights = {init}
    layers.append(np.column_stack([weights, np.zeros(fan_out)]).ravel())
w = torch.tensor(np.concatenate(layers), requires_grad=True)

stops = set(np.linspace(0, steps, {frames}).round().astype(int).tolist())  # what is kept
way = [w.detach().clone()]
lr = {lr!r}
optimizer = torch.optim.{optimizer}
for step in range(1, steps + 1):
{branch}    optimizer.zero_grad()
    loss(w).backward()
    optimizer.step()
    if step in stops:
        way.append(w.detach().clone())
way = torch.stack(way)
{rescale}center = way[-1]

{directions}
places = torch.linspace(-1, 1, {resolution}, dtype=torch.float64)
surface = torch.tensor(
    [
        [loss(center + a * reach[0] * directions[0] + b * reach[1] * directions[1]) for a in places]
        for b in places
    ]
)  # row 0 is the lowest b
explained = ((path @ directions) ** 2).sum() / ((way - center) ** 2).sum()
curvatures = torch.linalg.eigvalsh(torch.autograd.functional.hessian(loss, center))
print(f"trained {{loss(center):.9g}}, on the plane {{surface.min():.9g}} to {{surface.max():.9g}}")
print(f"the plane holds {{100 * explained:.9g}} % of the way")
print(f"curvatures from {{curvatures[0]:.9g}} to {{curvatures[-1]:.9g}}")
"""
_BRANCH = """    if step == {next}:  # from here on with other settings
        lr = {lr!r}
        {change}
"""
_RESCALE = """for first, second, *_ in map(matrices, way):  # the network computes the same
    first *= {rescale!r}
    second[:, :-1] /= {rescale!r}
"""


def script(config: LandscapeConfig, branch: Branch | None = None) -> str:
    """Return Python text that trains the network, measures the surface and prints what it is.

    Parameters
    ----------
    branch : the step, and the settings up to there
    """
    begun = branch[1] if branch else config
    rescaled = config.rescale != 1 and config.can_be_rescaled
    answer = f"torch.{config.activation}(z)"
    if config.skip:
        answer = f"a + {answer} if 0 < i < len(blocks) - 1 else {answer}"
    return _FRAME.format(
        samples=SAMPLES,
        noise=config.noise,
        seed=config.seed,
        steps=config.steps,
        data=_DATA[config.dataset],
        sizes=[2, *[config.width] * config.depth, 1],
        answer=answer,
        init=_INIT[config.activation],
        frames=FRAMES + 1,
        lr=begun.lr,
        optimizer=_rule(begun.optimizer),
        branch=_branch(config, branch) if branch else "",
        rescale=_RESCALE.format(rescale=config.rescale) if rescaled else "",
        directions=_DIRECTIONS[config.directions].format(
            extent=config.extent, direction_seed=config.direction_seed
        ),
        resolution=config.resolution,
    )


def _rule(optimizer: str) -> str:
    return maker(optimizer, momentum=0.9, beta2=0.999)


def _branch(config: LandscapeConfig, branch: Branch) -> str:
    step, trunk = branch
    same = config.optimizer == trunk.optimizer
    change = 'optimizer.param_groups[0]["lr"] = lr' if same else (
        f"optimizer = torch.optim.{_rule(config.optimizer)}")  # fmt: skip
    return _BRANCH.format(next=step + 1, lr=config.lr, change=change)
