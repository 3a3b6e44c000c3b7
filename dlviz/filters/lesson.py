"""The words of the filters lab: scenes, predictions, challenges, what to notice."""

from dlviz.filters.config import FiltersConfig
from dlviz.lessons import Challenge, Lesson, Prediction, Preset, Source

SCENES = (
    Preset("learning", "Filters form", "Random filters become detectors of strokes; with them the maps, and the answer. Step through the training, then point at any map.", {}),
    Preset("six", "Is it a 6 or a 9?", "Turn the 6. The maps turn with it, and the network changes its mind: nobody taught it that a 6 can stand on its head.", {"picture": 6, "turn": "angle", "angle": 180.0}),
)  # fmt: skip

PREDICTIONS = (
    Prediction("upside-down", "A 6 is turned upside down. What does the network answer?",
               (("6", "6: it knows the digit"), ("9", "9"), ("0", "0")),
               {"picture": 6, "angle": 180.0}, "says", "It is sure to {sure} %. It never saw a digit upside down."),
)  # fmt: skip

CHALLENGES = (
    Challenge("lean", "Reach 98 % on the handwritten digits with at most 1000 parameters.", {"accuracy": (98, 100), "parameters": (1, 1000), "dataset": "digits", "shuffled": False},
              "Filters are cheap; the dense layer is not. Pool first.",
              {"architecture": "conv 6 3 same; pool 2; conv 9 3", "epochs": 40, "lr": 0.01}),
)  # fmt: skip

VIEWS = {
    "turn": "picture",
    "ranges": "layer",
    "sums": True,
    "block": 0,
    "unit": 0,
    "brush": "0",
    "preset": "small",
}

LESSON = Lesson(
    config=FiltersConfig,
    scenes=SCENES,
    predictions=PREDICTIONS,
    challenges=CHALLENGES,
    formula=r"z_{f,i,j} = b_f + \sum_{c,m,n} x_{c,\,i+m,\,j+n}\, w_{f,c,m,n}",
    notice=(
        "**One filter makes one map.** The same few numbers are laid on every place of the picture: «parameters» parameters in all.",
        "**Right answers:** «accuracy» % of the «tests» test pictures.",
    ),
    sources=(
        Source("LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition, Proc. IEEE 1998", "LeNet-5", "https://doi.org/10.1109/5.726791"),
    ),
    views=VIEWS,
)  # fmt: skip
