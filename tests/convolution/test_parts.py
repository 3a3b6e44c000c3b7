"""Guessing, one dimension, matrices, moves, cost and fields against independent numbers."""

import itertools

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import circulant, toeplitz
from scipy.signal import freqz

from dlviz.convolution.compute import (
    ConvolutionConfig,
    convolve,
    cost,
    fields_of,
    guess,
    guess_kernel,
    image_of,
    kernel,
    kernel_of,
    layer_matrix,
    line,
    move,
    pool,
    response,
    run,
    slide,
    stack,
)
from dlviz.convolution.lines import LENGTH, LINE_KERNELS, SIGNALS, line_kernel
from tests.convolution.test_sliding import CONV_I, CONV_K, CONV_OUT

# ---------------------------------------------------------------- guess


def test_the_kernel_of_the_course_is_the_only_one_and_least_squares_finds_it():
    trace = convolve(CONV_I, CONV_K)
    found = guess(trace, trace.output.ravel())
    assert np.linalg.matrix_rank(trace.windows.reshape(25, 9)) == found.ranks[-1] == 9
    np.testing.assert_allclose(found.kernels[-1], CONV_K, atol=1e-10)
    patches, wanted = trace.windows.reshape(25, 9), np.ravel(CONV_OUT)
    binary = itertools.product((0, 1), repeat=9)
    fitting = [bits for bits in binary if np.array_equal(patches @ bits, wanted)]
    assert fitting == [(1, 0, 1, 0, 1, 0, 1, 0, 1)]


@given(st.integers(0, 99), st.integers(1, 4), st.floats(0, 2))
@settings(max_examples=30, deadline=None)
def test_each_guess_is_the_pseudoinverse_of_the_windows_so_far(seed, side, noise):
    config = ConvolutionConfig(picture="guess", kernel="secret", kernel_size=side, seed=seed,
                               noise=noise)  # fmt: skip
    trace, seen, found = guess_kernel(config)
    patches = trace.windows.reshape(len(trace.windows), -1)
    for t in (1, len(patches) // 2, len(patches)):
        wanted = np.linalg.pinv(patches[:t], rcond=1e-10) @ seen.ravel()[:t]
        np.testing.assert_allclose(found.kernels[t].ravel(), wanted, atol=1e-8)
        assert found.ranks[t] == np.linalg.matrix_rank(patches[:t])
        off = np.abs(wanted - trace.kernel.ravel()).max()
        assert found.errors[t] == pytest.approx(off, abs=1e-8)
    assert not found.kernels[0].any() and found.ranks[0] == 0


def test_noise_is_the_same_at_every_size_and_has_its_standard_deviation():
    def noise(sigma):
        config = ConvolutionConfig(picture="guess", size=16, noise=sigma)
        trace, seen, _ = guess_kernel(config)
        return seen - trace.output

    np.testing.assert_allclose(noise(2.0), 2 * noise(1.0), atol=1e-12)
    assert noise(1.0).std() == pytest.approx(1, abs=0.15) and not noise(0.0).any()


def test_a_secret_kernel_is_of_small_whole_numbers_and_its_seed():
    kernels = [kernel_of(ConvolutionConfig(kernel="secret", seed=seed)) for seed in (0, 1, 0)]
    assert np.array_equal(kernels[0], kernels[2]) and not np.array_equal(kernels[0], kernels[1])
    assert set(np.unique(kernels)) <= {-2, -1, 0, 1, 2}


# ---------------------------------------------------------------- one dimension


@given(st.lists(st.floats(-9, 9), min_size=8, max_size=40), st.lists(
    st.floats(-9, 9), min_size=1, max_size=8))  # fmt: skip
@settings(deadline=None)
def test_sliding_along_a_line_is_numpys_convolution_and_torchs_with_the_kernel_flipped(x, k):
    ours = slide(x, k)
    np.testing.assert_allclose(ours, np.convolve(x, k, "valid"), atol=1e-10)
    a, b = (torch.tensor(v, dtype=torch.float64)[None, None] for v in (x, k[::-1]))
    np.testing.assert_allclose(ours, F.conv1d(a, b)[0, 0], atol=1e-10)
    two = convolve([x], [k], flip=True).output[0]
    np.testing.assert_allclose(ours, two, atol=1e-10)


@pytest.mark.parametrize("name", LINE_KERNELS)
@pytest.mark.parametrize("taps", [1, 2, 5, 15])
def test_a_sinusoid_comes_out_as_one_with_the_gain_and_delay_of_theory(name, taps):
    at = np.arange(LENGTH)
    for frequency in (0.0125, 0.1, 0.37, 0.5):
        trace = line("sinusoid", name, taps, frequency)
        h = response(trace.kernel, [frequency])[0]
        _, theirs = freqz(trace.kernel, worN=[2 * np.pi * frequency])
        assert h == pytest.approx(theirs[0], abs=1e-12)
        wave = np.abs(h) * np.sin(2 * np.pi * frequency * at + np.angle(h))
        np.testing.assert_allclose(trace.output, wave, atol=1e-10)


@pytest.mark.parametrize("name", LINE_KERNELS)
@pytest.mark.parametrize("taps", range(1, 16))
def test_line_kernels_keep_a_constant_or_do_not_see_it(name, taps):
    k = line_kernel(name, taps)
    assert len(k) == taps
    wanted = 0.0 if name == "difference" and taps > 1 else 1.0
    assert k.sum() == pytest.approx(wanted)


def test_a_moving_average_is_deaf_to_its_own_period():
    for taps in (2, 4, 5, 10):
        assert abs(response(line_kernel("average", taps), [1 / taps])[0]) < 1e-12
    low, high = np.abs(response(line_kernel("average", 5), [0.01, 0.3]))
    assert low > 0.98 and high < 0.3


def test_an_impulse_comes_out_as_the_kernel():
    trace = line("impulse", "fade", 6, 0.1)
    np.testing.assert_allclose(trace.output[LENGTH // 2 :][:6], trace.kernel, atol=1e-12)
    assert not trace.output[: LENGTH // 2].any()
    step = line("step", "fade", 6, 0.1)
    np.testing.assert_allclose(np.diff(step.output), trace.output[1:], atol=1e-12)


def test_signals_are_what_they_are_called():
    known = {name: line(name, "average", 1, 0.05).output for name in SIGNALS}
    assert set(np.unique(known["square"])) == {-1.0, 1.0}
    assert set(np.unique(known["step"])) == {0.0, 1.0} and known["impulse"].sum() == 1
    np.testing.assert_allclose(known["square"][:20], [1] * 10 + [-1] * 10)
    spread = known["noisy"] - known["sinusoid"]
    assert spread.std() == pytest.approx(0.4, abs=0.1)


# ---------------------------------------------------------------- the matrix


def test_free_parameters_are_fifteen_then_nine_then_three():
    k = np.array([2.0, -1.0, 3.0])
    assert [layer_matrix(tie, "valid", k).free for tie in ("dense", "local", "shared")] == [
        15,
        9,
        3,
    ]


@given(st.lists(st.floats(-9, 9), min_size=3, max_size=3), st.lists(
    st.floats(-9, 9), min_size=5, max_size=5))  # fmt: skip
@settings(deadline=None)
def test_the_shared_matrix_is_the_convolution(k, x):
    k, x = np.array(k), np.array(x)
    a, b = torch.tensor(x)[None, None], torch.tensor(k)[None, None]
    valid, same, ring = (layer_matrix("shared", border, k).matrix
                         for border in ("valid", "same", "circular"))  # fmt: skip
    np.testing.assert_allclose(valid @ x, F.conv1d(a, b)[0, 0], atol=1e-10)
    np.testing.assert_allclose(same @ x, F.conv1d(a, b, padding=1)[0, 0], atol=1e-10)
    wrapped = F.conv1d(F.pad(a, (1, 1), mode="circular"), b)[0, 0]
    np.testing.assert_allclose(ring @ x, wrapped, atol=1e-10)
    np.testing.assert_array_equal(valid, toeplitz([k[0], 0, 0], [*k, 0, 0]))
    np.testing.assert_array_equal(ring, circulant([k[1], k[0], 0, 0, k[2]]))
    np.testing.assert_array_equal(same[1:4], valid)


@pytest.mark.parametrize("border", ["valid", "same", "circular"])
def test_ties_leave_the_same_wiring_and_fewer_names(border):
    k = np.array([1.0, 2.0, 3.0])
    dense, local, shared = (layer_matrix(tie, border, k) for tie in ("dense", "local", "shared"))
    assert (dense.names > 0).all()
    np.testing.assert_array_equal(local.names > 0, shared.names > 0)
    assert len(np.unique(dense.names)) == dense.free == dense.names.size
    assert local.free == (local.names > 0).sum() and shared.free == 3
    for layer in (dense, local, shared):
        filled = layer.names > 0
        np.testing.assert_array_equal(layer.matrix[filled], layer.weights[layer.names[filled] - 1])


# ---------------------------------------------------------------- moves


@pytest.mark.parametrize("name", ["cross", "sobel", "emboss", "secret"])
@pytest.mark.parametrize("shift", range(7))
def test_on_a_ring_convolution_and_shift_commute_exactly(name, shift):
    config = ConvolutionConfig(picture="shift", border="circular", kernel=name, shift=shift)
    assert move(config).gap == 0


def test_zeros_around_break_it_at_the_rim_only():
    config = ConvolutionConfig(picture="shift", border="same", shift=2)
    moved = move(config)
    differs = np.abs(moved.first - moved.after)
    assert moved.gap > 0
    inner = np.ones((7, 7), dtype=bool)
    inner[:, [0, 1, 2, 6]] = False
    assert not differs[inner].any()


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_turns_survive_only_where_the_kernel_is_as_symmetric(turns):
    def gap(name):
        return move(ConvolutionConfig(picture="shift", move="turn", turns=turns, kernel=name)).gap

    assert gap("cross") == gap("gauss") == 0
    assert gap("prewitt") > 0
    assert move(ConvolutionConfig(picture="shift", move="turn", kernel="prewitt")).gap == 0


def test_pooling_moves_by_one_when_the_image_moves_by_the_stride():
    image = np.random.default_rng(0).normal(size=(12, 12))
    once = pool(image).output
    np.testing.assert_array_equal(pool(np.roll(image, 2, 1)).output, np.roll(once, 1, 1))
    moved = np.roll(image, 1, 1)
    calm = np.abs(pool(moved).output - once).mean()
    assert 0 < calm < np.abs(moved - image).mean()
    for shift in range(12):
        assert pool(np.roll(image, shift, 1), 12).output == image.max()


def test_the_numbers_of_a_move_are_those_of_its_arrays():
    config = ConvolutionConfig(picture="shift", operation="max", size=8, shift=3)
    moved = move(config)
    np.testing.assert_array_equal(moved.image, np.roll(image_of(config), 3, axis=1))
    np.testing.assert_array_equal(moved.before, run(
        ConvolutionConfig(operation="max", size=8)).output)  # fmt: skip
    np.testing.assert_array_equal(moved.after, np.roll(moved.before, 1, axis=1))
    assert moved.answer == pytest.approx(np.abs(moved.first - moved.before).mean())
    assert moved.change == pytest.approx(np.abs(moved.image - image_of(config)).mean())


# ---------------------------------------------------------------- cost and fields


def test_the_costs_of_the_course():
    found = cost(280, 320, 1, 2)
    assert (found.outputs, found.weights) == (89_320, 2)
    assert (found.products, found.flops) == (178_640, 267_960)
    assert (found.dense_weights, found.dense_flops) == (8_003_072_000, 16_006_144_000)
    assert round(found.dense_flops / found.flops) == 59_733


@given(st.integers(1, 30), st.integers(1, 30), st.integers(1, 9), st.integers(1, 9))
@settings(deadline=None)
def test_costs_are_those_of_the_layers_themselves(height, width, rows, columns):
    found = cost(height, width, rows, columns)
    if rows <= height and columns <= width:
        trace = convolve(np.ones((height, width)), np.ones((rows, columns)))
        assert found.outputs == trace.output.size
        assert found.products == trace.products.size
        assert found.dense_weights == height * width * trace.output.size
    else:
        assert found.outputs == found.products == 0


def test_fields_of_kernel_three_are_three_to_eleven():
    assert fields_of(3, (1,) * 5, (1,) * 5) == (1, 3, 5, 7, 9, 11)
    assert fields_of(3, (1,) * 4, (1, 2, 4, 8)) == (1, 3, 7, 15, 31)
    assert fields_of(3, (2,) * 3, (1,) * 3) == (1, 3, 7, 15)


@given(st.integers(2, 5), st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), min_size=1,
                                   max_size=4), st.data())  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_the_field_is_what_has_a_gradient_and_its_ways_are_that_gradient(k, layers, data):
    strides, dilations = (tuple(part) for part in zip(*layers, strict=True))
    found = stack(k, strides, dilations)
    x = torch.zeros(1, 1, found.sizes[0], dtype=torch.float64, requires_grad=True)
    values, ones, outputs = x, torch.ones(1, 1, k, dtype=torch.float64), []
    for size, stride, dilation in zip(found.sizes[1:], strides, dilations, strict=True):
        values = F.conv1d(values, ones, stride=stride, dilation=dilation)
        assert values.shape[-1] == size
        outputs.append(values)
    top = data.draw(st.integers(1, len(layers)))
    unit = data.draw(st.integers(0, found.sizes[top] - 1))
    outputs[top - 1][0, 0, unit].backward()
    gradient = x.grad[0, 0].numpy()
    np.testing.assert_array_equal(found.seen(unit, top)[0], gradient)
    lit = np.flatnonzero(gradient)
    assert lit[-1] - lit[0] + 1 == found.fields[top]
    assert (lit[0] + lit[-1]) / 2 == found.centers[top][unit]
    assert found.seen(unit, top)[0].sum() == k**top


@pytest.mark.parametrize("layers", [1, 3, 5])
def test_a_stack_has_nine_last_units_or_as_many_as_fit(layers):
    for taps, stride in itertools.product((2, 3, 5), (1, 2, 3)):
        found = stack(taps, (stride,) * layers, (1,) * layers)
        if found.fields[-1] <= 100:
            assert found.sizes[0] <= 100 and 1 <= found.sizes[-1] <= 9
            assert found.sizes[-1] == 9 or found.sizes[0] + stride**layers > 100


@pytest.mark.parametrize("flip", [False, True])
def test_the_verb_follows_its_config(flip):
    config = ConvolutionConfig(kernel="own", flip=flip, stride=2, dilation=2, border="same",
                               shift=3)  # fmt: skip
    image = np.roll(image_of(config), 3, axis=1)
    weights = np.array(config.weights).reshape(3, 3)
    wanted = convolve(image, weights, 2, "same", 2, flip).output
    np.testing.assert_array_equal(run(config).output, wanted)
    np.testing.assert_array_equal(kernel_of(config), weights)
    np.testing.assert_array_equal(kernel_of(ConvolutionConfig()), kernel("cross"))
