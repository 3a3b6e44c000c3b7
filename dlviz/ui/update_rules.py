"""Controls for update rules: the same in every lab that lets the reader choose one."""

from collections.abc import Collection

from dlviz.optimizers import OPTIMIZERS, SCHEDULES
from dlviz.ui.controls import Controls

WITH_MOMENTUM = ("momentum", "nesterov", "adam", "adamw", "nadam")
WITH_BETA2 = ("rmsprop", "adadelta", "adam", "adamw", "nadam")


def choose_rule(lab: Controls, without: Collection[str] = ()) -> None:
    """Choose the update rule, the field ``optimizer``."""
    lab.choice(
        "optimizer", "Update rule", {name: name for name in OPTIMIZERS if name not in without}
    )


def tune_rule(lab: Controls) -> None:
    """Set what the chosen rule has to set, and the schedule of its learning rate."""
    rule = lab["optimizer"]
    if rule in WITH_MOMENTUM:
        lab.slider("momentum", "Momentum β (β₁)", 0.0, 0.99, 0.01)
    if rule in WITH_BETA2:
        lab.slider("beta2", "Memory of squares β₂", 0.0, 0.999, 0.001)
    if rule == "adamw":
        lab.slider("weight_decay", "Weight decay", 0.0, 1.0, 0.01)
    if rule in ("adam", "adamw"):
        lab.toggle("bias_correction", "Bias correction")
    lab.choice("schedule", "Schedule of η", {name: name.replace("_", " ") for name in SCHEDULES})
