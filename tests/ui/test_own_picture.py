"""A picture of one's own on a page: upload, camera, and what is refused."""

import io

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from dlviz.ui.own_picture import NONE_YET, OwnPicture


def png(shade, size=(12, 8)):
    file = io.BytesIO()
    Image.new("L", size, shade).save(file, "PNG")
    return file.getvalue()


def page():
    import streamlit as st

    from dlviz.ui.own_picture import OwnPicture

    lab = OwnPicture()
    lab.state = st.session_state
    st.session_state["got"] = lab.own_picture(64)


def opened():
    return AppTest.from_function(page, default_timeout=30).run()


def upload(app, data, name="mine.png"):
    app.get("file_uploader")[0].set_value((name, data, "image/png"))
    return app.run()


def test_there_is_none_at_first():
    app = opened()
    assert app.session_state["got"] is None
    assert [caption.value for caption in app.caption] == [NONE_YET]


def test_an_uploaded_picture_is_read_and_stays_the_same_object():
    app = upload(opened(), png(51))
    own = app.session_state["got"]
    assert own.pixels.shape == (8, 12)
    np.testing.assert_allclose(own.pixels, 0.2)
    assert app.caption[0].value == "It is here: 12 x 8 px, in this session alone."
    again = app.run().session_state["got"]
    assert again.key == own.key and again.pixels is own.pixels


@pytest.mark.parametrize("data", [b"GIF89a", b"x", png(3)[:40], png(1, (5000, 1))])
def test_a_bad_file_is_refused_in_one_sentence_and_the_last_good_one_stays(data):
    app = upload(opened(), data)
    assert len(app.error) == 1 and app.error[0].value.startswith("Expected ")
    assert app.session_state["got"] is None and not app.caption
    own = upload(app, png(51)).session_state["got"]
    assert not app.error
    upload(app, data)
    assert len(app.error) == 1 and "\n" not in app.error[0].value
    assert app.session_state["got"].key == own.key
    assert app.caption[0].value.startswith("The last one stays")


def test_the_later_of_upload_and_camera_counts():
    part = OwnPicture()
    part.state = {}
    steps = [
        ({"uploaded": png(51)}, 0.2),
        ({"uploaded": png(51), "taken": png(102)}, 0.4),
        ({"uploaded": png(153), "taken": png(102)}, 0.6),
        ({"uploaded": png(153), "taken": png(204)}, 0.8),
        ({"uploaded": png(153)}, 0.6),
        ({}, 0.6),
    ]
    for data, shade in steps:
        assert part._take(data, 64, True) == ""
        np.testing.assert_allclose(part.state["picture_own"].pixels, shade)


def test_the_camera_is_asked_for_only_when_it_is_switched_on():
    app = opened()
    assert not app.get("camera_input")
    app.toggle(key="picture_camera").set_value(True).run()
    assert not app.exception
    assert len(app.get("camera_input")) == 1


def test_keys_tell_sizes_and_colors_apart():
    part = OwnPicture()
    part.state = {}
    keys = set()
    for longest, gray in ((64, True), (64, False), (32, True)):
        part._take({"uploaded": png(9)}, longest, gray)
        keys.add(part.state["picture_own"].key)
    assert len(keys) == 3


def digit_page():
    import streamlit as st

    from dlviz.ui.own_picture import OwnPicture

    lab = OwnPicture()
    lab.state = st.session_state
    lab.state.setdefault("drawing", "")
    lab.own_digit("drawing")


def test_a_photo_of_a_digit_becomes_a_drawing_once_and_empty_paper_is_refused():
    app = AppTest.from_function(digit_page, default_timeout=30).run()
    assert app.session_state["drawing"] == ""
    page = np.full((60, 50), 255, np.uint8)
    page[10:50, 20:30] = 0  # a 1, as thick as a quarter of its height
    file = io.BytesIO()
    Image.fromarray(page).save(file, "PNG")
    upload(app, file.getvalue())
    assert app.session_state["drawing"] == "000ff000" * 8
    app.session_state["drawing"] = "f" * 64  # painted over by hand: it stays
    app.run()
    assert app.session_state["drawing"] == "f" * 64
    upload(app, png(200), "paper.png")
    assert app.error[0].value.startswith("Expected a digit on plain paper")
    app.run()
    assert len(app.error) == 1
    assert app.session_state["drawing"] == "f" * 64
