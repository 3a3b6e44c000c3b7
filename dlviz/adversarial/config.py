"""What is attacked, and how."""

from dataclasses import dataclass

from dlviz.checks import check_choice, check_count, check_range
from dlviz.cnn_recipe import CnnRecipe
from dlviz.drawn import cells

PICTURES = ("attacks", "path", "plane", "sum", "shares", "nearest", "universal", "transfer", "gap")
ATTACKS = {  # those that every picture of attacks has side by side
    "noise_sign": "Random signs",
    "universal": "One for all",
    "fgsm": "FGSM",
    "pgd": "PGD",
}
METHOD_NAMES = {
    **ATTACKS,
    "noise_uniform": "Uniform noise",
    "deepfool": "DeepFool",
    "cw": "Carlini–Wagner",
    "one_pixel": "One pixel",
}
EPSILONS = tuple(i / 100 for i in range(41))  # the knob
TARGETS = {"any": "any other", **{str(k): f"a {k}" for k in range(10)}}
READS = {  # side of the pictures that a network reads, and how many it has not seen
    "linear": (8, 497),
    "mlp": (8, 497),
    "cnn": (8, 497),
    "filters": (8, 355),
    "printed": (28, 400),
}
TWINS = ("linear", "mlp", "cnn")  # networks that are compared with one another
COMPARING = ("sum", "transfer")  # pictures of these alone
OWN = "own"  # the network that is trained here and now
OF_ANY = ("attacks", "path", "plane", "universal")  # pictures that any network can be in
LARGEST_DIMENSION = 224 * 224 * 3  # of a photo as networks take it


@dataclass(frozen=True)
class AdversarialConfig:
    """A picture, a network that reads it, and an attack.

    Parameters
    ----------
    picture : what is shown, one of ``PICTURES``
    victim : a key of ``READS``; in ``COMPARING`` pictures of ``TWINS``; in those ``OF_ANY`` also
        "own", a network trained here and now
    hardened : whether it was trained on adversarial examples; "own" was not
    source : "test", or "drawn" for a digit drawn by hand
    digit : 0 to 496, which test digit; of "filters" to 354, of "printed" to 399
    drawing : the drawn one, as ``dlviz.drawn`` reads it
    method : a key of ``METHOD_NAMES``, the attack whose answer the bars show
    epsilon : 0 to 0.4, the most that a pixel in [0, 1] may change
    target : "any", or the digit that "fgsm" and "pgd" want it to be read as
    steps : 1 to 40, of "pgd"
    step_size : 0 to 0.1, of a step; 0: 2.5 ε / steps
    way : 0 to 2, how much of the way to the nearest mistake is gone
    dimension : 1 to 150528, how many pixels a sum has
    seed : 0 to 99, of all that is random
    dataset, architecture, epochs, lr, batch_size, net_seed : of "own", as ``CnnRecipe`` has them
    """

    picture: str = "attacks"
    victim: str = "cnn"
    hardened: bool = False
    source: str = "test"
    digit: int = 1
    drawing: str = ""
    method: str = "fgsm"
    epsilon: float = 0.15
    target: str = "any"
    steps: int = 10
    step_size: float = 0.0
    way: float = 1.0
    dimension: int = 64
    seed: int = 0
    dataset: str = "digits"
    architecture: str = CnnRecipe.architecture
    epochs: int = CnnRecipe.epochs
    lr: float = CnnRecipe.lr
    batch_size: int = CnnRecipe.batch_size
    net_seed: int = 0

    def __post_init__(self) -> None:
        check_choice("picture", self.picture, PICTURES)
        check_choice("victim", self.victim, victims_in(self.picture))
        check_choice("source", self.source, ("test", "drawn"))
        recipe_of(self)
        side, count = reads(self.victim, self.dataset)
        check_count("digit", self.digit, 0, count - 1)
        cells(self.drawing, side, side)
        check_choice("method", self.method, METHOD_NAMES)
        check_range("epsilon", self.epsilon, 0.0, 0.4)
        check_choice("target", self.target, TARGETS)
        check_count("steps", self.steps, 1, 40)
        check_range("step_size", self.step_size, 0.0, 0.1)
        check_range("way", self.way, 0.0, 2.0)
        check_count("dimension", self.dimension, 1, LARGEST_DIMENSION)
        check_count("seed", self.seed, 0, 99)


def victims_in(picture: str) -> tuple[str, ...]:
    """Return the networks that a picture can be of."""
    if picture in COMPARING:
        return TWINS
    return (*READS, OWN) if picture in OF_ANY else tuple(READS)


def reads(victim: str, dataset: str) -> tuple[int, int]:
    """Return the side of the pictures that a network reads, and how many it has not seen."""
    if victim == OWN:
        victim = "printed" if dataset == "printed" else "filters"  # they read the same pictures
    return READS.get(victim, READS["cnn"])


def recipe_of(config: AdversarialConfig) -> CnnRecipe:
    """Return how the network that is trained here and now is made."""
    return CnnRecipe(config.dataset, config.architecture, config.epochs, config.lr,
                     config.batch_size, config.net_seed)  # fmt: skip
