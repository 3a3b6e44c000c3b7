"""Pages are tested as they are once their work is done: nothing polls for it here."""

import pytest

from dlviz.ui import work


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for heavy work rather than show how far it is."""
    monkeypatch.setattr(work, "PATIENCE", 55)
