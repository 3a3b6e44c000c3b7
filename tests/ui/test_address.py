from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlviz.descent.compute import DescentConfig
from dlviz.descent.lesson import LESSON
from dlviz.filters.lesson import LESSON as FILTERS
from dlviz.optimizers import OPTIMIZERS, SCHEDULES
from dlviz.surfaces import SURFACES
from dlviz.ui.address import decode, defaults, differing, encode, read

CONFIGS = st.builds(
    DescentConfig,
    surface=st.sampled_from([*SURFACES, "formula"]),
    formula=st.sampled_from(["x^2 + 3y^2", "sin(x) + y^2/7", "x*y + 1", "(x - 1)^2"]),
    curvature1=st.floats(0, 100, exclude_min=True),
    curvature2=st.floats(0, 100, exclude_min=True),
    rotation=st.floats(-360, 360),
    optimizer=st.sampled_from([*OPTIMIZERS]),
    lr=st.floats(0, 10, exclude_min=True),
    momentum=st.floats(0, 0.9999),
    beta2=st.floats(0, 0.9999),
    weight_decay=st.floats(0, 1),
    bias_correction=st.booleans(),
    schedule=st.sampled_from([*SCHEDULES]),
    steps=st.integers(1, 10_000),
    start=st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)),
)


def _settings(config, **views):
    return {**LESSON.views, **vars(config), **views}


def _there_and_back(config):
    link = urlencode(differing(_settings(config), LESSON), safe=",")
    settings, notes = read(dict(parse_qsl(link)), LESSON)
    assert not notes
    return DescentConfig(**settings)


@given(CONFIGS)
def test_a_link_leads_back_to_the_same_run_to_twelve_digits(config):
    again = _there_and_back(config)
    for name, value in vars(config).items():
        told = getattr(again, name)
        assert told == (value if isinstance(value, str) else pytest.approx(value, 1e-11, 0))
    assert _there_and_back(again) == again


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1, "0.1"),
        (2.0, "2"),
        (1e-07, "1e-07"),
        (0.123456789012, "0.123456789012"),
        (-0.5, "-0.5"),
        (7, "7"),
        (True, "1"),
        (False, "0"),
        ("x^2 + y", "x^2 + y"),
        ((-2.5, 1.5), "-2.5,1.5"),
        ((4, 2), "4,2"),
    ],
)
def test_settings_are_short_in_a_link_and_come_back(value, text):
    assert encode(value) == text
    assert decode(text, value) == value
    assert type(decode(text, value)) is type(value)


@pytest.mark.parametrize(
    ("text", "like"),
    [("", 1.0), ("two", 2), ("1.5", 2), ("yes", True), ("1,b", (0.0, 0.0)),
     ("1;2", (0.0, 0.0)), ("1,b", (0.0, 0.0))],
)  # fmt: skip
def test_what_stands_for_no_setting_is_refused(text, like):
    with pytest.raises(ValueError, match=r"expected|invalid|could not convert"):
        decode(text, like)


def test_rounding_noise_is_not_in_a_link():
    assert encode(0.1 + 0.2) == "0.3"


def test_only_what_differs_is_in_the_link():
    config = DescentConfig()
    assert differing(_settings(config), LESSON) == {}
    changed = _settings(replace(config, lr=0.2), picture="basins")
    assert differing(changed, LESSON) == {"lr": "0.2", "picture": "basins"}
    assert differing(changed, LESSON, views=False) == {"lr": "0.2"}


@pytest.mark.parametrize(
    ("params", "settings", "refused"),
    [
        ({}, {}, []),
        ({"lr": "0.2", "other": "1"}, {"lr": 0.2}, []),
        ({"lr": "-1"}, {}, ["lr"]),
        ({"lr": "nan", "steps": "7"}, {"steps": 7}, ["lr"]),
        ({"start": "1,2", "surface": "moon"}, {"start": (1.0, 2.0)}, ["surface"]),
        ({"bias_correction": "0"}, {"bias_correction": False}, []),
        ({"steps": "9" * 5000}, {}, ["steps"]),
        ({"lr": "9" * 400}, {}, ["lr"]),
        ({"picture": "basins"}, {"picture": "basins"}, []),
    ],
)
def test_each_parameter_is_a_setting_or_a_note(params, settings, refused):
    got, notes = read(params, LESSON)
    assert got == settings
    assert len(notes) == len(refused)
    for note, name in zip(notes, refused, strict=True):
        assert f"“{name}”" in note
        assert encode(defaults(LESSON)[name]) in note


@given(st.dictionaries(st.sampled_from([*defaults(LESSON)]), st.text(max_size=20)))
def test_no_address_breaks_a_page(params):
    settings, notes = read(params, LESSON)
    assert len(settings) + len(notes) == len(params)


def test_every_setting_needs_a_default():
    @dataclass(frozen=True)
    class Config:
        lr: float

    with pytest.raises(TypeError, match="lacking \\['lr'\\]"):
        defaults(replace(LESSON, config=Config))


def test_what_makes_sense_only_with_others_is_taken_with_them():
    wide = {"dataset": "shapes", "architecture": "conv 4 9", "drawing": "f" * 784}
    assert read(wide, FILTERS) == (wide, [])
    settings, notes = read(
        {"architecture": "conv 4 9", "drawing": "f" * 784, "epochs": "3"}, FILTERS
    )
    assert settings == {"epochs": 3}
    assert len(notes) == 2
