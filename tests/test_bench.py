"""The bench measures what it says: runs, back ends, sizes, processes, memory, the oracle; no time is judged here."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from statistics import median

import pytest
from click.testing import CliRunner
from rich.console import Console
from worlds import busy, question

from abm.month import PHASES
from abm.scenario import Scenario
from abm.world import World
from experiments import bench, bench_turns
from experiments.bench_found import FULL, QUICK, Bench, Plan
from experiments.bench_growth import LINKS, Size, exponent, growth
from experiments.bench_show import NO_NUMBA, NO_ORACLE, show_bench
from experiments.bench_timing import timed
from experiments.bench_turns import Question
from experiments.bench_workers import MANY, Sweep, sweep
from experiments.cli import main

SMALL = Plan(
    repeats=2,
    batches=(1, 3),
    compared=(1, 2),
    chunk=3,
    months=None,
    short=1,
    oracle=1,
    sizes=((80, 10, 1), (80, 5, 1), (160, 10, 2)),
)


@pytest.fixture(scope="module")
def found(tiny: World) -> Bench:
    return bench.measured(question(*busy(), months=3), tiny, SMALL)


def shown(found: Bench, capsys: pytest.CaptureFixture[str]) -> str:
    show_bench(Console(width=200), found)
    return capsys.readouterr().out


def test_every_phase_of_every_batch_is_measured(found: Bench) -> None:
    assert [speed.batch for speed in found.speeds] == [1, 3]
    for speed in found.speeds:
        assert [*speed.phases] == [name for name, _ in PHASES]
        assert len(speed.repeats) == 2
        assert speed.lowest <= speed.total <= speed.highest
        assert min(speed.setting_up, speed.luck, speed.recording, speed.writing) > 0.0
        assert sum(speed.phases.values()) + speed.recording < speed.highest
        assert speed.luck < sum(speed.phases.values())


def test_a_pass_is_setting_up_months_and_writing_and_nothing_else(tiny: World) -> None:
    one = timed(question(*busy(), months=3), tiny, 2)
    assert one.total == one.setting_up + one.months + one.writing
    assert sum(one.phases.values()) + one.recording <= one.months
    kept = timed(question(months=1), tiny, 1, kept=False)
    assert kept.writing == 0.0


def test_months_that_are_not_lived_through_are_scaled_and_setting_up_is_not(tiny: World) -> None:
    one = timed(question(months=1), tiny, 1)
    more = one.longer(3.0)
    assert more.setting_up == one.setting_up
    assert more.months == 3.0 * one.months
    assert more.phases == {name: 3.0 * spent for name, spent in one.phases.items()}
    asked = Question(question(months=30), tiny, SMALL)
    assert [asked.lasting(months).months for months in (1, 12, 13, 30, 40, None)] == [1, 12, 13, 30, 30, 30]


def test_runs_are_the_same_against_the_clock(tiny: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from abm.model import Model
    from experiments import bench_timing

    asked, seen = question(*busy(), months=3), []
    monkeypatch.setattr(bench_timing, "_write", lambda model: seen.append(model.regions))
    timed(asked, tiny, 2)
    assert seen[0].equals(Model(asked, runs=2, world=tiny).run().regions)


def test_the_oracle_is_measured_in_every_turn_and_set_beside_every_batch(found: Bench) -> None:
    assert found.oracle is not None
    assert found.ratio is not None
    assert [*found.ratio] == [1, 3]
    for speed in found.speeds:
        ratios = [slow / fast for slow, fast in zip(found.oracle, speed.repeats, strict=True)]
        assert len(ratios) == 2
        assert found.ratio[speed.batch] == pytest.approx(sum(ratios) / 2)


def test_numba_stands_beside_numpy(found: Bench) -> None:
    assert found.backends is not None
    assert [each.batch for each in found.backends] == [1, 2]
    for each in found.backends:
        assert min(each.numba, each.numpy, each.ratio) > 0.0


def test_worlds_of_other_sizes_are_measured(found: Bench) -> None:
    sizes = found.growth.sizes
    assert [size.plants for size in sizes][:2] == [80, 80]
    assert [size.known for size in sizes] == [10, 5, 10]
    assert sizes[2].plants > 140
    assert sizes[2].links > sizes[0].links >= sizes[1].links > sizes[0].slots
    assert all(min(size.per_run, size.setting_up) > 0.0 for size in sizes)


def test_processes_memory_and_a_cold_start_are_measured(found: Bench) -> None:
    assert [*found.processes] == [1, 2]
    assert min(*found.processes.values(), found.speedup) > 0.0
    assert found.cold > 0.0
    if sys.platform == "linux":
        assert found.memory is not None
        assert [*found.memory] == ["all series kept", "headline figures alone"]


@pytest.mark.parametrize("power", [0.5, 1.0, 2.0])
def test_exponents_are_those_of_the_figures(power: float) -> None:
    amounts = [5_000.0, 20_000.0, 240_000.0]
    assert exponent(amounts, [3.0 * amount**power for amount in amounts]) == pytest.approx(power)
    assert exponent([7.0, 7.0], [1.0, 2.0]) is None


def test_growth_is_fitted_to_worlds_of_the_range_and_to_batches_of_whole_chunks() -> None:
    def size(links: int, per_run: float) -> Size:
        return Size(10, links // 20, links // 18, links, 16, per_run, 1.0)

    sizes = [size(LINKS[0], 1.0), size(10 * LINKS[0], 10.0), size(LINKS[1] + 1, 5.0)]
    grown = growth(sizes, [(1, 500.0), (16, 70.0), (64, 128.0), (256, 512.0)])
    assert grown.links == pytest.approx(1.0)
    assert grown.runs == pytest.approx(1.0)
    assert growth(sizes[2:], [(1, 1.0)]).links is None


def test_the_full_plan_spans_the_range_and_the_quick_one_is_part_of_it() -> None:
    assert FULL.batches == (1, 16, 64, 256)
    assert {plants for plants, _, _ in FULL.sizes} >= {300, 3_000, 30_000}
    assert {known for _, known, _ in FULL.sizes} == {10, 30}
    assert min(FULL.repeats, QUICK.repeats) >= 5
    assert set(QUICK.batches) < set(FULL.batches)
    assert set(QUICK.sizes) < set(FULL.sizes)


def test_a_sweep_is_shared_out_and_scaled_to_many_runs(tiny: World) -> None:
    took = sweep(question(months=2), tiny, 3, 2)
    assert (took.runs, took.months, took.processes) == (3, 2, 2)
    assert took.megabytes > 0.0
    assert took.per_core == pytest.approx(3 / took.seconds / 2)
    assert took.many == pytest.approx(took.starting + took.seconds * MANY / 3)


def test_the_oracle_that_is_measured_is_the_one_the_fast_month_is_held_to(monkeypatch: pytest.MonkeyPatch) -> None:
    import oracle

    for name in [name for name in sys.modules if name.partition(".")[0] == "oracle"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "path", [place for place in sys.path if Path(place).name != "tests"])
    assert bench_turns.oracle() is not None
    assert sys.modules["oracle"].__file__ == oracle.__file__


def test_without_the_tests_or_numba_what_is_left_out_is_said_in_plain_sentences(
    found: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench_turns, "ORACLE", tmp_path / "tests" / "oracle")
    monkeypatch.setattr(bench_turns, "find_spec", lambda name: None)
    assert bench_turns.oracle() is None
    assert bench_turns.compared(SMALL) == []
    told = shown(replace(found, oracle=None, ratio=None, backends=None, memory=None), capsys)
    assert NO_ORACLE in told
    assert NO_NUMBA in told
    assert "Memory" not in told


def test_every_part_of_the_report_is_there(found: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    told = " ".join(shown(replace(found, sweep=sweep_of(found)), capsys).split())
    for words in ("1 run alone", "3 abreast", "finance", "share of luck, %", "share of recording, %", "writing tables"):
        assert words in told
    for words in ("Memory: a further run adds", "with numba", "A new process has its first month", "per slot"):
        assert words in told
    assert found.ratio is not None
    for batch, words in ((1, "alone"), (3, "among 3")):
        assert f"{found.ratio[batch]:,.0f} times as long as a run {words}" in told
    assert f"{found.speedup:.2f} times as fast" in told
    assert "100,000 would take 208 minutes, 6.9 core hours, and 50 GB." in told


def sweep_of(found: Bench) -> Sweep:
    """Return what a sweep might have taken."""
    return Sweep("asked", 400, found.months, 2, 2.0, 50.0, 200.0, 4.0, 12_502.0)


def test_the_command_prints_tables_and_writes_the_figures(
    found: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def measured(scenario: Scenario, world: World, plan: Plan, done: object) -> Bench:
        assert (scenario.months, plan) == (1, replace(QUICK, repeats=7))
        return found

    def swept(scenario: Scenario, world: World, runs: int, processes: int) -> Sweep:
        assert (scenario.name, scenario.months, runs, processes) == ("baseline", 1, 400, 2)
        return sweep_of(found)

    monkeypatch.setattr(bench, "measured", measured)
    monkeypatch.setattr(bench, "sweep", swept)
    path = tmp_path / "bench.json"
    words = ["bench", "--quick", "--repeats", "7", "--until", "2020-01", "--sweep", "400", "--out", str(path)]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output + repr(done.exception)
    assert max(len(line.rstrip()) for line in done.stdout.splitlines()[:-1]) <= 80
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert {"scenario", "speeds", "memory", "machine", "oracle", "ratio", "versions", "plan", "growth"} <= set(kept)
    assert {"backends", "processes", "speedup", "cold", "sweep", "seconds"} <= set(kept)
    assert kept["sweep"]["runs"] == 400
    assert list(kept["ratio"]) == ["1", "3"]
    ratios = [slow / fast for slow, fast in zip(kept["oracle"], kept["speeds"][0]["repeats"], strict=True)]
    assert kept["ratio"]["1"] == pytest.approx(median(ratios))


def test_a_file_that_cannot_be_written_ends_with_code_2(
    found: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "measured", lambda *_: found)
    done = CliRunner().invoke(main, ["bench", "--quick", "--until", "2020-01", "--out", "/proc/no/where.json"])
    assert done.exit_code == 2
    assert "Choose another file." in done.stderr
