"""Hand edits: what each operation does to the numbers, and what to the function."""

import re
from itertools import pairwise, permutations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from dlviz.boundary.compute import BoundaryConfig, branch_sweep, train
from dlviz.edits import MAX_EDITS, apply_edits
from dlviz.networks import Architecture
from dlviz.symmetries import HOMOGENEOUS, shuffle_units

SHAPE = Architecture((2, 4, 5, 3), ("relu", "tanh"), "tanh")
POINTS = np.random.default_rng(9).normal(0, 3, (50, 2))
TORCH = {"relu": torch.relu, "tanh": torch.tanh, "linear": lambda z: z,
         "leaky_relu": torch.nn.functional.leaky_relu}  # fmt: skip


def _parameters(shape, *leading):
    return np.random.default_rng(3).normal(size=(*leading, shape.count))


def _outputs(shape, parameters):
    """Put the points through the network: parameters row by row of [W b], in torch."""
    a, at = torch.tensor(POINTS), 0
    for (fan_in, fan_out), name in zip(
        pairwise(shape.sizes), (*shape.hidden, shape.output), strict=True
    ):
        rows = parameters[at : at + fan_out * (fan_in + 1)].reshape(fan_out, fan_in + 1)
        w, b = torch.tensor(rows[:, :-1].copy()), torch.tensor(rows[:, -1].copy())
        a, at = TORCH[name](a @ w.T + b), at + fan_out * (fan_in + 1)
    return a.numpy()


def test_numbers_are_set_by_their_place_among_the_parameters():
    before = _parameters(SHAPE)
    after = apply_edits(SHAPE, before, "0=1.5;11=-2;12=1e-3;54=.25")
    assert (after[0], after[11], after[12], after[54]) == (1.5, -2.0, 0.001, 0.25)
    others = np.setdiff1d(np.arange(SHAPE.count), [0, 11, 12, 54])
    np.testing.assert_array_equal(after[others], before[others])
    layers = SHAPE.layers(after)  # four units with two weights and a bias each come first
    assert (layers.weights[0][0, 0], layers.biases[0][3]) == (1.5, -2.0)
    assert (layers.weights[1][0, 0], layers.weights[2][0, 0]) == (0.001, after[37])


def test_a_shuffle_moves_each_unit_up_one_place_and_the_first_to_the_end():
    before, after = (
        SHAPE.layers(p) for p in (_parameters(SHAPE), apply_edits(SHAPE, _parameters(SHAPE), "s1"))
    )
    np.testing.assert_array_equal(after.biases[1], np.roll(before.biases[1], -1))
    np.testing.assert_array_equal(after.weights[1], np.roll(before.weights[1], -1, axis=0))
    np.testing.assert_array_equal(after.weights[2], np.roll(before.weights[2], -1, axis=1))
    np.testing.assert_array_equal(after.weights[0], before.weights[0])


@pytest.mark.parametrize("text", ["s0", "s1", "s0;s1;s1", "r0.2=7", "r0.3=0.001;s0;r0.3=40"])
def test_what_is_a_symmetry_moves_weights_and_not_the_picture(text):
    before = _parameters(SHAPE)
    after = apply_edits(SHAPE, before, text)
    assert np.abs(after - before).max() > 0.1
    assert np.abs(_outputs(SHAPE, after) - _outputs(SHAPE, before)).max() < 1e-12


def test_five_units_have_120_orders_and_one_function():
    # 001-52: N! orders of a layer of N, here all of them; five shuffles lead back to the first.
    shape = Architecture((2, 5, 1), ("tanh",), "linear")
    parameters = _parameters(shape)
    before, seen = _outputs(shape, parameters), set()
    for order in permutations(range(5)):
        after = shape.parameters(shuffle_units(shape.layers(parameters), 0, order))
        assert np.abs(_outputs(shape, after) - before).max() < 1e-12
        seen.add(after.tobytes())
    assert len(seen) == 120
    walk = [apply_edits(shape, parameters, ";".join(["s0"] * k)).tobytes() for k in range(1, 6)]
    assert len(set(walk)) == 5
    assert set(walk) <= seen
    assert walk[-1] == parameters.tobytes()


@pytest.mark.parametrize("activation", HOMOGENEOUS)
def test_a_rescaled_unit_gets_more_and_is_heard_less(activation):
    shape = Architecture((2, 3, 3, 1), ("tanh", activation), "tanh")
    parameters = _parameters(shape)
    before, after = (
        shape.layers(p) for p in (parameters, apply_edits(shape, parameters, "r1.2=4"))
    )
    np.testing.assert_array_equal(after.weights[1][2], 4 * before.weights[1][2])
    assert after.biases[1][2] == 4 * before.biases[1][2]
    np.testing.assert_array_equal(after.weights[2][:, 2], before.weights[2][:, 2] / 4)
    outputs = [_outputs(shape, shape.parameters(layers)) for layers in (before, after)]
    assert np.abs(outputs[1] - outputs[0]).max() < 1e-12


def test_operations_are_done_one_after_the_other():
    shape = Architecture((2, 2, 1), ("relu",), "linear")
    start = np.zeros(shape.count)
    assert apply_edits(shape, start, "0=1;s0")[:6].tolist() == [0, 0, 0, 1, 0, 0]
    assert apply_edits(shape, start, "s0;0=1")[:6].tolist() == [1, 0, 0, 0, 0, 0]
    assert apply_edits(shape, start, "0=1;r0.0=3;0=2;r0.0=3")[0] == 6


def test_many_networks_are_edited_at_once_and_none_of_those_given():
    many = _parameters(SHAPE, 3, 4)
    kept = many.copy()
    after = apply_edits(SHAPE, many, "s0;5=9;r0.1=2")
    np.testing.assert_array_equal(many, kept)
    np.testing.assert_array_equal(after[2, 3], apply_edits(SHAPE, many[2, 3], "s0;5=9;r0.1=2"))
    many.setflags(write=False)
    assert not np.shares_memory(apply_edits(SHAPE, many, ""), many)


def test_a_run_of_plain_descent_goes_on_alike_in_another_order():
    trunk = train(BoundaryConfig(n=60, epochs=8))
    shape = trunk.architecture
    moved = shape.layers(apply_edits(shape, trunk.parameters[4], "s0"))
    on = branch_sweep(trunk, 4, trunk.config, "lr", [trunk.config.lr], moved).run(0)
    np.testing.assert_allclose(on.train_loss, trunk.train_loss, rtol=0, atol=1e-12)
    expected = apply_edits(shape, trunk.parameters[-1], "s0")
    np.testing.assert_allclose(on.parameters[-1], expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x", "expected an edit like 17=0.5, s1 or r1.0=2, got 'x'"),
        ("0=1;", "expected an edit like .*, got ''"),
        ("0=nan", "expected an edit like"),
        ("0=1_0", "expected an edit like"),
        (" 0=1", "expected an edit like"),
        ("-1=1", "expected an edit like"),
        ("٣=1", "expected an edit like"),
        ("0=1\n", "expected an edit like"),
        ("0=" + "x" * 10_000, r"got '0=x{18}…'$"),
        ("0=1000.5", "expected -1000 <= value <= 1000, got 1000.5"),
        ("0=1e999", "expected -1000 <= value <= 1000, got inf"),
        ("55=1", "expected 0 <= parameter <= 54, got 55"),
        ("s2", "expected one of 2 hidden layers, counted from 0, got 2"),
        ("r2.0=2", "expected one of 2 hidden layers, counted from 0, got 2"),
        ("r0.4=2", "expected 0 <= unit <= 3, got 4"),
        ("r1.0=2", "expected the activation of a rescaled layer in relu, .*, got 'tanh'"),
        ("r0.0=0", "expected 0 < factor <= 1000, got 0"),
        ("r0.0=-1", "expected 0 < factor <= 1000, got -1"),
        (";".join(["s0"] * 101), "expected 0 <= edits <= 100, got 101"),
        (";".join(["r0.0=1e-7"] * 60), "keep all numbers finite"),
    ],
)
def test_an_edit_that_makes_no_sense_is_refused_with_a_sentence(text, sentence):
    with pytest.raises(ValueError, match=sentence) as refused:
        apply_edits(SHAPE, _parameters(SHAPE), text)
    assert "\n" not in str(refused.value)


def test_what_is_not_finite_already_can_still_be_edited():
    parameters = np.full(SHAPE.count, np.nan)
    assert apply_edits(SHAPE, parameters, "r0.0=2;s1;3=1.5")[3] == 1.5


WORDS = st.one_of(
    st.text("0123456789=;sr.-+e", max_size=12),
    st.builds("{}={}".format, st.integers(-2, 60), st.floats(-1100, 1100)),
    st.builds("s{}".format, st.integers(0, 3)),
    st.builds("r{}.{}={}".format, st.integers(0, 2), st.integers(0, 5), st.floats(-1, 1100)),
)


@given(st.lists(WORDS, max_size=12).map(";".join))
def test_any_text_is_done_or_refused(text):
    before = _parameters(SHAPE)
    try:
        after = apply_edits(SHAPE, before, text)
    except ValueError as refused:
        assert str(refused).startswith("expected ")
        return
    assert after.shape == before.shape
    assert np.isfinite(after).all()
    assert len(text.split(";")) <= MAX_EDITS
    if not re.search(r"(^|;)\d", text):  # nothing set: symmetries alone
        assert np.abs(_outputs(SHAPE, after) - _outputs(SHAPE, before)).max() < 1e-9
