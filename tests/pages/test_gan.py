"""The GAN lab's page: runs of pictures are pinned and branched as games are."""

import numpy as np
import pytest

from dlviz.gan.compute import PictureRun, paint, paint_branch
from tests.pages.visiting import check, layers, params, picture, say, text, turn, visit

BRIEF = {"picture": "digits", "length": "0.1"}  # 100 steps, 56 of them recorded
RUN = PictureRun("digits", length=0.1)


def _wall(app, name="wall"):
    (tiles,) = layers(app, name, "Tiles")
    return tiles["images"][..., ::-1, :]  # the first row of a field is its lowest


def test_a_branch_of_pictures_shares_its_steps_and_goes_on_with_other_settings():
    app = check(visit("gan", **BRIEF))
    straight = paint(RUN.config)
    np.testing.assert_array_equal(_wall(app), straight.wall)
    check(say(app, "branch", 50))
    assert params(app)["branch"] == "50,picture=digits&length=0.1"
    same = paint_branch(straight, 50)
    np.testing.assert_array_equal(_wall(app), same.wall)
    np.testing.assert_array_equal(same.wall[-1], straight.wall[-1])
    app.slider(key="pace_g").set_value(5.0)
    check(app.run())
    other = paint_branch(straight, 50, lr_g=0.005)
    np.testing.assert_array_equal(_wall(app), other.wall)
    assert not np.array_equal(other.wall[-1], straight.wall[-1])
    check(app.button(key="end_branch").click().run())
    assert "branch" not in params(app)
    np.testing.assert_array_equal(_wall(app), paint(other.config).wall)


def test_a_branch_of_pictures_ends_where_its_run_would_have_begun_otherwise():
    app = say(visit("gan", **BRIEF), "branch", 50)
    kind = app.selectbox(key="kind")
    check(kind.set_value("last").run())  # which only shows the generator otherwise
    assert params(app)["branch"].startswith("50,")
    check(app.selectbox(key="kind").set_value("bare").run())
    assert "branch" not in params(app)
    assert "its run began otherwise" in text(app)


def test_a_pinned_run_of_pictures_stands_beside_the_other_step_by_step():
    app = visit("gan", **BRIEF)
    app.button(key="pin_run").click()
    app.slider(key="pace_g").set_value(5.0)
    check(app.run())
    assert params(app)["pin"] == "picture=digits&length=0.1"
    np.testing.assert_array_equal(_wall(app, "pinned"), paint(RUN.config).wall)
    np.testing.assert_array_equal(
        _wall(app), paint(PictureRun("digits", length=0.1, pace_g=5.0).config).wall
    )
    header, _ = picture(app)
    assert [panel["name"] for panel in header["panels"]] == ["wall", "pinned", "losses", "scores"]
    app.slider(key="length").set_value(0.2)
    check(app.run())
    steps = header["numbers"], picture(app)[0]["numbers"]
    assert (steps[0][-1], steps[1][-1]) == (100, 200)
    np.testing.assert_array_equal(_wall(app, "pinned")[28], paint(RUN.config).wall[-1])
    check(app.button(key="unpin_run").click().run())
    assert len(picture(app)[0]["panels"]) == 3


@pytest.mark.parametrize("pin", ["=", "loss=hinge", "picture=game", "picture=digits&images=cats"])
def test_a_pinned_game_is_no_run_of_pictures(pin):
    app = check(visit("gan", pin=pin, **BRIEF))
    assert "pin" not in params(app)
    assert "The pinned run in the link makes no sense here." in text(app)


def test_a_pinned_run_of_pictures_is_no_game():
    app = check(visit("gan", pin="picture=digits&length=0.1", steps="20"))
    assert "pin" not in params(app)
    assert "The pinned run in the link makes no sense here." in text(app)


@pytest.mark.parametrize(
    ("link", "nearest"),
    [
        ({"picture": "apart", "gap": "1.23"}, 1.2),
        ({"picture": "apart", "gap": "-1"}, 0.0),
        ({"picture": "dirac", "gamma": "0.33"}, 0.35),
        ({"picture": "wanted", "wanted": "3.6", "length": "0.1"}, 4.0),
        ({"picture": "between", "mix": "7", "length": "0.1"}, 1.0),
    ],
)
def test_a_link_to_what_the_knob_cannot_be_turns_it_to_the_nearest(link, nearest):
    app = check(visit("gan", **link))
    assert turn(app) == pytest.approx(nearest)


@pytest.mark.parametrize(
    ("scene", "asks"), [("figure", "value"), ("vanish", "sure"), ("ring", "rate")]
)
def test_a_scene_asks_its_own_question(scene, asks):
    app = check(visit("gan", scene=scene))
    assert app.radio(key=f"predict_{asks}").value is None
    check(app.selectbox(key="scene_choice").select_index(0).run())
    assert app.radio(key="predict_rate").value is None
