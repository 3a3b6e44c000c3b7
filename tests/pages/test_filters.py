"""The page of the filters lab: whose feats are counted, and where its scenes open."""

import pytest

from dlviz.ui import work
from tests.pages.test_embedding import finish
from tests.pages.visiting import check, params, shown, text, visit


def test_a_link_with_a_network_that_does_not_fit_says_why():
    app = check(visit("filters", architecture="conv 8 3; pool 2; conv 4 5"))
    said = text(app).replace("\\", "").replace("\u2060", "")
    assert "makes no sense here (" in said
    assert "a 5x5 kernel does not fit a 3x3 map" in said


@pytest.mark.parametrize("slug", ["learning", "six", "wrong"])
def test_a_scene_that_is_about_the_trained_network_opens_with_it(slug):
    options, _ = shown(check(visit("filters", scene=slug)))
    assert options["at_end"] == (slug != "learning")


@pytest.mark.parametrize("lab", ["filters", "boundary"])
def test_a_run_that_has_only_begun_is_no_feat(lab, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(work, "PATIENCE", 0.05)
    link = {"filters": {"seed": "7"}, "boundary": {"seed": "7", "n": "400"}}[lab]
    app = check(visit(lab, **link))
    assert shown(app)[0]["growing"]
    assert not params(app).get("done")
    finish(app)
    assert not params(app).get("done")
    assert "Challenge met" not in text(app)
