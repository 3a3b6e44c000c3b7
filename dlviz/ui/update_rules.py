"""Controls for update rules: the same in every lab that lets the reader choose one."""

from collections.abc import Collection

from dlviz.optimizers import OPTIMIZERS, SCHEDULES
from dlviz.ui.address import defaults
from dlviz.ui.controls import Controls

WITH_MOMENTUM = ("momentum", "nesterov", "adam", "adamw", "nadam")
WITH_BETA2 = ("rmsprop", "adadelta", "adam", "adamw", "nadam")


class UpdateRules(Controls):
    """The controls of update rules; a part of ``frame.Lab``."""

    def choose_rule(self, without: Collection[str] = ()) -> None:
        """Choose the update rule, the field ``optimizer``."""
        self.choice(
            "optimizer", "Update rule", {name: name for name in OPTIMIZERS if name not in without}
        )

    def tune_rule(self) -> None:
        """Set what the chosen rule has to set, and the schedule of its learning rate."""
        rule = self["optimizer"]
        if rule in WITH_MOMENTUM:
            self.slider("momentum", "Momentum β (β₁)", 0.0, 0.99, 0.01)
        if rule in WITH_BETA2:
            self.slider("beta2", "Memory of squares β₂", 0.0, 0.999, 0.001)
        if rule == "adamw":
            self.slider("weight_decay", "Weight decay", 0.0, 1.0, 0.01)
        if rule in ("adam", "adamw") and "bias_correction" in defaults(self.lesson):
            self.toggle("bias_correction", "Bias correction")
        self.choice("schedule", "Schedule of η", {n: n.replace("_", " ") for n in SCHEDULES})
