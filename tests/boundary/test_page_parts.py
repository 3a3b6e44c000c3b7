"""What the page is made of: its choices, the course it asks for, edits, and settings varied."""

import inspect
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlviz.boundary import choices
from dlviz.boundary.compute import (
    FROM_THE_START,
    RULES,
    SWEPT,
    BoundaryConfig,
    branch_sweep,
    course_steps,
    edited_layers,
    edited_run,
    fit,
    ghosts,
    pair_of,
    rivals,
    share_of,
    sweep,
    train,
    trained,
    untrained,
    whole,
)
from dlviz.boundary.figures import boundary_scene
from dlviz.boundary.lesson import LESSON
from dlviz.boundary.traces import SERIES
from dlviz.boundary.variations import OF_THE_DATA, VARIED, variations_steps, words
from dlviz.classifiers import CLASSIFIERS
from dlviz.dataset import Dataset
from dlviz.datasets import DATASETS
from dlviz.painting import painted, read_points
from dlviz.tables import to_csv

CONFIG = BoundaryConfig(n=40, epochs=9, hidden=(3,))
SPREAD = (0.01, 0.03, 1.0)
SETTINGS = {field.name for field in fields(BoundaryConfig)}
TABLE = Dataset(np.random.default_rng(1).uniform(-5, 5, (30, 2)), np.arange(30) % 3, classes=3,
                names=("a", "b", "c"), axes=("mass / g", "length / mm"))  # fmt: skip


def assert_same(ours, theirs):
    """Assert that two sweeps hold the same numbers."""
    assert ours.configs == theirs.configs
    for name in ("epochs", "outcomes", *SERIES):
        np.testing.assert_array_equal(getattr(ours, name), getattr(theirs, name))


def last(steps):
    *_, end = steps
    return end


# Choices: whatever is offered, the engine takes.

NAMES = {
    "dataset": choices.DATASET_NAMES,
    "activation": choices.ACTIVATIONS,
    "output": choices.OUTPUT_NAMES,
    "loss": next(row[3] for row in choices.TRAINING if row[1:2] == ("loss",)),
    "init": next(row[3] for row in choices.TRAINING if row[1:2] == ("init",)),
}


@pytest.mark.parametrize("field", NAMES)
def test_every_name_on_offer_is_taken_and_trained(field):
    table = (TABLE, TABLE)
    for name, said in NAMES[field].items():
        config = replace(CONFIG, epochs=1, **{field: name})
        assert said and isinstance(said, str)
        train(config, table if name == "table" else None)


def test_every_feature_on_offer_is_taken():
    config = replace(CONFIG, features=tuple(choices.FEATURE_WORDS))
    assert train(replace(config, epochs=1)).architecture.sizes[0] == len(choices.FEATURE_WORDS)


def test_both_ends_of_every_slider_are_taken():
    rows = [row for rows in choices.MENUS.values() for row in rows if row[0] == "slider"]
    assert len(rows) > 8
    for _, field, _, low, high, step in rows:
        default = getattr(BoundaryConfig(), field)
        assert low <= default <= high and step > 0
        for value in (low, high):
            assert type(value) is type(default)
            replace(CONFIG, **{field: value})


def test_every_rate_of_the_knob_is_taken():
    assert list(choices.RATES) == sorted(set(choices.RATES))
    assert BoundaryConfig().lr in choices.RATES
    assert len(sweep(replace(CONFIG, epochs=0), "lr", choices.RATES)) == len(choices.RATES)


def test_controls_are_of_settings_or_of_views_and_looks_are_the_pictures():
    rows = [row for rows in choices.MENUS.values() for row in rows]
    named = {row[1] for row in rows if row[0] not in ("choose_rule", "tune_rule")}
    assert named <= SETTINGS | set(LESSON.views)
    assert {row[1] for row in choices.PICTURE} == set(choices.LOOKS) <= set(LESSON.views)
    assert set(choices.LOOKS) <= set(inspect.signature(boundary_scene).parameters)


def test_every_look_on_offer_has_a_picture():
    runs = sweep(replace(CONFIG, epochs=2, hidden=(3, 2)), "lr", SPREAD)
    for row in choices.PICTURE:
        options = {"segments": lambda row: row[3], "toggle": lambda row: (True, False),
                   "numbers": lambda row: ((low, high, low) for low in row[3:5]
                                           for high in row[3:5])}[row[0]](row)  # fmt: skip
        for option in options:
            assert boundary_scene(runs, **{row[1]: option}).pack()[:4] == b"DLV1"


def test_every_brush_paints_a_class_of_its_own_or_erases():
    text = ""
    for brush in [brush for brush in choices.BRUSHES if brush >= 0]:
        text = painted(text, [(brush - 2.0, 5.0)], brush)
        place = np.abs(read_points(text).x - [brush - 2.0, 5.0]).max(axis=1).argmin()
        assert read_points(text).y[place] == brush
        assert read_points(text).names[brush] == choices.BRUSHES[brush]
    assert choices.BRUSHES[-1] == "Erase"


def test_a_mixture_of_activations_is_on_offer_if_it_is_chosen():
    assert choices.activation_names("tanh") == choices.ACTIVATIONS
    names = choices.activation_names("leaky_relu,tanh")
    assert names["leaky_relu,tanh"] == "leaky relu, tanh"
    assert len(names) == len(choices.ACTIVATIONS) + 1


@pytest.mark.parametrize("dataset", choices.DATASET_NAMES)
def test_models_on_offer_can_be_fitted_to_the_data(dataset):
    names = choices.model_names(dataset)
    known = dataset in DATASETS and DATASETS[dataset].task == "regression"
    assert set(names) == ({"network"} if known else {"network", *CLASSIFIERS})
    if known:
        with pytest.raises(ValueError, match="expected classes, got a regression"):
            fit("knn", *pair_of(replace(CONFIG, dataset=dataset)))
    elif dataset != "table":
        pair = pair_of(replace(CONFIG, dataset=dataset))
        assert len(rivals(["naive_bayes"], pair, ("x1", "x2"))) == 1


@pytest.mark.parametrize("dataset", choices.DATASET_NAMES)
def test_a_new_dataset_ends_branches_and_edits_and_keeps_a_model_that_fits(dataset):
    changed = choices.with_dataset(dataset)
    assert changed["branch"] == changed["edits"] == ""
    assert changed["train_share"] == (0.9 if dataset == "own" else 0.5)
    assert ("model" in changed) == (len(choices.model_names(dataset)) == 1)
    assert changed.get("model", "network") == "network"
    assert set(changed) <= SETTINGS | set(LESSON.views) | {"branch"}


# The settings of other classifiers.


@given(st.sampled_from(list(CLASSIFIERS)), st.floats() | st.integers(-5, 200).map(float))
def test_any_complexity_becomes_one_of_the_knobs(name, value):
    kind = CLASSIFIERS[name]
    known, values = choices.complexities(name, value)
    assert known in values and len(values) == len(kind.values)
    assert list(values) == sorted(set(values)) and values[0] > 0
    within = kind.values[0] <= value <= kind.values[-1] and (not kind.whole or value.is_integer())
    assert known == (value if within else kind.usual)
    assert not kind.whole or all(v.is_integer() for v in values)


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_every_complexity_can_be_fitted(name):
    kind, pair = CLASSIFIERS[name], pair_of(CONFIG)
    between = np.ceil((kind.values[0] + kind.values[1]) / 2) if kind.whole else kind.values[0] * 1.1
    for value in (kind.values[0], kind.values[-1], kind.usual, float(between)):
        known, values = choices.complexities(name, value)
        assert known == value
        assert fit(name, *pair, values=values, size=3).values.tolist() == list(values)
    assert choices.classifier_words(name) == f"{kind.label}: {kind.formula}"


# Tables of one's own.


def test_a_table_is_split_as_the_settings_say_and_the_same_each_time():
    config = replace(CONFIG, dataset="table", train_share=0.8, data_seed=3)
    same, key, pair = choices.with_table(config, TABLE, "sum")
    assert (same, key) == (config, "sum")
    assert (len(pair[0].x), len(pair[1].x)) == (24, 6)
    assert choices.with_table(config, TABLE, "sum")[2] is pair
    points = np.concatenate([pair[0].x, pair[1].x])
    assert sorted(points.tolist()) == sorted(TABLE.x.tolist())
    other = choices.with_table(replace(config, data_seed=4), TABLE, "sum")[2]
    assert not np.array_equal(other[0].x, pair[0].x)
    ((train_set, test),) = last(course_steps(config, SPREAD, pair)).data
    assert train_set is pair[0] and test is pair[1]


def test_without_a_table_the_defaults_points_are_shown():
    config = replace(CONFIG, dataset="table")
    assert choices.with_table(config, None, "sum") == (replace(config, dataset="circle"), "", None)
    assert choices.with_table(CONFIG, TABLE, "sum") == (CONFIG, "", None)


# The course.


@pytest.mark.parametrize("changes", [{}, {"optimizer": "adam"}, {"dataset": "iris"}, {"epochs": 0}])
def test_without_a_branch_the_course_is_the_sweep(changes):
    config = replace(CONFIG, **changes)
    assert_same(last(course_steps(config, SPREAD)), sweep(config, "lr", SPREAD))


@pytest.mark.parametrize("changes", [{}, {"optimizer": "adam", "l2": 0.1}, {"epochs": 20}])
@pytest.mark.parametrize("epoch", [0, 4, 9])
def test_with_a_branch_it_is_the_branched_sweep(epoch, changes):
    config = replace(CONFIG, **changes)
    course = last(course_steps(config, SPREAD, branch=(epoch, CONFIG)))
    expected = branch_sweep(train(CONFIG), epoch, config, "lr", SPREAD)
    assert_same(course, expected)
    assert course.branched_at == epoch


def test_a_branch_may_begin_with_edited_weights():
    trunk = train(CONFIG)
    layers = trunk.layers(4)
    weights, biases = ([np.array(a) for a in part] for part in layers)
    weights[1][0, 2], biases[1][0] = -2.5, 1.0  # 9 parameters of layer 1, then 3 weights and a bias
    edits = "4@0.03;11=-2.5;12=1"
    course = last(course_steps(CONFIG, SPREAD, branch=(4, CONFIG), edits=edits))
    expected = branch_sweep(trunk, 4, CONFIG, "lr", SPREAD, (weights, biases))
    assert_same(course, expected)
    np.testing.assert_array_equal(course.parameters[:, 4, 11:], [[-2.5, 1.0]] * 3)


@pytest.mark.parametrize(
    "edits", ["", "3@0.03;11=1", "4@0.1;11=1", "4@0.03;99=1", "4@0.03;", "nonsense", "04@0.03;11=1"]
)
def test_edits_of_another_epoch_or_rate_or_of_nothing_leave_the_branch_as_it_is(edits):
    course = last(course_steps(CONFIG, SPREAD, branch=(4, CONFIG), edits=edits))
    assert_same(course, branch_sweep(train(CONFIG), 4, CONFIG, "lr", SPREAD))


def test_a_branch_that_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="expected a recorded epoch"):
        last(course_steps(CONFIG, SPREAD, branch=(99, CONFIG)))
    for field, value in [("hidden", (2,)), ("features", ("x1",)), ("init", "he"), ("seed", 5)]:
        assert field in FROM_THE_START
        with pytest.raises(ValueError, match=f"expected {field} as before"):
            last(course_steps(replace(CONFIG, **{field: value}), SPREAD, branch=(4, CONFIG)))


@pytest.mark.parametrize("branch", [None, (4, CONFIG)])
def test_the_course_grows_to_the_whole(branch):
    shares = [share_of(runs) for runs in course_steps(CONFIG, SPREAD, branch=branch)]
    assert shares == sorted(shares) and shares[-1] == 1
    assert 0 < shares[0] < 1


def test_what_is_shown_before_any_training_is_the_first_entry():
    before = untrained(CONFIG, SPREAD)
    assert before.parameters.shape[1] == 1
    whole_course = sweep(CONFIG, "lr", SPREAD)
    np.testing.assert_array_equal(before.parameters[:, 0], whole_course.parameters[:, 0])
    assert share_of(before) == share_of(before.run(0)) == 1


def test_a_trunk_is_trained_once():
    assert trained(CONFIG) is trained(replace(CONFIG))
    np.testing.assert_array_equal(trained(CONFIG).parameters, train(CONFIG).parameters)


def test_ghosts_are_the_runs_they_are_called():
    other = replace(CONFIG, lr=0.1)
    assert ghosts(CONFIG, None, None) == []
    shown = ghosts(CONFIG, CONFIG, other)
    assert [name for name, _ in shown] == ["unbranched: η = 0.03", "pinned: η = 0.1"]
    assert [run.config for _, run in shown] == [CONFIG, other]
    ((_, run),) = ghosts(CONFIG, None, replace(CONFIG, dataset="table"), (TABLE, TABLE))
    assert run.data[0] is TABLE
    ((name, _),) = ghosts(CONFIG, None, replace(other, activation="relu"))
    assert name == "pinned: η = 0.1, activation relu"


def test_all_points_of_a_run_can_be_taken_away():
    run = train(replace(CONFIG, dataset="iris", n=50, epochs=0))
    points = whole(run)
    made = DATASETS["iris"](50, 0.0, 0)
    rows = lambda data: sorted(zip(data.x.tolist(), data.y.tolist(), strict=True))  # noqa: E731
    assert rows(points) == rows(made)
    assert (points.names, points.axes, points.span) == (made.names, made.axes, made.span)
    np.testing.assert_array_equal(points.x[: len(run.data[0].x)], run.data[0].x)
    assert len(to_csv(points).splitlines()) == 51


# Edits by hand.


def test_edits_make_the_network_that_they_describe():
    run = train(CONFIG)
    edited = edited_run(run, "9@0.03;9=0;10=0;11=0;12=0.5")
    assert len(edited.epochs) == 1 and edited.config == replace(CONFIG, epochs=0)
    np.testing.assert_array_equal(edited.parameters[0, :9], run.parameters[9, :9])
    for loss, data in [(edited.train_loss, run.data[0]), (edited.test_loss, run.data[1])]:
        expected = 0.5 * (np.tanh(0.5) - (2.0 * data.y - 1)) ** 2  # the same answer everywhere
        assert loss[0] == pytest.approx(expected.mean(), rel=1e-12)
    assert edited.data[0] is run.data[0]
    assert edited.test_accuracy[0] == (run.data[1].y == 1).mean()


def test_edits_leave_the_run_as_it_was():
    run, again = train(CONFIG), train(CONFIG)
    edited_run(run, "9@0.03;0=7;s0")
    np.testing.assert_array_equal(run.parameters, again.parameters)


@pytest.mark.parametrize("rate", ["0.03", "3e-2", "0.030", ".03", "0.03000000001", "+0.03"])
def test_the_rate_may_be_written_in_any_way(rate):
    weights, _ = edited_layers(train(CONFIG), f"4@{rate};0=7")
    assert weights[0][0, 0] == 7


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "4", "4@0.03", "4@0.03;", "@0.03;0=1", "4@;0=1", "0=1",  # parts are missing
        "4@0.031;0=1", "4@0.3;0=1", "4@1e999;0=1", "4@nan;0=1", "4@-0.03;0=1",  # another rate
        "5@0.03;0=1", "10@0.03;0=1", "-1@0.03;0=1", "4.0@0.03;0=1", "123456@0.03;0=1",  # no entry
        "4@..;0=1", "4@1e;0=1", "4@--1;0=1", "4@0.03e-;0=1",  # no number
        "4@0.03;13=1", "4@0.03;0=1001", "4@0.03;0=nan", "4@0.03;0=", "4@0.03;0=1;", "4@0.03;;",
        "4@0.03;s1", "4@0.03;r0.0=2", "4@0.03;x", "4@0.03;0=1;" * 2,  # no such operation
        "4@0.03;" + ";".join(["0=1"] * 101), "٤@0.03;0=1", "4@0.03;٤=1", "4@0.03;0=1\n",
    ],
)  # fmt: skip
def test_edits_that_make_no_sense_are_none(text):
    run = train(replace(CONFIG, epochs=8, batch_size=30))
    run = replace(run, epochs=np.array([0, 1, 2, 3, 4, 6, 7, 8, 9]))  # 5 was not recorded
    assert edited_layers(run, text) is None
    assert edited_run(run, text) is None


@given(st.text(max_size=30) | st.from_regex(r"[0-9]@0\.03;([0-9sr=.;-]{0,12})", fullmatch=True))
def test_no_text_at_all_makes_edits_raise(text):
    edited = edited_layers(trained(CONFIG), text)
    assert edited is None or all(np.isfinite(a).all() for part in edited for a in part)


# Runs that differ in one setting.


@pytest.mark.parametrize("field", VARIED)
def test_values_of_a_setting_are_taken_and_each_has_its_run(field):
    label, values = VARIED[field]
    assert choices.VARIED_NAMES[field] == label and field in SETTINGS
    assert 2 <= len(values) <= 16 and len(set(values)) == len(values)
    stages = list(variations_steps(replace(CONFIG, epochs=1), field))
    lengths = [len(stage) for stage in stages]
    assert lengths == ([len(values)] if field in SWEPT else [*range(1, len(values) + 1)])
    for value, (said, run) in zip(values, stages[-1], strict=True):
        assert getattr(run.config, field) == value
        assert replace(run.config, **{field: getattr(CONFIG, field)}) == replace(CONFIG, epochs=1)
        assert said == words(value)
    assert len({said for said, _ in stages[-1]}) == len(values)


@pytest.mark.parametrize("field", ["lr", "hidden", "seed", "noise", "optimizer"])
def test_a_varied_run_is_the_run_with_that_setting(field):
    config = replace(CONFIG, epochs=3)
    runs = last(variations_steps(config, field))
    for _, run in (runs[0], runs[-1]):
        alone = train(replace(config, **{field: getattr(run.config, field)}))
        np.testing.assert_allclose(run.parameters, alone.parameters, rtol=1e-9, atol=1e-12)


def test_all_rules_are_varied_and_none_needs_second_derivatives():
    assert VARIED["optimizer"][1] == RULES and "newton" not in RULES
    assert ("choose_rule", ("newton",)) in choices.TRAINING


@pytest.mark.parametrize("field", ["lr", "hidden", *OF_THE_DATA])
def test_settings_vary_on_a_table_too(field):
    config = replace(CONFIG, dataset="table", epochs=1)
    for _, run in last(variations_steps(config, field, (TABLE, TABLE))):
        assert run.data[0] is TABLE


@pytest.mark.parametrize(
    ("value", "said"),
    [((), "none"), ((4, 2), "4 2"), (("x1", "x1^2"), "x1 x1^2"), (0.0001, "0.0001"), (0.1, "0.1"),
     (3, "3"), ("half_mse", "half mse")],
)  # fmt: skip
def test_values_are_written_as_one_would(value, said):
    assert words(value) == said
