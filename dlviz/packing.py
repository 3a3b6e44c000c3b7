"""A scene as bytes for the player in the browser.

Magic, length of the header, the header as JSON, then the arrays, each at a multiple of 8. What the
header holds, ``assets/player-draw.js`` reads.
"""

import json
import struct
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from dlviz import theme
from dlviz.cloud_layers import CloudPoints
from dlviz.cnn_layers import CnnMaps
from dlviz.layers import Field, Layer, Polygons, Tiles
from dlviz.net import Net
from dlviz.net_layers import NetLayer

if TYPE_CHECKING:
    from dlviz.scene import Panel, Scene

MAGIC = b"DLV1"


def pack(scene: "Scene") -> bytes:
    """Return a scene as bytes."""
    arrays = _Arrays()
    layers = [layer for panel in scene.panels for layer in panel.layers]
    nets = list({id(a.net): a.net for a in layers if isinstance(a, NetLayer)}.values())
    header = {
        "frames": scene.frames,
        "fps": scene.fps,
        "captions": scene.captions,
        "endings": scene.endings,
        "says": scene.says,
        "knob": vars(scene.knob) if scene.knob else None,
        "layout": scene.layout,
        "unit": scene.unit,
        "numbers": scene.numbers,
        "readouts": {name: arrays.add(array) for name, array in scene.readouts.items()},
        "nets": [{**net.header(), "parameters": arrays.add(net.parameters)} for net in nets],
        "panels": [_panel(panel, nets, arrays) for panel in scene.panels],
        "palettes": theme.PALETTES,
        "classes": {"colors": theme.CLASS_COLORS, "markers": theme.CLASS_MARKERS},
        "type": {"stage": theme.STAGE_TYPE, "presenter": theme.PRESENTER_TYPE},
        "colormaps": {name: arrays.add(theme.colormap(name)) for name in _colormaps(layers)},
        "dark_twin": theme.DARK_TWIN,
    }
    text = json.dumps(header, allow_nan=False).encode()
    text += b" " * (-len(text) % 8)
    return MAGIC + struct.pack("<I", len(text)) + text + b"".join(arrays.blobs)


def _panel(panel: "Panel", nets: list[Net], arrays: "_Arrays") -> dict[str, Any]:
    layers = [
        {
            "kind": type(layer).__name__,
            **layer.options(),
            **({"net": nets.index(layer.net)} if isinstance(layer, NetLayer) else {}),
            "arrays": {name: arrays.add(getattr(layer, name)) for name in layer.ARRAYS},
            "axes": layer.ARRAYS,
        }
        for layer in panel.layers
    ]
    axes = {"x": vars(panel.x), "y": vars(panel.y)}
    return {**vars(panel), **axes, "bare": panel.bare, "layers": layers}


def _colormaps(layers: list[Layer]) -> list[str]:
    used = {a.colors for a in layers if isinstance(a, Field | Polygons | Tiles | CloudPoints)}
    if any(isinstance(a, NetLayer) for a in layers):
        used |= {"diverging", "labels", "viridis"}
    if any(isinstance(a, CnnMaps) for a in layers):
        used |= {"diverging"}
    return sorted(used | {theme.DARK_TWIN[name] for name in used & set(theme.DARK_TWIN)})


class _Arrays:
    """Collects arrays, each at an offset that is a multiple of 8."""

    def __init__(self) -> None:
        self.blobs: list[bytes] = []
        self.size = 0

    def add(self, array: NDArray[Any]) -> dict[str, Any]:
        offset = self.size
        data = array.tobytes()
        data += b"\0" * (-len(data) % 8)
        self.blobs.append(data)
        self.size += len(data)
        return {"dtype": str(array.dtype), "shape": array.shape, "offset": offset}
