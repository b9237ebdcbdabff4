"""The bench measures what it says: every phase, both sizes of batch, memory, the oracle; no time is judged here."""

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console
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


def test_the_oracle_is_measured_in_every_turn_and_set_beside_every_batch(found: benches.Bench) -> None:
    assert found.oracle is not None
    assert found.ratio is not None
    assert [*found.ratio] == [1, 3]
    for speed in found.speeds:
        ratios = [slow / fast for slow, fast in zip(found.oracle, speed.repeats, strict=True)]
        assert len(ratios) == 2
        assert found.ratio[speed.batch] == pytest.approx(sum(ratios) / 2)


def test_the_oracle_that_is_measured_is_the_one_the_fast_month_is_held_to(
    tiny: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    import oracle

    for name in [name for name in sys.modules if name.partition(".")[0] == "oracle"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "path", [place for place in sys.path if Path(place).name != "tests"])
    found = benches.measured(question(months=1), tiny, (1,), 1)
    assert found.oracle is not None
    assert sys.modules["oracle"].__file__ == oracle.__file__


def test_without_the_tests_the_ratio_is_left_out_in_one_plain_sentence(
    tiny: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(benches, "ORACLE", tmp_path / "tests" / "oracle")
    found = benches.measured(question(months=1), tiny, (1,), 1)
    assert (found.oracle, found.ratio) == (None, None)
    benches.show_bench(Console(width=200), found)
    assert capsys.readouterr().out.splitlines()[-1].strip() == benches.NO_ORACLE


def test_the_command_prints_a_table_and_writes_the_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(benches, "BATCHES", (1, 2))
    path = tmp_path / "bench.json"
    done = CliRunner().invoke(main, ["bench", "--repeats", "1", "--until", "2020-01", "--out", str(path)])
    assert done.exit_code == 0, done.output + repr(done.exception)
    assert max(len(line.rstrip()) for line in done.stdout.splitlines()[:-1]) <= 80
    for words in ("1 run alone", "2 runs abreast", "finance", "Memory: a further run adds"):
        assert words in done.stdout
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert {"scenario", "months", "speeds", "memory", "machine", "oracle", "ratio", "versions"} <= set(kept)
    assert list(kept["ratio"]) == ["1", "2"]
    for batch, words in (("1", "alone"), ("2", "among 2")):
        assert f"{kept['ratio'][batch]:,.0f} times as long as a run {words}" in " ".join(done.stdout.split())


def test_a_file_that_cannot_be_written_ends_with_code_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(benches, "BATCHES", (1,))
    monkeypatch.setattr(benches, "ORACLE", tmp_path / "oracle")
    words = ["bench", "--repeats", "1", "--until", "2020-01", "--out", "/proc/no/where.json"]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 2
    assert "Choose another file." in done.stderr
