import json
import struct
import zlib

import pytest

from dlviz.layers import Path
from dlviz.scene import Axis, Panel, Scene
from dlviz.ui.player import squeeze, with_options

OPTIONS = {"serial": 3, "turn": 12, "main": True, "name": "Größe → η"}


@pytest.fixture
def scene():
    path = Path(xy=[[0.0, 0.0], [1.0, 1.0], [2.0, 0.5]])
    return Scene((Panel("main", Axis("x", 0, 2), Axis("y", 0, 1), (path,)),), frames=3)


def test_options_and_scene_come_back_from_what_is_sent(scene):
    sent = with_options(OPTIONS, squeeze(scene))
    assert sent[:4] == b"DLVP"
    (length,) = struct.unpack("<I", sent[4:8])
    assert json.loads(sent[8 : 8 + length]) == OPTIONS
    assert zlib.decompress(sent[8 + length :]) == scene.pack()


def test_the_squeezed_scene_is_shared_as_it_is(scene):
    squeezed = squeeze(scene)
    for options in ({}, OPTIONS):
        assert with_options(options, squeezed).endswith(squeezed)
    assert squeeze(scene) == squeezed
    assert len(squeezed) < len(scene.pack())


def test_options_that_a_browser_could_not_read_are_refused(scene):
    with pytest.raises(ValueError, match="not JSON compliant"):
        with_options({"turn": float("nan")}, squeeze(scene))
