"""The code panel of GANs of pictures: the same training in torch, as a script that stands alone."""

from dlviz.gan.picture_config import PictureConfig
from dlviz.gan.picture_game import drawn_side
from dlviz.gan.script import D_LOSSES, G_LOSSES
from dlviz.picture_sets import PICTURE_SETS

_DIGITS = """from sklearn.datasets import load_digits

data = load_digits()
split = np.random.default_rng(20)  # a fifth of each class is for the test
test = np.zeros(len(data.target), bool)
for label in range(10):
    members = np.flatnonzero(data.target == label)
    test[split.choice(members, len(members) // 5, replace=False)] = True
x, y = (data.data[~test] / 16).astype(np.float32), data.target[~test]
"""
_OTHERS = """from dlviz.picture_sets import pictures  # run it in dlviz's folder

data = pictures({name!r})
x, y = data.x.reshape(len(data.x), -1), data.y
"""
_ENLARGED = """.view(-1, 1, {drawn}, {drawn})
    drawn = F.interpolate(drawn, scale_factor=2, mode="bilinear").flatten(1)"""
_SCRIPT = """import numpy as np
import torch
import torch.nn.functional as F
{data}
torch.set_num_threads(1)
init, rng = (np.random.default_rng([{seed}, k]) for k in (0, 1))
batch, hidden, dropout, told = {batch}, {hidden}, {dropout}, {told}


def network(*sizes, norm, unit):
    modules = []
    for m, n in zip(sizes, sizes[1:]):
        last = len(modules) == 2
        layer = torch.nn.Linear(m, n, bias=last or not norm)
        layer.weight.data = torch.tensor(init.standard_normal((m, n)) * np.sqrt(2 / m)).T.float()
        if layer.bias is not None:
            layer.bias.data.zero_()
        inner = [torch.nn.BatchNorm1d(n) if norm else torch.nn.Identity(), unit]
        modules.append(torch.nn.Sequential(layer, *([] if last else inner)))
    return torch.nn.ModuleList(modules)


nets = (
    network({noise} + told, hidden, hidden, {pixels}, norm={norm}, unit=torch.nn.ReLU()),
    network(x.shape[1] + told, hidden, hidden, 1, norm=False, unit=torch.nn.LeakyReLU(0.2)),
)


def tell(values, labels):  # the class beside the values, where both players are told
    return torch.cat([values, torch.eye(10)[labels]], 1) if told else values


def noise(labels):
    return tell(torch.tensor(rng.standard_normal((batch, {noise}), np.float32)), labels)


def G(z):
    one, two, three = nets[0]
    drawn = three(two(one(z))){enlarge}
    return torch.sigmoid(drawn)


def D(seen):
    one, two, three = nets[1]
    masks = [1, 1]
    if dropout:
        drawn = [rng.random((len(seen), hidden), np.float32) for _ in range(2)]
        masks = [torch.tensor((each >= dropout) / np.float32(1 - dropout)) for each in drawn]
    return three(two(one(seen) * masks[0]) * masks[1])


opt_g, opt_d = (
    torch.optim.Adam(net.parameters(), lr=lr, betas=(0.5, 0.999))
    for net, lr in zip(nets, ({lr_g}, {lr_d}))
)
average = [w.detach().clone() for w in nets[0].parameters()]  # of G: what is shown
for step in range({steps}):
    chosen = rng.integers(len(x), size=batch)
    labels = torch.tensor(y[chosen])
    real, fakes = torch.tensor(x[chosen]), G(noise(labels)).detach()
    s_real, s_fake = D(torch.cat([tell(real, labels), tell(fakes, labels)])).split(batch)
    d_loss = {d_loss}
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    s_fake = D(tell(G(noise(labels)), labels))
    g_loss = {g_loss}
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    for mean, w in zip(average, nets[0].parameters()):
        mean.lerp_(w.detach(), {forget})  # {average} of it is kept
print(d_loss.item(), g_loss.item())
"""


def picture_script(config: PictureConfig) -> str:
    """Return Python text that trains a GAN of pictures and prints both losses of the last batch.

    It draws the same numbers in the same order, so its first steps are those of the page.
    """
    name, side = config.pictures, PICTURE_SETS[config.pictures].size
    drawn = drawn_side(side)
    return _SCRIPT.format(
        data=_DIGITS if name == "digits" else _OTHERS.format(name=name),
        seed=config.seed,
        batch=config.batch_size,
        hidden=config.hidden,
        dropout=config.dropout,
        told=10 * config.conditional,
        noise=config.noise_dim,
        pixels=drawn * drawn,
        norm=config.batch_norm,
        enlarge=_ENLARGED.format(drawn=drawn) if drawn < side else "",
        lr_g=config.lr_g,
        lr_d=config.lr_d,
        steps=config.steps,
        average=config.average,
        forget=1 - config.average,
        d_loss=D_LOSSES[_KIND.get(config.loss, config.loss)].format(target=1),
        g_loss=G_LOSSES.get(config.loss, "-s_fake.mean()"),
    )


_KIND = {"nonsaturating": "log", "minimax": "log"}
