"""The script of the code panel, torch with autograd, is the oracle of the game by hand."""

import contextlib
import io
from copy import copy
from dataclasses import replace

import numpy as np
import pytest

from dlviz.gan.config import LOSSES, GanConfig
from dlviz.gan.data import DATA
from dlviz.gan.game import Game
from dlviz.gan.knobs import Knobs
from dlviz.gan.picture_config import PictureConfig
from dlviz.gan.picture_game import PictureGame
from dlviz.gan.picture_script import picture_script
from dlviz.gan.script import script

FEW = GanConfig(steps=6, hidden_g=(7, 5), hidden_d=(6, 4), batch_size=9, seed=3)


def _torch(config: GanConfig) -> list[float]:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(script(config), {"__name__": "script"})
    return [float(word) for word in said.getvalue().split()]


def _ours(config: GanConfig) -> list[float]:
    """Play, and return the losses on the last batches, each before its last update."""
    knobs = Knobs([config])
    game = Game(config, knobs, *knobs.initial())
    blame = {}
    for name in ("blame_critic", "blame_generator"):
        plain = getattr(game, name)
        setattr(game, name, lambda plain=plain, name=name: blame.update({name: plain()}))
    for _ in range(config.steps):
        game.step()
    return [float(blame[name][0]) for name in ("blame_critic", "blame_generator")]


@pytest.fixture(autouse=True)
def torch_as_it_was():
    import torch

    before = torch.get_default_dtype(), torch.get_num_threads()
    yield
    torch.set_default_dtype(before[0])
    torch.set_num_threads(before[1])


@pytest.mark.parametrize("units", ["leaky_relu", "tanh"])
@pytest.mark.parametrize("r1", [0.0, 0.7])
@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_and_penalty_is_that_of_autograd(loss, r1, units):
    config = replace(FEW, loss=loss, r1=r1, units=units, lr_g=0.01, lr_d=0.02)
    np.testing.assert_allclose(_ours(config), _torch(config), rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize(
    "settings",
    [
        {"spectral": True},
        {"spectral": True, "r1": 0.5, "units": "tanh"},
        {"spectral": True, "loss": "wgan_gp"},
        {"instance_noise": 0.4, "r1": 0.5},
        {"instance_noise": 0.4, "loss": "wgan_gp"},
        {"smoothing": 0.1},
        {"smoothing": 0.2, "loss": "least_squares"},
        {"k_d": 3, "k_g": 2},
        {"noise": "uniform", "noise_dim": 1},
        {"units": "relu", "beta1": 0.0, "beta2": 0.9},
        {"optimizer": "sgd", "lr_g": 0.1, "lr_d": 0.1},
        {"optimizer": "momentum"},
        {"optimizer": "rmsprop", "beta2": 0.9},
        {"hidden_g": (), "hidden_d": ()},
        {"hidden_g": (), "hidden_d": (5,), "r1": 1.0, "units": "tanh"},
    ],
    ids=str,
)
def test_every_setting_is_that_of_torch(settings):
    config = replace(FEW, **settings)
    np.testing.assert_allclose(_ours(config), _torch(config), rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("data", DATA)
def test_all_data_are_drawn_alike(data):
    config = replace(FEW, data=data, steps=3)
    np.testing.assert_allclose(_ours(config), _torch(config), rtol=1e-9, atol=1e-11)


PAINTED = PictureConfig(steps=4, hidden=12, noise_dim=5, batch_size=16, seed=2)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"pictures": "printed"},
        {"conditional": True},
        {"batch_norm": False, "dropout": 0.0},
        {"pictures": "printed", "conditional": True, "loss": "hinge", "lr_g": 0.01},
        {"loss": "minimax", "dropout": 0.6},
        {"loss": "least_squares", "seed": 5},
        {"average": 0.0},
    ],
    ids=str,
)
def test_pictures_are_learned_as_in_torch(settings):
    config = replace(PAINTED, **settings)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(picture_script(config), script := {"__name__": "script"})
    game = PictureGame(config)
    for _ in range(config.steps):
        game.step()
    theirs = [float(word) for word in said.getvalue().split()]
    np.testing.assert_allclose(game.losses, theirs, rtol=2e-4)  # float32 on either side
    averages = [mean.numpy().T for mean in script["average"]]
    parts = [part for i in range(3) for part in _without_idle(game.generator, i, game.average)]
    for ours, theirs in zip(parts, averages, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-5)


def _without_idle(net, i, flat):
    """Return the parts of layer i of an average, but for a bias before batch norm."""
    shown = copy(net)
    shown.put(flat)
    w, b, *scaling = shown.layer(i)
    return [w, *scaling] if scaling else [w, b]
