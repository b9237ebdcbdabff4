"""How sure a difference is: intervals, how many runs would tell, what a point costs, and from when on it is there."""

import math
from datetime import date

import polars as pl
import pytest

from experiments.verdict import Gain, for_good, paired, ratio, runs_needed, student

DAYS = [date(2020, month, 1) for month in range(1, 6)]


def test_a_difference_is_open_where_its_interval_includes_nothing_but_not_only_nothing() -> None:
    assert Gain(1.0, 1.5).open
    assert Gain(-1.0, 1.0).open
    assert Gain(0.0, 0.2).open
    assert not Gain(-1.0, 0.5).open
    assert not Gain(0.0, 0.0).open
    assert not Gain(1.0, math.nan).open


def test_four_times_the_runs_halve_the_interval() -> None:
    assert runs_needed(Gain(1.0, 2.0), 16) == 64
    assert runs_needed(Gain(-1.0, 2.0), 16) == 64
    # 64 x 1.5^2 = 144, two digits rounded up.
    assert runs_needed(Gain(2.0, 3.0), 64) == 150
    assert runs_needed(Gain(1.0, 3.0), 2) == 18


def test_nobody_is_told_to_wait_for_ever() -> None:
    assert runs_needed(Gain(0.0, 1.0), 64) is None
    assert runs_needed(Gain(1e-6, 1.0), 64) is None
    assert runs_needed(Gain(1.0, math.nan), 1) is None


def test_about_so_many_runs_do_tell() -> None:
    values = [3.0, -1.0, 2.0, -2.0]
    frame = pl.DataFrame({"key": ["a"] * 4, "gain": values})
    row = paired(frame, ["key"]).row(0, named=True)
    gain = Gain(row["gain_mean"], row["gain_error"])
    assert gain.open
    needed = runs_needed(gain, 4)
    assert needed is not None
    more = paired(pl.DataFrame({"key": ["a"] * needed, "gain": (values * needed)[:needed]}), ["key"]).row(0, named=True)
    assert more["gain_error"] < more["gain_mean"]


def test_a_sure_price_of_a_point_has_no_width() -> None:
    found = ratio([10.0, 20.0, 30.0], [1.0, 2.0, 3.0])
    assert found is not None
    assert (found.mean, found.low, found.high) == pytest.approx((10.0, 10.0, 10.0))


def test_the_interval_of_a_price_holds_the_ratios_that_the_runs_do_not_rule_out() -> None:
    money, points = [9.0, 12.0, 10.0, 13.0], [1.0, 1.1, 0.9, 1.2]
    found = ratio(money, points)
    assert found is not None
    assert found.mean == pytest.approx(44.0 / 4.2)
    factor = student(4)
    assert factor is not None
    # At an end of the interval money less price times points is just told from none, by Student's test.
    for end in (found.low, found.high):
        rest = [spent - end * gained for spent, gained in zip(money, points, strict=True)]
        mean = sum(rest) / 4.0
        deviation = math.sqrt(sum((each - mean) ** 2 for each in rest) / 3.0)
        assert abs(mean) == pytest.approx(factor * deviation / 2.0)
    assert found.low < found.mean < found.high


def test_points_that_cannot_be_told_from_none_have_no_price() -> None:
    assert ratio([10.0, 11.0, 12.0], [1.0, -1.0, 0.5]) is None
    assert ratio([10.0, 11.0], [-1.0, -2.0]) is None
    assert ratio([10.0, 10.0], [0.0, 0.0]) is None


def test_one_run_has_a_price_without_an_interval() -> None:
    found = ratio([10.0], [2.0])
    assert found is not None
    assert found.mean == pytest.approx(5.0)
    assert math.isnan(found.low)


def path(*gains: tuple[float, float]) -> pl.DataFrame:
    """Return the differences of two runs by month."""
    rows = [(run, day, gain[run]) for day, gain in zip(DAYS, gains, strict=True) for run in (0, 1)]
    return pl.DataFrame(rows, ["run", "date", "gain"], orient="row")


def test_an_effect_is_there_for_good_from_the_month_after_which_it_is_never_in_doubt() -> None:
    sure, doubt = (2.0, 2.1), (2.0, -1.0)
    assert for_good(path(doubt, sure, doubt, sure, sure)) == DAYS[3]
    assert for_good(path(sure, sure, sure, sure, sure)) == DAYS[0]
    assert for_good(path(sure, sure, sure, sure, doubt)) is None
    assert for_good(path((0.0, 0.0), (0.0, 0.0), sure, sure, sure)) == DAYS[2]


def test_a_single_run_is_never_sure() -> None:
    assert for_good(pl.DataFrame({"run": [0], "date": [DAYS[0]], "gain": [5.0]})) is None
