"""Sweeps as they are played: what is kept, bad points, dead workers, runs until it is sure, and runs played again."""

import os
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from sweeps import plan_file

from abm.errors import InputError
from experiments import run as runs
from experiments.run import ask
from experiments.sweeping import crew as crews
from experiments.sweeping import work as works
from experiments.sweeping.batches import Batch, Pair
from experiments.sweeping.crew import Receipt, crew
from experiments.sweeping.dataset import Dataset
from experiments.sweeping.driver import Opened, begun, opened
from experiments.sweeping.plan import Plan
from experiments.sweeping.replay import find, replay
from experiments.sweeping.upkeep import compact, health


@pytest.fixture(autouse=True)
def without_compiling(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRIENDSHORE_KERNELS", "numpy")


def laid_out(folder: Path, runs: int = 2, doses: str = "[10_000, 20_000]", more: str = "") -> Opened:
    return begun(opened(Plan.load(plan_file(folder, runs, doses, more)), folder / "out"))


def here(laid: Opened) -> list[Receipt]:
    """Play a sweep in this process."""
    return [crews.deliver(laid.plan, laid.dataset.folder, task) for task in laid.tasks]


def test_what_is_kept_is_what_a_single_run_gives(tmp_path: Path) -> None:
    more = '\n[keep]\nregions = ["stock_days"]\ngoods = ["cell"]\nplaces = ["US", "CN"]\ntables = ["trade", "firms"]\n'
    laid = laid_out(tmp_path, more=more)
    here(laid)
    dataset = laid.dataset
    assert dataset.tables() == ["firms", "kpi", "regions", "trade"]
    from abm import Model

    point = laid.points[-1]
    alone = Model(ask("chips_act", ["until=2020-03", "chips_act.amount_musd=20000"])[1], runs=2, seed=1).run()
    kept = dataset.scan("kpi").filter(point=point.name).collect()
    assert kept.drop("point", "run_id").equals(alone.kpi.drop("scenario"))
    regions = dataset.scan("regions").filter(point=point.name).collect()
    wanted = alone.regions.filter(pl.col("good") == "cell", pl.col("region").is_in(["US", "CN"]))
    assert regions.drop("point").equals(wanted.select("run", "date", "good", "region", "stock_days"))
    assert dataset.scan("regions").collect()["date"].is_sorted()


def test_a_bad_point_is_rows_with_the_reason_and_the_others_are_played(tmp_path: Path) -> None:
    laid = laid_out(tmp_path, doses='[10_000]\nstart = ["2020-01", "2020-02"]')
    here(laid)
    failures = laid.dataset.scan("failures").collect()
    assert failures["reason"].str.contains("2020-01", literal=True).all()
    good = laid.dataset.scan("kpi").collect()
    assert len(good) == len(failures) == 4
    lines, same = replay(laid.dataset, failures["run_id"][0], None)
    assert same
    assert failures["reason"][0] in "\n".join(lines).replace("  ", "")


def test_points_that_differ_in_doses_are_played_side_by_side_and_apart_where_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, whole = list[int](), runs.play_abreast

    def some(batches: Sequence[runs.Batch], *rest: Any) -> list[runs.Tables]:
        seen.append(len(batches))
        if any(getattr(each, "amount_musd", 0) == 20_000 for one in batches for each in one.scenario.policies):
            raise ValueError("too much")
        return whole(batches, *rest)

    monkeypatch.setattr(works, "play_abreast", some)
    laid = laid_out(tmp_path, doses="[10_000, 20_000, 30_000]")
    here(laid)
    # The baseline; all three doses; and, as one of them is too much, each of them for itself.
    assert sorted(seen) == [1, 1, 1, 1, 3]
    assert laid.dataset.scan("failures").collect()["reason"].to_list() == ["too much"] * 2
    assert len(laid.dataset.scan("kpi").collect()) == 6


def test_a_run_played_again_is_the_same_to_the_bit_compacted_or_not(tmp_path: Path) -> None:
    laid = laid_out(tmp_path)
    here(laid)
    wanted = laid.dataset.scan("kpi").select("run_id").collect()["run_id"].to_list()
    assert len({*wanted}) == 6
    assert replay(laid.dataset, wanted[3], tmp_path / "again")[1]
    assert len(pl.read_parquet(tmp_path / "again" / "regions.parquet")) == 3 * 19 * 10
    before = laid.dataset.scan("kpi").sort("run_id").collect()
    compact(laid.dataset, together=1)
    assert laid.dataset.scan("kpi").sort("run_id").collect().equals(before)
    assert find(laid.dataset, wanted[3])[1] == before.filter(run_id=wanted[3])["run"][0]
    assert not health(laid.dataset).damaged
    with pytest.raises(InputError, match="no run of"):
        find(laid.dataset, "0" * 16)


def test_a_sweep_of_another_model_is_not_mixed_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    laid = laid_out(tmp_path)
    from experiments.sweeping import provenance

    monkeypatch.setattr(provenance, "origin", lambda: {"model": "other", "data": "other"})
    with pytest.raises(InputError, match="holds results of another data and model"):
        opened(laid.plan, laid.dataset.folder)


UNTIL = """
title = "Until"
scenario = "taiwan_blockade"
runs = {{ series = "price_chips", half_width = {}, most = 160 }}

[set]
until = "2020-04"
strait_closed.start = 2020-01-01

[vary]
strait_closed.end = [2020-02-01, 2020-03-01]
"""


@pytest.mark.parametrize(("width", "runs"), [("1e-12", 160), ("1e9", 64)])
def test_runs_are_added_until_the_difference_is_known_and_none_twice(width: str, runs: int, tmp_path: Path) -> None:
    path = tmp_path / "until.toml"
    path.write_text(UNTIL.format(width), encoding="utf-8")
    laid = begun(opened(Plan.load(path), tmp_path / "out"))
    assert [type(task) for task in laid.tasks] == [Pair, Pair]
    here(laid)
    kpi = laid.dataset.scan("kpi").collect()
    assert dict(kpi.group_by("point").len().iter_rows()) == dict.fromkeys((each.name for each in laid.points), runs)
    assert not kpi.select("point", "run").is_duplicated().any()
    assert {task.name for task in laid.tasks} <= laid.dataset.done()
    # A plan of as many runs finds them there.
    path.write_text(UNTIL.format(width).replace("runs = {", "#").replace("[set]", "runs = 64\n[set]"), encoding="utf-8")
    again = opened(Plan.load(path), tmp_path / "out")
    assert again.runs == 3 * 64
    assert {task.name for task in again.tasks} <= laid.dataset.done()


DEADLY = "20000"


def deadly(plan: Plan, folder: Path, task: Batch) -> Receipt:
    """Die at one point; say of the others that they are played."""
    if any(value.endswith(DEADLY) for part in task.parts for value in part.point.values):
        os.kill(os.getpid(), signal.SIGKILL)
    Dataset(folder).add(task.name, {})
    return Receipt(task.name, task.runs, 0, 0)


def test_a_batch_that_kills_its_workers_is_given_up_and_tried_again_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid = laid_out(tmp_path, 64, "[10_000, 20_000, 30_000, 40_000]")
    with monkeypatch.context() as patch:
        patch.setattr(crews, "deliver", deadly)
        receipts = [each for each in crew(laid.plan, laid.dataset.folder, laid.tasks, 2) if each is not None]
    assert len(receipts) == 5
    assert sum(each.failed for each in receipts) == 64
    failures = laid.dataset.scan(works.FAILURES).collect()
    assert failures["reason"].unique().to_list() == ["Its worker died 3 times."]
    assert len(laid.dataset.done()) == 4
    begun(laid)
    assert laid.dataset.counted(works.FAILURES) == []
