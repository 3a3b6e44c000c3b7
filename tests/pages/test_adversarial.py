"""The page of adversarial examples: photos of one's own, and settings that fit each other."""

import io

import numpy as np
import pytest
from PIL import Image

from dlviz.digit_shape import as_digit
from dlviz.drawn import text_of
from dlviz.pictures import read_picture
from dlviz.victims import unseen_digits
from tests.pages.visiting import check, params, visit


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
    drawing = text_of(as_digit(read_picture(photo(), 256), side))
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
    if name != "even":
        (error,) = app.error
        assert error.value.startswith("Expected") and "\n" not in error.value
    else:
        assert not app.error


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
