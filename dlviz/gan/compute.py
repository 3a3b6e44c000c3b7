"""The GAN lab without its pictures: the Configs, the verbs, the Traces.

Each idea has its own file; this one only names what the rest of the app and notebooks use.
"""

from dlviz.gan.branches import history_of
from dlviz.gan.config import LOSSES, GanConfig, discriminator_of, generator_of
from dlviz.gan.data import DATA, Source, source_of
from dlviz.gan.facts import Facts, facts
from dlviz.gan.picture_config import PictureConfig
from dlviz.gan.picture_run import PictureRun, last_of, past_of
from dlviz.gan.picture_script import picture_script
from dlviz.gan.pictures import (
    PictureTrace,
    paint,
    paint_branch,
    paint_steps,
    unpainted,
)
from dlviz.gan.runs import (
    FROM_THE_START,
    branch,
    branch_steps,
    last_step,
    shown_steps,
    steps,
    sweep,
    sweep_steps,
    train,
    untrained,
)
from dlviz.gan.script import script
from dlviz.gan.sentences import measure_rows, outcome_sentence, picture_notes, picture_sentence
from dlviz.gan.slow import SlowMotion, slow_motion
from dlviz.gan.traces import GanSweep, GanTrace, Outcome
from dlviz.gan.variations import varied_steps

__all__ = [
    "DATA",
    "FROM_THE_START",
    "LOSSES",
    "Facts",
    "GanConfig",
    "GanSweep",
    "GanTrace",
    "Outcome",
    "PictureConfig",
    "PictureRun",
    "PictureTrace",
    "SlowMotion",
    "Source",
    "branch",
    "branch_steps",
    "discriminator_of",
    "facts",
    "generator_of",
    "history_of",
    "last_of",
    "last_step",
    "measure_rows",
    "outcome_sentence",
    "paint",
    "paint_branch",
    "paint_steps",
    "past_of",
    "picture_notes",
    "picture_script",
    "picture_sentence",
    "script",
    "shown_steps",
    "slow_motion",
    "source_of",
    "steps",
    "sweep",
    "sweep_steps",
    "train",
    "unpainted",
    "untrained",
    "varied_steps",
]
