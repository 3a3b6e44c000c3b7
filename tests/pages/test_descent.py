"""The descent page: its address, its player's events, formulas, branches, comparison."""

from dataclasses import fields, replace

import numpy as np
import pytest

from dlviz.descent.compute import DescentConfig, branch, descend, outcome_sentence, sweep
from dlviz.descent.lesson import LESSON
from dlviz.descent.rates import learning_rates, milestones
from dlviz.descent.script import script
from dlviz.ui import address
from tests.pages.visiting import (
    check,
    layers,
    params,
    picture,
    players,
    reopen,
    say,
    shown,
    text,
    turn,
    visit,
)

OTHER = {
    "surface": "rosenbrock",
    "formula": "x^2 + sin(y)",
    "curvature1": 2.5,
    "curvature2": 0.3,
    "rotation": -35.0,
    "optimizer": "adamw",
    "lr": 0.123456789,
    "momentum": 0.7,
    "beta2": 0.99,
    "weight_decay": 0.05,
    "bias_correction": False,
    "schedule": "cosine",
    "steps": 37,
    "start": (0.5, -1.25),
}
# Where a setting shows: a field is told by the code panel only if the run depends on it.
AROUND = {"formula": {"surface": "formula"}, "weight_decay": {"optimizer": "adamw"},
          "momentum": {"optimizer": "momentum"}, "beta2": {"optimizer": "rmsprop"},
          "bias_correction": {"optimizer": "adam"}}  # fmt: skip


def _open(**settings):
    """Open the page with settings in the address, its code tab open."""
    config = DescentConfig(**settings)
    app = visit("descent", **address.differing({**vars(config), **LESSON.views}, LESSON))
    return _code(app), config


def _code(app):
    app.session_state["tab"] = "Code"
    return check(app.run())


def _assert_codes(app, config):
    """Assert that the code panel has the script of a run; it comes without its last newline."""
    assert app.code[-1].value == script(config).rstrip()


def _runs(app):
    """Return the paths (64, T+1, D) of the picture, by the knob's values."""
    (path,) = [p for p in layers(app, "plane", "Path") if p["over"] == "k"]
    return path["xy"]


def _notes(app):
    """Return the notes, which stand in one line."""
    lines = [c.value for c in app.caption if c.value.startswith(":material/info:")]
    assert len(lines) <= 1
    return lines[0].removesuffix(".").split(". ") if lines else []


# The address.


@pytest.mark.parametrize("field", [field.name for field in fields(DescentConfig)])
def test_every_setting_is_read_from_the_address_and_stays_in_it(field):
    app, config = _open(**{field: OTHER[field]}, **AROUND.get(field, {}))
    _assert_codes(app, config)
    assert params(app)[field] == address.encode(OTHER[field])
    assert not _notes(app)


def test_all_settings_at_once_give_the_run_of_the_config():
    app, config = _open(**OTHER)
    _assert_codes(app, config)
    knob = picture(app)[0]["knob"]["values"]
    assert turn(app) == config.lr
    expected = descend(config).points.astype(np.float32)
    np.testing.assert_array_equal(_runs(app)[knob.index(config.lr)], expected)


NONSENSE = {
    "surface": ["everest", "", "Bowl"],
    "curvature1": ["0", "-1", "nan", "1e9", "steep"],
    "curvature2": ["0", "1e400", "1,2"],
    "rotation": ["inf", "720", "°"],
    "optimizer": ["sdg", "ADAM"],
    "lr": ["0", "-1", "11", "nan", "inf", "1e999", "0,1", "0x10", "<script>"],
    "momentum": ["1", "-0.1"],
    "beta2": ["1"],
    "weight_decay": ["2"],
    "bias_correction": ["yes", "2", "True"],
    "schedule": ["never"],
    "steps": ["0", "1e3", "-5", "99999999999999999999", "3.5"],
    "start": ["1", "1,2,3", "nan,0", "1e9,0", ","],
}


@pytest.mark.parametrize("field", NONSENSE)
def test_nonsense_in_the_address_gives_the_default_and_one_quiet_note(field):
    app = visit("descent")
    _assert_codes(_code(app), DescentConfig())
    for value in NONSENSE[field]:
        check(reopen(app, **{field: value}), f"{field}={value}")
        assert len(_notes(app)) == 1, value
        assert field in _notes(app)[0]
        _assert_codes(app, DescentConfig())
        assert field not in params(app)


def test_each_refused_parameter_has_its_note_and_the_rest_are_taken():
    app = visit("descent", lr="-1", steps="many", surface="saddle", unheard="of")
    assert len(_notes(check(app))) == 2
    assert params(app) == {"surface": "saddle"}


def test_an_unknown_scene_gives_a_note_and_the_defaults():
    app = visit("descent", scene="atlantis")
    assert len(_notes(check(app))) == 1
    assert params(app) == {}


@pytest.mark.parametrize("view", [{"picture": "painting"}, {"sweep_over": "dust"}])
def test_a_view_that_is_not_there_gives_the_first(view):
    app = visit("descent", **view)
    app.session_state["tab"] = "Sweep"
    check(app.run())
    assert app.button_group(key="picture").value == "contours"
    assert app.button_group(key="sweep_over").value == "lr"
    check(app.run())
    assert params(app) == {}


def test_settings_beyond_a_control_give_the_default_and_a_note():
    app = check(visit("descent", steps="5000", curvature1="90", start="500,0", lr="0.05"))
    assert len(_notes(app)) == 3
    assert params(app) == {"lr": "0.05"}


def test_a_nonsensical_formula_in_the_address_is_refused_as_a_typed_one_is():
    for formula in ("__import__('os')", "", "x^", "0*x", "9" * 200):
        app = check(visit("descent", surface="formula", formula=formula), formula)
        assert len(app.error) == 1
        _assert_codes(_code(app), DescentConfig())


# The knob.


@pytest.mark.parametrize("lr", ["0.1", "0.123456789", "1e-7", "10", "9.87654321"])
def test_the_rate_of_the_address_is_exactly_a_value_of_the_knob(lr):
    app = check(visit("descent", lr=lr))
    knob = picture(app)[0]["knob"]
    assert turn(app) == float(lr)
    assert knob["values"] == list(learning_rates(float(lr)))


def test_turning_the_knob_writes_the_address_and_leaves_the_player_alone():
    app = visit("descent")
    before, scene = shown(app)
    rate = picture(app)[0]["knob"]["values"][20]
    check(say(app, "knob", rate))
    after, same = shown(app)
    assert params(app) == {"scene": LESSON.scenes[0].slug, "lr": address.encode(rate)}
    assert same == scene
    assert after["serial"] == before["serial"]
    _assert_codes(_code(app), DescentConfig(lr=rate))


def test_a_new_link_tells_the_player_where_its_knob_is():
    app = visit("descent")
    before = shown(app)[0]["serial"]
    check(reopen(app, lr="0.5"))
    assert shown(app)[0]["serial"] > before
    assert turn(app) == 0.5


# What is said by hand.


@pytest.mark.parametrize(
    ("scene", "place", "start"),
    [
        ("bowl", {"panel": "plane", "x": 1.23456, "y": -0.5, "frame": 3}, "1.235,-0.5"),
        ("j1", {"panel": "line", "x": 2.0, "y": 7.0, "frame": 0}, "2,0"),
    ],
)
def test_a_touch_of_the_picture_is_the_new_start(scene, place, start):
    app = check(say(visit("descent", scene=scene), "pick", place))
    assert params(app)["start"] == start
    field = app.number_input(key="start_0")
    assert field.value == float(start.split(",")[0])


def test_a_touch_of_another_panel_changes_nothing():
    app = visit("descent")
    check(say(app, "pick", {"panel": "loss", "x": 3.0, "y": 0.5, "frame": 0}))
    assert params(app) == {}


def test_a_clicker_steps_through_the_scenes():
    app, slugs = visit("descent"), [scene.slug for scene in LESSON.scenes]
    for asked in (1, 2, 19, 0):
        check(say(app, "scene", asked), slugs[asked])
        assert app.session_state["scene"] == slugs[asked]


def test_presenting_begins_with_the_first_scene_and_its_caption():
    app = visit("descent", present="1")
    assert app.session_state["scene"] == LESSON.scenes[0].slug
    assert LESSON.scenes[0].caption in [part.value for part in app.markdown]


def test_with_a_branch_the_words_and_the_script_are_of_the_run_on_the_stage():
    app = visit(
        "descent",
        surface="j2",
        start="2.5,0",
        lr="0.12",
        branch="30,surface=j2&start=2.5,0&lr=0.035",
    )
    trunk = descend(DescentConfig(surface="j2", start=(2.5, 0.0), lr=0.035))
    said = outcome_sentence(branch(trunk, 30, lr=0.12))
    assert f"**{said}**" in [part.value for part in app.markdown]


def test_a_new_surface_ends_the_branch():
    app = visit("descent", branch="20,lr=0.05")
    app.selectbox(key="surface").set_value("himmelblau").run()
    assert "branch" not in params(app)


@pytest.mark.parametrize(
    "asked", [{"branch": "1000,lr=0.05"}, {"branch": "x"}, {"pin": "lr=banana"}]
)
def test_a_branch_or_pin_that_makes_no_sense_is_named_and_forgotten(asked):
    app = visit("descent", **asked, lr="0.3")
    assert len(app.caption) == 1
    assert params(app) == {"lr": "0.3"}
    assert not check(app.run()).caption


def test_a_new_surface_brings_its_own_start():
    app = visit("descent").selectbox(key="surface").set_value("rosenbrock").run()
    assert params(check(app))["start"] == "-1.2,1"


def test_numbers_typed_for_the_start_are_the_start():
    app = visit("descent").number_input(key="start_1").set_value(0.75).run()
    assert params(check(app))["start"] == "-2.5,0.75"


def test_settings_without_a_control_are_kept():
    app = visit("descent")
    app.slider(key="curvature2").set_value(33.0).run()
    for surface in ("quadratic", "saddle", "himmelblau", "bowl"):
        app.selectbox(key="surface").set_value(surface).run()
        check(app.run(), surface)
    assert app.slider(key="curvature2").value == 33.0


# Formulas.


def test_a_formula_is_drawn():
    app = visit("descent", surface="formula", formula="x^2 + 3y^2 + sin(3x)")
    assert app.text_input(key="formula").value == "x^2 + 3y^2 + sin(3x)"
    assert not app.error


@pytest.mark.parametrize("typed", ["x^2 +", "what is this?", "import os", "2", "", "0*x"])
def test_a_refused_formula_gets_one_sentence_and_the_last_good_picture_stays(typed):
    app = visit("descent", surface="formula", formula="x^2 + y^4")
    _, good = shown(app)
    check(app.text_input(key="formula").set_value(typed).run())
    (sentence,) = app.error
    assert sentence.value.strip()
    assert "\n" not in sentence.value.strip()
    assert shown(app)[1] == good
    assert app.text_input(key="formula").value == typed
    assert params(app) == {"surface": "formula", "formula": "x^2 + y^4"}
    check(app.run())
    assert shown(app)[1] == good
    check(app.text_input(key="formula").set_value("x^2").run())
    assert not app.error
    assert shown(app)[1] != good


def test_a_formula_of_x_alone_is_a_curve():
    app = check(visit("descent", surface="formula", formula="x^2"))
    assert picture(app)[0]["panels"][0]["name"] == "line"


# Compare and branch.


def test_a_pinned_run_stays_in_the_picture_of_other_settings():
    app = visit("descent", lr="0.02", steps="40")
    check(app.button(key="pin_run").click().run())
    assert params(app)["pin"] == "lr=0.02,steps=40".replace(",", "&")
    check(app.slider(key="steps").set_value(25).run())
    check(reopen(app, **{**params(app), "lr": "0.15", "optimizer": "momentum"}))
    ghost, path = layers(app, "plane", "Path")
    expected = descend(DescentConfig(lr=0.02, steps=40)).points
    np.testing.assert_array_equal(ghost["xy"], expected.astype(np.float32))
    assert "0.02" in ghost["label"]
    assert path["over"] == "k"
    check(app.button(key="unpin_run").click().run())
    assert "pin" not in params(app)
    assert len(layers(app, "plane", "Path")) == 1


def test_the_default_run_can_be_pinned():
    app = visit("descent")
    check(app.button(key="pin_run").click().run())
    assert len(layers(app, "plane", "Path")) == 2


def test_a_run_pinned_on_another_surface_is_not_in_the_picture():
    app = check(visit("descent", pin="surface=himmelblau"))
    assert len(layers(app, "plane", "Path")) == 1


def test_a_branch_goes_on_from_its_step_at_every_turn_of_the_knob():
    app = visit("descent", lr="0.15")
    check(say(app, "branch", 12))
    assert params(app)["branch"] == "12,lr=0.15"
    trunk = descend(DescentConfig(lr=0.15))
    ghost, _ = layers(app, "plane", "Path")
    np.testing.assert_array_equal(ghost["xy"], trunk.points.astype(np.float32))
    assert shown(app)[0]["branch"] is False  # a branch of a branch has no address
    for lr in (0.01, 0.1, 0.2):
        _assert_on_stage(app, branch(trunk, 12, lr=lr))
    check(say(app, "knob", 0.05))
    assert params(app)["branch"] == "12,lr=0.15"
    check(app.button(key="end_branch").click().run())
    assert "branch" not in params(app)
    assert len(layers(app, "plane", "Path")) == 1
    assert shown(app)[0]["branch"] is True


def _assert_on_stage(app, run):
    _, path = layers(app, "plane", "Path")
    turned = picture(app)[0]["knob"]["values"].index(run.config.lr)
    np.testing.assert_allclose(path["xy"][turned], run.points, rtol=1e-6, atol=1e-7)


def test_any_setting_of_the_run_can_change_at_the_branch():
    app = visit("descent", lr="0.05", optimizer="momentum")
    check(say(app, "branch", 20))
    assert params(app)["branch"] == "20,optimizer=momentum&lr=0.05"
    trunk = descend(DescentConfig(lr=0.05, optimizer="momentum"))
    check(app.slider(key="momentum").set_value(0.5).run())
    check(app.selectbox(key="schedule").set_value("cosine").run())
    check(app.slider(key="steps").set_value(60).run())
    _assert_on_stage(app, branch(trunk, 20, momentum=0.5, schedule="cosine", steps=60))
    app.selectbox(key="optimizer").set_value("adam").run()
    settings = {"momentum": 0.5, "schedule": "cosine", "steps": 60, "optimizer": "adam"}
    run = branch(trunk, 20, **settings)
    _assert_on_stage(app, run)
    assert params(app)["branch"] == "20,optimizer=momentum&lr=0.05"
    np.testing.assert_array_equal(
        layers(app, "plane", "Path")[0]["xy"], trunk.points.astype(np.float32)
    )
    assert f"**{outcome_sentence(run)}**" in [part.value for part in app.markdown]
    told = script(replace(trunk.config, **settings), (20, trunk.config)).rstrip()
    assert _code(app).code[-1].value == told


def test_the_link_to_a_branch_leads_back_to_it():
    app = visit("descent", lr="0.05", optimizer="momentum")
    check(say(app, "branch", 20))
    check(app.slider(key="momentum").set_value(0.5).run())
    again = visit("descent", **params(app))
    assert params(again) == params(app)
    assert shown(again)[1] == shown(app)[1]


def test_the_branch_of_the_default_run_has_an_address():
    app = check(say(visit("descent"), "branch", 7))
    assert params(app)["branch"] == "7,="
    assert len(layers(app, "plane", "Path")) == 2


def test_a_branch_goes_on_from_the_turn_at_which_the_knob_was_left_with_it():
    app = visit("descent", surface="saddle", steps="30")
    app.session_state["lr"] = 0.02  # as the knob's own event does, before the page has run
    check(say(app, "branch", 3))
    assert params(app)["branch"] == "3,surface=saddle&lr=0.02&steps=30"


def test_a_refused_formula_leaves_the_branch_on_the_run_that_is_shown():
    app = visit("descent", surface="formula", formula="x^2 + y^4")
    check(app.text_input(key="formula").set_value("x^").run())
    check(say(app, "branch", 9))
    assert app.session_state["branch"] == "9,surface=formula&formula=x%5E2+%2B+y%5E4"


@pytest.mark.parametrize(
    "change",
    [
        lambda app: app.slider(key="curvature2").set_value(3.0),
        lambda app: app.slider(key="rotation").set_value(45.0),
        lambda app: app.number_input(key="start_0").set_value(1.0),
        lambda app: app.slider(key="steps").set_value(10),
    ],
)
def test_a_change_of_what_the_run_began_with_ends_the_branch_and_says_so(change):
    app = visit("descent", branch="20,lr=0.05")
    check(change(app).run())
    assert "branch" not in params(app)
    (note,) = _notes(app)
    assert "branch" in note
    assert len(layers(app, "plane", "Path")) == 1


@pytest.mark.parametrize(
    "pin", ["nonsense", "lr=-1", "lr=0.1&steps=none", "=&=", "surface=formula"]
)
def test_nonsense_pinned_is_ignored(pin):
    check(visit("descent", pin=pin))


@pytest.mark.parametrize(
    "branched",
    ["nonsense", "12", "12,", "12,0.1", ",lr=0.1", "1000,lr=0.1", "-1,=", "12,lr=-1", "12,lr=nan",
     "12,lr=0.1&steps=none", "1.5,lr=0.1", "12,steps=5", "12,surface=saddle", "12,picture=basins",
     "12,=&="],
)  # fmt: skip
def test_a_nonsensical_branch_is_ignored(branched):
    app = check(visit("descent", branch=branched))
    assert len(layers(app, "plane", "Path")) == 1


def test_a_scene_ends_branches_and_comparisons():
    app = visit("descent", branch="5,lr=0.1", pin="lr=0.01")
    check(app.button(key="scene_next").click().run())
    assert params(app) == {"scene": LESSON.scenes[1].slug}


# Presenting and sharing.


def test_presenter_mode_shows_question_stage_and_scenes_alone():
    app = check(visit("descent", present="1"))
    assert shown(app)[0]["presenting"] is True
    assert len(app.tabs) == 0
    assert params(app)["present"] == "1"
    check(say(app, "scene", 1))
    assert params(app)["present"] == "1"
    check(say(app, "present", False))
    assert "present" not in params(app)
    assert len(app.tabs) > 0


def test_an_embedded_stage_stands_alone():
    app = visit("descent")
    app.context["is_embedded"] = True
    check(app.run())
    assert shown(app)[0]["alone"] is True
    assert not app.title
    assert not app.tabs


def test_the_link_to_share_leaves_out_what_one_has_done():
    app = visit("descent", done="cycle", lr="0.2")
    app.session_state["share_open"] = True
    check(app.run())
    links = [code.value for code in app.code]
    assert len(links) >= 2
    assert all("lr=0.2" in link and "done" not in link for link in links)
    assert "embed=true" in links[-1]


def test_one_persons_knob_does_not_move_another_persons_picture():
    first, second = visit("descent"), visit("descent")
    check(say(first, "knob", 0.25))
    check(second.run())
    assert params(second) == {}
    assert turn(second) == DescentConfig().lr


# Under the stage.


@pytest.mark.parametrize("field", ["lr", "momentum", "start"])
def test_the_sweep_tab_shows_twelve_runs_that_differ_in_one_setting(field):
    app = visit("descent", sweep_over=field, optimizer="momentum", lr="0.05")
    app.session_state["tab"] = "Sweep"
    check(app.run())
    config = DescentConfig(optimizer="momentum", lr=0.05)
    outcomes = sweep(config, field, milestones(config, field)).outcomes
    assert len(picture(app, f"sweep_{field}")[0]["panels"]) == len(outcomes) == 12
    assert params(app).get("sweep_over", "lr") == field


def test_what_to_notice_has_the_readers_numbers():
    app = check(visit("descent", surface="quadratic", curvature1="8", lr="0.25"))
    said = text(app) + "".join(str(latex.value) for latex in app.latex)
    assert r"0.25 \cdot 8 = 2" in said
    assert "«" not in said
    assert "2/λmax = 0.25" in said


@pytest.mark.parametrize("scene", LESSON.scenes, ids=lambda scene: scene.slug)
def test_no_number_is_missing_in_the_words_of_a_scene(scene):
    app = visit("descent", scene=scene.slug)
    said = text(app) + "".join(str(latex.value) for latex in app.latex)
    assert "«" not in said
    assert "nan" not in said.split()


def test_pictures_of_the_same_settings_are_made_once():
    scenes = [shown(visit("descent", surface="plateau", steps="77"))[1] for _ in range(2)]
    assert scenes[0] == scenes[1]
    assert set(players(visit("descent"))) == {"player"}
