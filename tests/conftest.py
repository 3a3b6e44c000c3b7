"""The same for all tests: one look at the installed packages, no waiting where nobody looks."""

from functools import cache

import pytest
from streamlit.components.v2 import manifest_scanner

from dlviz.ui import precedence


@pytest.fixture(scope="session", autouse=True)
def one_scan() -> None:
    """Look through the installed packages once, as a server does, rather than for each AppTest."""
    manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


@pytest.fixture(autouse=True)
def no_browser_to_wait_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give no moment to draw a picture where nobody draws."""
    monkeypatch.setattr(precedence, "MOMENT", 0.0)
