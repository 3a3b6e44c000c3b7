"""The code panel: the same surface with PyTorch, in a program that stands alone."""

from dlviz.landscape.config import SAMPLES, LandscapeConfig

_FRAME = """import torch

from dlviz.landscape.compute import LandscapeConfig, surface

config = LandscapeConfig({settings})
made = surface(config)  # made.axes, made.loss, made.path, made.path_loss, made.slice_loss
print(f"loss {{made.path_loss[-1]:.6g}}, explained {{made.explained:.4f}}")

# The same loss at a corner of the plane, once more with torch.
network = made.training.network
corner = made.axes[0, 0] * made.directions[0] + made.axes[1, 0] * made.directions[1]
weights, biases = network.shape.layers({center} + corner)
a = torch.tensor(network.x[:-1])  # {samples} samples as columns
for i, (w, b) in enumerate(zip(weights, biases)):
    z = torch.tensor(w) @ a + torch.tensor(b)[:, None]
    f = torch.{activation}(z)
    a = a + f if {skip} and 0 < i < len(weights) - 1 else f
loss = torch.nn.functional.binary_cross_entropy_with_logits(z[0], torch.tensor(network.t))
print(f"corner {{loss.item():.9g}} and {{made.loss[0, 0]:.9g}}")
"""


def script(config: LandscapeConfig) -> str:
    """Return Python text that makes the surface and checks a corner of it with torch."""
    plain = LandscapeConfig()
    told = {name: value for name, value in vars(config).items() if value != getattr(plain, name)}
    told.pop("rescale", None)
    return _FRAME.format(
        settings=", ".join(f"{name}={value!r}" for name, value in told.items()),
        center="made.training.parameters[-1]", samples=SAMPLES, activation=config.activation,
        skip=config.skip,
    )  # fmt: skip
