"""One step in slow motion is the step that the game makes."""

from dataclasses import replace

import numpy as np
import pytest

from dlviz.gan.compute import GanConfig, slow_motion, train
from dlviz.gan.data import DATA
from dlviz.gan.game import Game
from dlviz.gan.knobs import Knobs
from dlviz.gan.objectives import OBJECTIVES
from dlviz.gan.slow import D_STEPPED, G_TURN, MOMENTS
from dlviz.gan.slow_stage import sentences, slow_scene

FEW = GanConfig(steps=20, hidden_g=(6,), hidden_d=(5,), batch_size=8)


def _field(config, step):
    return train(replace(config, steps=step)).logits[-1]


def test_the_discriminator_before_and_after_its_step_is_that_of_the_game():
    slow = slow_motion(FEW, 7)
    np.testing.assert_allclose(slow.logits[0], _field(FEW, 7), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(slow.logits[-1], _field(FEW, 8), rtol=1e-5, atol=1e-6)
    assert (slow.logits[D_STEPPED - 1] == slow.logits[0]).all()
    assert (slow.logits[D_STEPPED] == slow.logits[-1]).all()


def test_the_losses_and_gradients_are_those_of_autograd():
    import torch

    softplus = torch.nn.functional.softplus
    slow = slow_motion(FEW, 7)
    real, fake = (torch.tensor(a) for a in (slow.on_real, slow.on_fakes))
    before = softplus(-real[0]).mean() + softplus(fake[0]).mean()
    after = softplus(-real[D_STEPPED]).mean() + softplus(fake[D_STEPPED]).mean()
    assert slow.d_loss == pytest.approx((before.item(), after.item()), rel=1e-5)
    trick = softplus(-fake[G_TURN]).mean(), softplus(-fake[-1]).mean()
    assert slow.g_loss == pytest.approx(tuple(t.item() for t in trick), rel=1e-5)
    assert slow.d_loss[1] < slow.d_loss[0]

    knobs = Knobs([FEW])
    game = Game(FEW, knobs, *knobs.initial())
    for _ in range(8):
        game.step()
    one, two = (torch.tensor(m[0].copy()) for m in game.critic.matrices)
    x = torch.tensor(slow.fakes[G_TURN], requires_grad=True)
    hidden = torch.nn.functional.leaky_relu(x @ one[:, :-1].T + one[:, -1], 0.2)
    loss = softplus(-(hidden @ two[:, :-1].T + two[:, -1])).sum()
    (grad,) = torch.autograd.grad(loss, x)
    np.testing.assert_allclose(slow.pull, -grad, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("data", DATA)
def test_every_data_can_be_seen_slowly_with_a_sentence_for_each_moment(data):
    slow = slow_motion(replace(FEW, data=data), 3)
    scene = slow_scene(slow)
    assert scene.frames == MOMENTS == len(sentences(slow))
    assert [scene.caption(i)[:3].rstrip("/") for i in (0, 9)] == ["1/1", "10"]
    assert len(scene.pack()) < 200_000
    fakes = scene.panel("slow").layers[-2]
    assert np.isnan(fakes.xy[0]).any()
    assert np.isfinite(fakes.xy[1]).all()


def test_a_step_that_is_not_there_cannot_be_seen():
    with pytest.raises(ValueError, match="expected 0 <= step <= 20, got 21"):
        slow_motion(FEW, 21)


@pytest.mark.parametrize("loss", OBJECTIVES)
def test_a_discriminator_that_is_no_probability_is_not_said_to_have_logits(loss):
    slow = slow_motion(GanConfig(data="pair", loss=loss, steps=5), 2)
    plane, told = slow_scene(slow).panels
    logistic = loss in ("minimax", "nonsaturating")
    assert ("logit" in told.x.label) is logistic
    assert ("mean logit" in sentences(slow)[2]) is logistic
    assert plane.x.label == "x"
    assert (plane.y.label == "D") is (logistic or loss == "least_squares")
