"""The operation against torch and scipy, and the course's examples."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import maximum_filter
from scipy.signal import convolve2d, correlate2d

from dlviz.convolution.compute import KERNELS, convolve, kernel, pool
from dlviz.convolution.kernels import least_side

CONV_I = [[0, 1, 1, 1, 0, 0, 0], [0, 0, 1, 1, 1, 0, 0], [0, 0, 0, 1, 1, 1, 0],
          [0, 0, 0, 1, 1, 0, 0], [0, 0, 1, 1, 0, 0, 0], [0, 1, 1, 0, 0, 0, 0],
          [1, 1, 0, 0, 0, 0, 0]]  # fmt: skip
CONV_K = [[1, 0, 1], [0, 1, 0], [1, 0, 1]]
CONV_OUT = [[1, 4, 3, 4, 1], [1, 2, 4, 3, 3], [1, 2, 3, 4, 1], [1, 3, 3, 1, 1], [3, 3, 1, 1, 0]]
POOL_003 = [[1, 2, 3, 1], [1, 1, 1, 1], [2, 3, 1, 6], [8, 1, 4, 5]]
POOL_001 = [[3, 2, 0, 0], [0, 7, 1, 3], [5, 2, 3, 0], [0, 9, 2, 3]]


def same(ours, theirs):
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-10)


# ---------------------------------------------------------------- the course's numbers


@pytest.mark.parametrize("flip", [False, True])
def test_the_example_of_the_course_is_exact_and_cannot_tell_a_flip(flip):
    trace = convolve(CONV_I, CONV_K, flip=flip)
    same(trace.output, CONV_OUT)
    assert trace.windows.shape == (25, 3, 3)
    same((trace.windows * CONV_K).sum((1, 2)).reshape(5, 5), CONV_OUT)


@pytest.mark.parametrize(
    ("image", "kind", "stride", "wanted"),
    [
        (POOL_001, "max", 2, [[7, 3], [9, 3]]),
        (POOL_001, "mean", 2, [[3, 1], [4, 2]]),
        (POOL_003, "max", 2, [[2, 3], [8, 6]]),
        (POOL_003, "mean", 2, [[1.25, 1.5], [3.5, 4.0]]),
        (POOL_003, "min", 2, [[1, 1], [1, 1]]),
        (POOL_003, "max", 1, [[2, 3, 3], [3, 3, 6], [8, 4, 6]]),
        (POOL_003, "mean", 1, [[1.25, 1.75, 1.5], [1.75, 1.5, 2.25], [3.5, 2.25, 4.0]]),
    ],
)
def test_the_poolings_of_the_course_are_exact(image, kind, stride, wanted):
    same(pool(image, 2, stride, kind).output, wanted)


def test_the_decks_six_kernels_have_their_sums_and_identities():
    named = {n: kernel(n) for n in ("identity", "edge", "sharpen", "box", "gauss", "unsharp")}
    for name, total in zip(named, (1, 0, 1, 1, 1, 1), strict=True):
        assert named[name].sum() == pytest.approx(total, abs=1e-12)
        same(convolve(np.full((5, 5), 7.0), named[name]).output, 7 * total)
        same(named[name], named[name][::-1, ::-1])  # flipping changes nothing
    i, box, gauss = named["identity"], named["box"], named["gauss"]
    same(named["unsharp"], 2 * i - gauss)
    same(named["edge"], 9 * (i - box))
    same(named["sharpen"], i - np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]]))
    same(gauss, np.outer([1, 2, 1], [1, 2, 1]) / 16)
    ranks = {name: np.linalg.matrix_rank(k) for name, k in named.items()}
    assert ranks == {"identity": 1, "edge": 2, "sharpen": 2, "box": 1, "gauss": 1, "unsharp": 2}


def test_prewitt_answers_to_one_edge_and_not_to_the_other():
    step = np.repeat([[1, 1, 1, 0, 0, 0]], 6, axis=0)
    k = kernel("prewitt")
    same(k, [[1, 0, -1]] * 3)
    same(convolve(step, k).output, np.repeat([[0, 3, 3, 0]], 4, axis=0))
    same(convolve(1 - step, k).output, np.repeat([[0, -3, -3, 0]], 4, axis=0))
    same(convolve(step.T, k).output, 0)
    same(convolve(step.T, kernel("prewitt", 3, 90)).output, -convolve(step, k).output.T)


def test_the_correlation_of_a_slide_is_the_flipped_one():
    rng = np.random.default_rng(0)
    x, k = rng.normal(size=(6, 6)), rng.normal(size=(3, 3))
    printed = np.zeros((4, 4))  # sum X[m, n] K[i + m, j + n], each index where both are
    full = {(i, j): sum(x[m, n] * k[i + m, j + n] for m in range(6) for n in range(6)
                        if 0 <= i + m < 3 and 0 <= j + n < 3)
            for i in range(-5, 3) for j in range(-5, 3)}  # fmt: skip
    for i in range(4):
        for j in range(4):
            printed[i, j] = full[i - 3, j - 3]
    same(printed, convolve(x, k).output[::-1, ::-1])


# ---------------------------------------------------------------- torch and scipy


@st.composite
def problems(draw):
    k, m = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    dilation = draw(st.integers(1, 3))
    height = draw(st.integers(dilation * (k - 1) + 1, 18))
    width = draw(st.integers(dilation * (m - 1) + 1, 18))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    image, weights = rng.normal(size=(height, width)), rng.normal(size=(k, m))
    return image, weights, draw(st.integers(1, 4)), draw(st.integers(0, 4)), dilation


def torch_conv(image, weights, **options):
    x, k = (torch.tensor(np.array(a, order="C"))[None, None] for a in (image, weights))
    return F.conv2d(x, k, **options)[0, 0].numpy()


@given(problems())
@settings(max_examples=200, deadline=None)
def test_convolve_is_that_of_torch(problem):
    image, weights, stride, padding, dilation = problem
    trace = convolve(image, weights, stride, padding, dilation)
    options = {"stride": stride, "padding": padding, "dilation": dilation}
    same(trace.output, torch_conv(image, weights, **options))
    same(trace.products.sum((1, 2)), trace.output.ravel())
    flipped = convolve(image, weights, stride, padding, dilation, flip=True).output
    same(flipped, torch_conv(image, weights[::-1, ::-1], **options))


@pytest.mark.filterwarnings("ignore:Using padding=.same.:UserWarning")  # it is slower
@given(problems())
@settings(max_examples=100, deadline=None)
def test_same_padding_is_that_of_torch_and_the_circular_one_too(problem):
    image, weights, _, _, dilation = problem
    ours = convolve(image, weights, padding="same", dilation=dilation)
    same(ours.output, torch_conv(image, weights, padding="same", dilation=dilation))
    assert ours.output.shape == image.shape
    around = convolve(image, weights, padding="same", dilation=dilation, circular=True).output
    spans = [dilation * (side - 1) for side in weights.shape]
    edges = (spans[1] // 2, spans[1] - spans[1] // 2, spans[0] // 2, spans[0] - spans[0] // 2)
    padded = F.pad(torch.tensor(image)[None, None], edges, mode="circular")[0, 0].numpy()
    same(around, torch_conv(padded, weights, dilation=dilation))


@given(problems())
@settings(max_examples=100, deadline=None)
def test_convolve_is_that_of_scipy(problem):
    image, weights, *_ = problem
    if weights.shape[0] > image.shape[0] or weights.shape[1] > image.shape[1]:
        return
    same(convolve(image, weights).output, correlate2d(image, weights, "valid"))
    same(convolve(image, weights, flip=True).output, convolve2d(image, weights, "valid"))
    odd = all(side % 2 for side in weights.shape)
    if odd:
        wrapped = correlate2d(image, weights, "same", boundary="wrap")
        same(convolve(image, weights, padding="same", circular=True).output, wrapped)


@given(st.integers(1, 6), st.integers(1, 4), st.integers(6, 18), st.integers(6, 18),
       st.integers(0, 2**32 - 1))  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_pool_is_that_of_torch_and_scipy(window, stride, height, width, seed):
    image = np.random.default_rng(seed).normal(size=(height, width))
    x = torch.tensor(image)[None, None]
    same(pool(image, window, stride, "max").output, F.max_pool2d(x, window, stride)[0, 0])
    same(pool(image, window, stride, "min").output, -F.max_pool2d(-x, window, stride)[0, 0])
    same(pool(image, window, stride, "mean").output, F.avg_pool2d(x, window, stride)[0, 0])
    largest = maximum_filter(image, window, origin=-((window - 1) // 2) - (window % 2 == 0))
    same(pool(image, window, 1).output,
         largest[: height - window + 1, : width - window + 1])  # fmt: skip


@given(problems())
@settings(max_examples=50, deadline=None)
def test_windows_lie_where_the_corners_say(problem):
    image, weights, stride, padding, dilation = problem
    trace = convolve(image, weights, stride, padding, dilation)
    k, m = weights.shape
    for (row, column), window in zip(trace.corners, trace.windows, strict=True):
        taken = trace.padded[row : row + dilation * k : dilation,
                             column : column + dilation * m : dilation][:k, :m]  # fmt: skip
        np.testing.assert_array_equal(window, taken)
    assert not any(a.flags.writeable for a in (trace.windows, trace.output, trace.padded,
                                               trace.corners, trace.kernel))  # fmt: skip


def test_convolution_is_associative_and_commutative_and_correlation_is_not():
    rng = np.random.default_rng(1)
    x, a, b = rng.normal(size=(9, 9)), rng.normal(size=(3, 3)), rng.normal(size=(3, 3))
    one, other = ((a, b), (b, a))

    def twice(pair, flip):
        return convolve(convolve(x, pair[0], flip=flip).output, pair[1], flip=flip).output

    same(twice(one, True), twice(other, True))
    joint = convolve2d(a, b)
    same(twice(one, True), convolve(x, joint, flip=True).output)
    assert np.abs(correlate2d(a, b) - correlate2d(b, a)).max() > 0.1
    same(correlate2d(a, b), correlate2d(b, a)[::-1, ::-1])


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: convolve([1, 2], CONV_K), "expected image to have rows and columns"),
        (lambda: convolve(CONV_I, []), "expected kernel to have rows and columns"),
        (lambda: convolve(CONV_I, CONV_K, stride=0), "expected 1 <= stride <= 64, got 0"),
        (lambda: convolve(CONV_I, CONV_K, stride=1.5), "expected a whole number for stride"),
        (lambda: convolve(CONV_I, CONV_K, padding=-1), "expected 0 <= padding <= 64, got -1"),
        (lambda: convolve(CONV_I, CONV_K, padding="full"), "expected padding in valid, same"),
        (lambda: convolve(CONV_I, CONV_K, dilation=4), "the window to fit the image, got 9x9"),
        (lambda: pool(CONV_I, 8), "expected the window to fit the image, got 8x8 on 7x7"),
        (lambda: pool(CONV_I, kind="median"), "expected kind in max, mean, min"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_sentence(call, said):
    with pytest.raises(ValueError, match=said) as refused:
        call()
    assert "\n" not in str(refused.value)


# ---------------------------------------------------------------- kernels


@pytest.mark.parametrize(
    ("name", "side"), [(name, side) for name in KERNELS for side in range(least_side(name), 8)]
)
@pytest.mark.parametrize("angle", [0, 37, 90, 345])
def test_every_kernel_has_its_side_and_is_finite(name, side, angle):
    found = kernel(name, side, angle)
    assert found.shape == ((side, side) if KERNELS[name].sized else (3, 3))
    assert np.isfinite(found).all() and not found.flags.writeable


@pytest.mark.parametrize("side", range(1, 8))
@pytest.mark.parametrize("angle", [0, 15, 45, 90, 200])
def test_blurs_keep_an_even_patch_and_gabors_do_not_see_it(side, angle):
    for name in ("box", "gauss", "motion", "identity"):
        assert kernel(name, side, angle).sum() == pytest.approx(1)
        assert (kernel(name, side, angle) >= 0).all()
    if side > 2:
        assert kernel("gabor", side, angle).sum() == pytest.approx(0, abs=1e-12)
        assert np.abs(kernel("gabor", side, angle)).sum() == pytest.approx(2)


@pytest.mark.parametrize("name", ["prewitt", "sobel", "gabor", "motion"])
def test_a_quarter_turn_of_the_angle_turns_the_kernel(name):
    for angle in (0, 30, 75):
        turned = np.rot90(kernel(name, 7, angle))
        same(kernel(name, 7, angle + 90), turned)


def test_sobel_is_a_smoothing_column_times_a_difference():
    same(kernel("sobel"), np.outer([1, 2, 1], [1, 0, -1]))
    assert kernel("emboss").sum() == 1 and np.linalg.matrix_rank(kernel("emboss")) >= 2


def test_a_gabor_answers_most_to_its_own_direction():
    x = np.cos(2 * np.pi * np.arange(24) / 5.6)
    stripes = np.repeat(x[None], 24, axis=0)
    answers = {angle: np.abs(convolve(stripes, kernel("gabor", 7, angle)).output).mean()
               for angle in range(0, 180, 15)}  # fmt: skip
    assert max(answers, key=answers.__getitem__) == 0
    assert answers[90] < 0.05 * answers[0]
