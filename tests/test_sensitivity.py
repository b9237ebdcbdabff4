"""What assumptions and rules do to the headline outcomes: measured as said, told as found."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import matplotlib as mpl
import polars as pl
import pytest
from known_sweeps import plan, played

from abm.facts import PACKAGE_DATA
from experiments.palette import STYLE
from experiments.sweeping.plan import Plan, Span
from experiments.sweeping_analysis.outcomes import Outcome
from experiments.sweeping_analysis.variance import morris
from experiments.validation.plays import PLANS, Plays
from experiments.validation.sensitivity import SCREENING, SHARES, moved, parted, sensitivity
from experiments.validation.sensitivity_outcomes import (
    BOUGHT,
    CHIPS,
    DEPENDENCE,
    FILL,
    OUTCOMES,
    bought,
    dependence,
    levels,
    outcomes,
    worst_fill,
)
from experiments.validation.sensitivity_words import (
    WORDS,
    foremost,
    of_choice,
    of_cost,
    of_effect,
    of_screening,
    of_variance,
    ranked,
)

SHARE = Outcome(CHIPS, "the American share", " %", " points", 100.0, 1)
TOLD = outcomes(date(2020, 1, 1))


def parameters() -> Mapping[str, Mapping[str, Any]]:
    """Return the tables of parameters.toml."""
    return tomllib.loads((PACKAGE_DATA / "parameters.toml").read_text(encoding="utf-8"))


def months(good: str, region: str, demand: list[float], **columns: list[float]) -> pl.DataFrame:
    """Return rows of the table of regions, month by month from January 2029."""
    dates = [date(2029 + at // 12, at % 12 + 1, 1) for at in range(len(demand))]
    head = {"point": "p", "run": 0, "good": good, "region": region}
    return pl.DataFrame({"date": dates, "demand": demand, **columns}).with_columns(
        *(pl.lit(value).alias(name) for name, value in head.items()), pl.col("demand").cast(pl.Float32)
    )


def effects(*rows: tuple[str, str, float, float]) -> pl.DataFrame:
    """Return outcome, key, effect and its error as a screening tells them."""
    found = pl.DataFrame(rows, schema=["outcome", "key", "mu_star", "error"], orient="row")
    return found.with_columns(trajectories=pl.lit(9))


def indices(rows: list[tuple[str, float, float]], wide: float = 0.1) -> pl.DataFrame:
    """Return key, first-order and total index as an analysis tells them, with intervals so wide."""
    found = pl.DataFrame(rows, schema=["key", "first", "total"], orient="row")
    ends = [
        (pl.col(name) + sign * wide / 2.0).alias(f"{name}_{end}")
        for name in ("first", "total")
        for sign, end in ((-1.0, "least"), (1.0, "most"))
    ]
    return found.with_columns(*ends, rows=pl.lit(32), outcome=pl.lit(CHIPS))


def test_the_worst_fill_rate_is_that_of_the_world_in_the_worst_month_of_the_worst_chip() -> None:
    told = pl.concat(
        [
            months("chip_auto", "US", [1.0, 1.0], fill_rate=[0.2, 1.0]),
            months("chip_auto", "CN", [3.0, 1.0], fill_rate=[0.8, 0.5]),
            months("chip_memory", "US", [5.0, 5.0], fill_rate=[0.9, 0.7]),
            # Neither a month without orders nor another good is a shortage of chips.
            months("chip_mature", "US", [0.0, 5.0], fill_rate=[0.0, 1.0]),
            months("medicine", "US", [5.0, 5.0], fill_rate=[0.1, 0.1]),
        ]
    )
    # January: (0.2 x 1 + 0.8 x 3) / 4.
    assert worst_fill(told.lazy())[FILL].to_list() == pytest.approx([0.65])


def test_a_dose_hangs_on_imports_if_it_or_its_ingredient_is_bought_abroad_in_the_last_year() -> None:
    early, late = [1.0] * 3, [0.2] * 6 + [0.5] * 6
    demand = [1.0] * 9 + [3.0] * 6
    told = pl.concat(
        [
            months("medicine", "US", demand, import_dependence=early + late),
            months("api", "US", demand, import_dependence=[0.0] * 3 + [0.6] * 12),
            months("medicine", "IN", demand, import_dependence=[0.9] * 15),
        ]
    )
    # Medicines: (0.2 x 6 + 0.5 x 18) / 24 = 0.425; of the rest six tenths are made of imported ingredients.
    assert dependence(told.lazy())[DEPENDENCE].to_list() == pytest.approx([0.425 + 0.575 * 0.6])


def test_what_money_buys_is_points_for_ten_billion_dollars_and_nothing_without_money() -> None:
    rows = [("p", 0, CHIPS, 0.03), ("p", 0, "public_spending", 20_000.0)]
    rows += [("q", 0, CHIPS, 0.01), ("q", 0, "public_spending", 0.0)]
    told = bought(pl.DataFrame(rows, schema=["point", "run", "outcome", "gain"], orient="row"))
    assert dict(told.select("point", BOUGHT).iter_rows()) == {"p": pytest.approx(1.5), "q": None}


def test_the_most_important_key_is_that_which_moves_most_outcomes_far() -> None:
    told = effects(("x", "a", 10.0, 0.0), ("x", "b", 9.0, 0.0), ("y", "a", 0.1, 0.0), ("y", "b", 1.0, 0.0))
    assert ranked(told) == ["b", "a"]
    assert ranked(told.filter(outcome="x")) == ["a", "b"]


def test_an_outcome_depends_most_on_what_moves_it_most_and_rivals_are_told() -> None:
    far = ("parameters.site_scale", "parameters.lump_share", "parameters.gap_months")
    clear = effects(*((CHIPS, key, size, 0.002) for key, size in zip(far, (0.05, 0.02, 0.001), strict=True)))
    told = of_screening(clear, SHARE, 0.12).told
    assert "12.0 %" in told
    assert f"most on {WORDS['site_scale']}" in told
    assert "by 5.0 points" in told
    assert "1 of 3 assumptions" in told
    assert "cannot be told" not in told
    close = effects(*((CHIPS, key, size, 0.02) for key, size in zip(far, (0.05, 0.02, 0.001), strict=True)))
    assert f"{WORDS['lump_share']} may be as strong" in of_screening(close, SHARE, 0.12).told


def test_shares_of_the_variance_are_told_unless_the_rows_are_too_few() -> None:
    known = [("parameters.site_scale", 0.5, 0.7), ("parameters.lump_share", 0.2, 0.4)]
    told = of_variance(indices(known), SHARE).told
    assert f"{WORDS['site_scale']} explains 70 % (65 to 75), 50 % alone" in told
    assert f"{WORDS['lump_share']} 40 %." in told
    assert "too few" in of_variance(indices(known, wide=0.8), SHARE).told
    # All keys together explain everything at least.
    assert "too few" in of_variance(indices([("parameters.site_scale", 0.2, 0.3)]), SHARE).told


def test_the_first_keys_are_what_moves_each_outcome_most_and_then_the_most_important() -> None:
    told = effects(
        *(("x", key, size, 0.0) for key, size in zip("abcd", (10.0, 9.0, 8.0, 0.0), strict=True)),
        *(("y", key, size, 0.0) for key, size in zip("abcd", (0.0, 2.0, 1.0, 2.1), strict=True)),
    )
    assert ranked(told) == ["b", "c", "a", "d"]
    assert foremost(told, 2) == ["a", "d"]
    assert foremost(told, 3) == ["a", "d", "b"]


def test_looking_closely_at_what_the_screening_puts_last_is_a_miss() -> None:
    order = [f"parameters.{name}" for name in WORDS]
    told = effects(*((CHIPS, key, 1.0 / (1 + place), 0.0) for place, key in enumerate(order)))
    assert of_choice(order[:3], told).holds
    assert of_choice([*order[:2], order[5]], told).holds
    missed = of_choice([*order[:2], order[6]], told)
    assert missed.holds is False
    assert WORDS[order[6].removeprefix("parameters.")].casefold() in missed.why.casefold()
    assert WORDS[order[2].removeprefix("parameters.")] in missed.told


def test_a_point_costs_ten_billion_dollars_over_the_points_they_buy() -> None:
    assert "costs 8.0 billion dollars" in of_cost([1.25] * 9).told
    assert "5.0 to 20.0 in eight" in of_cost([0.5] * 5 + [1.0] * 15 + [2.0] * 5).told
    assert "5.0 and more in eight" in of_cost([-0.5] * 5 + [1.0] * 15 + [2.0] * 5).told


def test_a_law_that_lowers_the_share_somewhere_is_a_miss_told_with_what_these_points_have_in_common() -> None:
    points = pl.DataFrame(
        {"parameters.gap_months": [6.0, 6.0, 6.0, 48.0], "parameters.lump_share": [0.1, 0.2, 0.1, 0.2]}
    )
    keys = points.columns
    assert of_effect(points.with_columns(gain=pl.Series([1.0, 2.0, 0.5, 3.0])), keys).holds
    missed = of_effect(points.with_columns(gain=pl.Series([-1.0, -0.5, 2.0, 3.0])), keys)
    assert missed.holds is False
    assert "2 of them" in missed.told
    assert WORDS["gap_months"] in missed.why
    assert WORDS["lump_share"] not in missed.why


def test_tables_for_people_have_the_figures_of_the_analysis() -> None:
    screened = effects((CHIPS, "parameters.lump_share", 0.01, 0.002), (CHIPS, "parameters.site_scale", 0.05, 0.01))
    told = moved(screened, {CHIPS: SHARE})
    assert told["parameter"].to_list() == ["site_scale", "lump_share"]
    assert told[told.columns[-1]].to_list() == ["5.0 ± 1.0 points", "1.0 ± 0.2 points"]
    assert parted(indices([("parameters.site_scale", 0.5, 0.7)]))[:, -1].to_list() == ["70 % (65 to 75)"]


def test_levels_are_analysed_where_gains_are_known_too() -> None:
    pytest.importorskip("SALib")
    sample = played(plan("morris", 4, "a", "b", low=0.0, high=1.0), lambda x: 2.0 * x[0])
    with_gains = replace(sample, runs=sample.runs.with_columns(pl.lit(0.0).alias("gain")))
    told = morris(levels(with_gains))
    assert set(told["of"]) == {"level"}
    assert told["mu_star"].to_list() == pytest.approx([2.0, 0.0])


@pytest.mark.parametrize("name", [SCREENING, SHARES])
def test_every_assumption_has_a_name_and_its_range_is_that_of_the_data(name: str) -> None:
    known = parameters()
    # Nobody plans for plants fuller than they can run.
    known = {
        **known,
        "planning_utilisation": {**known["planning_utilisation"], "high": known["max_utilisation"]["low"]},
    }
    for key, span in Plan.load(PLANS / f"{name}.toml").vary.items():
        parameter = key.removeprefix("parameters.")
        assert parameter in WORDS
        assert isinstance(span, Span)
        assert (span.low, span.high) == (known[parameter]["low"], known[parameter]["high"])


def test_what_is_looked_at_closely_has_been_screened() -> None:
    screened, shared = (Plan.load(PLANS / f"{name}.toml") for name in (SCREENING, SHARES))
    assert set(shared.vary) < set(screened.vary)
    assert (screened.scenario, screened.seed) == (shared.scenario, shared.seed)


@pytest.mark.slow
def test_a_quick_look_finds_what_moves_the_outcomes_and_draws_it(tmp_path: Path) -> None:
    pytest.importorskip("SALib")
    found = sensitivity(Plays(tmp_path, quick=True))
    choice = next(each for each in found.findings if each.name.startswith("The most important"))
    assert choice.holds, choice.why
    assert len(found.findings) == 3 + 2 * len(OUTCOMES)
    assert [len(table) for table in found.tables.values()] == [
        len(WORDS),
        len(Plan.load(PLANS / f"{SHARES}.toml").vary),
    ]
    with mpl.rc_context(STYLE):
        for chart in found.charts:
            chart.draw().savefig(tmp_path / f"{chart.name}.svg")
