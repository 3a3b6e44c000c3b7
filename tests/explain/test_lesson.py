"""What the lesson claims, computed without the lab: plain torch on the shipped networks, numpy."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from scipy.stats import spearmanr

from dlviz.attribution import randomized
from dlviz.explain.compute import ExplainConfig, facts
from dlviz.explain.lesson import LESSON
from dlviz.torch_threads import one_thread
from dlviz.victims import unseen_digits, victim

X, Y = (each[1:2] for each in unseen_digits())
CNN = victim("cnn")


@pytest.fixture(autouse=True)
def _alone():
    with one_thread():
        yield


def slope(model, x):
    leaf = x.clone().requires_grad_(True)
    return torch.autograd.grad(model(leaf)[:, 7].sum(), leaf)[0]


def integrated(steps, start=0.0):
    begin = torch.full_like(X, start)
    places = ((torch.arange(steps) + 0.5) / steps)[:, None, None, None]
    return (X - begin) * slope(CNN, begin + places * (X - begin)).mean(0, keepdim=True)


def rise(start=0.0):
    return float(CNN(X)[0, 7] - CNN(torch.full_like(X, start))[0, 7])


def spearman(a, b):
    return spearmanr(a.abs().flatten().numpy(), b.abs().flatten().numpy()).statistic


def noisy_mean(noise):
    generator = torch.Generator().manual_seed(0)
    copies = [X + noise * torch.randn(X.shape, generator=generator) for _ in range(32)]
    return slope(CNN, torch.cat(copies)).mean(0, keepdim=True)


def cam():
    maps = CNN[:5](X).detach().requires_grad_(True)
    (slopes,) = torch.autograd.grad(CNN[5:](maps)[0, 7], maps)
    return (slopes.mean((2, 3), keepdim=True) * maps).sum(1).detach()


def erased(order, count):
    gone = X.clone().flatten()
    gone[order[:count]] = 0
    return float(CNN(gone.reshape(X.shape))[0, 7])


def by(found):
    return found.flatten().argsort(descending=True, stable=True)


def check_answer():
    order = CNN(X)[0].argsort(descending=True)
    assert order[:2].tolist() == [7, 3] and int(Y) == 7


def check_size():
    found = slope(CNN, X)
    assert found.min() < 0 < found.max()  # what speaks against it is there
    assert facts(ExplainConfig(method="size"))["against"] == 0


def check_complete():
    few, many = (float(integrated(n).sum()) - rise() for n in (4, 100))
    assert abs(few) > 0.02 * rise() > abs(many)
    ups = [abs(float(integrated(n).sum()) - rise()) for n in (2, 3, 4, 5, 6, 8, 10)]
    assert any(after > before for before, after in pairwise(ups))
    found = facts(ExplainConfig(steps=4))
    assert found["error"] == pytest.approx(few, abs=1e-3)
    assert found["complete"] == "no"


def check_baseline():
    empty = X == 0
    assert (integrated(20)[empty] == 0).all()
    gray = integrated(20, 0.5)
    share = float(gray[empty].abs().sum() / gray.abs().sum())
    assert share > 0.5
    assert facts(ExplainConfig(baseline=0.5))["blank"] == pytest.approx(100 * share, abs=0.1)


def check_smooth():
    like = [spearman(noisy_mean(noise), slope(CNN, X)) for noise in (0.1, 0.3, 1.0)]
    assert like[0] > like[1] > like[2]
    assert facts(ExplainConfig(noise=0.3))["smooth_alike"] == pytest.approx(like[1], abs=1e-3)


def check_trials():
    # The plane's R², from the very trials, by a weighted regression of numpy's.
    generator = torch.Generator().manual_seed(0)
    kept = torch.randint(2, (250, 16), generator=generator).float()
    kept[0] = 1
    mask = kept.reshape(250, 1, 4, 4).repeat_interleave(2, 2).repeat_interleave(2, 3)
    answers = CNN(mask * X)[:, 7].double().numpy()
    near = np.exp(-((1 - kept.mean(1).numpy()) ** 2) / 0.25**2).astype(float)
    design = np.column_stack([kept.numpy(), np.ones(250)]) * np.sqrt(near)[:, None]
    fitted = np.linalg.lstsq(design, answers * np.sqrt(near), rcond=None)[0]
    missed = near @ (answers - np.column_stack([kept.numpy(), np.ones(250)]) @ fitted) ** 2
    spread = near @ (answers - near @ answers / near.sum()) ** 2
    assert facts(ExplainConfig())["fit"] == pytest.approx(1 - missed / spread, abs=1e-3)
    assert 1 - missed / spread > 0.95


def check_regions():
    assert float(cam().relu().sum()) == 0
    assert facts(ExplainConfig(layer="pooled"))["cam_against"] == 100
    assert CNN(X).softmax(1)[0, 7] > 0.99


def check_sanity():
    forgot = randomized(CNN, 0, 3)
    products = spearman(X * slope(CNN, X), X * slope(forgot, X))
    gradients = spearman(slope(CNN, X), slope(forgot, X))
    assert products == pytest.approx(0.9, abs=0.01) and abs(gradients) < 0.2
    found = facts(ExplainConfig(forgotten=3))
    assert found["product_alike"] == pytest.approx(products, abs=0.01)
    assert found["gradient_alike"] == pytest.approx(gradients, abs=0.01)
    assert found["product_changes"] == "no"


def check_erase():
    coins = [torch.randperm(64, generator=torch.Generator().manual_seed(i)) for i in range(40)]
    gone = {}
    for name, found in {"integrated": integrated(20), "gradient": slope(CNN, X)}.items():
        order = by(found)
        gone[name] = next(n for n in range(65) if erased(order, n) < 0)
    assert gone["integrated"] <= gone["gradient"] < 10
    chance = np.mean([erased(order, 16) for order in coins])
    stretched = torch.nn.functional.interpolate(cam_of_second()[None], (8, 8), mode="bilinear")
    assert erased(by(stretched), 16) > chance > erased(by(slope(CNN, X)), 16)


def cam_of_second():
    maps = CNN[:4](X).detach().requires_grad_(True)
    (slopes,) = torch.autograd.grad(CNN[4:](maps)[0, 7], maps)
    return (slopes.mean((2, 3), keepdim=True) * maps).sum(1).detach()


def check_distractor():
    rng = np.random.default_rng(7)
    y, noise = rng.standard_normal((2, 300))
    weights = np.linalg.lstsq(np.column_stack([y + noise, noise]), y, rcond=None)[0]
    np.testing.assert_allclose(weights, [1, -1], atol=1e-9)
    found = facts(ExplainConfig(picture="distractor"))
    assert (found["weight_1"], found["weight_2"]) == (1, -1)
    assert abs(found["correlation_2"]) < 0.12  # two sigma of nothing


CHECKS = {
    "answer": check_answer,
    "size": check_size,
    "complete": check_complete,
    "baseline": check_baseline,
    "smooth": check_smooth,
    "trials": check_trials,
    "regions": check_regions,
    "sanity": check_sanity,
    "erase": check_erase,
    "distractor": check_distractor,
    "forgets": check_sanity,
    "useless": check_distractor,
    "adds-up": check_complete,
}


@pytest.mark.parametrize("item", [*LESSON.scenes, *LESSON.predictions], ids=lambda i: i.slug)
def test_what_is_said_holds_without_the_lab(item) -> None:
    CHECKS[item.slug]()


def test_the_answers_to_the_questions() -> None:
    answers = {q.slug: q.answer(facts(ExplainConfig(**q.settings))) for q in LESSON.predictions}
    assert answers == {"forgets": 1, "useless": 1, "adds-up": 1}


@pytest.mark.parametrize("challenge", LESSON.challenges, ids=lambda c: c.slug)
def test_a_solution_meets_its_goal_and_the_default_does_not(challenge) -> None:
    assert challenge.is_met(facts(ExplainConfig(**challenge.solution)))
    assert not challenge.is_met(facts(ExplainConfig()))
