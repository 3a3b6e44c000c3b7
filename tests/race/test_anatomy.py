"""The parts of an update against the update rules themselves, and the picture that shows them."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from dlviz.optimizers import OPTIMIZERS
from dlviz.race.anatomy import ANATOMIES, STEPS, anatomy
from dlviz.race.anatomy_stage import anatomy_scene
from dlviz.race.compute import FACTORS, RaceConfig, surface_of
from dlviz.race.micro_steps import MICRO, UNBIASED

CONFIG = RaceConfig(surface="himmelblau", start=(-1.0, 1.5), lrs=(0.01,), momentum=0.7, beta2=0.9)


def by_hand(rule):
    """Run the brick's rule; return points, slopes and memories."""
    betas = {"beta1": 0.7, "beta2": 0.9}
    own = {"momentum": {"momentum": 0.7}, "nesterov": {"momentum": 0.7}, "adam": betas,
           "adamw": betas, "nadam": betas}  # fmt: skip
    made, w = OPTIMIZERS[rule](**own.get(rule, {})), np.array(CONFIG.start)
    points, slopes, memories = [w], [], [made.init(w)]
    for _ in range(STEPS):
        slopes.append(surface_of(CONFIG).gradient(w))
        hessian = surface_of(CONFIG).hessian(w) if made.uses_hessian else None
        w, memory = made.step(w, slopes[-1], memories[-1], 0.01, hessian)
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


def by_torch(make):
    """Run an optimizer of torch; return its points and its memory after each step."""
    w = torch.tensor(CONFIG.start, dtype=torch.float64, requires_grad=True)
    optimizer, points, memories = make([w]), [w.detach().numpy().copy()], []
    for _ in range(STEPS):
        optimizer.zero_grad()
        x, y = w
        eval(surface_of(CONFIG).source, {"x": x, "y": y}).backward()
        optimizer.step()
        points.append(w.detach().numpy().copy())
        memories.append({k: v.numpy().copy() for k, v in optimizer.state[w].items()})
    kept = {name: np.array([memory[name] for memory in memories]) for name in memories[0]}
    return np.array(points), kept


def test_adamw_is_decay_and_adams_step_as_torch_makes_it():
    config = replace(CONFIG, weight_decay=0.3)
    made = anatomy(config, "adamw", (1.0,))
    points, kept = by_torch(
        lambda w: torch.optim.AdamW(w, lr=0.01, betas=(0.7, 0.9), weight_decay=0.3)
    )
    t = np.arange(1, STEPS + 1)[:, None]
    np.testing.assert_allclose(made.base[0], points, atol=1e-12)
    np.testing.assert_allclose(made.parts["shrink"][0], -0.01 * 0.3 * points[:-1], rtol=1e-9)
    np.testing.assert_allclose(made.parts["mean"][0], -0.01 * kept["exp_avg"], rtol=1e-9)
    np.testing.assert_allclose(made.squares[0], kept["exp_avg_sq"], rtol=1e-9)
    np.testing.assert_allclose(made.unbiased[0], kept["exp_avg_sq"] / (1 - 0.9**t), rtol=1e-9)
    adams = made.parts["corrected"] / (np.sqrt(made.unbiased) + 1e-8)
    np.testing.assert_allclose(made.parts["shrink"] + adams, made.parts["step"], rtol=1e-7)


def test_nadam_looks_ahead_as_torch_does():
    made = anatomy(CONFIG, "nadam", (1.0,))
    points, kept = by_torch(lambda w: torch.optim.NAdam(w, lr=0.01, betas=(0.7, 0.9)))
    t = np.arange(1, STEPS + 2)
    mu, product = 0.7 * (1 - 0.5 * 0.96 ** (t * 4e-3)), kept["mu_product"]
    np.testing.assert_allclose(made.base[0], points, atol=1e-12)
    np.testing.assert_allclose(made.parts["mean"][0], -0.01 * kept["exp_avg"], rtol=1e-9)
    own = (1 - mu[:-1]) / (1 - product)
    following = mu[1:] / (1 - product * mu[1:])
    ahead = own[:, None] * made.grads[0] + following[:, None] * kept["exp_avg"]
    np.testing.assert_allclose(made.parts["ahead"][0], -0.01 * ahead, rtol=1e-6)


def test_adadelta_divides_by_one_mean_over_the_other_as_torch_does():
    made = anatomy(CONFIG, "adadelta", (1.0,))
    points, kept = by_torch(lambda w: torch.optim.Adadelta(w, lr=0.01))
    before = np.concatenate([np.zeros((1, 2)), kept["acc_delta"][:-1]])
    ratio = (kept["square_avg"] + 1e-6) / (before + 1e-6)
    np.testing.assert_allclose(made.base[0], points, atol=1e-12)
    np.testing.assert_allclose(made.squares[0], ratio, rtol=1e-9)
    step = made.parts["gradient"] / np.sqrt(made.squares)
    np.testing.assert_allclose(step, made.parts["step"], rtol=1e-7)


def test_newton_divides_along_the_axes_of_curvature():
    config = RaceConfig(surface="ravine", lrs=(0.5,))
    made = anatomy(config, "newton", (1.0,))
    x, y = (torch.tensor(c, dtype=torch.float64) for c in config.start)
    hessian = torch.autograd.functional.hessian(
        lambda x, y: eval(surface_of(config).source, {"x": x, "y": y}), (x, y)
    )
    curvatures, axes = np.linalg.eigh(np.array(hessian, dtype=float))
    solved = -0.5 * np.linalg.solve(np.array(hessian, dtype=float), made.grads[0, 0])
    np.testing.assert_allclose(made.parts["step"][0, 0], solved, rtol=1e-9)
    parts = made.parts
    for i in (0, 1):
        along = parts[f"along{i + 1}"][0, 0]
        assert abs(along @ axes[:, 1 - i]) < 1e-12
        np.testing.assert_allclose(parts[f"scaled{i + 1}"][0, 0] * curvatures[i], along, rtol=1e-9)
    both = parts["along1"] + parts["along2"], parts["scaled1"] + parts["scaled2"]
    np.testing.assert_allclose(both[0], parts["gradient"], atol=1e-12)
    np.testing.assert_allclose(both[1], parts["step"], rtol=1e-7)


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

    def ends(arrow, update):
        part, _, _, after = arrow
        tail = made.base[6, update] + (made.parts[after][6, update] if after else 0)
        return np.array([tail, tail + made.parts[part][6, update]])

    for layer, (at, arrow) in zip(arrows, added, strict=True):
        assert layer.color == arrow[1]
        for frame in (0, at, count + at, 3 * count - 1, 3 * count - 2, scene.frames - 1):
            shown = layer.at("xy", frame, 6)[0]
            update, micro = divmod(frame, count)
            there = at <= micro < count - 1 and update < STEPS
            if there:
                own = ends(arrow, update)
                later = [other for when, other in added if at < when <= micro]
                covered = any(np.allclose(ends(other, update), own, 1e-6, 1e-9) for other in later)
                there = not covered and not np.array_equal(*own)
            assert np.isfinite(shown).all() == there
            if there:
                np.testing.assert_allclose(shown, own, rtol=1e-5, atol=1e-6)
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
    with pytest.raises(ValueError, match=r"expected rule in sgd, .*, got 'lion'"):
        anatomy(CONFIG, "lion", (1.0,))
