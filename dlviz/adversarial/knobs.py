"""The knob of each picture: the setting that it turns, and its values."""

from dlviz.adversarial.config import EPSILONS, AdversarialConfig
from dlviz.scene import Knob, knob_values

FIELDS = {"nearest": "way", "gap": "dimension"}  # of all other pictures: ε
LABELS = {"epsilon": "ε", "way": "share of the way", "dimension": "pixels"}
VALUES: dict[str, tuple[float, ...]] = {
    "epsilon": EPSILONS,
    "way": tuple(i / 20 for i in range(41)),
    "dimension": (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 784.0, 1024.0, 2048.0, 3072.0,
                  4096.0, 8192.0, 16384.0, 32768.0, 65536.0, 150528.0),
}  # fmt: skip


def knob_of(config: AdversarialConfig) -> str:
    """Return the setting that the knob of a picture turns."""
    return FIELDS.get(config.picture, "epsilon")


def values_of(config: AdversarialConfig) -> tuple[float, ...]:
    """Return what the knob can be, the Config's own value among it."""
    field = knob_of(config)
    return knob_values(float(getattr(config, field)), VALUES[field])


def knob(
    config: AdversarialConfig,
    values: tuple[float, ...],
    marks: tuple[tuple[float, str], ...] = (),
) -> Knob:
    """Return the knob of a Config's picture, with marks at values that matter."""
    field = knob_of(config)
    here = float(getattr(config, field))
    index = values.index(here) if here in values else 0
    return Knob(field, LABELS[field], values, index, marks)
