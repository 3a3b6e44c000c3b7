"""The parts of an update against the update rules themselves, and the picture that shows them."""

import numpy as np
import pytest

from dlviz.optimizers import OPTIMIZERS
from dlviz.race.anatomy import ANATOMIES, STEPS, anatomy
from dlviz.race.anatomy_stage import MICRO, UNBIASED, anatomy_scene
from dlviz.race.compute import FACTORS, RaceConfig, surface_of

CONFIG = RaceConfig(surface="himmelblau", start=(-1.0, 1.5), lrs=(0.01,), momentum=0.7, beta2=0.9)


def by_hand(rule):
    """Run the brick's rule; return points, slopes and memories."""
    own = {"momentum": {"momentum": 0.7}, "nesterov": {"momentum": 0.7},
           "adam": {"beta1": 0.7, "beta2": 0.9}}  # fmt: skip
    made, w = OPTIMIZERS[rule](**own.get(rule, {})), np.array(CONFIG.start)
    points, slopes, memories = [w], [], [made.init(w)]
    for _ in range(STEPS):
        slopes.append(surface_of(CONFIG).gradient(w))
        w, memory = made.step(w, slopes[-1], memories[-1], 0.01)
        points.append(w)
        memories.append(memory)
    return np.array(points), np.array(slopes), memories


@pytest.mark.parametrize("rule", ANATOMIES)
def test_the_parts_add_up_to_the_rules_own_steps(rule):
    points, slopes, memories = by_hand(rule)
    made = anatomy(CONFIG, rule, (1.0,))
    np.testing.assert_allclose(made.grads[0], slopes, rtol=1e-9)
    np.testing.assert_allclose(np.diff(made.base[0], axis=0), made.parts["step"][0], atol=1e-12)
    if rule == "nesterov":
        velocity = np.array([memory[0] for memory in memories])
        before = points + 0.01 * 0.7 * velocity  # deck 004's w is the point before the jump
        np.testing.assert_allclose(made.base[0], before, atol=1e-12)
        np.testing.assert_allclose(made.parts["jump"][0], -0.007 * velocity[:-1], atol=1e-12)
        np.testing.assert_allclose(made.parts["correction"][0], -0.01 * slopes, atol=1e-12)
        plain = -0.01 * (surface_of(CONFIG).gradient(before[:-1]) + 0.7 * velocity[:-1])
        np.testing.assert_allclose(made.parts["plain"][0], plain, atol=1e-12)
    else:
        np.testing.assert_allclose(made.base[0], points, atol=1e-12)
        np.testing.assert_allclose(made.parts["gradient"][0], -0.01 * slopes, atol=1e-12)


def test_momentum_is_the_gradient_and_what_is_left_of_the_last_step():
    made = anatomy(CONFIG, "momentum", (0.1, 1.0))
    np.testing.assert_allclose(
        made.parts["gradient"] + made.parts["velocity"], made.parts["step"], rtol=1e-9, atol=1e-12
    )
    kept = 0.7 * made.parts["step"][:, :-1]
    np.testing.assert_allclose(made.parts["velocity"][:, 1:], kept, rtol=1e-9, atol=1e-12)


def test_squares_pile_up_fade_and_are_corrected():
    _, slopes, _ = by_hand("adagrad")
    made = anatomy(CONFIG, "adagrad", (1.0,))
    np.testing.assert_allclose(made.squares[0], np.cumsum(slopes**2, axis=0), rtol=1e-9)
    _, slopes, _ = by_hand("adam")
    made = anatomy(CONFIG, "adam", (1.0,))
    t = np.arange(1, STEPS + 1)
    weights = 0.1 * 0.9 ** (t[:, None] - t[None]) * (t[None] <= t[:, None])  # (update, slope)
    np.testing.assert_allclose(made.squares[0], weights @ slopes**2, rtol=1e-9)
    means = weights @ slopes**2 / weights.sum(1, keepdims=True)  # a mean, weights adding up to 1
    np.testing.assert_allclose(made.unbiased[0], means, rtol=1e-9)
    np.testing.assert_allclose(np.abs(made.parts["corrected"][0, 0]), 0.01 * np.abs(slopes[0]))
    np.testing.assert_allclose(np.abs(made.parts["step"][0, 0]), 0.01, rtol=1e-6)


@pytest.mark.parametrize("rule", ANATOMIES)
@pytest.mark.parametrize("surface", ["himmelblau", "j2"])
def test_the_picture_shows_each_part_from_its_micro_step_to_the_end_of_its_update(rule, surface):
    config = RaceConfig(surface=surface, start=(2.5, 1.0), lrs=(0.01,))
    scene = anatomy_scene(config, rule, FACTORS)
    made, count = anatomy(config, rule, FACTORS), len(MICRO[rule])
    assert scene.frames == STEPS * count + 1
    arrows = [layer for layer in scene.panels[0].layers if type(layer).__name__ == "Arrows"]
    added = [(at, arrow) for at, (_, some) in enumerate(MICRO[rule]) for arrow in some]
    assert len(arrows) == len(added)
    for layer, (at, (part, color, _, after)) in zip(arrows, added, strict=True):
        assert layer.color == color
        for frame in (0, at, count + at, 3 * count - 1, scene.frames - 1):
            shown = layer.at("xy", frame, 6)[0]
            update, micro = divmod(frame, count)
            there = at <= micro < count - 1 and update < STEPS
            assert np.isfinite(shown).all() == there
            if there:
                tail = made.base[6, update] + (made.parts[after][6, update] if after else 0)
                np.testing.assert_allclose(
                    shown, [tail, tail + made.parts[part][6, update]], rtol=1e-5, atol=1e-6
                )
    assert "update 3, slope (" in scene.caption(2 * count, 12)
    assert len({scene.caption(frame, 12) for frame in range(count)}) == count


def test_areas_of_adam_grow_when_the_bias_is_taken_away():
    scene = anatomy_scene(RaceConfig(), "adam", FACTORS)
    squares = scene.panel("squares").layers[0]

    def area(frame):
        corners = squares.at("xy", frame, 12)[0]
        return np.ptp(corners[:, 0]) ** 2

    at = UNBIASED["adam"]
    assert area(0) == 0
    assert area(at) / area(at - 1) == pytest.approx(1 / (1 - 0.999), rel=1e-3)


def test_only_rules_with_a_picture_are_taken_apart():
    with pytest.raises(ValueError, match=r"expected rule in sgd, .*, got 'nadam'"):
        anatomy(CONFIG, "nadam", (1.0,))
