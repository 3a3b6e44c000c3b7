"""Networks written as text: their shapes, their parameters, and what they compute."""

import re
from math import prod

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from dlviz.cnn import Cnn, build, correlate, forward, softmax
from dlviz.cnn_text import FORMS

COURSE = "conv 10 5; pool 2; conv 20 5; pool 2; dense 50"  # deck 004-32
LENET = "conv 6 5 same; mean 2; conv 16 5; mean 2; dense 120; dense 84"

texts = st.lists(
    st.sampled_from(["conv 3 3 same", "conv 2 1", "conv 4 5 same", "conv 3 3", "pool 2", "mean 2",
                     "pool 3", "norm", "dropout 0.5"]), max_size=5,
)  # fmt: skip
denses = st.lists(st.sampled_from(["dense 5", "norm", "dropout 0.3", "dense 3"]), max_size=3)


def fitting(words, shape):
    """Return the longest beginning of some words that fits."""
    while True:
        try:
            return build("; ".join(words), shape, 4)
        except ValueError:
            words = words[:-1]


def torch_twin(text: str, shape: tuple[int, ...], classes: int) -> nn.Sequential:
    """Build the same network of torch's own modules, from the text and torch's shapes alone."""
    modules: list[nn.Module] = []
    x = torch.zeros(2, *shape, dtype=torch.float64)
    words = [part.split() for part in text.split(";") if part.split()] + [["dense", str(classes)]]

    def add(module: nn.Module) -> None:
        nonlocal x
        modules.append(module.double().eval())
        x = modules[-1](x)

    for i, (kind, *rest) in enumerate(words):
        last = i == len(words) - 1
        if kind == "conv":
            k = int(rest[1])
            add(nn.Conv2d(x.shape[1], int(rest[0]), k, padding=k // 2 if "same" in rest else 0))
        elif kind == "dense":
            if x.ndim == 4:
                add(nn.Flatten())
            add(nn.Linear(x.shape[1], int(rest[0])))
        elif kind in ("pool", "mean"):
            add((nn.MaxPool2d if kind == "pool" else nn.AvgPool2d)(int(rest[0])))
        elif kind == "norm":
            add(nn.BatchNorm2d(x.shape[1]) if x.ndim == 4 else nn.BatchNorm1d(x.shape[1]))
        after_norm = kind == "norm" and i > 0 and words[i - 1][0] in ("conv", "dense")
        before_norm = not last and words[i + 1][0] == "norm"
        if (kind in ("conv", "dense") and not before_norm and not last) or after_norm:
            add(nn.ReLU())
    return nn.Sequential(*modules)


def flat(twin: nn.Sequential) -> np.ndarray:
    parts = []
    for module in twin:
        names = ("weight", "bias", "running_mean", "running_var")
        parts += [getattr(module, n).detach().numpy().ravel() for n in names if hasattr(module, n)]
    return np.concatenate(parts)


@settings(max_examples=60, deadline=None)
@given(texts, denses, st.sampled_from([(1, 8, 8), (2, 9, 7), (1, 12, 12)]), st.integers(0, 99))
def test_the_forward_pass_is_that_of_torchs_own_modules(convs, ends, shape, seed):
    words = [*convs, *ends]
    net = fitting(words, shape)
    kept = words[: len(net.blocks) - 1]
    twin = torch_twin("; ".join(kept), shape, 4)
    rng = np.random.default_rng(seed)
    for module in twin:
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            size = module.running_var.shape
            module.running_mean.copy_(torch.from_numpy(rng.normal(size=size)))
            module.running_var.copy_(torch.from_numpy(rng.uniform(0.5, 2, size)))
    numbers = flat(twin)
    x = rng.normal(size=(3, *shape))
    found = forward(net, numbers, x)
    with torch.no_grad():
        wanted = twin(torch.from_numpy(x)).numpy()
    assert net.parameters == sum(p.numel() for p in twin.parameters())
    assert net.numbers == len(numbers)
    np.testing.assert_allclose(found[-1], wanted, atol=1e-10)
    assert [v.shape[1:] for v in found] == [block.shape for block in net.blocks]


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 5), st.integers(1, 4), st.integers(1, 4), st.integers(5, 9),
       st.integers(5, 9), st.integers(0, 3), st.integers(0, 99))  # fmt: skip
def test_filters_slide_as_torchs_do(k, channels, filters, rows, columns, padding, seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(2, channels, rows, columns))
    w = rng.normal(size=(filters, channels, k, k))
    wanted = nn.functional.conv2d(torch.from_numpy(x), torch.from_numpy(w), padding=padding)
    np.testing.assert_allclose(correlate(x, w, padding), wanted.numpy(), atol=1e-10)


def test_the_course_net_has_21840_parameters():
    net = build(COURSE, (1, 28, 28), 10)
    assert [block.parameters for block in net.blocks if block.numbers] == [260, 5020, 16050, 510]
    assert net.parameters == 21_840
    assert [block.shape[-1] for block in net.blocks[:4]] == [24, 12, 8, 4]
    assert prod(net.blocks[3].shape) == 320


def test_lenet_5_with_a_dense_c3_has_61706_parameters():
    assert build(LENET, (1, 28, 28), 10).parameters == 61_706


def test_products_are_those_of_every_window():
    # conv: 10 x 24 x 24 windows of 25; 20 x 8 x 8 of 250; then 320 x 50 and 50 x 10
    net = build(COURSE, (1, 28, 28), 10)
    assert net.products == 10 * 24 * 24 * 25 + 20 * 64 * 250 + 320 * 50 + 500


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("pool 2; conv 4 5", "a 5x5 kernel does not fit a 4x4 map"),
        ("conv 4 9", "a 9x9 kernel does not fit a 8x8 map"),
        ("pool 9", "a 9x9 window does not fit a 8x8 map"),
        ("dense 8; conv 4 3", "expected conv before dense: after it there are no maps"),
        ("conv 4", f"expected '{FORMS['conv']}', got 'conv 4'"),
        ("conv 4 4 same", "expected an odd kernel with same, got 4"),
        ("conv 0 3", "expected 1 <= filters <= 64, got 0"),
        ("conv 4 3.5", f"expected '{FORMS['conv']}', got 'conv 4 3.5'"),
        ("pool 1", "expected 2 <= window <= 15, got 1"),
        ("norm 3", "expected 'norm', got 'norm 3'"),
        ("dropout 1", "expected 0 <= dropout < 1, got 1"),
        ("dropout nan", "expected 0 <= dropout < 1, got nan"),
        ("relu", "expected blocks of conv, pool, mean, norm, dropout, dense, got 'relu'"),
        (";".join(["norm"] * 13), "expected at most 12 blocks, got 13"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_in_a_sentence(text, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)) as refused:
        build(text, (1, 8, 8), 10)
    assert str(refused.value) == sentence


def test_spaces_lines_and_capitals_do_not_matter():
    assert build(" Conv 4  3\n pool 2 ;; ", (1, 8, 8), 10) == build(
        "conv 4 3;pool 2", (1, 8, 8), 10
    )
    assert build("", (1, 8, 8), 10).parameters == 650


def test_wrong_numbers_and_pictures_are_refused():
    net = build("", (1, 8, 8), 10)
    with pytest.raises(ValueError, match="expected 650 numbers"):
        net.arrays(np.zeros(3))
    with pytest.raises(ValueError, match="expected pictures"):
        forward(net, np.zeros(650), np.zeros((1, 8, 8)))


def test_probabilities_are_torchs_softmax():
    logits = np.random.default_rng(0).normal(0, 300, (5, 7))
    wanted = torch.softmax(torch.from_numpy(logits), dim=1).numpy()
    np.testing.assert_allclose(softmax(logits), wanted, atol=1e-12)


def test_a_network_is_its_text():
    one: Cnn = build(COURSE, (1, 28, 28), 10)
    assert one == build(COURSE, (1, 28, 28), 10) != build(LENET, (1, 28, 28), 10)
