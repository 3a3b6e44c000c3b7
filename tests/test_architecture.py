"""The arrows between the rooms, checked on the import statements and on what really loads."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ENGINE = sorted((ROOT / "dlviz").rglob("*.py"))
PAGES = sorted((ROOT / "pages").glob("*.py"))
LABS = sorted(path.parent.name for path in (ROOT / "dlviz").glob("*/compute.py"))
HEAVY = ("torch", "sklearn", "scipy")


def imports(path: Path) -> set[str]:
    """Return every module, and every name of a module, that a file imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def forbidden(path: Path) -> list[str]:
    """Return what a file of the engine may not import."""
    parts = path.relative_to(ROOT / "dlviz").parts
    room = parts[0] if len(parts) > 1 else ""
    banned = ["pages", "app", "tests", "benchmarks"]
    banned += [f"dlviz.{lab}" for lab in LABS if lab != room]
    if room != "ui":
        banned += ["streamlit", "dlviz.ui"]
    if room in LABS:
        kind = parts[-1]
        banned += [] if kind == "figures.py" else ["plotly"]
        banned += ["torch", "sklearn"] if kind in ("figures.py", "lesson.py") else []
        banned += [] if kind == "figures.py" else [f"dlviz.{room}.figures"]
    return banned


def reaches(name: str, banned: str) -> bool:
    return (name + ".").startswith(banned + ".")


@pytest.mark.parametrize("path", ENGINE, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_follow_the_arrows(path: Path) -> None:
    found = [n for n in imports(path) for banned in forbidden(path) if reaches(n, banned)]
    assert found == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_pages_hold_no_heavy_library_and_no_other_lab(path: Path) -> None:
    banned = ["torch", "sklearn", "plotly", "numpy"]
    banned += [f"dlviz.{lab}" for lab in LABS if lab != path.stem]
    assert [n for n in imports(path) for b in banned if reaches(n, b)] == []


def loaded_by(code: str) -> set[str]:
    """Return the top-level packages that a fresh interpreter has loaded after ``code``."""
    program = f"{code}\nimport sys\nprint(*{{name.split('.')[0] for name in sys.modules}})"
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return set(run.stdout.splitlines()[-1].split())


def test_the_engine_loads_without_streamlit() -> None:
    """Each lab by itself; what is not ours stays loaded between them, as that takes seconds."""
    run = f"""
import sys
from importlib import import_module
for lab in {LABS}:
    for part in ("compute", "figures", "lesson"):
        import_module(f"dlviz.{{lab}}.{{part}}")
    assert "streamlit" not in sys.modules, lab
    for name in [name for name in sys.modules if name.split(".")[0] == "dlviz"]:
        del sys.modules[name]
"""
    assert {"numpy", "torch"} <= loaded_by(run)


def test_the_home_page_loads_neither_torch_nor_scikit_learn() -> None:
    run = "from streamlit.testing.v1 import AppTest\nassert not AppTest.from_file('app.py').run().exception"  # noqa: E501
    assert not loaded_by(run) & set(HEAVY)


def test_every_lab_has_its_page_and_every_page_its_lab() -> None:
    listed = {lab for labs in chapters().values() for lab in labs}
    assert listed == set(LABS) == {path.stem for path in PAGES} - {"home"}


def chapters() -> dict[str, dict[str, str]]:
    """Read the chapters out of app.py without running it."""
    for node in ast.parse((ROOT / "app.py").read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "CHAPTERS":
            return ast.literal_eval(node.value)
    raise AssertionError("app.py lists no CHAPTERS")


@pytest.mark.parametrize(
    ("pattern", "most"), [("app.py", 80), ("pages/*.py", 120), ("dlviz/**/*.py", 250)]
)
def test_files_stay_short(pattern: str, most: int) -> None:
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in ROOT.glob(pattern)}
    assert {str(path): n for path, n in lengths.items() if n > most} == {}


def test_functions_stay_short() -> None:
    long = []
    for path in [*ENGINE, *PAGES]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and body_lines(node) > 40:
                long.append(f"{path.relative_to(ROOT)}: {node.name}")
    assert long == []


def body_lines(node: ast.FunctionDef) -> int:
    """Count the lines of a function after its docstring."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return node.end_lineno - body[0].lineno + 1 if body and node.end_lineno else 0


def test_every_asset_is_used_and_every_asset_named_is_there() -> None:
    code = "".join(
        p.read_text("utf-8") for p in [*ENGINE, *PAGES, ROOT / "app.py", ROOT / "README.md"]
    )
    cards = {f"{lab}.png" for lab in LABS}
    for asset in (ROOT / "assets").iterdir():
        assert asset.name in code or asset.name in cards, f"{asset.name} is named nowhere"
    assert cards <= {asset.name for asset in (ROOT / "assets").iterdir()}


def test_no_file_has_a_name_without_an_idea() -> None:
    empty = {"utils.py", "helpers.py", "common.py", "misc.py"}
    assert [path for path in ENGINE if path.name in empty] == []
