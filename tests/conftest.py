"""The same for all tests: what a server does once is done once, no waiting where nobody looks."""

from functools import cache

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import app_test, local_script_runner

from dlviz.ui import precedence


@pytest.fixture(scope="session", autouse=True)
def one_server() -> None:
    """Look through the packages and compile each page once, as a server does, not in each run."""
    manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
    compiled = ScriptCache()
    app_test.ScriptCache = local_script_runner.ScriptCache = lambda: compiled  # type: ignore


@pytest.fixture(scope="session", autouse=True)
def no_polling() -> None:
    """Wait for a run of a page asleep: AppTest looks a thousand times a second, and slows it."""
    looks = local_script_runner.require_widgets_deltas

    def wait(runner: local_script_runner.LocalScriptRunner, timeout: float = 3) -> None:
        runner._script_thread.join(timeout)
        looks(runner, timeout)  # at once if it is done; else it waits as long again, and says so

    local_script_runner.require_widgets_deltas = wait


@pytest.fixture(autouse=True)
def no_browser_to_wait_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give no moment to draw a picture where nobody draws."""
    monkeypatch.setattr(precedence, "MOMENT", 0.0)
