"""How large a sweep may be: a million runs open at once, the driver's memory stays flat, workers do not wait."""

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from sweeps import ENVIRONMENT, ROOT

from experiments.sweeping import crew as crews
from experiments.sweeping.batches import Batch
from experiments.sweeping.crew import Receipt, crew
from experiments.sweeping.dataset import DONE, Dataset
from experiments.sweeping.driver import begun, opened
from experiments.sweeping.plan import Plan
from experiments.sweeping.upkeep import compact

# Of 64 runs: a hundred thousand.
BATCHES = 1563
MANY = """
title = "Many"
scenario = "baseline"
runs = {runs}

[vary]
parameters.interest = [{interest}]
parameters.hoard_strength = [{strength}]
"""
# The most memory that a process has held, MB; what the system calls its maximum may be that of whoever started it.
HELD = """
def held():
    lines = open("/proc/self/status").read().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024
"""
# A sweep whose batches take no time: what is left is the driver. Prints the most memory it held, MB.
INSTANT = f"""{HELD}
import sys
from pathlib import Path
from experiments.sweeping.crew import Receipt
from experiments.sweeping.dataset import DONE
from experiments.sweeping.driver import Shard, opened, sweep
from experiments.sweeping.plan import Plan

def instantly(plan, folder, todo, workers):
    for task in todo:
        (folder / DONE / f"part-{{task.name}}.0000000000000000.json").touch()
        yield Receipt(task.name, task.runs, 0, 1000)

laid = opened(Plan.load(Path(sys.argv[1])), Path(sys.argv[2]))
assert sweep(laid, 2, Shard(), instantly) == 0
print(laid.runs, held())
"""


def numbers(low: float, high: float, many: int) -> str:
    return ",\n".join(f"{each:.7g}" for each in np.linspace(low, high, many))


def many(folder: Path, side: int, runs: int) -> Path:
    path = folder / f"many{side}.toml"
    told = MANY.format(runs=runs, interest=numbers(0.0, 0.01, side), strength=numbers(0.0, 10.0, side))
    path.write_text(told, encoding="utf-8")
    return path


@pytest.mark.slow
@pytest.mark.parametrize(("side", "runs"), [(250, 16), (125, 64)])
def test_a_million_runs_are_opened_and_resumed_within_ten_seconds(side: int, runs: int, tmp_path: Path) -> None:
    path = many(tmp_path, side, runs)
    laid = begun(opened(Plan.load(path), tmp_path / "out"))
    assert laid.runs == 1_000_000
    for task in laid.tasks[::2]:
        (laid.dataset.folder / DONE / f"part-{task.name}.0000000000000000.json").touch()
    begin = time.process_time()
    again = begun(opened(Plan.load(path), tmp_path / "out"))
    done = again.dataset.done()
    left = [task for task in again.tasks if task.name not in done]
    assert time.process_time() - begin < 10.0
    assert len(left) == len(again.tasks) // 2


@pytest.mark.slow
def test_the_driver_of_a_hundred_times_as_many_runs_takes_little_more_memory(tmp_path: Path) -> None:
    held = []
    for side in (8, 79):
        command = [sys.executable, "-c", INSTANT, str(many(tmp_path, side, 16)), str(tmp_path / f"out{side}")]
        done = subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=True)
        runs, megabytes = map(float, done.stdout.split()[-2:])
        assert runs == side * side * 16
        held.append(megabytes)
    assert held[1] < 300.0
    assert held[1] - held[0] < 60.0


def busy(plan: Plan, folder: Path, task: Batch) -> Receipt:
    """Keep a processor busy for a second of its own time."""
    begin = time.process_time()
    while time.process_time() - begin < 1.0:
        pass
    return Receipt(task.name, task.runs, 0, 0)


@pytest.mark.slow
def test_workers_wait_less_than_a_twentieth_of_their_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crews, "deliver", busy)
    laid = opened(Plan.load(many(tmp_path, 7, 64)), tmp_path / "out")
    tasks = list(laid.tasks[:22])
    receipts = crew(laid.plan, tmp_path, tasks, 2)
    begins = [time.perf_counter() for receipt in receipts if receipt is not None]
    # Two batches for the workers to start with; what the machine gives to others is not the crew's.
    assert len(begins) == 22
    assert begins[-1] - begins[1] < 10.0 / 0.95


def regions(point: str, first: int, months: pl.Series, dice: np.random.Generator) -> pl.DataFrame:
    """Return ten series of six goods and regions, month by month: sixty lines for every run."""
    goods = pl.DataFrame({"good": ["chip_leading", "chip_mature"]}).join(
        pl.DataFrame({"region": ["US", "TW", "CN"]}), how="cross"
    )
    runs = pl.DataFrame({"run": pl.Series(range(first, first + 64), dtype=pl.Int32)})
    index = months.to_frame("date").join(goods, how="cross").join(runs, how="cross")
    walk = dice.normal(0.0, 0.01, (10, len(index))).astype(np.float32)
    values = {f"series_{place}": column for place, column in enumerate(walk)}
    return index.select(pl.lit(point).alias("point"), "run", "date", "good", "region").with_columns(**values)


# Asked in a process of its own, which tells seconds and the most memory it held, MB.
QUERY = f"""{HELD}
import sys, time
from pathlib import Path
import polars as pl
from experiments.sweeping.dataset import Dataset

dataset = Dataset(Path(sys.argv[1]))
begin = time.perf_counter()
means = dataset.scan("kpi").group_by("point").agg(pl.col("share_chips_US").mean(), pl.len()).collect(engine="streaming")
kpi = time.perf_counter() - begin
fan = (
    dataset.scan("regions")
    .filter(pl.col("good") == "chip_leading", pl.col("region") == "US")
    .group_by("date")
    .agg(*(pl.col("series_0").quantile(level).alias(str(level)) for level in (0.1, 0.5, 0.9)))
    .sort("date")
    .collect(engine="streaming")
)
assert len(fan) == 132
print(means["len"].sum(), kpi, time.perf_counter() - begin - kpi, held())
"""


@pytest.mark.slow
def test_a_hundred_thousand_runs_answer_within_seconds_in_little_memory(tmp_path: Path) -> None:
    dataset, dice = Dataset(tmp_path / "out"), np.random.default_rng(1)
    months = pl.date_range(pl.date(2020, 1, 1), pl.date(2030, 12, 1), "1mo", eager=True)
    columns = {f"share_chips_{place}": pl.Float64 for place in ("US", *range(130))}
    with dataset.locked():
        dataset.prepare(("plan.json", "{}"), {}, {})
    for batch in range(BATCHES):
        figures = {name: dice.random(64) for name in columns}
        kpi = pl.DataFrame({"point": [f"{batch:016x}"] * 64, "run": pl.Series(range(64), dtype=pl.Int32), **figures})
        tables = {"kpi": kpi, "regions": regions(f"{batch:016x}", 0, months, dice)}
        dataset.add(f"{batch:016x}", tables)
    compact(dataset)
    command = [sys.executable, "-c", QUERY, str(tmp_path / "out")]
    asked = subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=True)
    runs, kpi_seconds, fan_seconds, held = map(float, asked.stdout.split())
    assert runs == 64 * BATCHES
    assert kpi_seconds < 1.0
    assert fan_seconds < 5.0
    assert held < 1000.0
