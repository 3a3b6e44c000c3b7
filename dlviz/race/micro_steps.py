"""The micro-steps of each update rule: a sentence each, and the arrows that it adds."""

BLUE, GREEN, RED, BROWN = "runner2", "runner3", "runner1", "runner8"  # of deck 004, and of ours

# For each rule its micro-steps: the sentence, and the arrows that it adds: part, color, label,
# and the part at whose end the arrow begins.
Arrow = tuple[str, str, str, str]
Micro = tuple[str, tuple[Arrow, ...]]
_GRADIENT: Micro = (
    "{here}: the gradient points uphill; times −η it is the plain step.",
    (("gradient", RED, "−η∇J", ""),),
)
_MOVE: Micro = ("{here}: the step is made. Now the next slope is asked for.", ())
MICRO: dict[str, tuple[Micro, ...]] = {
    "sgd": (
        _GRADIENT,
        ("{here}: plain descent remembers nothing: this is the whole step.",
         (("step", BLUE, "step", ""),)),
        _MOVE,
    ),
    "momentum": (
        _GRADIENT,
        ("{here}: momentum keeps β of its velocity, and would roll on like this.",
         (("velocity", BROWN, "−ηβv", ""),)),
        ("{here}: both together are the new velocity, and the step.",
         (("step", BLUE, "−ηv", ""),)),
        _MOVE,
    ),
    "nesterov": (
        ("{here}: first the jump: as far as the velocity of before would roll.",
         (("jump", BROWN, "jump −ηβv", ""),)),
        ("{here}: then the gradient where the jump lands: the correction.",
         (("correction", RED, "correction −η∇J", "jump"),)),
        ("{here}: both together are the accumulated gradient: the step.",
         (("step", GREEN, "step −ηv", ""),)),
        ("{here}: momentum asks for the slope before it jumps: its step would be the blue one.",
         (("plain", BLUE, "momentum", ""),)),
        _MOVE,
    ),
    "adagrad": (
        _GRADIENT,
        ("{here}: its squares are added to all squares so far (areas, right).", ()),
        ("{here}: each direction is divided by the side of its square.",
         (("step", BLUE, "step", ""),)),
        _MOVE,
    ),
    "rmsprop": (
        _GRADIENT,
        ("{here}: the squares fade a little, and the new ones are mixed in (areas, right).", ()),
        ("{here}: each direction is divided by the side of its square.",
         (("step", BLUE, "step", ""),)),
        _MOVE,
    ),
    "adam": (
        _GRADIENT,
        ("{here}: it is mixed into the mean of gradients, which began at 0.",
         (("mean", BROWN, "−ηm", ""),)),
        ("{here}: its squares are mixed into the mean of squares (areas, right).", ()),
        ("{here}: bias correction: both means began at 0 and are too small; divided by 1 − βᵗ.",
         (("corrected", GREEN, "−ηm̂", ""),)),
        ("{here}: each direction is divided by the side of its square.",
         (("step", BLUE, "step", ""),)),
        _MOVE,
    ),
    "adamw": (
        ("{here}: first the weights shrink, whatever the slope: by η times the weight decay.",
         (("shrink", GREEN, "decay", ""),)),
        ("{here}: the gradient of before that is mixed into the mean of gradients.",
         (("mean", BROWN, "−ηm", "shrink"),)),
        ("{here}: its squares are mixed into the mean of squares (areas, right).", ()),
        ("{here}: bias correction: both means began at 0 and are too small; divided by 1 − βᵗ.",
         (("corrected", RED, "−ηm̂", "shrink"),)),
        ("{here}: over the sides of the squares it is Adam's step; with the decay it is AdamW's.",
         (("step", BLUE, "step", ""),)),
        _MOVE,
    ),
    "nadam": (
        _GRADIENT,
        ("{here}: it is mixed into the mean of gradients, which began at 0.",
         (("mean", BROWN, "−ηm", ""),)),
        ("{here}: its squares are mixed into the mean of squares (areas, right).", ()),
        ("{here}: Nesterov's look ahead: the next mean, as far as it is known; without bias.",
         (("ahead", GREEN, "look ahead", ""),)),
        ("{here}: each direction is divided by the side of its square.",
         (("step", BLUE, "step", ""),)),
        _MOVE,
    ),
    "adadelta": (
        _GRADIENT,
        ("{here}: its squares are mixed into a mean; those of the steps so far have another.", ()),
        ("{here}: the one mean over the other (areas, right): there is no rate to choose.", ()),
        ("{here}: each direction is divided by the side of its square: a step in units of w.",
         (("step", BLUE, "step", ""),)),
        _MOVE,
    ),
    "newton": (
        _GRADIENT,
        ("{here}: it is split along the two axes of curvature, the flat one and the steep one.",
         (("along1", BROWN, "flat", ""), ("along2", BROWN, "steep", ""))),
        ("{here}: each part is divided by the size of its curvature.",
         (("scaled1", GREEN, "flat ÷ λ₁", ""), ("scaled2", GREEN, "steep ÷ λ₂", "scaled1"))),
        ("{here}: both together are Newton's step: on a bowl, with η = 1, to its bottom.",
         (("step", BLUE, "step", ""),)),
        _MOVE,
    ),
}  # fmt: skip
# The micro-step that adds the squares, and the one that corrects them.
SQUARED = {"adagrad": 1, "rmsprop": 1, "adadelta": 2, "adam": 2, "adamw": 2, "nadam": 2}
UNBIASED = {"adam": 3, "adamw": 3, "nadam": 3}
