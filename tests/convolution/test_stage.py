"""The pictures of convolution as data: they hold what the engine gives, at every turn and frame."""

from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from hypothesis import HealthCheck, given, settings

from dlviz.cell_layers import Cells, Products
from dlviz.convolution import choices
from dlviz.convolution.compute import (
    ConvolutionConfig,
    cost,
    guess_kernel,
    image_of,
    kernel_of,
    layer_matrix,
    move,
    photo,
    run,
    slide,
    stack,
)
from dlviz.convolution.config import PICTURES, stack_of
from dlviz.convolution.cost_stage import grouped
from dlviz.convolution.figures import convolution_scene
from dlviz.convolution.knobs import LABELS, VALUES, knob_of, turned, values_of
from dlviz.convolution.lesson import LESSON
from dlviz.convolution.line_stage import slide_line
from dlviz.convolution.matrix_stage import formula_of, weight_name
from dlviz.convolution.photos import mixed_kernel, seen_through
from dlviz.layers import Bars, Curve, Field, Path, Segments, Text
from dlviz.stack_layers import SLANT, StackDrawing
from dlviz.words import number
from tests.convolution.test_lesson import configs, made

BUDGET = 1_500_000  # bytes of a packed scene


def scene_of(**settings_):
    config = ConvolutionConfig(**settings_)
    return config, convolution_scene(config, values_of(config))


def marks(scene, panel, kind):
    return [layer for layer in scene.panel(panel).layers if type(layer) is kind]


# ---------------------------------------------------------------- the window


WINDOWS = (
    {},
    {"border": "same", "stride": 2},
    {"border": "circular", "dilation": 2, "flip": True, "kernel": "own"},
    {"operation": "max", "size": 8},
    {"operation": "mean", "pool_size": 3, "pool_stride": 1},
    {"kernel": "gabor", "kernel_size": 5, "size": 10},
)


@pytest.mark.parametrize("settings_", WINDOWS)
def test_window_and_output_of_each_frame_and_turn_are_those_of_the_run(settings_):
    config, scene = scene_of(**settings_)
    (products,) = marks(scene, "products", Products)
    (output,) = marks(scene, "output", Cells)
    (image,) = marks(scene, "image", Cells)
    outline = marks(scene, "image", Segments)[-1]
    for turn, shift in enumerate(values_of(config)):
        trace = run(replace(config, shift=int(shift)))
        np.testing.assert_allclose(image.at("values", 0, turn), trace.padded)
        np.testing.assert_allclose(output.at("values", 0, turn), trace.output, atol=1e-5)
        for frame in (0, len(trace.corners) // 2, len(trace.corners) - 1):
            assert products.value(frame, turn) == pytest.approx(
                trace.output.ravel()[frame], abs=1e-4
            )
            np.testing.assert_allclose(products.window(frame, turn), trace.windows[frame])
            said = scene.caption(frame, turn)
            row, column = np.unravel_index(frame, trace.output.shape)
            assert said.startswith(f"row {row + 1}, column {column + 1}: ")
            assert number(np.float32(trace.output[row, column])) in said
    corners, height = trace.corners, len(trace.padded)
    for frame in (0, scene.frames - 1):
        ends = outline.at("xy", frame, 0).reshape(-1, 2)
        reach = trace.dilation * (len(trace.kernel) - 1) + 1
        row, column = corners[frame]
        assert (ends[:, 0].min(), ends[:, 0].max()) == (column, column + reach)
        assert (ends[:, 1].max(), ends[:, 1].min()) == (height - row, height - row - reach)
    assert scene.frames == len(corners) and scene.numbers[-1] == len(corners)


def test_what_is_around_the_image_is_marked():
    assert len(marks(scene_of()[1], "image", Segments)) == 1
    _, scene = scene_of(border="same")
    rim, _ = marks(scene, "image", Segments)
    assert rim.dashed and (rim.xy.min(), rim.xy.max()) == (1, 8)


def test_kernels_that_are_flipped_say_so():
    _, scene = scene_of(flip=True, kernel="own")
    (products,) = marks(scene, "products", Products)
    np.testing.assert_array_equal(
        products.kernel, kernel_of(ConvolutionConfig(kernel="own"))[::-1, ::-1]
    )
    assert scene.panel("products").title == "window · kernel, flipped"


def test_guesses_of_each_frame_and_turn_are_least_squares():
    config, scene = scene_of(picture="guess", kernel="secret")
    (estimate,) = marks(scene, "kernel", Cells)
    (seen,) = marks(scene, "output", Cells)
    assert scene.frames == 26 and seen.first == 0
    for turn in (0, 7, 20):
        trace, output, found = guess_kernel(turned(config, values_of(config))[turn])
        np.testing.assert_allclose(seen.at("values", 0, turn), output, rtol=1e-6)
        for frame in (0, 9, 25):
            got = estimate.at("values", frame, turn)
            np.testing.assert_allclose(got, found.kernels[frame], atol=1e-5)
            assert f"{found.ranks[frame]} of {trace.kernel.size} weights" in scene.caption(
                frame, turn
            )
    assert np.isnan(marks(scene, "image", Segments)[-1].at("xy", 0, 0)).all()


# ---------------------------------------------------------------- photos


def test_a_photo_is_upright_and_its_output_that_of_its_kernel():
    config, scene = scene_of(picture="photo", kernel="gauss", kernel_size=5)
    (shown,) = marks(scene, "photo", Field)
    np.testing.assert_array_equal(shown.image[::-1], np.rint(255 * photo("china")))
    (output,) = marks(scene, "output", Field)
    for turn, each in enumerate(turned(config, values_of(config))):
        wanted = np.clip(seen_through([each], photo("china"))[0], 0, 1)
        got = output.at("image", 0, turn)[::-1] / 255
        np.testing.assert_allclose(got, wanted, atol=0.5 / 255 + 1e-9)
        (cells,) = marks(scene, "photo", Cells)
        np.testing.assert_allclose(cells.at("values", 0, turn), mixed_kernel(each), atol=1e-3)


def test_edges_are_orange_where_the_sum_is_positive():
    config, scene = scene_of(picture="photo", kernel="sobel", photo="flower")
    (output,) = marks(scene, "output", Field)
    assert output.colors == "diverging"
    for turn in (0, 6, 17):
        each = turned(config, values_of(config))[turn]
        sums = seen_through([each], photo("flower"))[0]
        codes = output.at("image", 0, turn)[::-1].astype(float)
        assert (codes[sums > 0.2] > 127).all() and (codes[sums < -0.2] < 128).all()


@pytest.mark.parametrize("way", ["max", "mean", "min"])
def test_pooled_photos_are_blocks(way):
    _, scene = scene_of(picture="photo", operation=way)
    (output,) = marks(scene, "output", Field)
    for side in (1, 4, 8):
        image = output.at("image", 0, side - 1)[::-1]
        rows, columns = (n // side * side for n in image.shape)
        blocks = image[:rows, :columns].reshape(rows // side, side, columns // side, side)
        assert (blocks == blocks[:, :1, :, :1]).all()
        pixels = photo("china")[:rows, :columns].reshape(rows // side, side, columns // side, side)
        wanted = getattr(np, way)(pixels, axis=(1, 3))
        np.testing.assert_allclose(blocks[:, 0, :, 0] / 255, wanted, atol=0.002)


def test_many_kernels_at_once_are_each_by_itself():
    config = ConvolutionConfig(picture="photo", kernel="own", flip=True, dilation=2, border="same")
    each = turned(config, values_of(config))
    together = seen_through(each, photo("china"))
    for turn in (0, 5, 12):
        np.testing.assert_allclose(together[turn], seen_through([each[turn]], photo("china"))[0],
                                   atol=1e-12)  # fmt: skip


@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize("side", [2, 3, 4, 7])
def test_none_of_the_kernel_leaves_the_photo_as_it_is(side, flip):
    config = ConvolutionConfig(picture="photo", kernel="box", kernel_size=side, amount=0.0,
                               border="same", flip=flip)  # fmt: skip
    pixels = photo("flower")
    np.testing.assert_allclose(seen_through([config], pixels)[0], pixels, atol=1e-12)


def test_a_photo_of_ones_own_is_shown():
    config = ConvolutionConfig(picture="photo", photo="own", kernel="box")
    own = np.linspace(0, 1, 60 * 40).reshape(40, 60)
    scene = convolution_scene(config, values_of(config), own)
    (shown,) = marks(scene, "photo", Field)
    assert shown.image.shape == (40, 60)
    without = convolution_scene(config, values_of(config))
    assert marks(without, "photo", Field)[0].image.shape == (160, 240)


@pytest.mark.parametrize("shape", [(1, 1), (1, 240), (240, 1), (3, 3)])
def test_a_tiny_photo_has_a_picture_whatever_the_kernel(shape):
    widest = {"kernel": "gabor", "kernel_size": 7, "dilation": 3, "stride": 4}
    for settings_ in (widest, {"operation": "max"}):
        config = ConvolutionConfig(picture="photo", photo="own", **settings_)
        scene = convolution_scene(config, values_of(config), np.ones(shape))
        assert min(marks(scene, "photo", Field)[0].image.shape) >= 24
        assert scene.pack()


# ---------------------------------------------------------------- one dimension


@pytest.mark.parametrize("signal", ["sinusoid", "noisy", "step"])
@pytest.mark.parametrize("name", ["average", "difference", "fade"])
def test_the_line_is_that_of_numpy_at_every_turn(signal, name):
    config, scene = scene_of(picture="line", signal=signal, line_kernel=name)
    (path,) = marks(scene, "output", Path)
    stems = marks(scene, "signal", Segments)[1]
    for turn, each in enumerate(turned(config, values_of(config))):
        trace = slide_line(each)
        np.testing.assert_allclose(
            path.xy[turn, :, 1], slide(trace.signal, trace.kernel), atol=1e-6
        )
        at = stems.at("xy", 20, turn)
        there = ~np.isnan(at[:, 1, 1])
        assert there.sum() == len(trace.kernel)
        np.testing.assert_allclose(at[there][:, 0, 0], 20 - np.arange(len(trace.kernel)))
        heights = at[there][:, 1, 1] - at[there][:, 0, 1]
        wanted = trace.kernel / np.abs(trace.kernel).max()
        np.testing.assert_allclose(heights / np.abs(heights).max(), wanted, atol=1e-5)


def test_theory_lies_on_the_output_of_a_sinusoid():
    _, scene = scene_of(picture="line", line_kernel="triangle", taps=9)
    (theory,) = marks(scene, "output", Curve)
    (path,) = marks(scene, "output", Path)
    np.testing.assert_allclose(theory.y, path.xy[..., 1], atol=1e-5)


# ---------------------------------------------------------------- matrix, shift, cost, field


def test_the_matrix_and_the_wiring_name_the_same_weights():
    _, scene = scene_of(picture="matrix")
    (cells,) = marks(scene, "matrix", Cells)
    assert [len(np.unique(turn[turn > 0])) for turn in cells.values] == [15, 9, 3]
    (bars,) = marks(scene, "counts", Bars)
    assert bars.heights.tolist() == [15, 9, 3]
    assert [scene.caption(0, k).split("; ")[1] for k in range(3)] == [
        f"{n} parameters to learn" for n in (15, 9, 3)]  # fmt: skip
    edges = [mark for mark in marks(scene, "wiring", Segments) if mark.over == "k"]
    drawn = [sum(int((~np.isnan(e.xy[k, :, 0, 0])).sum()) for e in edges) for k in range(3)]
    assert drawn == [15, 9, 9]
    assert [int((~np.isnan(e.xy[2, :, 0, 0])).sum()) for e in edges] == [0, 3, 3, 3]


def test_formulas_name_what_is_multiplied():
    shared = layer_matrix("shared", "valid", np.ones(3))
    assert formula_of(shared, 1) == "y₂ = w₁x₂ + w₂x₃ + w₃x₄"
    assert weight_name(15) == "w₁₅"
    _, scene = scene_of(picture="matrix")
    text = marks(scene, "wiring", Text)[-1]
    for k in range(3):
        for t in range(3):
            (shown,) = np.flatnonzero(~np.isnan(text.at("xy", t, k)[:, 0]))
            assert text.texts[shown].startswith(f"y{'₁₂₃'[t]} = ")


@pytest.mark.parametrize(
    "settings_",
    [{"border": "circular"}, {"border": "same", "kernel": "sobel"},
     {"move": "turn", "kernel": "prewitt"}, {"operation": "max", "size": 8}],
)  # fmt: skip
def test_both_ways_are_those_of_the_engine_at_every_turn(settings_):
    config, scene = scene_of(picture="shift", **settings_)
    first, after = marks(scene, "ways", Cells)
    shown = {"image": marks(scene, "image", Cells)[0], "first": first, "after": after,
             "gap": marks(scene, "gap", Cells)[0]}  # fmt: skip
    assert after.left == first.left + first.values.shape[-1] + 1
    assert scene.panel("image").drag == ("around" if config.move == "turn" else "across")
    for turn, each in enumerate(turned(config, values_of(config))):
        moved = move(each)
        wanted = {"image": moved.image, "first": moved.first, "after": moved.after,
                  "gap": moved.first - moved.after}  # fmt: skip
        for name, numbers in wanted.items():
            np.testing.assert_allclose(shown[name].at("values", 0, turn), numbers, atol=1e-5)
        assert f"at most {number(np.float32(moved.gap))};" in scene.caption(0, turn)


def test_costs_stand_in_the_picture_to_their_last_digits():
    config, scene = scene_of(picture="cost")
    (text,) = marks(scene, "counts", Text)
    for turn, width in enumerate(values_of(config)):
        found = cost(280, int(width), 1, 2)
        shown = [text.texts[i] for i in np.flatnonzero(~np.isnan(text.at("xy", 0, turn)[:, 0]))]
        assert shown[1] == f"{grouped(found.outputs)} outputs"
        assert shown[5] == f"{grouped(found.dense_weights)} weights"
        assert grouped(found.products) in scene.caption(0, turn)
    curves = marks(scene, "cost", Curve)
    assert [curve.label for curve in curves] == ["kernel's weights", "products", "dense weights"]
    assert grouped(8003072000).replace("\u2009", " ") == "8 003 072 000"


@pytest.mark.parametrize("settings_", [{}, {"doubling": True, "layers": 4}, {"field_stride": 2},
                                       {"back": 1}, {"layers": 4, "back": 3}])  # fmt: skip
def test_lit_units_are_those_that_reach_the_top(settings_):
    config, scene = scene_of(picture="field", **settings_)
    found = stack(config.field_kernel, *stack_of(config))
    (drawing,), (bars,) = marks(scene, "net", StackDrawing), marks(scene, "ways", Bars)
    top = config.layers - config.back
    assert (drawing.top, scene.frames, scene.knob.values) == (top, top + 1,
            tuple(range(found.sizes[top])))  # fmt: skip
    for turn in (0, 4, found.sizes[top] - 1):
        ways = found.seen(turn, top)
        np.testing.assert_array_equal(bars.heights[turn], ways[0])
        for frame in range(top + 1):
            _, every, wires, lit = drawing.plain(frame, turn)
            assert len(every.xy) == sum(found.sizes)
            wanted = [(found.centers[layer][unit], layer) for layer in range(top - frame, top + 1)
                      for unit in np.flatnonzero(ways[layer])]  # fmt: skip
            np.testing.assert_allclose(lit.xy, wanted)
            readers = [ways[layer] > 0 for layer in range(top - frame + 1, top + 1)]
            assert len(wires.xy) == config.field_kernel * sum(map(np.count_nonzero, readers))
    words = "1 layer sees" if top == 1 else f"{top} layers see"
    assert scene.caption(top, 0).endswith(f"{words} {found.fields[top]} inputs")


@pytest.mark.parametrize("settings_", [{}, {"doubling": True}, {"field_stride": 2, "back": 1}])
def test_in_a_plane_the_field_is_what_a_pixel_changes(settings_):
    config, scene = scene_of(picture="field", plane=True, unit=2, unit_row=1, **settings_)
    found = stack(config.field_kernel, *stack_of(config))
    top, side = config.layers - config.back, found.sizes[0]
    x = torch.zeros(1, 1, side, side, dtype=torch.float64, requires_grad=True)
    values, ones = x, torch.ones(1, 1, 3, 3, dtype=torch.float64)
    for stride, dilation in list(zip(*stack_of(config), strict=True))[:top]:
        values = F.conv2d(values, ones, stride=stride, dilation=dilation)
    values[0, 0, 1, 2].backward()
    wanted = x.grad[0, 0].numpy()
    (field,) = marks(scene, "ways", Field)
    shown = field.levels[field.at("image", 0, 2)]
    np.testing.assert_allclose(shown, wanted, atol=wanted.max() / 255)
    (drawing,) = marks(scene, "net", StackDrawing)
    cells = drawing.plain(top, 2)[1].xy.mean(axis=1)
    bottom = cells[: int((wanted > 0).sum())]
    np.testing.assert_allclose(bottom[:, 1] / SLANT, np.nonzero(wanted)[0], atol=1e-5)
    np.testing.assert_allclose(bottom[:, 0] - bottom[:, 1], np.nonzero(wanted)[1], atol=1e-5)
    read = sum(int((each > 0).sum()) ** 2 for each in found.seen(2, top))
    assert len(cells) == read
    area = found.fields[top]
    assert scene.caption(top, 2).endswith(f"{area} × {area} = {area**2} inputs")


# ---------------------------------------------------------------- painting, budgets, all Configs


@pytest.mark.parametrize("border", ["valid", "same", "circular"])
@pytest.mark.parametrize("shift", [0, 3])
def test_a_stroke_paints_the_cells_it_crosses(border, shift):
    config = ConvolutionConfig(image="", border=border, shift=shift)
    rim = 0 if border == "valid" else 1
    high = 7 + 2 * rim
    stroke = [[rim + 1.5, high - rim - 2.5], [rim + 4.5, high - rim - 2.5]]
    after = ConvolutionConfig(**{**vars(config), **choices.painted(config, stroke)})
    moved = np.roll(image_of(after), shift, axis=1)
    wanted = np.zeros((7, 7))
    wanted[2, 1:5] = 1
    np.testing.assert_array_equal(moved, wanted)
    gone = ConvolutionConfig(**{**vars(after), **choices.painted(after, stroke[:1])})
    assert image_of(gone).sum() == 3


def test_strokes_beside_the_image_or_on_other_pictures_change_nothing():
    config = ConvolutionConfig(border="same")
    assert choices.painted(config, [[0.2, 0.2]]) == {}
    assert choices.painted(ConvolutionConfig(picture="cost"), [[2.0, 2.0]]) == {}
    guess = ConvolutionConfig(picture="guess", operation="max", pool_size=8)
    assert choices.painted(guess, [[2.5, 2.5]])


def test_the_knob_of_every_picture_has_its_words_and_values():
    for picture in PICTURES:
        config, scene = scene_of(picture=picture)
        field = knob_of(config)
        assert (scene.knob.name, scene.knob.label) == (field, LABELS[field])
        assert scene.knob.values == values_of(config)
    assert set(VALUES) | {"shift", "unit"} == set(LABELS)


@given(configs())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_config_has_a_picture_within_the_budget(settings_):
    config = made(settings_)
    if config.picture == "photo" and config.taps > 3:  # most are alike, and they take a while
        config = replace(config, picture="line")
    if config.picture == "shift" or knob_of(config) == "shift":
        config = replace(config, shift=config.shift % config.size)
    scene = convolution_scene(config, values_of(config))
    assert 0 < len(scene.pack()) <= BUDGET
    for turn in {0, scene.turns - 1}:
        for frame in {0, scene.frames - 1}:
            said = scene.caption(frame, turn)
            assert "{" not in said and "not a number" not in said
    assert all(panel.alt for panel in scene.panels)


@pytest.mark.parametrize("scene", LESSON.scenes, ids=lambda s: s.slug)
def test_scenes_of_the_lesson_have_stills_and_short_captions(scene):
    config = ConvolutionConfig(**scene.settings)
    picture = convolution_scene(config, values_of(config))
    assert picture.to_png(-1, 0, width=240)[:4] == b"\x89PNG"
    assert len(picture.pack()) <= BUDGET
