"""Features against their definitions."""

from math import cos, pi, sin

import numpy as np
import pytest

from dlviz.features import FEATURES, featurize


def test_features_are_what_they_are_called():
    expected = {"x1": 3, "x2": -4, "x1^2": 9, "x2^2": 16, "x1x2": -12, "sin x1": sin(3),
                "sin x2": sin(-4), "radius": 5, "angle": -0.9272952180016122}  # fmt: skip
    values = featurize(np.array([[3.0, -4.0]]), tuple(expected))
    assert values.shape == (1, 9)
    assert values[0].tolist() == pytest.approx(list(expected.values()), rel=1e-15)
    assert set(FEATURES) == set(expected)


def test_radius_and_angle_lead_back_to_the_point():
    x = np.random.default_rng(0).normal(size=(4, 5, 2))
    polar = featurize(x, ("radius", "angle"))
    back = polar[..., :1] * np.stack([np.cos(polar[..., 1]), np.sin(polar[..., 1])], -1)
    np.testing.assert_allclose(back, x, atol=1e-15)


def test_the_angle_is_counterclockwise_from_x1():
    turns = np.array([0, 0.25, 0.5, -0.25]) * 2 * pi
    x = np.array([(cos(turn), sin(turn)) for turn in turns])
    np.testing.assert_allclose(featurize(x, ("angle",))[:, 0], turns, atol=1e-15)
