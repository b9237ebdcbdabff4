"""The rules of the house: style, types, floors, sizes, docstrings, what the wheel holds and what a newcomer is told."""

import ast
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
PACKAGES = ("abm", "experiments")
TOP_LEVEL = {"abm", "experiments", "tests", "pyproject.toml", "README.md", "LICENSE"}
LONGEST_FILE = 250
LONGEST_FUNCTION = 40
SET_UP = "python3 -m venv .venv && .venv/bin/pip install -q uv && .venv/bin/uv run "


def run(*command: str | Path, folder: Path = ROOT) -> str:
    """Return what a command printed; its failure is the test's."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(f"{done.stdout}\n{done.stderr}", pytrace=False)
    return done.stdout


def sources(*folders: str) -> Iterator[tuple[str, ast.Module, str]]:
    """Yield name, syntax tree and text of every Python file of the folders."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            yield str(path.relative_to(ROOT)), ast.parse(text), text


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function of a file, methods and inner ones too."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_ruff_finds_nothing() -> None:
    run(sys.executable, "-m", "ruff", "check", ".")


def test_every_file_is_formatted() -> None:
    run(sys.executable, "-m", "ruff", "format", "--check", ".")


def test_every_type_holds() -> None:
    run(sys.executable, "-m", "mypy")


def test_every_import_goes_down() -> None:
    run(BIN / "lint-imports", "--no-cache")


def test_no_file_is_long() -> None:
    sizes = {
        name: sum(1 for line in text.splitlines() if line.strip()) for name, _, text in sources(*PACKAGES, "tests")
    }
    assert {name: size for name, size in sizes.items() if size > LONGEST_FILE} == {}


def test_no_function_is_long() -> None:
    sizes = {
        f"{name}:{node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for name, tree, _ in sources(*PACKAGES, "tests")
        for node in functions(tree)
    }
    assert {name: size for name, size in sizes.items() if size > LONGEST_FUNCTION} == {}


def test_every_public_name_has_a_docstring() -> None:
    bare = [
        f"{name}:{node.name}"
        for name, tree, _ in sources(*PACKAGES)
        for node in (*functions(tree), *(node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)))
        if not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert bare == []


def test_the_top_level_holds_only_what_is_agreed() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a clone")
    listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard").splitlines()
    entries = {path.strip('"').split("/")[0] for path in listed}
    assert {entry for entry in entries if not entry.startswith(".")} <= TOP_LEVEL


def test_the_readme_gives_the_commands_that_ci_runs() -> None:
    readme, ci = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", ".ci/run"))
    for command in (SET_UP + "friendshore run chips_act", SET_UP + "pytest", "pip install .", "uv run friendshore"):
        assert command in readme
    assert SET_UP.removeprefix("python3") + "pytest" in ci


def test_versions_known_to_work_name_no_host() -> None:
    uv = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["uv"]
    known = uv["constraint-dependencies"] + uv["build-constraint-dependencies"]
    assert all("==" in line and "://" not in line and "@" not in line for line in known)
    assert "/uv.lock" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel built from this tree."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_every_file_of_the_packages(wheel: Path) -> None:
    here = {path.relative_to(ROOT) for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_file()}
    kept = {path.as_posix() for path in here if "__pycache__" not in path.parts}
    assert {"abm/DESIGN.md", "abm/data/sources.toml", "experiments/scenarios/chips_act.toml"} <= kept
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == kept


@pytest.mark.slow
def test_plain_pip_installs_a_command_that_works_anywhere(wheel: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "venv", tmp_path / "venv")
    run(tmp_path / "venv/bin/python", "-m", "pip", "install", "-q", wheel)
    assert "assumed" in run(tmp_path / "venv/bin/friendshore", "data", "check", folder=tmp_path)
