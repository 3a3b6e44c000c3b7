"""The words of the origami lab: scenes, predictions, challenges, what to notice, sources."""

from dlviz.lessons import Challenge, Lesson, Prediction, Preset, Source
from dlviz.origami.config import OrigamiConfig

SCENES = (
    Preset("random", "Random weights",
           "Each unit's line cuts the plane; deeper units' lines bend where they cross those before.",
           {}),
    Preset("fold", "The fold", "Four units fold the sheet twice; four lines drawn on it become sixteen.",
           {"network": "folded_lines", "hidden": (4, 4), "picture": "fold", "turn": "leak"}),
)  # fmt: skip

PREDICTIONS = (
    Prediction("one", "One unit. Into how many regions does it cut the plane?",
               ((1, "1"), (2, "2"), (3, "3")), {"hidden": (1,)}, "regions", "One line, two half-planes."),
)  # fmt: skip

CHALLENGES = (
    Challenge("twenty", "Make 20 regions with 6 units.", {"units": 6, "regions": (20, 10**6)},
              "Lines in general position: 1 + 6 + 15 = 22.", {"network": "folded_lines", "hidden": (6,), "turn": "leak"}),
)  # fmt: skip

VIEWS = {
    "picture": "regions",
    "turn": "bias_scale",
    "by": "pattern",
    "hinges": True,
    "edits": "",
    "folds": 2,
    "lines": "-0.9 0.3 0.9 0.6",
}

LESSON = Lesson(
    config=OrigamiConfig,
    scenes=SCENES,
    predictions=PREDICTIONS,
    challenges=CHALLENGES,
    formula=r"1 + n + \binom{n}{2}",
    notice=("**There are «regions» regions.**",),
    sources=(Source("Montúfar, Pascanu, Cho, Bengio: On the number of linear regions of deep neural networks, 2014", "folds", "https://arxiv.org/abs/1402.1869"),),
    views=VIEWS,
)  # fmt: skip
