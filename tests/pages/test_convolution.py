"""The convolution page: what it refuses, and what its sliders let one ask for."""

import pytest

from tests.pages.visiting import check, visit


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"size": "4", "kernel": "box", "kernel_size": "7"},
         "Expected a window of at most 4 cells a side, got 7"),
        ({"picture": "field", "layers": "5", "field_kernel": "5", "field_stride": "3"},
         "Expected a stack on at most 100 inputs"),
    ],
)  # fmt: skip
def test_what_is_refused_is_said_above_the_picture(settings, sentence):
    app = check(visit("convolution", **settings))
    order = [element.type for element in app.main if element.type in ("error", "bidi_component")]
    assert order.index("error") < order.index("bidi_component")
    (error,) = app.error
    assert error.value.startswith(sentence)


def test_the_image_cannot_be_made_smaller_than_its_window():
    app = check(visit("convolution", kernel="box", kernel_size="7"))
    assert app.slider(key="size").min == 7
    assert not check(app.slider(key="size").set_value(7).run()).error
    app = check(visit("convolution", kernel="gabor"))
    assert app.slider(key="kernel_size").min == 3


def test_a_kernel_too_small_for_its_name_grows():
    app = visit("convolution", kernel="box", kernel_size="1")
    app = check(app.selectbox(key="kernel").set_value("gabor").run())
    assert app.session_state["kernel_size"] == 3
    assert not app.error and not app.caption
