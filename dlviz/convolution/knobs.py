"""The knob of each picture: the setting that it turns, its words, its values."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dlviz.convolution.config import ConvolutionConfig, units_of
from dlviz.convolution.kernels import KERNELS
from dlviz.scene import knob_values

LABELS = {
    "shift": "image moved right by",
    "noise": "noise in the output σ",
    "angle": "angle of the kernel (°)",
    "amount": "how much of the kernel",
    "pool_size": "window of the pooling",
    "frequency": "frequency (cycles per sample)",
    "taps": "taps of the kernel",
    "tie": "weights",
    "turns": "image turned by quarters",
    "image_width": "width of the image",
    "unit": "unit of the last layer",
}
VALUES: dict[str, tuple[float, ...]] = {
    "noise": tuple(round(0.1 * i, 1) for i in range(21)),
    "angle": tuple(float(15 * i) for i in range(24)),
    "amount": tuple(round(-1 + 0.25 * i, 2) for i in range(13)),
    "pool_size": tuple(float(i) for i in range(1, 9)),
    "frequency": tuple(round(0.0125 * i, 4) for i in range(41)),
    "taps": tuple(float(i) for i in range(1, 16)),
    "tie": (0.0, 1.0, 2.0),
    "turns": (0.0, 1.0, 2.0, 3.0),
    "image_width": (8.0, 16.0, 28.0, 32.0, 64.0, 96.0, 128.0, 160.0, 224.0, 256.0, 280.0, 320.0,
                    384.0, 512.0, 640.0, 800.0, 1024.0, 1280.0, 1600.0, 1920.0, 2560.0, 3200.0,
                    4096.0),
}  # fmt: skip
MARKS: dict[str, tuple[tuple[float, str], ...]] = {
    "amount": ((0.0, "the photo"), (1.0, "the kernel")),
    "tie": ((0.0, "dense"), (1.0, "local"), (2.0, "shared")),
}


def knob_of(config: ConvolutionConfig) -> str:
    """Return the setting that the knob of a picture turns."""
    if config.picture == "photo":
        if config.operation != "convolve":
            return "pool_size"
        named = KERNELS.get(config.kernel)
        return "angle" if named and named.turned else "amount"
    if config.picture == "line":
        return "frequency" if config.signal in ("sinusoid", "square") else "taps"
    if config.picture == "shift":
        return config.move if config.move == "shift" else "turns"
    return {"window": "shift", "guess": "noise", "matrix": "tie", "cost": "image_width",
            "field": "unit"}[config.picture]  # fmt: skip


def values_of(config: ConvolutionConfig) -> tuple[float, ...]:
    """Return what the knob can be, the Config's own value among it."""
    field = knob_of(config)
    if field in ("shift", "unit"):
        return tuple(float(i) for i in range(config.size if field == "shift" else units_of(config)))
    return knob_values(float(getattr(config, field)), VALUES[field])


def turned(config: ConvolutionConfig, values: Sequence[float]) -> list[ConvolutionConfig]:
    """Return the settings at each value of their picture's knob."""
    field = knob_of(config)
    kind = type(getattr(ConvolutionConfig, field))
    turns: list[dict[str, Any]] = [{field: kind(value)} for value in values]
    return [replace(config, **turn) for turn in turns]
