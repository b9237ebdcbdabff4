"""What the README shows works: its Python, its scenario and its commands."""

import re
import shlex
from contextlib import chdir
from pathlib import Path

import pytest
from click.testing import CliRunner

from experiments.cli import main

README = (Path(__file__).resolve().parents[1] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
# The app stays open until Ctrl-C; tests/app tries it. A validation takes long; test_validate.py plays a quick one.
COMMANDS = sorted({*re.findall(r"uv run friendshore (\w[^`\n]*)", README)} - {"app", "validate"})
# What keeps a command that lives through months short.
BRIEF = {
    "run": "--runs 1 --until 2020-02 --no-pictures",
    "compare": "--runs 1 --until 2020-02 --no-pictures",
    "explain-change": "--runs 1 --set until=2020-02",
}


def blocks(kind: str) -> list[str]:
    return [text for name, text in BLOCKS if name == kind]


def plain(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip("\n").splitlines()]


def test_the_python_runs_from_top_to_bottom_and_prints_what_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, object] = {}
    for text in blocks("python"):
        exec(compile(text, "README.md", "exec"), names)
    assert plain(capsys.readouterr().out) in [plain(text) for text in blocks("")]


def test_there_are_commands_to_try() -> None:
    assert {words.split()[0] for words in COMMANDS} >= {"run", "compare", "list", "explain", "trace", "data"}


@pytest.mark.parametrize(
    "words", [pytest.param(each, marks=[pytest.mark.slow] if each.startswith("bench") else []) for each in COMMANDS]
)
def test_a_command_runs_as_shown(words: str, tmp_path: Path) -> None:
    (tmp_path / "my_scenario.toml").write_text(blocks("toml")[0], encoding="utf-8")
    told = shlex.split(words)
    with chdir(tmp_path):
        done = CliRunner().invoke(main, [*told, *shlex.split(BRIEF.get(told[0], ""))], prog_name="friendshore")
    assert done.exit_code == 0, done.output + repr(done.exception)
    assert done.stdout.strip()


def test_every_file_that_is_named_is_there() -> None:
    root = Path(__file__).resolve().parents[1]
    named = set(re.findall(r"(?:abm|experiments|tests|\.ci)/[\w./]*\w", README))
    assert len(named) > 5
    assert [path for path in sorted(named) if not (root / path).exists()] == []
