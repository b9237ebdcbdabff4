"""The bench measures what it says: every phase, both sizes of batch, memory; no time is judged here."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from worlds import busy, question

from abm.month import PHASES
from abm.world import World
from experiments import bench as benches
from experiments.cli import main


@pytest.fixture(scope="module")
def found(tiny: World) -> benches.Bench:
    return benches.measured(question(*busy(), months=3), tiny, (1, 3), 2)


def test_every_phase_of_every_batch_is_measured(found: benches.Bench) -> None:
    assert [speed.batch for speed in found.speeds] == [1, 3]
    for speed in found.speeds:
        assert [*speed.phases] == [name for name, _ in PHASES]
        assert len(speed.repeats) == 2
        assert speed.lowest <= speed.total <= speed.highest
        assert speed.setting_up > 0.0
        assert sum(speed.phases.values()) < speed.highest


def test_a_further_run_takes_memory(found: benches.Bench) -> None:
    assert found.memory > 1.0
    assert (found.months, found.ratio) == (3, None)


def test_the_command_prints_a_table_and_writes_the_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(benches, "BATCHES", (1, 2))
    path = tmp_path / "bench.json"
    done = CliRunner().invoke(main, ["bench", "--repeats", "1", "--until", "2020-01", "--out", str(path)])
    assert done.exit_code == 0, done.output + repr(done.exception)
    assert max(len(line.rstrip()) for line in done.stdout.splitlines()[:-1]) <= 80
    for words in ("1 run alone", "2 runs abreast", "finance", "Memory: a further run adds"):
        assert words in done.stdout
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert {"scenario", "months", "speeds", "memory", "machine", "ratio", "versions"} <= set(kept)


def test_a_file_that_cannot_be_written_ends_with_code_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(benches, "BATCHES", (1,))
    words = ["bench", "--repeats", "1", "--until", "2020-01", "--out", "/proc/no/where.json"]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 2
    assert "Choose another file." in done.stderr
