"""The code panel: the same game in torch, with autograd, as a script that stands alone."""

from dlviz.gan.config import GanConfig, discriminator_of, generator_of
from dlviz.gan.data import source_of

_HEAD = """import numpy as np
import torch
import torch.nn.functional as F

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
seed, batch = {seed}, {batch}
init, data, noise, other = (np.random.default_rng([seed, k]) for k in range(4))


def network(sizes):
    modules = []
    for m, n in zip(sizes, sizes[1:]):
        layer = torch.nn.Linear(m, n)
        gain = 1.0 if len(modules) == 2 * (len(sizes) - 2) else 2.0
        layer.weight.data = torch.tensor(np.sqrt(gain / m) * init.standard_normal((n, m)))
        layer.bias.data.zero_()
        modules += [layer, {units}]
    return torch.nn.Sequential(*modules[:-1])


G, D = network({sizes_g}), network({sizes_d})
{spectral}{optimizers}


{real}

def sample_noise():
    return torch.tensor({noise}).T


"""
_LOOP = """for step in range({steps}):
    for _ in range({k_d}):
        x = sample_data()
        z = sample_noise()
        seen = torch.cat([x, G(z).detach()]){disturb_both}
        {refresh}s_real, s_fake = D(seen).split(batch)
        d_loss = {d_loss}
        total = d_loss{penalties}
        opt_d.zero_grad()
        total.backward()
        opt_d.step(){clip}
    for _ in range({k_g}):
        z = sample_noise()
        {refresh}s_fake = D(G(z){disturb_one})
        g_loss = {g_loss}
        opt_g.zero_grad()
        g_loss.backward()
        opt_g.step()
print(d_loss.item(), g_loss.item())
"""
_MIXTURE = """centers = np.array({centers})


def sample_data():
    chosen = centers[data.integers(len(centers), size=batch)]
    return torch.tensor(chosen + {sd} * data.standard_normal(chosen.shape))

"""
_CURVES = {
    "line": "x, y = 1.4 - 2.8 * t, -0.9 + 1.8 * t",
    "spiral": """radius, angle = 0.25 + 1.25 * np.sqrt(t), 3.5 * np.pi * np.sqrt(t)
    x, y = radius * np.cos(angle), radius * np.sin(angle)""",
    "moons": """upper, angle = t < 0.5, 2 * np.pi * (t % 0.5)
    x = np.where(upper, np.cos(angle), 1 - np.cos(angle)) - 0.5
    y = np.where(upper, np.sin(angle), 0.5 - np.sin(angle)) - 0.25""",
}
_CURVE = """def sample_data():
    t = data.random(batch)
    {curve}
    return torch.tensor(np.stack([x, y], 1) + {sd} * data.standard_normal((batch, 2)))

"""
_SPECTRAL = """

class Spectral(torch.nn.Module):
    # W / sigma, the largest singular value by one power iteration for each use.
    def __init__(self, shape):
        super().__init__()
        self.u = torch.ones(shape[0]) / shape[0] ** 0.5

    def refresh(self, w):
        with torch.no_grad():
            self.v = F.normalize(w.T @ self.u, dim=0, eps=1e-12)
            self.u = F.normalize(w @ self.v, dim=0, eps=1e-12)

    def forward(self, w):
        return w / (self.u @ w @ self.v)


spectral = []
for layer in D:
    if isinstance(layer, torch.nn.Linear):
        norm, weights = Spectral(layer.weight.shape), layer.weight
        for _ in range(20):
            norm.refresh(weights)
        torch.nn.utils.parametrize.register_parametrization(layer, "weight", norm)
        spectral.append((norm, layer.parametrizations.weight))


def refresh():
    for norm, weight in spectral:
        norm.refresh(weight.original)


"""
_R1 = """
        x = seen[:batch].detach().requires_grad_(True)
        (grad,) = torch.autograd.grad(D(x).sum(), x, create_graph=True)
        total = total + {r1} / 2 * grad.square().sum(1).mean()"""
_GP = """
        share = torch.tensor(other.random((1, batch))).T
        between = (share * seen[:batch] + (1 - share) * seen[batch:]).detach().requires_grad_(True)
        (grad,) = torch.autograd.grad(D(between).sum(), between, create_graph=True)
        total = total + 10 * (grad.norm(dim=1) - 1).square().mean()"""
_CLIP = """
        with torch.no_grad():
            for w in D.parameters():
                w.clamp_(-{clip}, {clip})"""
D_LOSSES = {
    "log": "(F.softplus(s_real) - {target} * s_real).mean() + F.softplus(s_fake).mean()",
    "least_squares": "(s_real - {target}).square().mean() / 2 + s_fake.square().mean() / 2",
    "hinge": "F.relu(1 - s_real).mean() + F.relu(1 + s_fake).mean()",
    "wgan": "s_fake.mean() - s_real.mean()",
}
G_LOSSES = {
    "nonsaturating": "-F.logsigmoid(s_fake).mean()",
    "minimax": "F.logsigmoid(-s_fake).mean()",
    "least_squares": "(s_fake - 1).square().mean() / 2",
}
_UNITS = {
    "leaky_relu": "torch.nn.LeakyReLU(0.2)",
    "relu": "torch.nn.ReLU()",
    "tanh": "torch.nn.Tanh()",
}


def script(config: GanConfig) -> str:
    """Return Python text that plays the game and prints the last losses of both batches.

    It draws the same numbers in the same order, so its first steps are those of the page.
    """
    head = _HEAD.format(
        seed=config.seed,
        batch=config.batch_size,
        units=_UNITS[config.units],
        sizes_g=list(generator_of(config).sizes),
        sizes_d=list(discriminator_of(config).sizes),
        spectral=_SPECTRAL if config.spectral else "",
        optimizers=_optimizers(config),
        real=_real(config),
        noise=_noise(config),
    )
    return head + _loop(config)


def _loop(config: GanConfig) -> str:
    smooth = config.loss in ("nonsaturating", "minimax", "least_squares")
    kind = {"nonsaturating": "log", "minimax": "log", "wgan_gp": "wgan"}.get(config.loss)
    d_loss = D_LOSSES[kind or config.loss].format(target=1 - config.smoothing * smooth)
    penalties = _R1.format(r1=config.r1) if config.r1 else ""
    penalties += _GP if config.loss == "wgan_gp" else ""
    return _LOOP.format(
        steps=config.steps,
        k_d=config.k_d,
        k_g=config.k_g,
        refresh="refresh()\n        " if config.spectral else "",
        disturb_both=_disturb(config, "2 * batch"),
        disturb_one=_disturb(config, "batch"),
        d_loss=d_loss,
        g_loss=G_LOSSES.get(config.loss, "-s_fake.mean()"),
        penalties=penalties,
        clip=_CLIP.format(clip=config.clip) if config.loss == "wgan" else "",
    )


def _disturb(config: GanConfig, count: str) -> str:
    if not config.instance_noise:
        return ""
    dim = source_of(config.data, config.points).dim
    drawn = f"torch.tensor(other.standard_normal(({dim}, {count}))).T"
    return f" + {config.instance_noise} * {drawn}"


def _noise(config: GanConfig) -> str:
    shape = f"({config.noise_dim}, batch)"
    drawn = {
        "normal": f"noise.standard_normal({shape})",
        "uniform": f"noise.uniform(-1, 1, {shape})",
    }
    return drawn[config.noise]


def _optimizers(config: GanConfig) -> str:
    rule, more = {
        "adam": ("Adam", f", betas=({config.beta1}, {config.beta2})"),
        "sgd": ("SGD", ""),
        "momentum": ("SGD", f", momentum={config.beta1}"),
        "rmsprop": ("RMSprop", f", alpha={config.beta2}"),
    }[config.optimizer]
    return "\n".join(
        f"opt_{name.lower()} = torch.optim.{rule}({name}.parameters(), lr={lr}{more})"
        for name, lr in (("G", config.lr_g), ("D", config.lr_d))
    )


def _real(config: GanConfig) -> str:
    source = source_of(config.data, config.points)
    if config.data in _CURVES:
        return _CURVE.format(curve=_CURVES[config.data], sd=source.sd)
    return _MIXTURE.format(centers=source.modes.tolist(), sd=source.sd)
