"""The page of the filters lab: whose feats are counted, and where its scenes open."""

from unittest.mock import Mock
from urllib.error import URLError

import pytest
import sklearn.datasets

from dlviz import fetched
from dlviz.filters.compute import FiltersConfig, facts, train
from dlviz.ui import work
from dlviz.words import number
from tests.pages.test_embedding import finish
from tests.pages.visiting import SHORT, check, params, picture, shown, text, visit


def test_a_link_with_a_network_that_does_not_fit_says_why():
    app = check(visit("filters", architecture="conv 8 3; pool 2; conv 4 5"))
    said = text(app).replace("\\", "").replace("\u2060", "")
    assert "makes no sense here (" in said
    assert "a 5x5 kernel does not fit a 3x3 map" in said


@pytest.mark.parametrize("slug", ["learning", "six", "wrong"])
def test_a_scene_that_is_about_the_trained_network_opens_with_it(slug):
    options, _ = shown(check(visit("filters", scene=slug)))
    assert options["at_end"] == (slug != "learning")


@pytest.mark.parametrize("lab", ["filters", "boundary"])
def test_a_run_that_has_only_begun_is_no_feat(lab, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(work, "PATIENCE", 0.05)
    link = {"filters": {"seed": "7"}, "boundary": {"seed": "7", "n": "400"}}[lab]
    app = check(visit(lab, **link))
    assert shown(app)[0]["growing"]
    assert not params(app).get("done")
    finish(app)
    assert not params(app).get("done")
    assert "Challenge met" not in text(app)


def test_pictures_that_cannot_be_fetched_are_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch):
    def refuse(*_, **__):
        raise URLError("no network")

    monkeypatch.setattr(sklearn.datasets, "fetch_openml", refuse)
    monkeypatch.setattr(fetched, "_read", lambda file: None)
    for dataset, name in (("mnist", "MNIST"), ("fashion", "Fashion-MNIST")):
        app = visit("filters", dataset=dataset, architecture="conv 8 5; pool 2; dense 24")
        finish(app)
        (error,) = check(app).error
        assert error.value.startswith(f"{name} is not on this machine and could not be fetched")
        assert error.value.count(". ") == 0
        scene, _ = picture(app)
        (maps,) = scene["panels"][0]["layers"]
        assert maps["arrays"]["pictures"]["shape"] == [10, 1, 8, 8]  # the usual ones meanwhile
    app = check(app.selectbox(key="dataset").set_value("digits").run())
    assert not app.error


def test_a_pinned_training_stays_in_the_picture_and_says_what_it_sees():
    app = check(visit("filters"))
    app = check(app.button(key="pin_run").click().run())
    app = check(app.slider(key="epochs").set_value(0).run())
    finish(app)
    assert {"pin": "=", "epochs": "0"}.items() <= params(app).items()
    scene, _ = picture(check(app))
    curves = scene["panels"][2]["layers"]
    assert [curve["label"] for curve in curves] == ["pinned: epochs 20", "", ""]
    pinned = train(FiltersConfig())
    assert curves[0]["arrays"]["x"]["shape"] == [len(pinned.updates)]
    right = number(round(100 * pinned.test_accuracy[-1], 1))
    sure = facts(pinned, FiltersConfig(picture=3))
    assert f"pinned: {right} %, {sure['says']} ({round(sure['sure'])} %)" in scene["captions"][3]
    app = check(app.button(key="unpin_run").click().run())
    assert "pin" not in params(app)


def test_a_pin_of_pictures_that_are_not_here_breaks_nothing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sklearn.datasets, "fetch_openml", Mock(side_effect=URLError("no network")))
    monkeypatch.setattr(fetched, "_read", lambda file: None)
    link = "dataset=mnist&architecture=conv 8 5; pool 2; dense 24"
    app = visit("filters", pin=link)
    finish(app)
    scene, _ = picture(check(app))
    assert [curve["label"] for curve in scene["panels"][2]["layers"]] == ["", ""]


@pytest.mark.parametrize(("link", "layer"), [({"block": "2"}, "conv2"), ({}, "conv1"),
                                             ({"seed": "7", "epochs": "0"}, "dense")])  # fmt: skip
def test_the_map_of_a_layer_leads_to_the_map_that_tsne_makes_of_it(link, layer):
    app = check(visit("filters", **link))
    app.session_state["tab"] = "Map of a layer"
    finish(app)
    links = {link.proto.page: link for link in check(app.run()).get("page_link")}
    page = links["embedding"]
    assert page.proto.query_string == f"layer={layer}"
    there = check(visit("embedding", layer=layer, **SHORT["embedding"]))
    assert not there.caption and there.session_state["layer"] == layer
