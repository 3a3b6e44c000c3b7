"""The words of the boundary lab: scenes, predictions, challenges, what to notice, sources."""

from dlviz.boundary.config import BoundaryConfig
from dlviz.lessons import Challenge, Lesson, Prediction, Preset, Source

SCENES = (
    Preset("circle", "A ring closes",
           "Four tanh units bend straight lines until they close around the blue points. Turn **η**, or go back to the epoch in which the ring closed.",
           {}),
)  # fmt: skip

PREDICTIONS = (
    Prediction("line", "Blue inside, orange around it. Can a network without hidden layers part them?",
               (("stalled", "no"), ("ran", "not"), ("converged", "yes")), {"hidden": ()}, "outcome",
               "Without hidden units its boundary is a straight line."),
)  # fmt: skip

CHALLENGES = (
    Challenge("three", "Close the ring with three hidden units.",
              {"dataset": "circle", "units": 3, "test_loss": (0.0, 0.02)},
              "Some initial weights do, others do not: re-roll.", {"hidden": (3,)}),
)  # fmt: skip

VIEWS = {
    "model": "network",
    "complexity": 0.0,
    "picture": "map",
    "curves": "loss",
    "beside": "confusion",
    "discrete": False,
    "show_test": True,
    "brush": 0,
    "edits": "",
    "space": (0, 0, 1),
    "sweep_over": "lr",
    "rivals": ("logistic", "svm_rbf", "tree", "knn"),
}

LESSON = Lesson(
    config=BoundaryConfig,
    scenes=SCENES,
    predictions=PREDICTIONS,
    challenges=CHALLENGES,
    formula=r"a = f(Wx + b)",
    notice=("**A unit draws a line.**",),
    sources=(Source("Smilkov et al.: Direct-Manipulation Visualization of Deep Networks, 2017", "TensorFlow Playground", "https://arxiv.org/abs/1708.03788"),),
    views=VIEWS,
)  # fmt: skip
