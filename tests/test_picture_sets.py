"""Sets of pictures: what they hold, the same everywhere, and what cannot be fetched."""

import hashlib
from types import SimpleNamespace
from urllib.error import URLError

import numpy as np
import pytest
import sklearn.datasets
from scipy import ndimage

from dlviz import fetched, picture_sets
from dlviz.glyphs import FONTS, glyphs, render
from dlviz.picture_sets import MNIST_COUNTS, PICTURE_SETS, NoPicturesError, pictures

HERE = ("digits", "printed", "shapes")


@pytest.mark.parametrize("name", HERE)
def test_a_set_is_what_it_says(name):
    found, source = pictures(name), PICTURE_SETS[name]
    assert found.shape == source.shape
    assert len(found.names) == source.classes
    for x, y in ((found.x, found.y), (found.test_x, found.test_y)):
        assert x.shape == (len(y), *source.shape)
        assert x.min() >= 0
        assert x.max() <= 1
        assert set(y.tolist()) == set(range(source.classes))
    seen = {picture.tobytes() for picture in found.x}
    assert not any(picture.tobytes() in seen for picture in found.test_x)


@pytest.mark.parametrize("name", ["printed", "shapes"])
def test_a_drawn_set_is_the_same_each_time(name):
    again = PICTURE_SETS[name].make()
    assert (again.x == pictures(name).x).all()
    assert (again.test_y == pictures(name).test_y).all()


def test_the_digits_are_scikit_learns():
    data, found = sklearn.datasets.load_digits(), pictures("digits")
    known = {(picture / 16).astype(np.float32).tobytes() for picture in data.images}
    both = np.concatenate([found.x, found.test_x])
    assert len(both) == 1797
    assert {picture.tobytes() for picture in both} == known


def test_shapes_are_as_large_as_their_formulas_say():
    # Areas of radius 1: disk 0.81 pi, ring (1 - 0.36) pi, square 1.5², triangle 3 sqrt(3)/4,
    # cross and bar of half width 1/4. All pictures of a class have radii from 5 to 9.
    found = pictures("shapes")
    areas = {0: 0.81 * np.pi, 1: 0.64 * np.pi, 2: 2.25, 3: 3 * 3**0.5 / 4, 4: 1.75, 5: 1.0}
    for label, area in areas.items():
        whole = (found.x[found.y == label, 0] > 0.4).sum(axis=(1, 2))
        mean_square = (9**3 - 5**3) / 3 / 4  # of a radius between 5 and 9
        assert whole.mean() == pytest.approx(area * mean_square, rel=0.12)
    ring = found.x[found.y == 1, 0] > 0.4
    holes = [ndimage.label(~picture)[1] > 1 for picture in ring]
    assert np.mean(holes) > 0.9


def test_the_test_is_of_other_typefaces():
    assert glyphs().shape == (len(FONTS), 10, 40, 40)
    assert len(pictures("printed").x) == 14 * 10 * 12
    assert len(pictures("printed").test_x) == 5 * 10 * 8


def test_glyphs_are_what_the_command_draws():
    # Another release of Pillow may round the edges of a stroke in another way.
    assert np.abs(render().astype(int) - glyphs()).mean() < 3


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(tmp_path))
    return tmp_path


def fake(counts):
    labels = np.repeat(np.arange(10), counts)
    x = np.zeros((70_000, 784), np.uint8)
    x[:, 0] = labels
    order = np.random.default_rng(0).permutation(70_000)
    return SimpleNamespace(data=x[order], target=labels[order].astype(str))


def test_what_cannot_be_fetched_is_said_in_a_sentence(home, monkeypatch):
    def refuse(*_, **__):
        raise URLError("no network")

    monkeypatch.setattr(sklearn.datasets, "fetch_openml", refuse)
    with pytest.raises(NoPicturesError, match="mnist_784 is not on this machine"):
        fetched.fetched("mnist_784", MNIST_COUNTS)
    assert not list(home.rglob("*.npz"))


def test_what_was_fetched_is_kept_with_its_checksum(home, monkeypatch):
    asked = []

    def answer(name, **_):
        asked.append(name)
        return fake(MNIST_COUNTS)

    monkeypatch.setattr(sklearn.datasets, "fetch_openml", answer)
    found = picture_sets._fetched("mnist_784", picture_sets.NAMES, MNIST_COUNTS)
    assert (len(found.x), len(found.test_x)) == (5000, 1000)
    np.testing.assert_allclose(found.x[:, 0, 0, 0] * 255, found.y, atol=1e-5)
    again = fetched.fetched("mnist_784", MNIST_COUNTS)
    assert asked == ["mnist_784"]
    (file,) = home.rglob("*.npz")
    with np.load(file) as kept:
        digest = hashlib.sha256(again[0].tobytes() + again[1].tobytes()).hexdigest()
        assert str(kept["sha256"]) == digest
        np.savez(file, x=kept["x"] + 1, y=kept["y"], sha256=kept["sha256"])
    fetched.fetched("mnist_784", MNIST_COUNTS)
    assert len(asked) == 2  # what was changed since is not trusted
    file.write_bytes(b"nothing")
    fetched.fetched("mnist_784", MNIST_COUNTS)
    assert len(asked) == 3


def test_another_set_under_the_same_name_is_refused(home, monkeypatch):
    monkeypatch.setattr(sklearn.datasets, "fetch_openml", lambda *_, **__: fake([7000] * 10))
    with pytest.raises(NoPicturesError, match="is not the known set"):
        fetched.fetched("mnist_784", MNIST_COUNTS)
