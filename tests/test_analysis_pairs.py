"""Differences between runs with the same luck, and what a gain costs, by formulas."""

import math
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from known_sweeps import gained, plan

from experiments.sweeping_analysis.pairs import differences, frontier
from experiments.sweeping_analysis.sample import Sample, paired


def test_nine_of_ten_intervals_of_paired_differences_hold_the_true_one() -> None:
    draw = np.random.default_rng(7)
    count, runs = 400, 12
    luck = draw.normal(size=(count, runs))
    names = [f"p{at}" for at in range(count)]
    base = pl.DataFrame({"point": np.repeat([f"b{at}" for at in range(count)], runs), "y": luck.ravel()})
    mine = pl.DataFrame({"point": np.repeat(names, runs), "y": (luck + draw.normal(2.0, 0.5, luck.shape)).ravel()})
    both = pl.concat([base, mine]).insert_column(1, pl.Series("run", [*range(runs)] * (2 * count), dtype=pl.Int32))
    points = pl.DataFrame({"scenario": "s", "point": names, "against": [f"b{at}" for at in range(count)]})
    told = differences(Sample(Path(), plan("sobol", 2, "a"), points, paired(both, points, ["y"]), (), ("y",)))
    holding = ((told["least"] <= 2.0) & (told["most"] >= 2.0)).mean()
    assert told["runs"].unique().to_list() == [runs]
    assert holding == pytest.approx(0.9, abs=0.045)


def test_a_paired_difference_is_that_of_the_formula() -> None:
    told = differences(gained({"p": [1.0, 2.0, 3.0], "q": [5.0, 5.0, 5.0], "r": [0.0, 0.0, 0.0]}))
    p, q, r = told.iter_rows(named=True)
    # Student's factor of two degrees of freedom is 2.919986; 3.4641 is exceeded with a chance of 0.0742.
    assert (p["mean"], p["most"] - p["mean"], p["chance"]) == pytest.approx((2.0, 2.919986 / 3**0.5, 0.07418), abs=1e-5)
    assert (p["low"], p["high"]) == pytest.approx((1.2, 2.8))
    assert (q["least"], q["most"], q["chance"], q["sure"]) == (5.0, 5.0, 0.0, True)
    assert (r["chance"], r["sure"]) == (1.0, False)


def test_a_single_run_is_never_sure() -> None:
    told = differences(gained({"p": [7.0], "q": [0.5]}))
    assert told.select("mean", "least", "chance", "sure").rows() == [(7.0, None, None, False), (0.5, None, None, False)]


def test_a_run_without_a_figure_is_left_out_of_a_difference() -> None:
    told = differences(gained({"p": [1.0, math.nan, 3.0]}))
    assert told.select("runs", "mean").rows() == [(2, 2.0)]


def test_the_frontier_holds_what_nothing_beats() -> None:
    names = ["cheap", "dear", "wasteful", "vain"]
    spent, gained = {"cheap": 10, "dear": 30, "wasteful": 20, "vain": 30}, [0.01, 0.02, 0.01, 0.005]
    share = dict(zip(names, gained, strict=True))
    lines = [("base", run, 0.0, 0.1) for run in range(4)]
    lines += [
        (name, run, spent[name] + run % 2, 0.1 + share[name] + 1e-4 * (run % 2)) for name in names for run in range(4)
    ]
    table = pl.DataFrame(lines, schema=["point", "run", "public_spending", "share_chips_US"], orient="row")
    points = pl.DataFrame({"scenario": "s", "point": names, "against": "base"})
    outcomes = ("public_spending", "share_chips_US")
    sample = Sample(Path(), plan("sobol", 2, "a"), points, paired(table, points, outcomes), (), outcomes)
    told = frontier(sample, "share_chips_US")
    assert told.filter("efficient")["point"].to_list() == ["cheap", "dear"]
    assert told["cost"][0] == pytest.approx(10.5 / 1.005)
    assert told["cost_least"][0] < told["cost"][0] < told["cost_most"][0]


def test_what_does_worse_than_nothing_or_has_another_baseline_beats_nobody() -> None:
    spent = {"base": 0.0, "vain": 1.0, "good": 9.0, "shaken": 0.0, "cheaper": 4.0}
    share = {"base": 0.1, "vain": 0.09, "good": 0.12, "shaken": 0.1, "cheaper": 0.15}
    lines = [(name, run, spent[name], share[name]) for name in spent for run in range(2)]
    table = pl.DataFrame(lines, schema=["point", "run", "public_spending", "share_chips_US"], orient="row")
    names = ["vain", "good", "cheaper"]
    points = pl.DataFrame({"scenario": "s", "point": names, "against": ["base", "base", "shaken"]})
    outcomes = ("public_spending", "share_chips_US")
    sample = Sample(Path(), plan("sobol", 2, "a"), points, paired(table, points, outcomes), (), outcomes)
    told = frontier(sample, "share_chips_US")
    assert dict(told.select("point", "efficient").iter_rows()) == {"vain": False, "good": True, "cheaper": True}
