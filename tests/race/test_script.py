"""The script of a race runs and prints what the page shows."""

import io
import re
from contextlib import redirect_stdout

import pytest

from dlviz.optimizers import OPTIMIZERS, SCHEDULES
from dlviz.race.compute import RaceConfig, race, script


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
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(script(config), {})
    run = race(config)
    for i, said in enumerate(printed.getvalue().splitlines()):
        when = re.search(r"settled at step (\d+)", said)
        assert (int(when[1]) if when else -1) == run.settled[i], said
        loss = float(re.search(r"loss (\S+) at", said)[1])
        assert loss == pytest.approx(run.losses[i, -1], rel=1e-4, abs=1e-12, nan_ok=True)
