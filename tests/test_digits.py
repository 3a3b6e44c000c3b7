"""The digits kept here are scikit-learn's."""

from sklearn.datasets import load_digits

from dlviz import digits


def test_the_digits_are_scikit_learns():
    table = load_digits()
    pictures, classes = digits.digits()
    assert (pictures == table.images).all() and (classes == table.target).all()
    assert pictures.shape[1:] == (digits.SIDE, digits.SIDE)
    assert (pictures.min(), pictures.max()) == (0, digits.LEVELS)
    assert not pictures.flags.writeable and not classes.flags.writeable


def test_the_command_makes_the_file(tmp_path, monkeypatch):
    kept = digits.digits()
    monkeypatch.setattr(digits, "FILE", tmp_path / "digits.npz")
    digits.make()
    digits.digits.cache_clear()
    for made, known in zip(digits.digits(), kept, strict=True):
        assert (made == known).all()
    digits.digits.cache_clear()
