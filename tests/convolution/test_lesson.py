"""What the convolution lab says: every number in a scene, a prediction, a challenge."""

import re
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from PIL import Image

from dlviz.convolution import choices
from dlviz.convolution.compute import (
    ConvolutionConfig,
    convolve,
    facts,
    fields_of,
    guess_kernel,
    image_of,
    kernel,
    kernel_of,
    layer_matrix,
    move,
    outcome_sentence,
    photo,
    response,
    run,
    script,
    stack,
)
from dlviz.convolution.config import PHOTOS, PICTURES, fitted, stack_of
from dlviz.convolution.cost_stage import grouped
from dlviz.convolution.figures import convolution_scene
from dlviz.convolution.knobs import VALUES, knob_of, values_of
from dlviz.convolution.lesson import LESSON
from dlviz.convolution.lines import line_kernel
from dlviz.convolution.photos import OURS, make, seen_through
from dlviz.drawn import cells

SCENES = {scene.slug: scene for scene in LESSON.scenes}
QUESTIONS = {question.slug: question for question in LESSON.predictions}


def config_of(slug):
    return ConvolutionConfig(**SCENES[slug].settings)


def says(slug, *words):
    for word in words:
        assert word in SCENES[slug].caption


# ---------------------------------------------------------------- scenes


def test_window_scenes_say_what_their_windows_give():
    assert run(config_of("window")).output.shape == (5, 5)
    says("window", "7 − 3 + 1 = 5", "7 × 7 becomes 5 × 5")
    np.testing.assert_array_equal(run(config_of("edge")).output, [[0, 3, 3, 0]] * 4)
    says("edge", "0 3 3 0")
    assert not run(config_of("no-edge")).output.any()
    upright = ConvolutionConfig(**{**SCENES["no-edge"].settings, "angle": 90.0})
    assert np.abs(run(upright).output).max() == 3
    says("no-edge", "90°")
    own = kernel_of(config_of("impulse"))
    np.testing.assert_array_equal(run(config_of("impulse")).output[1:4, 1:4], own[::-1, ::-1])
    np.testing.assert_array_equal(run(config_of("flip")).output[1:4, 1:4], own)
    assert run(config_of("same")).output.shape == (7, 7)
    around = config_of("around")
    shifted = ConvolutionConfig(**{**SCENES["around"].settings, "shift": 2})
    np.testing.assert_array_equal(run(shifted).output, np.roll(run(around).output, 2, axis=1))
    assert run(config_of("stride")).output.shape == (3, 3)
    says("stride", "⌊(7 − 3) / 2⌋ + 1 = 3", "9 numbers are left of 25")
    trace = run(config_of("dilation"))
    assert trace.dilation * 2 + 1 == 5 and trace.kernel.size == 9
    says("dilation", "5 × 5")


def test_pooling_scenes_have_the_courses_numbers():
    np.testing.assert_array_equal(run(config_of("max")).output, [[7, 3], [9, 3]])
    says("max", "7, 3, 9 and 3")
    np.testing.assert_array_equal(run(config_of("mean")).output, [[1.25, 1.5], [3.5, 4.0]])
    says("mean", "1.25, 1.5, 3.5 and 4", "was 8, its neighbors 1, 2 and 3")
    assert sorted(run(config_of("mean")).windows[2].ravel()) == [1, 2, 3, 8]


def test_guessing_scenes_are_settled_after_thirteen_windows():
    for slug in ("guess", "noise"):
        _, _, found = guess_kernel(config_of(slug))
        assert int(np.flatnonzero(found.ranks == 9)[0]) == 13
    says("guess", "after 13 windows")
    says("noise", "σ = 0.5")
    assert guess_kernel(config_of("guess"))[2].errors[-1] < 1e-10
    assert guess_kernel(config_of("noise"))[2].errors[-1] > 0.1


def test_photo_scenes_show_what_they_say():
    assert kernel_of(config_of("blur")).shape == (7, 7)
    assert knob_of(config_of("blur")) == "amount" and min(VALUES["amount"]) == -1
    assert knob_of(config_of("photo-edges")) == "angle"
    darker = np.repeat([[9.0, 9, 9, 1, 1, 1]], 5, axis=0)
    assert convolve(darker, kernel("sobel")).output.max() > 0  # orange is positive
    assert convolve(darker, kernel("sobel")).output.min() == 0
    assert kernel_of(config_of("gabor")).sum() == pytest.approx(0)
    assert max(VALUES["pool_size"]) == 8 and config_of("photo-pool").pool_size == 4
    says("photo-pool", "8 × 8 pixels become one number", "1/64")
    for name in ("china", "flower"):
        assert photo(name).shape == (160, 240)


@pytest.mark.parametrize("name", OURS)
def test_photos_of_ours_are_small_gray_and_have_their_source_and_license_named(name):
    file = Path("dlviz/data/photos") / f"{name}.jpg"
    assert file.stat().st_size <= 30_000
    pixels = np.asarray(Image.open(file), dtype=float) / 255
    np.testing.assert_allclose(photo(name), pixels, atol=1e-12)
    assert pixels.shape == (240, 240) and np.ptp(pixels) > 0.9
    (row,) = [row for row in Path("dlviz/data/README.md").read_text("utf-8").splitlines()
              if "photos/*.jpg" in row]  # fmt: skip
    assert f"`{name}`: " in row and "CC0" in row and "public domain" in row


def test_photos_of_ours_are_made_from_larger_ones(tmp_path):
    for name in OURS:
        ramp = np.tile(np.arange(256, dtype=np.uint8).repeat(2), (512, 1))
        Image.fromarray(ramp).save(tmp_path / f"{name}.png")
    make(tmp_path, tmp_path / "small")
    for name in OURS:
        small = np.asarray(Image.open(tmp_path / "small" / f"{name}.jpg"), dtype=float)
        assert small.shape == (240, 240)
        np.testing.assert_allclose(small[120], np.linspace(0.5, 254.5, 240), atol=3)


def test_line_scenes_keep_and_mute_the_frequencies_they_name():
    assert abs(response(line_kernel("average", 5), [0.05])[0]) < 1
    assert abs(response(line_kernel("average", config_of("line").taps), [0.2])[0]) < 1e-12
    assert config_of("mute").frequency == 0.2
    says("mute", "moving average of 5", "0.2 cycles")
    assert knob_of(config_of("noisy")) == "taps"
    assert VALUES["taps"][0] == 1 and VALUES["taps"][-1] == 15
    says("noisy", "from 1 to 15")


def test_matrix_scenes_count_their_weights():
    counts = [layer_matrix(tie, "valid", np.ones(3)).free for tie in ("dense", "local", "shared")]
    assert counts == [15, 9, 3]
    says("matrix", ": 15", "neighbors, 9", "for all, 3")
    assert config_of("matrix").tie == 0 and config_of("shared").tie == 2


def test_moving_scenes_commute_or_not_as_they_say():
    assert move(config_of("shift")).gap == 0
    assert move(config_of("rim")).gap > 0
    turned_ = move(config_of("turn"))
    assert turned_.gap > 0
    assert (image_of(config_of("turn"))[:, :3] == 1).all()  # an upright edge
    assert not turned_.first.any() and turned_.after.any()  # blind to it once it lies down
    pooled = move(config_of("pooled"))
    assert pooled.answer == 0 < pooled.change and config_of("pooled").shift == 1
    by_two = move(ConvolutionConfig(**{**SCENES["pooled"].settings, "shift": 2}))
    assert by_two.answer > 0 and by_two.gap == 0
    np.testing.assert_array_equal(by_two.first, np.roll(by_two.before, 1, axis=1))


def test_the_cost_scene_has_the_courses_integers():
    found = facts(config_of("cost"))
    assert (found["outputs"], found["products"]) == (89_320, 178_640)
    assert found["dense_weights"] == 8_003_072_000
    plain = SCENES["cost"].caption.replace("\u2009", " ")
    for count in (89_320, 178_640, 8_003_072_000):
        assert grouped(count).replace("\u2009", " ") in plain


def test_field_scenes_have_their_fields():
    for slug, wanted in (("field", (1, 3, 5, 7)), ("dilated", (1, 3, 7, 15, 31)),
                         ("strided", (1, 3, 7, 15))):  # fmt: skip
        config = config_of(slug)
        assert fields_of(config.field_kernel, *stack_of(config)) == wanted
    says("field", "7 ways", "3, then 5, then 7")
    ways = stack(3, (1,) * 3, (1,) * 3).seen(4, 3)[0]
    assert ways.max() == 7 and ways[ways > 0][[0, -1]].tolist() == [1, 1]
    assert fields_of(3, (1,) * 15, (1,) * 15)[-1] == 31
    says("dilated", "31 inputs", "12 weights", "take 15")
    says("strided", "3, 7, 15")
    says("field-plane", "3 × 3, then 5 × 5, then 7 × 7", "7 · 7 = 49 ways")
    assert config_of("field-plane") == replace(config_of("field"), plane=True)


# ---------------------------------------------------------------- predictions, challenges


@pytest.mark.parametrize(
    ("slug", "label"),
    [("size", "5 × 5"), ("flat", "0 everywhere"), ("stride", "9"), ("mute", "nothing"),
     ("free", "3"), ("turn", "No"), ("cost", "8 003 072 000"), ("field", "11")],
)  # fmt: skip
def test_the_right_answer_is_the_one_that_follows(slug, label):
    question = QUESTIONS[slug]
    found = facts(ConvolutionConfig(**question.settings))
    assert question.choices[question.answer(found)][1] == label


def test_answers_follow_from_elsewhere():
    """Each answer by another way than the facts."""
    assert 7 - 3 + 1 == 5 and (7 - 3) // 2 + 1 == 3  # "size", "stride"
    assert (7 * np.array([[-1] * 3, [-1, 8, -1], [-1] * 3])).sum() == 0  # "flat"
    assert abs(np.exp(2j * np.pi * np.arange(5) / 5).sum()) < 1e-12  # "mute"
    assert 280 * 320 * 280 * 319 == 8_003_072_000  # "cost"
    assert 2 * 5 + 1 == 11  # "field"


@pytest.mark.parametrize("challenge", LESSON.challenges, ids=lambda c: c.slug)
def test_a_challenge_is_met_by_its_solution_and_not_at_the_start(challenge):
    assert challenge.is_met(facts(ConvolutionConfig(**challenge.solution)))
    assert not challenge.is_met(facts(ConvolutionConfig()))


def test_no_scene_meets_a_challenge_by_chance():
    hidden = {c.slug for c in LESSON.challenges for s in LESSON.scenes
              if c.is_met(facts(ConvolutionConfig(**s.settings)))}  # fmt: skip
    assert hidden <= {"three", "keep", "blind", "deaf", "far", "billion"}


# ---------------------------------------------------------------- every Config


def configs():
    strategies = {
        "picture": st.sampled_from(PICTURES),
        "size": st.integers(4, 16),
        "image": st.sampled_from(["", ConvolutionConfig.image, "f" * 256, "0123456789abcdef"]),
        "operation": st.sampled_from(["convolve", "max", "mean", "min"]),
        "kernel": st.sampled_from(list(choices.KERNEL_NAMES)),
        "kernel_size": st.integers(1, 7),
        "angle": st.floats(0, 345),
        "stride": st.integers(1, 4),
        "dilation": st.integers(1, 3),
        "border": st.sampled_from(["valid", "same", "circular"]),
        "flip": st.booleans(),
        "pool_size": st.integers(1, 8),
        "pool_stride": st.integers(1, 8),
        "shift": st.integers(0, 15),
        "noise": st.floats(0, 2),
        "photo": st.sampled_from(PHOTOS),
        "amount": st.floats(-2, 2),
        "signal": st.sampled_from(["sinusoid", "step", "impulse", "square", "noisy"]),
        "line_kernel": st.sampled_from(["average", "triangle", "difference", "fade"]),
        "taps": st.integers(1, 15),
        "frequency": st.floats(0, 0.5),
        "tie": st.integers(0, 2),
        "move": st.sampled_from(["shift", "turn"]),
        "turns": st.integers(0, 3),
        "image_height": st.integers(1, 4096),
        "image_width": st.integers(1, 4096),
        "kernel_height": st.integers(1, 15),
        "kernel_width": st.integers(1, 15),
        "layers": st.integers(1, 5),
        "field_kernel": st.integers(2, 5),
        "field_stride": st.integers(1, 3),
        "field_dilation": st.integers(1, 3),
        "doubling": st.booleans(),
        "plane": st.booleans(),
        "back": st.integers(0, 4),
        "unit": st.integers(0, 12),
        "unit_row": st.integers(0, 12),
        "seed": st.integers(0, 99),
    }
    assert set(strategies) == {f.name for f in fields(ConvolutionConfig)} - {"weights"}
    return st.fixed_dictionaries(strategies)


def made(settings_):
    try:
        return ConvolutionConfig(**settings_)
    except ValueError as refused:
        assert str(refused).startswith("expected ") and "\n" not in str(refused)
        assume(False)


@given(configs())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_config_has_its_facts_its_words_and_its_script(settings_):
    config = made(settings_)
    found = facts(config)
    assert found == facts(config)
    sentence = outcome_sentence(config, found)
    assert sentence.endswith(".") and "None" not in sentence
    assert found["formula"].count("{") == found["formula"].count("}")
    compile(script(config), "script", "exec")
    values = values_of(config)
    assert list(values) == sorted(values) and len(set(values)) == len(values)
    field = knob_of(config)
    if not (field == "shift" and config.shift >= config.size):
        assert getattr(config, field) in values


PRINTED = {
    "window": {"border": "same", "stride": 2, "dilation": 2, "flip": True, "kernel": "own"},
    "shift": {"operation": "max", "size": 8, "shift": 3},
    "guess": {"kernel": "secret", "noise": 0.5},
    "photo": {"kernel": "gauss", "kernel_size": 5, "amount": -1.0},
    "line": {"line_kernel": "fade", "taps": 4},
    "matrix": {"border": "circular", "tie": 1},
    "cost": {},
    "field": {"layers": 4, "doubling": True},
}


def look(config):
    made_: dict = {}
    exec(script(config), made_)
    return made_["look"](made_["image"])


def printed(config, capsys):
    exec(script(config), {})
    return np.array(re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", capsys.readouterr().out), dtype=float)


@pytest.mark.parametrize("picture", PICTURES)
def test_the_script_prints_the_numbers_of_the_picture(picture, capsys):
    config = ConvolutionConfig(picture=picture, **PRINTED[picture])
    numbers = printed(config, capsys)
    found = facts(config)
    if picture == "window":
        np.testing.assert_allclose(numbers, run(config).output.ravel(), atol=1e-8)
    elif picture == "shift":
        assert numbers.tolist() == [found["gap"]]
    elif picture == "guess":
        rank, *weights = numbers
        assert rank == 9
        np.testing.assert_allclose(weights, guess_kernel(config)[2].kernels[-1].ravel(), atol=1e-7)
    elif picture == "photo":
        # The reader decodes a JPEG at a half first, which Pillow alone does not.
        theirs, ours = look(config), seen_through([config], photo("china"))[0]
        assert theirs.shape == ours.shape and np.abs(theirs - ours).mean() < 0.02
    elif picture == "line":
        assert numbers[-1] == pytest.approx(found["gain"]) and len(numbers) == 65
    elif picture == "matrix":
        assert numbers[-1] == found["free"]
    elif picture == "cost":
        assert numbers.tolist() == [found[name] for name in (
            "outputs", "products", "flops", "dense_weights", "dense_flops")]  # fmt: skip
    else:
        assert numbers.tolist() == [3, 7, 15, 31]


# ---------------------------------------------------------------- choices


@pytest.mark.parametrize("size", [4, 7, 16])
def test_an_image_is_cut_or_gets_zeros_at_another_size(size):
    text = fitted(ConvolutionConfig.image, size)
    old, new = cells(ConvolutionConfig.image, 7, 7), cells(text, size, size)
    least = min(size, 7)
    np.testing.assert_array_equal(new[:least, :least], old[:least, :least])
    assert new.sum() == old[:least, :least].sum()
    assert fitted("", size) == ""


def test_a_typed_weight_makes_the_shown_kernel_ones_own():
    settings_ = {**vars(ConvolutionConfig()), "kernel": "gauss", "kernel_size": 5}
    weights, side = choices.shown_kernel(settings_)
    assert (side, len(weights)) == (5, 25)
    settings_["weights"] = (99.0, *weights[1:])
    config = ConvolutionConfig(**{**settings_, **choices.typed(settings_)})
    np.testing.assert_array_equal(kernel_of(config).ravel(), settings_["weights"])


def test_a_press_picks_the_unit_it_is_under():
    config = ConvolutionConfig(picture="field")
    said = {"panel": "net", "layer": 2, "unit": 7, "row": 5, "frame": 0}
    assert choices.picked(config, said) == {"back": 1, "unit": 7}
    plane = replace(config, plane=True)
    assert choices.picked(plane, said) == {"back": 1, "unit": 7, "unit_row": 5}
    assert choices.picked(ConvolutionConfig(), said) == {}


def test_sliders_of_a_stack_offer_what_fits_and_the_unit_stays_in_its_layer():
    names = ["layers", "field_kernel", "field_stride", "field_dilation"]
    ends = ({"layers": v} for v in range(1, 6))
    for usual in ({**vars(ConvolutionConfig()), "picture": "field", **end} for end in ends):
        for doubling in (False, True):
            settings_ = {**usual, "doubling": doubling}
            rows = {row[1]: row for row in choices.stacking(settings_)}
            assert list(rows)[:4] == names
            for name in names:
                for value in (rows[name][-2], rows[name][-1]):
                    moved = {**settings_, name: value}
                    ConvolutionConfig(**{**moved, **choices.looked_from(moved)})
    deep = {**vars(ConvolutionConfig()), "picture": "field", "layers": 5, "field_kernel": 5}
    rows = {row[1]: row for row in choices.stacking(deep)}
    assert rows["field_stride"][-1] == 1  # 1 + 4 · 31 = 125 inputs
    assert rows["field_dilation"][-1] == 3 and 1 + 5 * 4 * 3 == 61
    assert "doubling" not in rows
    assert choices.looked_from({**deep, "back": 7, "unit": 99, "unit_row": 3}) == {
        "back": 4, "unit": 24, "unit_row": 3}  # fmt: skip


def test_all_turns_of_the_knob_share_one_picture():
    for shift in (0, 3, 6):
        assert choices.at_rest(ConvolutionConfig(shift=shift)) == ConvolutionConfig()


def test_images_are_as_large_as_they_are_offered_for():
    for text in choices.IMAGES.values():
        assert image_of(ConvolutionConfig(image=text)).any()
        assert len(text) == 49


# ---------------------------------------------------------------- what fits, how it is said


def test_sliders_offer_what_fits_and_never_leave_out_what_is_set():
    usual = {**vars(ConvolutionConfig()), "kernel": "box", "kernel_size": 7}
    assert choices.sizes(usual) == (7, 16)
    assert choices.sizes({**usual, "border": "same"}) == (4, 16)
    assert choices.sizes({**usual, "size": 4}) == (4, 16)
    assert choices.sizes({**usual, "operation": "max", "pool_size": 5}) == (5, 16)
    assert choices.sides({**usual, "size": 5, "kernel_size": 2}) == (1, 5)
    assert choices.sides({**usual, "dilation": 2, "kernel_size": 2}) == (1, 4)
    assert choices.sides({**usual, "size": 4}) == (1, 7)
    assert choices.sides({**usual, "kernel": "gabor", "kernel_size": 3}) == (3, 7)
    assert choices.pooling({**usual, "size": 4})[0][-2:] == (1, 4)


def test_a_gabor_has_three_cells_a_side_at_least():
    with pytest.raises(ValueError, match="expected 3 <= kernel_size <= 7"):
        ConvolutionConfig(kernel="gabor", kernel_size=2)
    assert choices.grown({**vars(ConvolutionConfig()), "kernel": "gabor",
                            "kernel_size": 1})["kernel_size"] == 3  # fmt: skip
    for side in range(3, 8):
        for angle in range(0, 360, 15):
            assert np.abs(kernel("gabor", side, angle)).max() > 0.05


def test_one_of_a_thing_is_said_as_one():
    alone = ConvolutionConfig(kernel="own", kernel_size=7)
    assert outcome_sentence(alone, facts(alone)).startswith("1 window of 49 cells makes 1 number")
    point = ConvolutionConfig(kernel="own", kernel_size=1)
    scene = convolution_scene(point, values_of(point))
    assert scene.caption(0, 0).startswith("row 1, column 1: the product is 0;")
    field = ConvolutionConfig(picture="field", layers=1)
    scene = convolution_scene(field, values_of(field))
    assert [scene.caption(frame, 0) for frame in (0, 1)] == [
        "0 layers back: 1 unit in a row, 1 read; 1 layer sees 3 inputs",
        "1 layer back: 3 units in a row, 3 read; 1 layer sees 3 inputs",
    ]
