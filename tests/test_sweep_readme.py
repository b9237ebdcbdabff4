"""What the README shows of sweeps works: its plan, its commands and its recipes."""

import re
import shlex
from contextlib import chdir
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from experiments.cli import main

if TYPE_CHECKING:
    import polars as pl

README = (Path(__file__).resolve().parents[1] / "README.md").read_text(encoding="utf-8")
SECTION = README.partition("## Sweeps\n")[2].partition("\n## ")[0]


def block(kind: str) -> str:
    found = re.search(rf"^```{kind}\n(.*?)^```$", SECTION, re.DOTALL | re.MULTILINE)
    assert found, kind
    return found[1]


def test_the_plan_the_commands_and_the_recipes_work_as_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRIENDSHORE_KERNELS", "numpy")
    brief = block("toml").replace("runs = 64", "runs = 4") + '\n[set]\nuntil = "2020-04"\n'
    (tmp_path / "my_plan.toml").write_text(brief, encoding="utf-8")
    names: dict[str, pl.DataFrame] = {}
    with chdir(tmp_path):
        for line in block("sh").splitlines():
            words = shlex.split(line, comments=True)
            assert words[0] == "friendshore"
            done = CliRunner().invoke(main, words[1:], prog_name="friendshore")
            assert done.exit_code == 0, done.output + repr(done.exception)
        exec(compile(block("py"), "README.md", "exec"), names)
    assert len(names["gains"]) == 3
    assert names["gains"].null_count().sum_horizontal().item() == 0
    assert names["fan"].columns[2:] == ["10%", "50%", "90%"]
    assert len(names["fan"].drop_nulls()) == 3 * 4
    assert len(names["last"]) == 4 * 4 * 2
    assert len(names["one"]) == 4 * 2
