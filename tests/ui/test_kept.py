"""What is kept for everybody: computed once, within bounds; the file of scenes and its faults."""

import threading
import zipfile
from dataclasses import dataclass

import numpy as np
import pytest

from dlviz.ui import kept
from dlviz.ui.kept import cached
from dlviz.ui.scenefile import STAMP, SceneFile, engine_hash, name_of
from dlviz.ui.shelf import Shelf

CALLS = []


@dataclass(frozen=True)
class Config:
    lr: float = 0.1
    hidden: tuple[int, ...] = (3, 3)


def drawn(config, looks, _trace) -> bytes:
    CALLS.append(config)
    return f"{config} {looks} {_trace}".encode()


def field(size):
    CALLS.append(size)
    return np.zeros(size, np.uint8)


def broken(number):
    CALLS.append(number)
    raise ValueError("a bug")


@pytest.fixture(autouse=True)
def shelf(monkeypatch, tmp_path):
    CALLS.clear()
    shelf = Shelf(4, 1000)
    monkeypatch.setattr(kept, "SHELF", shelf)
    monkeypatch.setattr(kept, "SCENES", SceneFile(tmp_path / "cache" / "scenes.zip"))
    return shelf


def test_what_follows_from_the_rest_is_not_looked_at():
    picture = cached(drawn)
    first = picture(Config(), {"tab": "a"}, "one")
    assert picture(Config(), {"tab": "a"}, _trace="two") is first
    assert picture(Config(), {"tab": "b"}, "one") != first
    assert picture(Config(0.2), {"tab": "a"}, "one") != first
    assert len(CALLS) == 3


def test_bytes_are_bounded_and_what_was_asked_for_longest_ago_goes_first(shelf):
    image = cached(field)
    for size in (400, 401, 402):
        image(size)
    assert shelf.bytes == 803
    image(401)
    assert CALLS == [400, 401, 402]
    image(400)
    assert CALLS == [400, 401, 402, 400]
    image(5000)  # is returned, though not kept
    image(5000)
    assert CALLS[4:] == [5000, 5000]
    assert shelf.bytes <= 1000


GO = threading.Event()


def slow(number):
    CALLS.append(number)
    assert GO.wait(10)
    return b"x" * number


def test_a_class_that_asks_at_once_costs_one_computation():
    picture, asked, found = cached(slow), threading.Barrier(9), []

    def ask():
        asked.wait(10)
        found.append(picture(7))

    people = [threading.Thread(target=ask) for _ in range(8)]
    for person in people:
        person.start()
    asked.wait(10)
    GO.set()
    for person in people:
        person.join(10)
    assert (CALLS, found) == ([7], [b"x" * 7] * 8)


def test_a_fault_is_raised_each_time():
    for _ in range(2):
        with pytest.raises(ValueError, match="a bug"):
            cached(broken)(1)
    assert CALLS == [1, 1]


def test_what_has_no_hash_is_refused_and_a_function_of_more_than_its_arguments_too():
    with pytest.raises(TypeError, match="unhashable"):
        cached(field)(np.zeros(3))

    def local():
        return CALLS

    with pytest.raises(TypeError, match="depends on its arguments alone"):
        cached(lambda: local())


# The file.


def made(scenes):
    """Write a file that holds one picture, of Config(0.5)."""
    scenes.notes = {}
    picture = cached(drawn)(Config(0.5), {}, "")
    assert scenes.write()
    CALLS.clear()
    return picture


def test_a_picture_in_the_file_is_not_made_again(shelf):
    picture = made(kept.SCENES)
    shelf.clear()
    kept.SCENES = SceneFile(kept.SCENES.path)
    assert cached(drawn)(Config(0.5), {}, "") == picture
    assert CALLS == []
    cached(drawn)(Config(0.6), {}, "")
    assert [Config(0.6)] == CALLS


@pytest.mark.parametrize("fault", ["cut", "flipped", "empty", "noise", "folder", "gone", "older"])
def test_a_damaged_file_or_anothers_is_no_fault(shelf, fault):
    picture = made(kept.SCENES)
    path = kept.SCENES.path
    whole = path.read_bytes()
    at = whole.index(picture[:20]) + 10
    damaged = {
        "cut": whole[: len(whole) // 2],
        "flipped": whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :],
        "empty": b"",
        "noise": bytes(range(256)) * 20,
        "older": whole.replace(engine_hash().encode(), b"0" * 64),
    }
    path.unlink()
    if fault == "folder":
        path.mkdir()
    elif fault in damaged:
        path.write_bytes(damaged[fault])
    shelf.clear()
    kept.SCENES = SceneFile(path)
    assert cached(drawn)(Config(0.5), {}, "") == picture
    assert [Config(0.5)] == CALLS


def test_a_whole_picture_that_is_there_is_shown_while_work_goes_on(shelf):
    picture = cached(drawn)

    def seen(so_far, *how):
        return picture.when(*how)(Config(), "a", so_far)

    half = seen("half", False, False)
    assert half == drawn(Config(), "a", "half")
    whole = seen("whole", True, False)
    assert whole == drawn(Config(), "a", "whole")
    assert seen("half", False, False) is whole
    assert seen("half", False, True) == seen("half", False) == half  # who stopped sees his own
    shelf.clear()
    assert seen("half", False, False) == half  # what is not whole is not kept


def test_a_whole_picture_in_the_file_is_shown_while_work_goes_on(shelf):
    picture = cached(drawn)
    kept.SCENES.notes = {}
    whole = picture(Config(), "a", "whole")
    assert kept.SCENES.write()
    kept.SCENES = SceneFile(kept.SCENES.path)
    shelf.clear()
    CALLS.clear()
    assert picture.when(False, False)(Config(), "a", "half") == whole
    assert CALLS == []
    assert shelf.bytes == len(whole)


def test_a_disk_that_is_full_leaves_the_old_file_and_no_rest(monkeypatch, shelf):
    made(kept.SCENES)
    before = kept.SCENES.path.read_bytes()

    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    assert not kept.SCENES.write()
    assert kept.SCENES.path.read_bytes() == before
    assert [file.name for file in kept.SCENES.path.parent.iterdir()] == ["scenes.zip"]


def test_the_file_holds_what_every_process_would_name_alike_and_nothing_else():
    assert name_of(drawn, ((1, "a", Config()), None)) == name_of(drawn, ((1, "a", Config()), None))
    assert len({name_of(drawn, told) for told in ((1,), (1.0,), (True,), ("1",), (Config(),))}) == 5
    assert name_of(drawn, (b"an upload",)) is None
    assert name_of(drawn, (object(),)) is None
    scenes = kept.SCENES
    made(scenes)
    with zipfile.ZipFile(scenes.path) as file:
        assert len(file.namelist()) == 2
        assert file.read(STAMP).decode() == engine_hash()
