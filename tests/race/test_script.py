"""The script of a race runs and prints what the page shows."""

import io
import re
from contextlib import redirect_stdout
from dataclasses import replace

import numpy as np
import pytest

from dlviz.optimizers import OPTIMIZERS, SCHEDULES
from dlviz.race import rates
from dlviz.race.compute import RaceConfig, mistake_script, plane_script, race, script
from dlviz.race.mistake_stage import RUN, mistake_scene


@pytest.mark.parametrize(
    "config",
    [
        RaceConfig(optimizers=tuple(OPTIMIZERS), rates="best", steps=60),
        *(RaceConfig(schedule=name, steps=40, surface="beale", start=(0.7, 1.4), lrs=(0.01,),
                     momentum=0.0, optimizers=("momentum", "nesterov")) for name in SCHEDULES),
        RaceConfig(surface="j1", start=(2.5, 0.0), lrs=(0.05,)),
    ],
    ids=lambda config: f"{config.surface}-{config.schedule}",
)  # fmt: skip
def test_the_script_prints_the_race(config):
    check(config)


@pytest.mark.parametrize("schedule", ["constant", "cosine"])
def test_the_script_of_a_branch_prints_the_race_that_branched(schedule):
    trunk = RaceConfig(factor=0.5, steps=60, schedule=schedule)
    check(replace(trunk, factor=2.0), (25, trunk))


def printed_by(text):
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(text, {})
    return printed.getvalue()


def check(config, branch=None):
    run = race(config, branch)
    for i, said in enumerate(printed_by(script(config, branch)).splitlines()):
        when = re.search(r"settled at step (\d+)", said)
        assert (int(when[1]) if when else -1) == run.settled[i], said
        loss = float(re.search(r"loss (\S+) at", said)[1])
        assert loss == pytest.approx(run.losses[i, -1], rel=1e-4, abs=1e-12, nan_ok=True)


NUMBER = r"-?\d[0-9.]*(?:e[+-]?\d+)?"


def test_the_script_of_the_plane_prints_its_rates_and_runs():
    config = RaceConfig(alpha_lambda=0.4, momentum=0.6, condition=20.0)
    lines = printed_by(plane_script(config)).splitlines()
    found = {line.split(",")[0] + str(i // 2): line for i, line in enumerate(lines)}
    for i, share in enumerate((1.0, 0.05)):
        for name, rate in (("momentum", rates.momentum_rate), ("nesterov", rates.nesterov_rate)):
            said = found[f"{name}{i}"]
            pace, kept = map(float, re.findall(NUMBER, said)[:2])
            left = float(said.rsplit(" ", 1)[1])
            assert pace == pytest.approx(0.4 * share)
            assert kept == pytest.approx(float(rate(0.4 * share, 0.6)), abs=1e-6)
            run = rates.iterates(name, 0.4, np.array([0.6]), share, 60)[0]
            assert left == pytest.approx(run[-1], rel=1e-4)


@pytest.mark.parametrize("mistake", ["lag", "schedule"])
def test_the_script_of_a_mistake_prints_the_errors_of_its_picture(mistake):
    config = RaceConfig(alpha_lambda=0.08, momentum=0.9)
    text = printed_by(mistake_script(config, mistake))
    printed, meant = (float(part.split()[-1]) for part in text.strip().split(", "))
    scene = mistake_scene(config, mistake, (0.08, 0.2))
    errors = scene.panel("parabola").layers[1].xy[0, :, RUN, 0]
    assert (printed, meant) == pytest.approx(tuple(errors), rel=1e-4)
