"""The code panel's script counts the regions that the page shows."""

import ast
import contextlib
import io

import numpy as np
import pytest

from dlviz.origami.config import OrigamiConfig, architecture_of
from dlviz.origami.constructions import layers_of
from dlviz.origami.script import script
from dlviz.origami.smooth import smooth
from dlviz.origami.traces import unfold

_PLAIN = OrigamiConfig(hidden=(5, 4), seed=3)
EDITED = tuple(architecture_of(_PLAIN).parameters(layers_of(_PLAIN)).round(3).tolist())
CONFIGS = [
    OrigamiConfig(),
    OrigamiConfig(hidden=(16, 16, 16)),
    OrigamiConfig(hidden=(6, 6, 6), leak=0.2, span=300.0, weight_scale=2.0),
    OrigamiConfig(hidden=(7, 7), bias_scale=0.0, leak=-1.0),
    OrigamiConfig(hidden=(5, 4), parameters=EDITED, span=0.1),
    OrigamiConfig(hidden=()),
    OrigamiConfig("folds", (4, 4, 4)),
    OrigamiConfig("folds", (6, 7)),
    OrigamiConfig("folded_lines", (8,)),
    OrigamiConfig("folded_lines", (4, 4, 4)),
    OrigamiConfig("folded_lines", (6, 5), seed=4),
]


def printed(text):
    """Run a script and return what it prints."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(ast.parse(text), "script", "exec"), {"__name__": "__main__"})
    return output.getvalue()


@pytest.mark.parametrize("config", CONFIGS, ids=lambda c: f"{c.network}{c.hidden}")
def test_the_script_counts_the_same_regions(config):
    assert int(printed(script(config))) == len(unfold(config).regions)


@pytest.mark.parametrize("sharpness", [0.5, 1000.0])
def test_the_script_of_sigmoids_has_the_same_range(sharpness):
    config = OrigamiConfig(hidden=(6, 5), activation="sigmoid", sharpness=sharpness, span=2.0)
    values = smooth(config, size=100).values
    low, high = map(float, printed(script(config)).split())
    np.testing.assert_allclose([low, high], [values.min(), values.max()], rtol=1e-12)


@pytest.mark.parametrize("config", CONFIGS[:1], ids=["default"])
def test_scripts_are_short_and_stand_alone(config):
    text = script(config)
    assert len(text.splitlines()) < 60
    assert {n.names[0].name for n in ast.parse(text).body if isinstance(n, ast.Import)} == {"numpy"}
