"""Exact class regions against torch, points, fractions of the dense engine, and a fine grid."""

from copy import deepcopy

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from dlviz import class_regions as engine
from dlviz.class_regions import ClassRegions, class_regions, class_regions_steps
from dlviz.regions import Plane, linear_regions
from dlviz.victims import unseen_digits, victim

SHAPE = (2, 9, 9)
NETWORKS = {
    "pooled": lambda: [
        nn.Conv2d(2, 5, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(5, 6, 3), nn.ReLU(),
        nn.Flatten(), nn.Linear(24, 4),
    ],
    "pooled before the relu": lambda: [
        nn.Conv2d(2, 4, 2), nn.MaxPool2d(2), nn.ReLU(), nn.Flatten(), nn.Linear(64, 12), nn.ReLU(),
        nn.Linear(12, 3),
    ],
    "of maxima alone": lambda: [
        nn.Conv2d(2, 3, 3), nn.MaxPool2d(3, 2), nn.Conv2d(3, 4, 2), nn.Flatten(), nn.Linear(16, 5),
    ],
    "pooled twice": lambda: [
        nn.MaxPool2d(2), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8, 6), nn.ReLU(),
        nn.Linear(6, 4),
    ],
    "normed": lambda: [
        nn.Conv2d(2, 4, 3, stride=2), nn.BatchNorm2d(4), nn.ReLU(), nn.AvgPool2d(2), nn.Dropout(),
        nn.Flatten(), nn.Linear(16, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 4),
    ],
    "dense": lambda: [nn.Flatten(), nn.Linear(162, 20), nn.ReLU(), nn.Linear(20, 6)],
    "linear": lambda: [nn.Flatten(), nn.Linear(162, 7)],
}  # fmt: skip


def network(kind: str, seed: int = 0) -> nn.Sequential:
    """Return a network with random numbers, and logits of about 0 in the middle of its plane."""
    generator = torch.Generator().manual_seed(seed)
    model = nn.Sequential(*NETWORKS[kind]()).eval().requires_grad_(False)
    for name, each in (*model.named_parameters(), *model.named_buffers()):
        if "running_var" in name:
            each.copy_(0.5 + torch.rand(each.shape, generator=generator))
        elif each.is_floating_point():
            fan = each[0].numel() if each.ndim > 1 else 4
            each.copy_(torch.randn(each.shape, generator=generator) * (2 / fan) ** 0.5)
    here = model(plane(seed)[0][None])[0]
    if model[-1].bias is not None:
        model[-1].bias += 0.1 * torch.randn(here.shape, generator=generator) - here
    return model.requires_grad_(False)


def plane(seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(100 + seed)
    return (torch.rand(SHAPE, generator=generator), torch.randn((2, *SHAPE), generator=generator))


def logits(model: nn.Sequential, origin, along, points) -> np.ndarray:
    """Ask torch itself, in float64."""
    s, t = torch.tensor(np.asarray(points, float)).T[..., None, None, None]
    return deepcopy(model).double()(origin.double() + s * along[0] + t * along[1]).numpy()


def area(polygon: np.ndarray) -> float:
    x, y = polygon.T
    return 0.5 * float(x @ np.roll(y, -1) - y @ np.roll(x, -1))


def holds(polygon: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Tell which points lie in a polygon: those from which a ray leaves it an odd time."""
    x, y = points.T
    inside = np.zeros(len(points), bool)
    for (x0, y0), (x1, y1) in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        between = (y0 > y) != (y1 > y)
        with np.errstate(divide="ignore", invalid="ignore"):
            inside ^= between & (x < x0 + (y - y0) / (y1 - y0) * (x1 - x0))
    return inside


def read(found: ClassRegions, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the class at each point, and how many polygons hold it."""
    classes, count = np.zeros((2, len(points)), int)
    for polygon, k in zip(found.polygons, found.classes, strict=True):
        inside = holds(polygon, points)
        classes[inside] = k
        count += inside
    return classes, count


def check(model: nn.Sequential, origin, along, reach: float, seed: int = 0) -> ClassRegions:
    """Check that polygons tile the square, each of the class that torch reads there."""
    found = class_regions(model, origin, along, reach)
    areas = np.array([area(polygon) for polygon in found.polygons])
    assert (areas > 0).all() and areas.sum() == pytest.approx((2 * reach) ** 2, rel=1e-12)
    points = np.random.default_rng(seed).uniform(-reach, reach, (1500, 2))
    classes, count = read(found, points)
    assert (count == 1).all()
    said = np.sort(logits(model, origin, along, points), axis=1)
    clear = said[:, -1] - said[:, -2] > 1e-7
    assert clear.mean() > 0.99
    assert (classes == logits(model, origin, along, points).argmax(1))[clear].all()
    return found


@pytest.mark.parametrize("kind", NETWORKS)
def test_every_polygon_is_of_the_class_that_torch_reads_there(kind: str) -> None:
    found = check(network(kind), *plane(), 1.5)
    assert len(set(found.classes.tolist())) >= 2


@settings(deadline=None, max_examples=8)
@given(st.sampled_from(list(NETWORKS)), st.integers(1, 999), st.floats(0.01, 4))
def test_polygons_tile_the_square_whatever_the_network(kind: str, seed: int, reach: float) -> None:
    found = class_regions(network(kind, seed), *plane(seed), reach)
    assert sum(map(area, found.polygons)) == pytest.approx((2 * reach) ** 2, rel=1e-12)
    middles = np.array([polygon.mean(axis=0) for polygon in found.polygons])
    within = np.array([
        holds(polygon, middle[None])[0]
        for polygon, middle in zip(found.polygons, middles, strict=True)
    ])  # fmt: skip
    assert within.mean() > 0.5  # others are bent
    said = logits(network(kind, seed), *plane(seed), middles[within])
    lead = said[np.arange(len(said)), found.classes[within]] - said.max(1)
    assert (lead > -1e-9).all()


@pytest.mark.parametrize("kind", ["pooled", "normed", "dense"])
def test_at_the_corners_of_borders_two_classes_tie(kind: str) -> None:
    reach, model = 1.5, network(kind)
    found = class_regions(model, *plane(), reach)
    said = logits(model, *plane(), found.corners)
    mine = said[np.arange(len(said)), found.classes.repeat(found.counts)]
    assert (said.max(1) - mine).max() < 1e-9  # no class reaches beyond where it leads
    inner = np.abs(found.corners).max(1) < reach
    places, which = np.unique(np.rint(found.corners * 1e9), axis=0, return_inverse=True)
    own = np.zeros((len(places), said.shape[1]), bool)
    own[which, found.classes.repeat(found.counts)] = True
    met = (own.sum(1) > 1)[which] & inner
    assert met.sum() > 20
    two = np.sort(said[met], axis=1)[:, -2:]
    assert np.abs(two[:, 1] - two[:, 0]).max() < 1e-9


@pytest.mark.parametrize("kind", ["pooled", "of maxima alone"])
def test_a_fine_grid_sees_the_same(kind: str) -> None:
    at = np.linspace(-1, 1, 101) * 0.7999
    points = np.stack(np.meshgrid(at, at), axis=-1).reshape(-1, 2)
    model, here = network(kind, 3), plane(3)
    found = class_regions(model, *here, 0.8)
    said = logits(model, *here, points)
    two = np.sort(said, axis=1)[:, -2:]
    classes, count = read(found, points)
    clear = two[:, 1] - two[:, 0] > 1e-9
    assert (count == 1).all()
    assert clear.mean() > 0.999 and (classes == said.argmax(1))[clear].all()


def test_classes_have_the_areas_that_linear_regions_give_them() -> None:
    (origin, along), model = plane(5), network("dense", 5)
    found = class_regions(model, origin, along, 1.0)
    square = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
    layers = [each.double() for each in deepcopy(model) if isinstance(each, nn.Linear)]
    regions = linear_regions(
        [each.weight.numpy() for each in layers], [each.bias.numpy() for each in layers], square,
        plane=Plane(origin.flatten().double().numpy(), along.flatten(1).double().numpy()),
    )  # fmt: skip
    expected = np.zeros(6)
    for polygon, slope, offset in zip(
        regions.polygons, regions.slopes, regions.intercepts, strict=True
    ):
        for k in range(6):
            left = polygon
            for rival in set(range(6)) - {k}:
                left = half(left, left @ (slope[k] - slope[rival]) + offset[k] - offset[rival])
            expected[k] += area(left) if len(left) else 0.0
    areas = np.bincount(found.classes, [area(polygon) for polygon in found.polygons], 6)
    np.testing.assert_allclose(areas, expected, atol=1e-12)


def half(polygon: np.ndarray, leads: np.ndarray) -> np.ndarray:
    """Keep the part of a convex polygon where an affine function is not below 0."""
    kept = []
    for i in range(len(polygon)):
        if (leads[i - 1] < 0) != (leads[i] < 0):
            share = leads[i - 1] / (leads[i - 1] - leads[i])
            kept.append(polygon[i - 1] + share * (polygon[i] - polygon[i - 1]))
        if leads[i] >= 0:
            kept.append(polygon[i])
    return np.array(kept).reshape(-1, 2)


@pytest.mark.parametrize("size", [1e-2, 1e-4, 1e-6])
def test_an_island_of_any_size_is_found(size: float) -> None:
    """Class 1 leads where |s − 0.3217| + |t + 0.4133| < size, and class 0 elsewhere."""
    middle = torch.tensor([0.3217, -0.4133], dtype=torch.float64)
    first, last = nn.Linear(2, 4, dtype=torch.float64), nn.Linear(4, 2, dtype=torch.float64)
    signs = torch.tensor([(1.0, 0), (-1, 0), (0, 1), (0, -1)], dtype=torch.float64)
    for layer, weight, bias in (
        (first, signs, -signs @ middle),
        (last, torch.tensor([[0.0] * 4, [-1.0] * 4]), torch.tensor([0.0, size])),
    ):
        layer.weight.data.copy_(weight)
        layer.bias.data.copy_(bias)
    model = nn.Sequential(nn.Flatten(), first, nn.ReLU(), last).eval().requires_grad_(False)
    found = class_regions(model, torch.zeros(1, 1, 2), torch.eye(2).reshape(2, 1, 1, 2), 1.0)
    island = [p for p, k in zip(found.polygons, found.classes, strict=True) if k == 1]
    assert sum(map(area, island)) == pytest.approx(2 * size**2, rel=1e-6)
    corners = np.concatenate(island) - middle.numpy()
    assert np.abs(corners).sum(1).max() == pytest.approx(size, rel=1e-6)


@pytest.mark.parametrize("kind", ["cnn", "mlp"])
@pytest.mark.parametrize("hardened", [False, True])
def test_of_shipped_networks(kind: str, hardened: bool) -> None:
    x, _ = unseen_digits()
    signs = torch.randint(2, (2, 1, 8, 8), generator=torch.Generator().manual_seed(1)) * 2.0 - 1
    found = check(victim(kind, hardened), x[4], 2 * signs, 0.4)
    assert len(set(found.classes.tolist())) >= 2


def test_of_many_lines_through_one_point_none_is_missed() -> None:
    """Without biases all lines of the first layer go through the middle."""
    model = network("pooled", 7)
    model[0].bias.zero_()
    check(model, torch.zeros(SHAPE), plane(7)[1], 1.0)


def test_classes_that_tie_everywhere_are_one() -> None:
    model = network("linear")
    model[1].weight[1:], model[1].bias[1:] = model[1].weight[0].clone(), model[1].bias[0].clone()
    found = class_regions(model, *plane(), 1.0)
    assert sum(map(area, found.polygons)) == pytest.approx(4)


def test_what_is_known_grows_until_it_is_all() -> None:
    *before, last = class_regions_steps(network("pooled"), *plane(), 1.5)
    shares = [found.share for found in before]
    assert shares == sorted(shares) and shares[-1] < 1 and last.share == 1
    assert not any(map(len, before)) and len(last)  # whole, or nothing


def test_a_network_too_large_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "MOST", 300)
    monkeypatch.setattr(engine, "FEW", 0)
    found = class_regions(network("pooled"), *plane(), 1.5)
    assert found.share < 1 and not len(found)


def test_the_same_again_is_the_same() -> None:
    one, two = (class_regions(network("pooled"), *plane(), 1.5) for _ in range(2))
    assert np.array_equal(one.corners, two.corners) and np.array_equal(one.classes, two.classes)
    assert not one.corners.flags.writeable


@pytest.mark.parametrize(
    "layers",
    [
        [nn.Flatten(), nn.Linear(162, 4), nn.Sigmoid(), nn.Linear(4, 2)],
        [nn.MaxPool2d(3, 2, 1), nn.Flatten(), nn.Linear(50, 2)],
        [nn.Flatten(), nn.Linear(162, 4), nn.ReLU()],
        [nn.Conv2d(2, 2, 3), nn.BatchNorm2d(2).train(), nn.Flatten(), nn.Linear(98, 2)],
    ],
)
def test_other_layers_are_refused(layers: list[nn.Module]) -> None:
    with pytest.raises(ValueError, match="expected"):
        class_regions(nn.Sequential(*layers), *plane(), 1.0)
