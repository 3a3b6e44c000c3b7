"""The words of the filters lab: scenes, predictions, challenges, what to notice."""

from dlviz.filters.config import FiltersConfig
from dlviz.filters.shipped import COURSE_NET, PERCEPTRON, SHAPES_NET
from dlviz.lessons import Challenge, Lesson, Prediction, Preset, Source

FOUR = "000000000000f000000ff00000f0f0000f00f0000ffffff00000f0000000f000"
EIGHT = "009c000000dea00000b8f820005dfa10003f900000baf00001f7f50000afc100"
SHAPES = {"dataset": "shapes", "epochs": 12, "turn": "shift", "picture": 3}
ON_SHAPES = {**SHAPES, "architecture": SHAPES_NET}
DENSE = {**SHAPES, "architecture": PERCEPTRON, "lr": 0.002}
COURSE = {"dataset": "printed", "architecture": COURSE_NET, "epochs": 8, "lr": 0.002}

SCENES = (
    Preset("learning", "Filters form", "Eight random filters become detectors of strokes and edges, their maps sharpen, the answer settles. Step through the training; point at any pixel of any map to see how it is made.", {}),
    Preset("stack", "A filter on eight maps", "In the second layer a filter has a kernel for each map below, and adds all eight up. Its maps are smaller, and each pixel sees more of the picture.", {"block": 2, "unit": 5}),
    Preset("six", "Is it a 6 or a 9?", "Turn the 6. The maps turn with it, and the network changes its mind: nobody taught it that a 6 can stand on its head.", {"picture": 6, "turn": "angle", "angle": 180.0}, opens_at_end=True),
    Preset("moved", "Two pixels to the right", "The maps move with the picture, as convolution has it. The dense layer at the end knows places by heart: a 1 that stands two pixels further right becomes a 9.", {"picture": 1, "turn": "shift", "shift": 2.0}, opens_at_end=True),
    Preset("noise", "Noise", "Turn up the noise. The network never says that it does not know: in the end it is nearly sure of a 3.", {"picture": 0, "turn": "noise", "noise": 1.0}, opens_at_end=True),
    Preset("drawn", "Draw on the picture", "Draw with the mouse right on the picture, or on the pad beside it: every map follows the pen.", {"source": "drawn", "drawing": FOUR, "turn": "angle"}, opens_at_end=True),
    Preset("wrong", "One of the errors", "This 8 is taken for a 1. Look through the maps for the place where its strokes are lost.", {"picture": 148}, opens_at_end=True),
    Preset("course", "The net of the course", "28 → 24 → 12 → 8 → 4 pixels, 21 840 parameters, three quarters of them in one dense layer. Here it reads printed digits; the test is of typefaces that it never saw.", COURSE),
    Preset("shapes", "Shapes anywhere", "Shapes lie anywhere in the picture. The same filters look everywhere, so a network of 4966 parameters is right in 97 of 100.", ON_SHAPES),
    Preset("no-filters", "Without filters", "A dense layer has a weight for every pixel and every unit, four times as many. It gets 85 of 100 of its own pictures right, and half of the others.", DENSE),
    Preset("shuffled", "Shuffled pixels", "All pixels have changed places, in every picture alike. What was near is near no more, and filters have nothing to find: from 97 % to 53 %.", {**ON_SHAPES, "shuffled": True}),
    Preset("no-matter", "To a dense layer all is one", "The same shuffled pixels for the dense layer: as good, or bad, as before. It never knew which pixels are neighbors.", {**DENSE, "shuffled": True}),
)  # fmt: skip

PREDICTIONS = (
    Prediction("upside-down", "A 6 is turned upside down. What does the network answer?",
               (("6", "6: it knows the digit"), ("9", "9"), ("0", "0")),
               {"picture": 6, "angle": 180.0}, "says", "It is sure to {sure} %. It never saw a digit upside down."),
    Prediction("shift", "A 1 is moved two pixels to the right. Convolution follows the shift. Does the answer?",
               (("1", "yes: 1"), ("9", "no: 9")),
               {"picture": 1, "shift": 2.0}, "says", "The maps move along, but the dense layer has a weight for each place of them."),
    Prediction("eight", "Eight filters of 3 × 3 with a bias each read a gray picture of 8 × 8. How many parameters?",
               ((72, "72"), (80, "80"), (5120, "5120")), {"picture": 8}, "first", "8 · (3 · 3 + 1), whatever the size of the picture: the weights are shared."),
    Prediction("mixed", "All pixels change places, in every picture alike. How good is a network of convolutions now, which was right in 97 %?",
               (("high", "over 90 %"), ("fair", "70 to 90 %"), ("low", "under 70 %")),
               {k: v for k, v in {**ON_SHAPES, "shuffled": True}.items() if k != "turn"}, "grade", "{accuracy} %. What it relied on is that neighbors belong together."),
)  # fmt: skip

CHALLENGES = (
    Challenge("lean", "Reach 98 % on the handwritten digits with at most 1000 parameters.", {"accuracy": (98, 100), "parameters": (1, 1000), "dataset": "digits", "shuffled": False},
              "Filters are cheap; the dense layer is not. Pool first.",
              {"architecture": "conv 6 3 same; pool 2; conv 9 3", "epochs": 40, "lr": 0.01}),
    Challenge("plain", "Reach 98 % on the handwritten digits without any convolution.", {"accuracy": (98, 100), "filters": None, "dataset": "digits"},
              "On pictures of 8 × 8 one hidden layer does well.", {"architecture": "dense 48"}),
    Challenge("move", "Have a 7 taken for something else by moving it at most 3 pixels.", {"label": "7", "right": False, "shift": (-3, 3), "angle": 0.0, "noise": 0.0, "dataset": "digits"},
              "Choose picture 7 with the knob, then let the knob move it.", {"picture": 7, "turn": "shift", "shift": 3.0}),
    Challenge("draw", "Draw an 8 of which the network is sure to 90 %.", {"drawn": True, "says": "8", "sure": (90, 100)},
              "Fill the picture from top to bottom, as the digits of the test do.", {"source": "drawn", "drawing": EIGHT, "turn": "angle"}),
    Challenge("break", "Set up a network and a learning rate with which it learns nothing.", {"outcome": {"guesses", "diverged"}, "epochs": (1, 40)},
              "Many layers, and steps as large as can be.",
              {"architecture": "conv 16 3 same; conv 16 3 same; conv 16 3 same; pool 2; dense 64; dense 64; dense 64", "epochs": 4, "lr": 0.05}),
)  # fmt: skip

VIEWS = {
    "turn": "picture",
    "ranges": "layer",
    "sums": True,
    "block": 0,
    "unit": 0,
    "brush": "0",
    "counted": "own",
}

LESSON = Lesson(
    config=FiltersConfig,
    scenes=SCENES,
    predictions=PREDICTIONS,
    challenges=CHALLENGES,
    formulas=(
        r"z_{f,i,j} = b_f + \sum_{c,m,n} x_{c,\,i+m,\,j+n}\, w_{f,c,m,n}",
        r"F\,(C K^2 + 1) = «filters»\,(«channels» \cdot «kernel»^2 + 1) = «first»",
    ),
    notice=(
        "**One filter makes one map.** Its few numbers are laid on every place: sum, bias, ReLU. The «filters» filters of the first layer have «first» parameters, for a picture of any size.",
        "**The filter moves, so the map moves.** Convolution is equivariant: a picture that is moved has moved maps. Some slides say invariant: pooling gives a little of that, and the dense layer takes it back.",
        "**Most parameters are not in filters.** Yours: «conv_parameters» of «parameters» are in convolutions, but they make «conv_products» of «products» products for each picture.",
        "**«wrong» of «tests» test pictures are wrong**, «accuracy» % are right; of the training pictures «train_accuracy» %.",
        "**This picture:** it says «says» and is sure to «sure» %. The softmax always adds up to 100 %, even for what is no digit at all.",
        "**Spot the mistake on a slide:** “LeNet-5 (1989), AlexNet has 7 layers.” LeNet-5 is of 1998; AlexNet has 8 layers of weights, 62 378 344 parameters: count them in the tab Parameters.",
    ),
    sources=(
        Source("LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition, Proc. IEEE 86, 1998", "LeNet-5: filters, subsampling, dense layers", "https://doi.org/10.1109/5.726791"),
        Source("Zeiler, Fergus: Visualizing and Understanding Convolutional Networks, ECCV 2014", "the nine most exciting patches, and hiding parts of a picture", "https://arxiv.org/abs/1311.2901"),
        Source("Erhan, Bengio, Courville, Vincent: Visualizing Higher-Layer Features of a Deep Network, 2009", "dreams: pictures that excite a unit most", "https://www.researchgate.net/publication/265022827"),
        Source("Simonyan, Vedaldi, Zisserman: Deep Inside Convolutional Networks, 2014", "slopes of a score by pixel", "https://arxiv.org/abs/1312.6034"),
        Source("He, Zhang, Ren, Sun: Delving Deep into Rectifiers, ICCV 2015", "the initial weights, equation 10", "https://arxiv.org/abs/1502.01852"),
        Source("Wang et al.: CNN Explainer, IEEE VIS 2020", "one fixed network, explained in a browser, to read on", "https://poloclub.github.io/cnn-explainer/"),
        Source("Goodfellow, Bengio, Courville: Deep Learning, MIT Press 2016, chapter 9", "the course chapter in a book: equivariance, pooling, parameter sharing", "https://www.deeplearningbook.org/contents/convnets.html"),
        Source("Alpaydin, Kaynak: Optical Recognition of Handwritten Digits, UCI 1998", "the digits of 8 × 8", "https://doi.org/10.24432/C50P49"),
    ),
    views=VIEWS,
)  # fmt: skip
