"""Maps of relevance against the papers' examples, axioms, differences and explicit expressions."""

import math

import numpy as np
import pytest
import torch
from scipy.stats import spearmanr
from torch import Tensor, nn

from dlviz.attribution import (
    RULES,
    grad_cam,
    input_x_gradient,
    integrated_gradients,
    lime,
    occlusion,
    randomized,
    rank_correlation,
    saliency,
    smoothgrad,
)
from dlviz.victims import unseen_digits, victim


def some(n: int = 6) -> tuple[Tensor, Tensor]:
    x, y = unseen_digits()
    return x[:n].double(), y[:n]


def cnn() -> nn.Sequential:
    return victim("cnn").double()


class Paper(nn.Module):
    """f(x) = relu(relu(x1) - 1 - relu(x2)), the example of Sundararajan et al., as logit 0."""

    def forward(self, x: Tensor) -> Tensor:
        first, second = x.relu().T
        return torch.stack([(first - 1 - second).relu(), 0 * first], 1)


class Affine(nn.Module):
    """One logit w·x + b of images of any shape, and its negative."""

    def __init__(self, w: Tensor, b: float) -> None:
        super().__init__()
        self.w, self.b = w, b

    def forward(self, x: Tensor) -> Tensor:
        logit = (x * self.w).flatten(1).sum(1) + self.b
        return torch.stack([logit, -logit], 1)


W = torch.randn((1, 8, 8), generator=torch.Generator().manual_seed(3), dtype=torch.float64)


def test_saliency_is_the_slope_by_finite_differences() -> None:
    model, (x, y) = cnn(), some(2)
    x = x + 1e-3  # no pixel on a kink
    found = saliency(model, x, y)
    for pixel in [(0, 0), (2, 3), (5, 4), (7, 7)]:
        nudge = torch.zeros_like(x)
        nudge[:, 0, *pixel] = 1e-6
        rise = (model(x + nudge) - model(x - nudge)).gather(1, y[:, None])[:, 0] / 2e-6
        torch.testing.assert_close(found[:, 0, *pixel], rise, rtol=1e-4, atol=1e-6)
    assert torch.equal(saliency(model, x, y, signed=False), found.abs())
    assert found.min() < 0
    torch.testing.assert_close(input_x_gradient(model, x, y), x * found)


def test_without_a_class_the_predicted_one_is_explained() -> None:
    model, (x, _) = cnn(), some()
    predicted = model(x).argmax(1)
    torch.testing.assert_close(saliency(model, x), saliency(model, x, predicted))
    torch.testing.assert_close(saliency(model, x, 3), saliency(model, x, torch.full((6,), 3)))


def test_of_a_linear_model_every_method_gives_the_weights() -> None:
    model, (x, _) = Affine(W, 0.7), some()
    torch.testing.assert_close(saliency(model, x, 0), W.expand_as(x))
    torch.testing.assert_close(smoothgrad(model, x, 0, samples=3), W.expand_as(x))
    torch.testing.assert_close(integrated_gradients(model, x, 0, steps=3)[0], W * x)
    torch.testing.assert_close(occlusion(model, x, 0, window=1), W * x)


def test_integrated_gradients_of_the_papers_example() -> None:
    x = torch.tensor([[3.0, 1.0]], dtype=torch.float64)
    found = integrated_gradients(Paper(), x, 0, steps=1000, rule="midpoint")
    # From 0 to (3, 1), f = relu(2 t - 1): the slope (1, -1) counts for t in [1/2, 1].
    torch.testing.assert_close(found.attributions, torch.tensor([[1.5, -0.5]], dtype=torch.float64))
    assert found.error.abs().item() < 1e-9


@pytest.mark.parametrize("rule", RULES)
def test_integrated_gradients_are_complete_the_better_the_more_points(rule: str) -> None:
    model, (x, y) = cnn(), some()
    for baseline in (0.0, 1.0, x.flip(0)):
        found = integrated_gradients(model, x, y, baseline, steps=400, rule=rule)
        start = torch.as_tensor(baseline, dtype=x.dtype).expand_as(x)
        gap = (model(x) - model(start)).gather(1, y[:, None])[:, 0]
        torch.testing.assert_close(found.attributions.flatten(1).sum(1) - found.error, gap)
        assert found.error.abs().max() < 0.01 * gap.abs().mean() + 0.02


def test_each_rule_is_exact_for_what_it_should_be() -> None:
    class Power(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return torch.stack([(x**4).sum(1), 0 * x.sum(1)], 1)

    x = torch.ones((1, 1), dtype=torch.float64)
    # The slope along the way is 4 t^3; its sums with 2 points, by hand.
    by_hand = {"gauss": 0.0, "midpoint": 4 * (1 / 64 + 27 / 64) / 2 - 1, "left": 4 / 8 / 2 - 1,
               "right": 4 * (1 / 8 + 1) / 2 - 1, "trapezoid": 4 / 2 - 1}  # fmt: skip
    for rule, error in by_hand.items():
        found = integrated_gradients(Power(), x, 0, steps=2, rule=rule)
        assert found.error.item() == pytest.approx(error, abs=1e-12)


def test_smoothgrad_is_the_mean_of_gradients_and_without_noise_the_gradient() -> None:
    model, (x, y) = cnn(), some(3)
    torch.testing.assert_close(smoothgrad(model, x, y, noise=0, samples=2), saliency(model, x, y))
    found, generator = smoothgrad(model, x, y, noise=0.2, samples=4, seed=9), torch.Generator()
    generator.manual_seed(9)
    noisy = [x + 0.2 * torch.randn(x.shape, generator=generator).double() for _ in range(4)]
    torch.testing.assert_close(found, sum(saliency(model, each, y) for each in noisy) / 4)


def test_occlusion_is_the_mean_fall_of_all_windows_on_a_pixel() -> None:
    model, (x, y) = cnn(), some(2)
    found = occlusion(model, x, y, window=3, baseline=0.2)
    before = model(x).gather(1, y[:, None])[:, 0]
    for row, column in [(0, 0), (3, 4), (7, 2)]:
        falls = []
        for top in range(max(0, row - 2), min(5, row) + 1):
            for left in range(max(0, column - 2), min(5, column) + 1):
                covered = x.clone()
                covered[..., top : top + 3, left : left + 3] = 0.2
                falls.append(before - model(covered).gather(1, y[:, None])[:, 0])
        torch.testing.assert_close(found[:, 0, row, column], torch.stack(falls).mean(0))


def test_occlusion_with_long_strides_covers_every_pixel() -> None:
    model, (x, y) = cnn(), some(2)
    assert occlusion(model, x, y, window=3, stride=3).isfinite().all()


@pytest.mark.parametrize("patch", [1, 2, 4])
def test_lime_on_a_linear_model_recovers_it(patch: int) -> None:
    x, _ = some(3)
    found = lime(Affine(W, 0.7), x, 0, patch=patch, baseline=0.1, samples=300)
    # A patch left in changes the logit by the sum of w (x - baseline) over it.
    gains = nn.functional.avg_pool2d(W * (x - 0.1), patch)[:, 0] * patch**2
    torch.testing.assert_close(found.weights, gains, rtol=1e-5, atol=1e-6)
    base = 0.7 + 0.1 * W.sum()
    torch.testing.assert_close(found.intercept, base.expand(3), rtol=1e-5, atol=1e-6)
    assert found.fit.min() > 1 - 1e-6
    torch.testing.assert_close(found.on_pixels(patch).sum((1, 2, 3)), gains.sum((1, 2)))


def test_lime_is_the_weighted_least_squares_of_its_trials() -> None:
    class Product(nn.Module):  # of the two patches' brightness: no linear model
        def forward(self, x: Tensor) -> Tensor:
            left, right = x[..., :2].mean((1, 2, 3)), x[..., 2:].mean((1, 2, 3))
            return torch.stack([left * right, 0 * left], 1)

    x = torch.ones((1, 1, 2, 4), dtype=torch.float64)
    found = lime(Product(), x, 0, patch=2, samples=4000, width=0.5)
    # Both in: 1, near 1. One in: 0, near e^-1. None: 0, near e^-4; each a quarter of the trials.
    near = np.exp(-(np.array([0, 0.5, 0.5, 1]) ** 2) / 0.25)
    design = np.array([[1, 1, 1], [1, 0, 1], [0, 1, 1], [0, 0, 1]])
    expected = np.linalg.solve(design.T * near @ design, design.T * near @ [1, 0, 0, 0])
    np.testing.assert_allclose(found.weights.flatten().numpy(), expected[:2], atol=0.05)
    answers = np.array([1, 0, 0, 0])
    mean = near @ answers / near.sum()
    fit = 1 - near @ (answers - design @ expected) ** 2 / (near @ (answers - mean) ** 2)
    assert found.fit.item() == pytest.approx(fit, abs=0.01)


def test_grad_cam_is_written_out() -> None:
    model, (x, y) = cnn(), some(3)
    first, rest = model[:4], model[4:]
    maps = first(x).detach().requires_grad_(True)
    (slopes,) = torch.autograd.grad(rest(maps).gather(1, y[:, None]).sum(), maps)
    expected = torch.einsum("nc,nchw->nhw", slopes.mean((2, 3)), maps)[:, None]
    found = grad_cam(model, model[3], x, y, relu=False)
    torch.testing.assert_close(found, expected)
    assert found.min() < 0
    assert torch.equal(grad_cam(model, model[3], x, y), found.clamp(min=0))
    assert grad_cam(model, model[4], x, y).shape == (3, 1, 4, 4)
    assert grad_cam(model, model[4], x, y, upsample=True).shape == x.shape
    assert not model[3]._forward_hooks


def test_grad_cam_refuses_a_layer_without_maps() -> None:
    model, (x, y) = cnn(), some(1)
    for layer in (model[6], nn.Conv2d(1, 1, 1)):
        with pytest.raises(ValueError, match="expected a layer of the model that puts out maps"):
            grad_cam(model, layer, x, y)


def test_two_networks_with_the_same_function_get_the_same_maps() -> None:
    # relu(-(-z)) twice, and weights scaled through a ReLU: other layers, the same outputs.
    model, (x, y) = victim("mlp").double(), some()
    twin = victim("mlp").double()
    twin[1].weight *= 3
    twin[1].bias *= 3
    twin[3].weight /= 3
    torch.testing.assert_close(model(x), twin(x))
    torch.testing.assert_close(saliency(model, x, y), saliency(twin, x, y))
    a, b = (integrated_gradients(each, x, y, steps=20)[0] for each in (model, twin))
    torch.testing.assert_close(a, b)


def test_maps_of_a_network_that_forgot_are_other_maps() -> None:
    model, (x, y) = cnn(), some(20)
    before = {name: p.clone() for name, p in model.named_parameters()}
    forgot = randomized(model, seed=1)
    for name, p in model.named_parameters():
        assert torch.equal(p, before[name])
        shuffled = dict(forgot.named_parameters())[name]
        assert torch.equal(shuffled.flatten().sort().values, p.flatten().sort().values)
    alike = rank_correlation(
        saliency(model, x, y, signed=False), saliency(forgot, x, y, signed=False)
    )
    assert alike.mean() < 0.6
    last = randomized(model, seed=1, layers=1)
    assert torch.equal(last[0].weight, model[0].weight)
    assert not torch.equal(last[6].weight, model[6].weight)


def test_rank_correlation_is_spearmans() -> None:
    generator = torch.Generator().manual_seed(0)
    a = torch.randint(5, (4, 1, 3, 4), generator=generator).double()  # with ties
    b = torch.randn((4, 1, 3, 4), generator=generator, dtype=torch.float64)
    for i, found in enumerate(rank_correlation(a, b)):
        expected = spearmanr(a[i].flatten(), b[i].flatten()).statistic
        assert found.item() == pytest.approx(expected, abs=1e-9)


def test_bad_arguments_are_one_sentence() -> None:
    model, (x, y) = cnn(), some(1)
    with pytest.raises(ValueError, match="expected rule in gauss, midpoint"):
        integrated_gradients(model, x, y, rule="simpson")
    with pytest.raises(ValueError, match="expected 1 <= window <= 8, got 9"):
        occlusion(model, x, y, window=9)
    with pytest.raises(ValueError, match="expected a patch that divides 8 x 8, got 3"):
        lime(model, x, y, patch=3)
    with pytest.raises(ValueError, match="expected 17 <= samples <= 100000, got 5"):
        lime(model, x, y, patch=2, samples=5)
    with pytest.raises(ValueError, match=r"expected images \(n, channels, height, width\)"):
        occlusion(model, x.flatten(1), y)
    assert math.isnan(integrated_gradients(model, x * math.nan, y).error.item())
