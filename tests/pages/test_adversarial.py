"""The page of adversarial examples: photos of one's own, and settings that fit each other."""

import io
import time

import numpy as np
import pytest
from PIL import Image

from dlviz.adversarial import compute
from dlviz.adversarial.compute import AdversarialConfig
from dlviz.cnn_recipe import CnnRecipe
from dlviz.digit_photo import as_digit
from dlviz.drawn import text_of
from dlviz.filters.choices import in_adversarial
from dlviz.filters.compute import FiltersConfig, train
from dlviz.filters.shipped import RUNS
from dlviz.frozen_model import FrozenModel
from dlviz.own_victims import own_victim
from dlviz.pictures import read_picture
from dlviz.ui.work import BRIEF
from dlviz.victims import unseen_digits
from tests.pages.visiting import check, layers, params, visit


def photo() -> bytes:
    """Return a PNG of a dark digit on light paper."""
    digit = np.kron(unseen_digits()[0][1, 0].numpy(), np.ones((20, 20)))
    page = np.full((240, 300), 230.0)
    page[40:200, 60:220] -= 200 * digit
    file = io.BytesIO()
    Image.fromarray(page.astype(np.uint8)).save(file, "PNG")
    return file.getvalue()


def upload(app, data: bytes, name: str = "photo.png"):
    return app.file_uploader(key="picture_file").upload(name, data, "image/png").run()


@pytest.mark.parametrize(("kind", "side"), [("cnn", 8), ("printed", 28)])
def test_a_photo_is_put_on_the_pad_and_can_be_painted_on(kind, side):
    app = check(visit("adversarial", source="drawn", victim=kind))
    app = check(upload(app, photo()))
    drawing = text_of(as_digit(read_picture(photo(), 160), side))
    assert app.session_state["drawing"] == drawing == params(app)["drawing"]
    assert len(drawing) == side * side
    app.session_state["drawing"] = "f" * side * side  # by hand
    assert check(app.run()).session_state["drawing"] == "f" * side * side


def test_the_test_digit_can_be_put_on_the_pad():
    app = check(visit("adversarial", source="drawn"))
    app = check(app.button(key="test_digit_on_the_pad").click().run())
    assert app.session_state["drawing"] == text_of(unseen_digits()[0][1, 0].numpy())


HOSTILE = {
    "empty": b"",
    "text": b"<svg onload=alert(1)>",
    "cut": photo()[:200],
    "huge": photo()[:16] + (60_000).to_bytes(4, "big") * 2 + photo()[24:],
    "even": None,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_upload_is_one_sentence_and_the_picture_stays(name):
    app = check(visit("adversarial", source="drawn"))
    data = HOSTILE[name]
    if data is None:  # nothing on it
        file = io.BytesIO()
        Image.new("L", (64, 64), 128).save(file, "PNG")
        data = file.getvalue()
    app = check(upload(app, data))
    assert app.session_state["drawing"] == ""
    (error,) = app.error
    assert error.value.startswith("Expected") and "\n" not in error.value


def test_a_network_that_reads_other_pictures_takes_what_fits_it():
    drawing = text_of(unseen_digits()[0][1, 0].numpy())
    app = check(visit("adversarial", source="drawn", drawing=drawing, digit="490"))
    app = check(app.selectbox(key="victim").set_value("printed").run())
    assert (app.session_state["drawing"], app.session_state["digit"]) == ("", 399)
    app = check(app.selectbox(key="picture").set_value("transfer").run())
    assert app.session_state["victim"] == "cnn"
    assert not app.error


@pytest.mark.parametrize("link", [
    {"victim": "printed", "digit": "450"},
    {"victim": "filters", "picture": "sum"},
    {"picture": "transfer", "method": "cw", "victim": "nobody"},
    {"source": "drawn", "drawing": "zz", "dimension": "-4", "picture": "gap"},
])  # fmt: skip
def test_a_link_that_makes_no_sense_opens_all_the_same(link):
    assert not check(visit("adversarial", **link)).error


SMALL = {"architecture": "conv 4 3; pool 2; dense 12", "epochs": 2, "lr": 0.01, "seed": 3}


def whole(app):
    """Run a page until its work is done; it is told of once it takes longer than ``BRIEF``."""
    time.sleep(BRIEF + 0.1)
    app = check(app.run())
    for _ in range(200):
        if not any("stop_work" in str(button.key) for button in app.button):
            return check(app)
        time.sleep(0.1)
        app = check(app.run())
    raise AssertionError("expected the training to end")


def test_the_filters_labs_network_is_attacked_as_its_link_says():
    config = FiltersConfig(**SMALL, picture=5)
    words, told = in_adversarial(config)
    assert (words, told["victim"], told["net_seed"]) == ("Attack this network", "own", 3)
    assert "dataset" not in told and "batch_size" not in told  # at their defaults
    link = {name: str(value) for name, value in told.items()}
    app = whole(visit("adversarial", **link, tab="Code"))
    assert app.session_state["epochs"] == 2 and not app.error
    recipe = CnnRecipe(**SMALL)
    kept = own_victim(recipe)
    assert np.array_equal(kept.numbers, train(config).numbers[-1])
    x, y = kept.unseen()
    k = told["digit"]
    assert int(y[k]) == 5
    read = int(FrozenModel(kept.model()).logits(x[k : k + 1]).argmax())
    facts = compute.facts(AdversarialConfig(**{**told, "epochs": 2}))
    assert (facts["label"], facts["read"]) == (5, read)


def test_networks_that_come_trained_are_linked_as_they_are():
    assert in_adversarial(FiltersConfig())[1]["victim"] == "filters"
    assert in_adversarial(RUNS["printed"])[1]["victim"] == "printed"
    drawing = "0f" * 32
    drawn = in_adversarial(FiltersConfig(source="drawn", drawing=drawing))[1]
    assert drawn == {"victim": "filters", "source": "drawn", "drawing": drawing}
    for other in ({"dataset": "shapes", "architecture": "dense 8"}, {"shuffled": True}):
        assert in_adversarial(FiltersConfig(**other)) is None


def test_a_network_of_ones_own_is_in_the_pictures_that_it_can_be_in():
    own = {"victim": "own", "architecture": "pool 2; dense 8", "epochs": "1"}
    app = whole(visit("adversarial", **own))
    for picture in ("path", "plane", "universal"):
        app = whole(app.selectbox(key="picture").set_value(picture).run())
        assert app.session_state["victim"] == "own"
    app = check(app.selectbox(key="picture").set_value("nearest").run())
    assert app.session_state["victim"] == "filters"


def test_blocks_that_do_not_fit_are_said_and_the_last_network_stays():
    app = whole(visit("adversarial", victim="own", architecture="dense 8", epochs="1"))
    app = check(app.text_input(key="architecture").set_value("conv 8 9").run())
    (error,) = app.error
    assert "does not fit" in error.value


def test_a_network_that_ran_away_is_said_to_have():
    deep = "; ".join(["dense 60"] * 5)
    wild = {"architecture": f"{deep}; norm", "lr": "0.05", "epochs": "1"}
    app = whole(visit("adversarial", victim="own", **wild))
    (error,) = app.error
    assert error.value.startswith("This network ran away")


@pytest.mark.parametrize("kind", ["cnn", "mlp"])
def test_the_regions_of_a_plane_are_exact_once_they_are_found(kind):
    app = check(visit("adversarial", picture="plane", victim=kind, digit="4"))
    (tiles,) = layers(app, "plane", "Polygons")
    assert tiles["tiles"] and not layers(app, "plane", "Field")


def test_a_network_that_is_too_large_is_asked_at_points(monkeypatch):
    monkeypatch.setattr("dlviz.class_regions.MOST", 1)
    monkeypatch.setattr("dlviz.class_regions.FEW", -1)
    app = check(visit("adversarial", picture="plane", victim="cnn", digit="6"))
    assert layers(app, "plane", "Field") and not layers(app, "plane", "Polygons")
