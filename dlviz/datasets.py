"""The datasets of the app by name: ``DATASETS[name](n, noise, seed) -> Dataset``.

All share the window [-6, 6]^2 but three of the course's, which need its own coordinates
(``rings``, ``unit_circle``, ``xor_corners``), and ``breast_cancer``; ``Dataset.span`` says which.
"""

from dlviz import real_data, toys
from dlviz.dataset import MAX_POINTS, SPAN, Dataset, Maker, Task, split

__all__ = ["DATASETS", "MAX_POINTS", "SPAN", "Dataset", "Maker", "Task", "split"]

_LABELS = "Labels are taken at places up to {} × noise away; points stay."
_BLOBS = "The variance of each blob is 0.5 + 7 × noise."
_PARTS = "Points are moved by normal noise, in units of a standardized feature."

DATASETS: dict[str, Maker] = {
    "circle": Maker("Circle", _LABELS.format(5), toys.circle),
    "xor": Maker("XOR", _LABELS.format(5), toys.xor),
    "gauss": Maker("Two blobs", _BLOBS, toys.gauss),
    "spiral": Maker("Spiral", "Points are moved by up to noise on either axis.", toys.spiral),
    "moons": Maker("Moons", "Points are moved by normal noise of sd 3 × noise.", toys.moons),
    "rings": Maker("Rings", "The radius has sd √(0.1² + noise²).", toys.rings),
    "checkerboard": Maker("Checkerboard", _LABELS.format(2.5), toys.checkerboard),
    "three_blobs": Maker("Three blobs", _BLOBS, toys.three_blobs),
    "four_blobs": Maker("Four blobs", _BLOBS, toys.four_blobs),
    "pinwheel": Maker("Pinwheel", "The arms' width has sd 0.3 + 3 × noise.", toys.pinwheel),
    "unit_circle": Maker("Unit circle", _LABELS.format(2), toys.unit_circle),
    "xor_corners": Maker("XOR, four corners", "Points have sd noise.", toys.xor_corners),
    "reg_plane": Maker("Plane", _LABELS.format(6), toys.reg_plane, "regression"),
    "reg_gauss": Maker("Six cones", _LABELS.format(6), toys.reg_gauss, "regression"),
    "iris": Maker("Iris", _PARTS, real_data.iris),
    "wine": Maker("Wine", _PARTS, real_data.wine),
    "breast_cancer": Maker("Breast cancer", _PARTS, real_data.breast_cancer),
}
