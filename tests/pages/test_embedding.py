"""The page of the embedding lab: its own table, its knob, its walls, what is said of them."""

import time

import numpy as np
import pytest

from dlviz.embedding.config import PERPLEXITIES
from dlviz.embedding.lesson import LESSON
from tests.pages.visiting import check, layers, params, picture, say, shown, text, turn, visit

TABLE = b"a,b,c,kind\n" + b"".join(
    b"%d,%d,%d.5,%s\n" % (i % 7, i * i % 11, i % 5 + 9 * (i % 2), [b"u", b"v"][i % 2])
    for i in range(60)
)


def finish(app, seconds=60):
    """Run the page again until its work is done."""
    until = time.monotonic() + seconds
    while "stop_work" in {button.key for button in app.button} or shown(app)[0].get("growing"):
        assert time.monotonic() < until
        time.sleep(0.2)
        check(app.run())
    return app


def test_the_first_picture_is_whole_at_once_and_small():
    app = check(visit("embedding"))
    options, _ = shown(app)
    assert not options["growing"]
    header, _ = picture(app)
    assert header["frames"] == 46
    assert header["numbers"][0] == 0 and header["numbers"][-1] == 750
    assert tuple(header["knob"]["values"]) == PERPLEXITIES
    assert turn(app) == 30
    (points,) = layers(app, "map", "CloudPoints")
    assert points["xy"].shape == (10, 46, 500, 2)
    sent = len(app.get("bidi_component")[0].proto.bytes)
    assert sent < 1_500_000


def test_turning_the_knob_is_in_the_link_and_computes_nothing_anew():
    app = visit("embedding")
    before = shown(app)[1]
    check(say(app, "knob", 5.0))
    assert params(app)["perplexity"] == "5"
    assert shown(app)[1] == before


def test_other_data_are_computed_under_all_perplexities():
    app = finish(check(visit("embedding", dataset="circle", n="40", iterations="60")))
    (points,) = layers(app, "map", "CloudPoints")
    assert points["xy"].shape[0] == 10
    assert points["xy"].shape[2] == 40
    assert len(set(picture(app)[0]["knob"]["values"])) == 10
    assert "60 iterations took the KL divergence" in text(app)


def test_a_table_of_ones_own_is_mapped():
    app = check(visit("embedding", dataset="table", iterations="40"))
    assert "upload it here" in text(app)
    app.get("file_uploader")[0].set_value(("mine.csv", TABLE, "text/csv"))
    finish(check(app.run()))
    said = text(app).replace("\\", "").replace("\u2060", "")
    assert "mine.csv is in the picture: 60 points, 3 columns" in said
    (points,) = layers(app, "map", "CloudPoints")
    assert points["xy"].shape[2] == 60
    assert points["names"] == ["u", "v"]
    app.selectbox(key="picture").set_value("Five perplexities").run()
    finish(check(app))
    assert len(picture(app)[0]["panels"]) == 6


@pytest.mark.parametrize("kind", ["perplexities", "seeds", "methods", "layers", "variance"])
def test_a_wall_shows_the_same_points_in_each_panel(kind):
    data = {"n": "60"} if kind == "layers" else {"dataset": "circle", "n": "40"}
    app = finish(check(visit("embedding", picture=kind, iterations="20", **data)))
    header, _ = picture(app)
    assert header["layout"] == "wall"
    counts = set()
    for panel in header["panels"]:
        for layer in panel["layers"]:
            if layer["kind"] == "CloudPoints":
                counts.add(layer["arrays"]["xy"]["shape"][-2])
    assert counts == {40 if kind != "layers" else 60}


def test_trust_shows_what_is_lost():
    app = check(visit("embedding", picture="trust"))
    (points,) = layers(app, "map", "CloudPoints")
    assert points["value"] == "lost of 10 nearest"
    assert points["codes"].shape == (10, 500)
    assert 0 < np.mean(points["codes"]) < 255


@pytest.mark.parametrize("scene", [each.slug for each in LESSON.scenes])
def test_a_scene_is_whole_when_it_opens(scene):
    app = check(visit("embedding", scene=scene))
    assert not shown(app)[0].get("growing")
    assert "stop_work" not in {button.key for button in app.button}
    assert "Still under way" not in text(app)


def test_every_method_has_its_picture_of_trust():
    app = check(visit("embedding", picture="trust", method="isomap", dataset="circle", n="40"))
    finish(app)
    (points,) = layers(app, "map", "CloudPoints")
    assert points["value"] == "lost of 10 nearest"
    header, _ = picture(app)
    assert header["knob"] is None and header["captions"][0].startswith("Isomap · trustworthiness")
    app = check(visit("embedding", picture="methods", n="300"))
    assert text(app).count("| trustworthiness |") == 1
    assert all(f"| {name} |" in text(app) for name in ("t-SNE", "PCA", "MDS", "Isomap", "LTSA"))


def test_a_perplexity_that_the_points_cannot_have_is_taken_down():
    app = check(visit("embedding", dataset="circle", n="30", perplexity="100", iterations="10"))
    assert app.session_state["perplexity"] < 29


def test_only_controls_that_act_are_offered():
    offered = lambda **query: controls(check(visit("embedding", n="40", iterations="10", **query)))  # noqa: E731
    tsne = {"init", "lr", "exaggeration", "exaggerated", "iterations"}
    run = offered(dataset="circle")
    assert tsne <= run and "neighbors" not in run
    pca = offered(dataset="circle", method="pca")
    assert not pca & (tsne | {"neighbors", "fixed"})
    isomap = offered(dataset="circle", method="isomap")
    assert "neighbors" in isomap and not isomap & tsne
    seeds = offered(dataset="circle", picture="seeds")
    assert {"perplexity", "iterations"} <= seeds and not seeds & {"init", "neighbors", "fixed"}


def controls(app):
    kinds = (app.slider, app.selectbox, app.toggle, app.get("button_group"))
    return {each.key for kind in kinds for each in kind}


def test_the_perplexity_of_two_starts_can_be_chosen_and_fits_the_points():
    query = {"picture": "seeds", "n": "30", "perplexity": "100", "iterations": "10"}
    app = check(visit("embedding", dataset="circle", **query))
    assert app.session_state["perplexity"] < 29
    app.slider(key="perplexity").set_value(5.0).run()
    assert params(finish(check(app)))["perplexity"] == "5"


def test_the_formula_of_tsne_stands_under_tsne_alone():
    query = {"dataset": "circle", "n": "40", "iterations": "10"}
    assert finish(check(visit("embedding", **query))).get("latex")
    assert not finish(check(visit("embedding", **query, method="pca"))).get("latex")
