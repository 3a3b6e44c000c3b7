"""The file of default scenes: with it, the first picture of a lab that trains needs no training."""

import pytest

from benchmarks.scenes import visit
from dlviz.ui import kept, work
from dlviz.ui.gate import Gate
from dlviz.ui.scenefile import SceneFile
from dlviz.ui.shelf import Shelf
from tests.pages.visiting import shown


class Closed:
    """Does no work at all."""

    slots, alone = 0, 0.0


@pytest.fixture
def fresh(monkeypatch, tmp_path):
    """Be a server that has only just begun, with the file of scenes that there is by now."""

    def begin(patience, gate):
        monkeypatch.setattr(kept, "SCENES", SceneFile(tmp_path / "scenes.zip"))
        monkeypatch.setattr(kept, "SHELF", Shelf(1024, 64_000_000))
        monkeypatch.setattr(work, "PATIENCE", patience)
        monkeypatch.setattr(work, "GATE", gate)

    return begin


@pytest.mark.parametrize("lab", ["boundary", "landscape"])
def test_the_first_picture_is_whole_though_nothing_is_trained(fresh, lab):
    fresh(600, Gate())
    kept.SCENES.notes = {}
    options, whole = shown(visit(lab, {}))
    assert not options["growing"]
    assert kept.SCENES.write()
    fresh(0, Gate(Closed()))
    options, first = shown(visit(lab, {}))
    assert options["growing"]  # the numbers beside it are on their way
    assert first == whole
