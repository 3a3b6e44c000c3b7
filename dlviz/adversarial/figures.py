"""Pictures of adversarial examples: one for each idea."""

from collections.abc import Callable, Mapping

from dlviz.adversarial.attack_stage import attack_scene
from dlviz.adversarial.config import AdversarialConfig
from dlviz.adversarial.crowd_stage import crowd_scene
from dlviz.adversarial.gap_stage import gap_scene
from dlviz.adversarial.nearest_stage import nearest_scene
from dlviz.adversarial.path_stage import path_scene
from dlviz.adversarial.plane_stage import plane_scene
from dlviz.adversarial.shares_stage import shares_scene, transfer_scene
from dlviz.adversarial.sum_stage import sum_scene
from dlviz.scene import Scene

__all__ = ["adversarial_scene", "plane_scene"]

_SCENES: Mapping[str, Callable[[AdversarialConfig, tuple[float, ...]], Scene]] = {
    "attacks": attack_scene,
    "path": path_scene,
    "plane": plane_scene,
    "sum": sum_scene,
    "shares": shares_scene,
    "nearest": nearest_scene,
    "universal": crowd_scene,
    "transfer": transfer_scene,
    "gap": gap_scene,
}


def adversarial_scene(config: AdversarialConfig, values: tuple[float, ...]) -> Scene:
    """Return the picture that a Config asks for; ``values`` are what its knob can be."""
    return _SCENES[config.picture](config, values)
