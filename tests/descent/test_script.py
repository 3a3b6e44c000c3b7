"""The code panel's script ends where the run on the page ends."""

import ast
import contextlib
import io
import subprocess
import sys
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from dlviz.descent.compute import DescentConfig, branch, descend, surface_of
from dlviz.descent.lesson import LESSON
from dlviz.descent.script import script
from dlviz.optimizers import OPTIMIZERS, SCHEDULES
from dlviz.surfaces import SURFACES

BY_HAND = [
    DescentConfig(optimizer=optimizer, bias_correction=False, schedule=schedule)
    for optimizer in ("adam", "adamw")
    for schedule in ("constant", "cosine")
]
RULES = [
    DescentConfig(surface=surface, optimizer=optimizer, schedule=schedule, lr=0.01, steps=30)
    for surface, optimizer, schedule in product(
        ("himmelblau", "double_well"), OPTIMIZERS, ("constant", "warmup_cosine")
    )
]
TIMETABLES = [
    DescentConfig(schedule=schedule, optimizer=optimizer, steps=steps)
    for schedule, optimizer, steps in product(SCHEDULES, ("sgd", "adam", "newton"), (7, 100))
]
GROUNDS = [
    DescentConfig(surface=name, start=(*surface.start, 0.0)[:2], lr=0.001)
    for name, surface in SURFACES.items()
]
SHAPES = [
    DescentConfig(rotation=-37.0, curvature1=0.3, curvature2=1.7),
    DescentConfig(surface="quadratic", curvature1=8.0, lr=0.21),
    DescentConfig(surface="formula", formula="x^2/4 + y^2 + sin(3x) sin(2y)", start=(2.4, 2.0)),
    DescentConfig(surface="formula", formula="exp(-x) + abs(x)^3", start=(1.0, 0.0)),
    DescentConfig(surface="formula", formula="log(1 + x^2) + sqrt(2 + cos(y)) tanh(x)"),
]
ENDS = [
    DescentConfig(optimizer="nesterov", momentum=0.0),
    DescentConfig(optimizer="momentum", momentum=0.0),
    DescentConfig(optimizer="rmsprop", beta2=0.0),
    DescentConfig(optimizer="adadelta", beta2=0.0, lr=1.0),
    DescentConfig(optimizer="adam", momentum=0.0, beta2=0.0),
    DescentConfig(optimizer="nadam", momentum=0.0, beta2=0.0),
    DescentConfig(optimizer="adamw", weight_decay=0.0),
    DescentConfig(optimizer="adamw", weight_decay=1.0, lr=0.5),
    DescentConfig(steps=1),
    DescentConfig(surface="j1", start=(2.5, 0.0), lr=1.0),
    DescentConfig(surface="j1", start=(2.5, 0.0), lr=10.0, optimizer="newton"),
    DescentConfig(surface="j2", start=(0.1, 0.0)),
    DescentConfig(surface="formula", formula="x^4 - x^2", lr=1.0),
    DescentConfig(surface="formula", formula="x + sqrt(x)", lr=0.3, start=(0.5, 0.0)),
]
SCENES = [
    DescentConfig(**{k: v for k, v in scene.settings.items() if k not in LESSON.views})
    for scene in LESSON.scenes
]
CONFIGS = list(dict.fromkeys([*BY_HAND, *RULES, *TIMETABLES, *GROUNDS, *SHAPES, *ENDS, *SCENES]))


def _named(config):
    formula = config.formula or config.surface
    return f"{formula}-{config.optimizer}-{config.schedule}-{config.lr:g}-{config.steps}"


def _printed(output):
    """Read back the point and the loss that a script prints."""
    numbers = output.replace("[", "").replace("]", "").replace(",", "").split()
    return np.array(numbers, dtype=float)


def _assert_same_end(output, config):
    trace = descend(config)
    expected = [*trace.points[-1], trace.losses[-1]]
    np.testing.assert_allclose(_printed(output), expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("config", CONFIGS, ids=_named)
def test_the_script_prints_where_the_run_ends(config):
    with contextlib.redirect_stdout(io.StringIO()) as output:
        exec(script(config), {})
    _assert_same_end(output.getvalue(), config)


def test_the_script_runs_on_its_own():
    config = DescentConfig(surface="j1", start=(2.5, 0.0), schedule="cosine", optimizer="nadam")
    done = subprocess.run(
        [sys.executable, "-c", script(config)], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    _assert_same_end(done.stdout, config)


@pytest.mark.parametrize("config", CONFIGS, ids=_named)
def test_the_script_is_short_and_needs_torch_alone(config):
    text = script(config)
    lines = text.splitlines()
    assert len(lines) <= 40
    imports = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Import | ast.ImportFrom)]
    names = [alias.name for statement in imports for alias in statement.names]
    assert names in (["torch"], ["math", "torch"])
    assert ("math." in text) == ("math" in names)
    assert all(line == line.rstrip() for line in lines)
    assert repr(config.lr) in text
    assert surface_of(config).source in text


def test_scripts_differ_where_runs_do():
    config = DescentConfig()
    changes = [{"lr": 0.2}, {"steps": 7}, {"start": (1.0, 1.0)}, {"curvature1": 2.0},
               {"optimizer": "momentum"}, {"schedule": "step"}]  # fmt: skip
    assert len({script(replace(config, **change)) for change in [{}, *changes]}) == 7


ON_THE_WAY = {
    "optimizer": ("adam", "newton"),
    "lr": (0.02,),
    "momentum": (0.0, 0.5),
    "beta2": (0.9,),
    "weight_decay": (0.3,),
    "bias_correction": (False,),
    "schedule": ("cosine", "warmup_cosine"),
    "steps": (25,),
}
BRANCHES = [
    (DescentConfig(optimizer=optimizer, lr=0.15, steps=40), {name: value})
    for optimizer in OPTIMIZERS
    for name, values in ON_THE_WAY.items()
    for value in values
] + [
    (DescentConfig(schedule="step", lr=0.05), {"schedule": "constant", "steps": 60}),
    (DescentConfig(schedule="step"), {"optimizer": "newton", "schedule": "exponential"}),
    (DescentConfig(optimizer="momentum", momentum=0.0, lr=0.02), {"momentum": 0.9}),
    (DescentConfig(optimizer="nesterov", momentum=0.0, lr=0.02), {"momentum": 0.9}),
    (DescentConfig(optimizer="adamw", bias_correction=False), {"bias_correction": True}),
    (DescentConfig(optimizer="adam", bias_correction=False), {"optimizer": "nadam"}),
]


@pytest.mark.parametrize("step", [0, 10])
@pytest.mark.parametrize(("trunk", "changes"), BRANCHES)
def test_the_script_of_a_branch_changes_the_settings_on_the_way(trunk, changes, step):
    run = branch(descend(trunk), step, **changes)
    text = script(replace(trunk, **changes), (step, trunk))
    with contextlib.redirect_stdout(io.StringIO()) as output:
        exec(text, {})
    np.testing.assert_allclose(_printed(output.getvalue())[:2], run.points[-1], atol=1e-6)
    assert ("math." in text) == ("import math" in text)
