"""Make the file of default scenes: open every page as a first visitor and keep its pictures.

python -m benchmarks.scenes           every lab as it opens, and each of its scenes
python -m benchmarks.scenes defaults  every lab as it opens
"""

import sys
import time
from importlib import import_module

from streamlit.testing.v1 import AppTest

from dlviz.ui import work
from dlviz.ui.scenefile import ROOT, SCENES

LONGEST = 600.0  # seconds that a scene's work may take


def addresses(scenes: bool) -> list[tuple[str, dict[str, str]]]:
    """Return the pages and the parameters to open them with."""
    labs = sorted(file.stem for file in (ROOT / "pages").glob("*.py") if file.stem != "home")
    found: list[tuple[str, dict[str, str]]] = [(lab, {}) for lab in labs]
    for lab in labs if scenes else ():
        presets = import_module(f"dlviz.{lab}.lesson").LESSON.scenes
        found += [(lab, {"scene": preset.slug}) for preset in presets]
    return found


def visit(lab: str, parameters: dict[str, str]) -> AppTest:
    """Open a page in a session of its own; it waits until its work is done."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=LONGEST).run()
    app.switch_page(f"pages/{lab}.py")
    app.query_params = parameters
    return app.run()


def main() -> None:
    """Open the pages, each in a session of its own, and write the file."""
    SCENES.notes = {}
    work.PATIENCE = LONGEST
    start = time.monotonic()
    for lab, parameters in addresses("defaults" not in sys.argv[1:]):
        app = visit(lab, parameters)
        assert not app.exception, f"{lab} {parameters}: {[e.message for e in app.exception]}"
    if not SCENES.write():
        raise SystemExit(f"{SCENES.path} cannot be written")
    size = SCENES.path.stat().st_size / 1e6
    seconds = time.monotonic() - start
    print(f"{len(SCENES.notes)} pictures, {size:.1f} MB, {seconds:.0f} s: {SCENES.path}")


if __name__ == "__main__":
    main()
