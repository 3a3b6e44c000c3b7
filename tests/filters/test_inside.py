"""Patches, dreams, blame, maps of a layer, and counts, each beside an independent account."""

import numpy as np
import pytest
import torch
from scipy.spatial import procrustes
from sklearn.decomposition import PCA
from sklearn.neighbors import KNeighborsClassifier

from dlviz.cnn import build, forward
from dlviz.filters.compute import (
    FiltersConfig,
    activations,
    answers,
    best_patches,
    blame,
    dream,
    embed,
    layers_of,
    picture_of,
    receptive_field,
    rows,
    train,
)
from dlviz.filters.counter import ARCHITECTURES, total
from dlviz.filters.embedding import components, turned
from dlviz.filters.shipped import COURSE_NET
from dlviz.picture_sets import pictures

RUN = train(FiltersConfig())
TEST = pictures("digits").test_x[:300].astype(float)


@pytest.mark.parametrize("block", [0, 2, 4, 5])
def test_patches_are_where_the_sums_are_largest(block):
    found = best_patches(RUN, block)
    sums = activations(RUN, TEST)[block]
    for unit in range(sums.shape[1]):
        of_pictures = np.sort(sums[:, unit].reshape(300, -1).max(axis=1))[::-1][:9]
        np.testing.assert_allclose(found.values[unit], of_pictures)


def test_a_patch_is_what_the_pixel_sees():
    # What lies outside of the patch cannot change the sum; inside, it does.
    found = best_patches(RUN, 2)
    side, step, start = receptive_field(RUN.net, 2)
    for unit in (0, 7, 15):
        number, row, column = found.places[unit, 0]
        x = TEST[number : number + 1]
        (sums,) = activations(RUN, x)[2][:, unit, row, column]
        seen = np.zeros((8, 8), bool)
        top, left = start + step * row, start + step * column
        seen[max(0, top) : top + side, max(0, left) : left + side] = True
        other = np.where(seen, x, 1 - x)
        assert activations(RUN, other)[2][0, unit, row, column] == pytest.approx(sums)
        patch = found.images[unit, 0]
        inside = patch[max(0, -top) : side - max(0, top + side - 8),
                       max(0, -left) : side - max(0, left + side - 8)]  # fmt: skip
        np.testing.assert_allclose(inside.ravel(), x[0, 0][seen])
        assert patch.sum() == pytest.approx(inside.sum())  # nothing but black around


@pytest.mark.parametrize("layers", range(1, 6))
def test_fields_of_stacked_3x3_are_the_courses(layers):
    net = build("; ".join(["conv 2 3 same"] * layers), (1, 16, 16), 2)
    assert receptive_field(net, layers - 1) == (2 * layers + 1, 1, -layers)  # 3, 5, 7, 9, 11


def test_a_field_is_where_the_gradient_is():
    net = build("conv 2 3; pool 2; conv 2 3 same; mean 2", (1, 28, 28), 2)
    rng = np.random.default_rng(0)
    numbers = rng.normal(size=net.numbers)
    side, step, start = receptive_field(net, 3)
    x = torch.from_numpy(rng.random((1, 1, 28, 28))).requires_grad_()
    from dlviz.cnn_training import run, tensors

    run(net, tensors(net, numbers), x.float())[3][0, :, 3, 2].sum().backward()
    places = np.argwhere(x.grad[0, 0].numpy() != 0)
    low, high = start + step * np.array([3, 2]), start + step * np.array([3, 2]) + side
    assert (places >= low).all()
    assert (places < high).all()
    assert len(places) > side


def test_slopes_are_finite_differences():
    rng = np.random.default_rng(0)  # a picture without ties: at those a maximum has no slope
    config = FiltersConfig(source="drawn", drawing="".join(rng.choice(list("123456789abcde"), 64)))
    found, x = blame(RUN, config), picture_of(config)[None].astype(float)
    for row, column in rng.integers(0, 8, (6, 2)):
        bump = np.zeros_like(x)
        bump[0, 0, row, column] = 1e-5
        high, low = (forward(RUN.net, RUN.numbers[-1], x + s * bump)[-1][0] for s in (1, -1))
        np.testing.assert_allclose(found.slopes[:, row, column], (high - low) / 2e-5, atol=2e-3)


def test_hiding_costs_what_it_costs():
    config = FiltersConfig(picture=8)
    found, x = blame(RUN, config), picture_of(config)[None]
    before = answers(RUN, x)[0]
    for row, column in ((0, 0), (3, 4), (7, 2)):
        hidden = x.copy()
        hidden[0, 0, max(0, row - 1) : row + 2, max(0, column - 1) : column + 2] = 0
        drop = before - answers(RUN, hidden)[0]
        np.testing.assert_allclose(found.drops[:, row, column], drop, atol=1e-9)
    np.testing.assert_allclose(found.drops.sum(axis=0), 0, atol=1e-9)  # what one loses others win


@pytest.mark.parametrize("block", [0, 2, 4, 5])
def test_dreams_excite_more_than_any_picture(block):
    found = dream(RUN, block)
    assert found.images.shape[1:] == (RUN.net.blocks[block].shape[0], 8, 8)
    assert found.images.min() >= 0
    assert found.images.max() <= 1
    last = activations(RUN, found.images[-1][:, None])[block]
    middle = last[:, :, last.shape[2] // 2, last.shape[3] // 2] if last.ndim == 4 else last
    np.testing.assert_allclose(found.values[-1], middle.diagonal(), atol=1e-4)
    assert (found.values[-1] > found.values[0]).all()
    assert (found.values[-1] > 0.7 * best_patches(RUN, block).values[:, 0]).mean() > 0.8


def test_the_plane_is_scikit_learns():
    x = np.random.default_rng(0).normal(size=(40, 12)) @ np.diag(np.arange(12))
    ours, share = components(x)
    pca = PCA(2).fit(x)
    assert share == pytest.approx(pca.explained_variance_ratio_.sum())
    assert procrustes(ours, pca.transform(x))[2] < 1e-12
    assert (ours**2).sum(axis=1).mean() == pytest.approx(1)


def test_points_are_turned_and_not_bent():
    rng = np.random.default_rng(1)
    points = rng.normal(size=(20, 2))
    q = np.linalg.qr(rng.normal(size=(2, 2)))[0]
    np.testing.assert_allclose(turned(points, points @ q), points @ q, atol=1e-9)


def test_neighbors_are_scikit_learns():
    found = embed(RUN, 4)
    for frame in (0, -1):
        points = found.points[frame]
        near = KNeighborsClassifier(2).fit(points, found.labels).kneighbors(points)[1][:, 1]
        assert found.neighbors[frame] == (found.labels[near] == found.labels).mean()
    assert found.neighbors[-1] > found.neighbors[0]
    assert found.points.shape == (25, 150, 2)


# Sums as published, or as torchvision's models have them: see the model cards of its documentation.
KNOWN = {
    "lenet": 61_706,
    "alexnet": 62_378_344,
    "alexnet2": 60_965_224,
    "vgg16": 138_357_544,
    "resnet18": 11_689_512,
    "resnet50": 25_557_032,
    "resnet152": 60_192_808,
}


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_known_networks_have_as_many_parameters_as_is_known(name):
    assert total(ARCHITECTURES[name][1]) == KNOWN[name]


def test_vgg_16_by_its_parts_and_alexnet_by_its_layers():
    layers = ARCHITECTURES["vgg16"][1]
    assert total(each for each in layers if len(each.weights) == 4) == 14_714_688
    assert total(each for each in layers if len(each.weights) == 2) == 123_642_856
    assert len(ARCHITECTURES["alexnet"][1]) == 8  # not 7, as some slides have it
    assert len(ARCHITECTURES["resnet152"][1]) - 4 == 152  # and four shortcuts


def test_batch_norm_is_no_convolution():
    table = dict(rows(ARCHITECTURES["resnet152"][1]))
    # A scale and a shift for each map: 64 of the stem, then of each stage's blocks and shortcut.
    widths = zip((64, 128, 256, 512), (3, 8, 36, 3), strict=True)
    maps = 64 + sum(count * (w + w + 4 * w) + 4 * w for w, count in widths)
    assert table["batch norm"] == f"{2 * maps:,}" == "151,424"
    assert table["convolutions"] == f"{60_192_808 - 2_049_000 - 151_424:,}"
    assert table["all else"] == "2,049,000"
    assert "batch norm" not in dict(rows(ARCHITECTURES["vgg16"][1]))
    net = build("conv 4 3; norm; dense 5", (1, 8, 8), 10)
    assert dict(rows(layers_of("own", net)[1]))["batch norm"] == "8"


def test_lenet_as_it_was_has_60_000_parameters():
    reads = 6 * 3 + 9 * 4 + 6  # LeCun et al. 1998, table I: maps of S2 that those of C3 read
    assert total(ARCHITECTURES["lenet"][1]) - (16 * 6 - reads) * 25 == 60_806
    # and trained scales and shifts after each mean, two for a map, RBF outputs fixed
    assert 60_806 - 850 + 2 * 6 + 2 * 16 == 60_000


def test_own_layers_are_counted_as_torch_counts_them():
    config = FiltersConfig(dataset="printed", architecture=COURSE_NET)
    from dlviz.filters.compute import network_of

    label, layers = layers_of("own", network_of(config))
    assert label == "This network"
    assert [each.parameters for each in layers] == [260, 5020, 16_050, 510]
    assert rows(layers)[-1] == ("in all", "21,840")
    assert rows(layers)[-3:-1] == (("convolutions", "5,280"), ("all else", "16,560"))
