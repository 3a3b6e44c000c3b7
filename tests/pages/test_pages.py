"""Every page, through app.py: all its controls, scenes, questions, goals and tabs."""

from contextlib import contextmanager
from importlib import import_module

import pytest

from dlviz.executors import InProcess
from dlviz.ui import address, work
from dlviz.ui.gate import Gate
from tests.pages.visiting import LABS, PAGES, SHORT, check, params, players, reopen, text, visit

SOME_TEXTS = ("x^2 + y^2", "sin(x)", "what is this?", "")


def _lesson(lab):
    return import_module(f"dlviz.{lab}.lesson").LESSON


def _of_each(part):
    """Return a pytest parameter for every scene, prediction or challenge of every lab."""
    return [
        pytest.param(lab, item, id=f"{lab}-{item.slug}")
        for lab in LABS
        for item in getattr(_lesson(lab), part)
    ]


def _linked(lab, settings):
    lesson = _lesson(lab)
    return address.differing({**address.defaults(lesson), **settings}, lesson)


# Heavy work, and how to do without it.

GATE = work.GATE


@contextmanager
def _through(gate, patience):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(work, "PATIENCE", patience)
        patch.setattr(work, "GATE", gate)
        yield


def _work():
    return _through(GATE, 55)


def _no_work():
    """Let all heavy work queue, as behind that of others: the test is not of what comes of it."""
    return _through(Gate(InProcess(slots=0)), 0)


@pytest.fixture
def no_work():
    with _no_work():
        yield


@pytest.mark.parametrize("page", PAGES)
def test_a_page_runs_as_it_stands(page):
    app = check(visit(page))
    assert len(app.title) == 1
    assert bool(players(app)) == (page in LABS)


# Controls. Some appear only when others are set, so a walk tries all of one control's settings
# and, at each of them, every control that was not there before.


def _controls(app):
    kinds = (app.slider, app.selectbox, app.button_group, app.toggle, app.number_input, app.radio,
             app.text_input, app.button)  # fmt: skip
    return {(control.type, control.key): control for kind in kinds for control in kind}


def _settings(control):
    if control.key == "scene_choice":  # each scene is opened below
        return [0, len(control.options) - 1]
    if control.type in ("slider", "number_input"):
        return [control.min, control.max]
    if control.type in ("selectbox", "radio"):
        return range(len(control.options))
    if control.type == "button_group":
        return control.options[::-1]  # ending with the first, which is light
    if control.type == "toggle":
        return [True, False]
    return SOME_TEXTS if control.type == "text_input" else ["click"]


def _use(app, control, setting):
    if control.type == "button":
        control.click()
    elif control.type in ("selectbox", "radio"):
        control.set_value(control.options[setting])
    else:
        control.set_value(setting)
    return app.run()


def _sets_all_else(control):
    kind, key = control
    return kind == "radio" or key.startswith(("scene_", "ask_"))  # predictions, and scenes


def _walk(app, tried, known=frozenset()):
    """Try all that is neither tried nor known, each from one place; what sets all else is last.

    The work that scenes and answers ask for is done below, where each is opened or given.
    """
    while fresh := [key for key in _controls(app) if key not in {*tried, *known}]:
        control = min(fresh, key=_sets_all_else)
        with _no_work() if _sets_all_else(control) else _work():
            _try(app, control, tried, known)


def _try(app, control, tried, known):
    here, there = params(app), known | set(_controls(app))
    tried[control], settings = 0, list(_settings(_controls(app)[control]))
    for setting in settings:
        now = _controls(app)
        if control not in now or settings != list(_settings(now[control])):
            reopen(app, **here)
        if control not in _controls(app):
            break
        doing = f"{control} set to {setting} at {params(app)}"
        app = check(_use(app, _controls(app)[control], setting), doing)
        assert "player" in players(app), doing
        tried[control] += 1
        _walk(app, tried, there)
    reopen(app, **here)


@pytest.mark.parametrize("lab", LABS)
def test_every_control_of_a_lab_can_be_set_to_either_end_and_all_its_options(lab):
    app, tried = visit(lab, **SHORT.get(lab, {})), {}
    _walk(app, tried)
    assert tried
    assert all(times >= 2 for (kind, _), times in tried.items() if kind not in ("radio", "button"))


# Scenes.


def _words(app):
    return [markdown.value for markdown in app.markdown]


@pytest.mark.parametrize(("lab", "scene"), _of_each("scenes"))
def test_a_scene_opens_by_its_link_with_its_settings_and_caption(lab, scene):
    app = check(visit(lab, scene=scene.slug))
    assert scene.caption in _words(app)
    assert app.session_state["scene"] == scene.slug
    wanted = {**address.defaults(_lesson(lab)), **scene.settings}
    assert {name: app.session_state[name] for name in wanted} == wanted
    first = _lesson(lab).scenes[0]
    assert params(app) == ({} if scene is first else {"scene": scene.slug})  # no challenge is met


@pytest.mark.usefixtures("no_work")
@pytest.mark.parametrize("lab", LABS)
def test_the_scene_buttons_lead_through_all_scenes_and_back(lab):
    app, scenes = visit(lab), _lesson(lab).scenes
    for scene in scenes[1:]:
        check(app.button(key="scene_next").click().run(), scene.slug)
        assert params(app) == {"scene": scene.slug}
        assert scene.caption in _words(app)
    check(app.button(key="scene_next").click().run())
    assert params(app) == {"scene": scenes[-1].slug}
    for scene in reversed(scenes[:-1]):
        app.button(key="scene_back").click().run()
        assert app.session_state["scene"] == scene.slug
    assert params(app) == {}


@pytest.mark.parametrize("lab", LABS)
def test_a_scene_can_be_chosen_from_the_list(lab):
    scenes = _lesson(lab).scenes
    app = check(visit(lab).selectbox(key="scene_choice").select_index(len(scenes) - 1).run())
    assert params(app) == {"scene": scenes[-1].slug}


# Predictions.


def _answer(app, prediction, choice):
    return (
        app.radio(key=f"predict_{prediction.slug}").set_value(prediction.choices[choice][1]).run()
    )


def _ask(lab, prediction):
    """Open a lab and go on to the question, answering those before it."""
    with _no_work():
        app = visit(lab)
        for before in _lesson(lab).predictions:
            if before is prediction:
                return app
            _answer(app, before, 0)
            app.button(key="ask_next").click().run()
    return None


@pytest.mark.parametrize(("lab", "prediction"), _of_each("predictions"))
def test_each_answer_to_a_prediction_gets_its_verdict_and_its_picture(lab, prediction):
    app = _ask(lab, prediction)
    assert prediction.question in text(app)
    assert not app.success
    verdicts = []
    for choice in range(len(prediction.choices)):
        check(_answer(app, prediction, choice), prediction.slug)
        (verdict,) = [*app.success, *app.error]
        verdicts.append(verdict.value.split(". ")[0])
        assert "{" not in verdict.value
        for name, value in prediction.settings.items():
            assert app.session_state[name] == value
        assert "done" not in params(app)
    right = [v for v in verdicts if v.startswith("Yes: ")]
    assert len(right) == 1
    label = right[0].removeprefix("Yes: ")
    assert verdicts.index(right[0]) == [words for _, words in prediction.choices].index(label)
    assert {v for v in verdicts if v not in right} == {f"No: {label}"}


@pytest.mark.usefixtures("no_work")
@pytest.mark.parametrize("lab", LABS)
def test_after_the_last_question_comes_the_first_again(lab):
    questions = _lesson(lab).predictions
    app = _ask(lab, questions[-1])
    _answer(app, questions[-1], 0)
    check(app.button(key="ask_next").click().run())
    assert questions[0].question in text(app)
    assert app.radio(key=f"predict_{questions[0].slug}").value is None


@pytest.mark.parametrize("lab", LABS)
def test_a_lab_can_be_left_and_come_back_to(lab):
    app = visit(lab, scene=_lesson(lab).scenes[-1].slug)
    for query in ({}, {"scene": _lesson(lab).scenes[-1].slug}):
        app.switch_page("pages/home.py").run()
        app.query_params = query
        check(app.switch_page(f"pages/{lab}.py").run())
        assert params(app) == query


# Challenges.


@pytest.mark.parametrize(("lab", "challenge"), _of_each("challenges"))
def test_the_solution_of_a_challenge_marks_it_done_in_the_link(lab, challenge):
    app = check(visit(lab, **_linked(lab, challenge.solution)))
    assert challenge.slug in params(app)["done"].split(",")
    app.session_state["tab"] = "Challenges"
    app.run()
    ticked = [m.value for m in app.markdown if m.value.startswith(":material/check_box:")]
    assert any(challenge.goal in line for line in ticked)


@pytest.mark.parametrize("lab", LABS)
def test_what_is_done_stays_done(lab):
    challenge = _lesson(lab).challenges[0]
    app = visit(lab, **_linked(lab, challenge.solution))
    app.button(key="scene_back").click().run()
    assert challenge.slug in params(app)["done"].split(",")


@pytest.mark.parametrize("lab", LABS)
def test_what_nobody_did_is_not_done(lab):
    app = check(visit(lab, done="nonsense,,<b>"))
    assert params(app).get("done", "") in ("", "nonsense,,<b>")
    app.session_state["tab"] = "Challenges"
    assert "**0 of " in text(check(app.run()))


# Tabs.


@pytest.mark.parametrize("lab", LABS)
def test_every_tab_opens_and_only_the_open_one_is_made(lab):
    app = visit(lab, **SHORT.get(lab, {}))
    labels = [tab.label for tab in app.tabs]
    assert {"What to notice", "Challenges", "Code", "Sources"} <= set(labels)
    for label in labels:
        app.session_state["tab"] = label
        check(app.run(), label)
        made = [tab.label for tab in app.tabs if len(tab.children)]
        assert made == [label]


# Slow browsers.


@pytest.mark.usefixtures("no_work")
@pytest.mark.parametrize(("lab", "scene"), _of_each("scenes"))
def test_a_control_shows_its_setting_though_only_the_last_run_were_heard_of(lab, scene):
    app = visit(lab, scene=scene.slug).run()
    for (kind, key), control in _controls(app).items():
        if kind in ("slider", "button_group"):
            shown = list(control.proto.default)
        elif kind in ("selectbox", "toggle", "number_input", "text_input"):
            shown = [control.proto.default]
        else:
            continue
        if kind == "button_group":
            assert shown == list(control.indices), key
        elif kind == "selectbox":
            assert control.options[shown[0]] == control.format_func(control.value), key
        else:
            assert shown == [control.value], key
