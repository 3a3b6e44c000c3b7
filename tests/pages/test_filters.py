"""The page of the filters lab: whose feats are counted, and where its scenes open."""

import pytest

from dlviz.ui import work
from tests.pages.test_embedding import finish
from tests.pages.visiting import check, params, shown, text, visit


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
