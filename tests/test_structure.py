"""Other rules of behaviour: each is what it says, and they are compared run by run under the same luck."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import matplotlib as mpl
import numpy as np
import polars as pl
import pytest
from worlds import busy, question, with_parameters

from abm.model import Model
from abm.outline import UNLESS_TOLD
from abm.traits import annuity
from abm.world import World
from abm.world import read as world_at
from experiments.palette import STYLE
from experiments.sweeping.plan import Plan
from experiments.sweeping_analysis.outcomes import Outcome
from experiments.sweeping_analysis.pairs import SPENDING
from experiments.sweeping_analysis.sample import Sample
from experiments.validation.plays import PLANS, Plays
from experiments.validation.sensitivity_outcomes import CHIPS, OUTCOMES, outcomes
from experiments.validation.structure import (
    RULES,
    STANDARD,
    apart,
    compared,
    of_law,
    of_rules,
    prices,
    side_by_side,
    structure,
)

SHARE = Outcome(CHIPS, "the American share", " %", " points", 100.0, 1)
TOLD = outcomes(date(2020, 1, 1))


def test_the_first_rules_of_the_plan_are_the_standard_ones() -> None:
    asked = Plan.load(PLANS / f"{RULES}.toml")
    standard = world_at(date(2020, 1, 1)).parameters
    first = {
        key.removeprefix("parameters."): values[0] for key, values in asked.vary.items() if isinstance(values, list)
    }
    assert first.pop("governments") == UNLESS_TOLD["governments"]
    assert len(first) == len(asked.vary) - 1
    assert first == {name: getattr(standard, name) for name in first}


def test_the_longer_payback_is_what_required_returns_and_wear_come_to_on_average() -> None:
    goods = world_at(date(2020, 1, 1)).goods
    built = goods.project_size > 0.0
    implied = 12.0 / (goods.hurdle + 12.0 * goods.depreciation)[built]
    tried = Plan.load(PLANS / f"{RULES}.toml").vary["parameters.payback_months"]
    assert isinstance(tried, list)
    assert np.mean(implied) == pytest.approx(max(map(float, map(str, tried))), rel=0.05)


def rulebook(levels_of: Mapping[str, list[float]], gains: Mapping[str, float]) -> Sample:
    """Return a sample of the standard rules and of two others: levels run by run and what the law brings, by point."""
    said = {"parameters.site_scale": [0.2, 0.11], "governments": ["dated", "reactive"]}
    asked = Plan.model_validate(
        {"title": "A", "scenario": ["chips_act"], "runs": 4, "design": "one_at_a_time", "vary": said}
    )
    points = pl.DataFrame(
        {
            "scenario": "s",
            "point": ["p", "q", "r"],
            "against": "base",
            "parameters.site_scale": [0.2, 0.11, 0.2],
            "governments": ["dated", "dated", "reactive"],
        }
    )
    rows = [
        (name, run, CHIPS, level, gains[name] + 0.001 * run)
        for name, levels in levels_of.items()
        for run, level in enumerate(levels)
    ]
    runs = pl.DataFrame(rows, schema=["point", "run", "outcome", "level", "gain"], orient="row")
    money = runs.with_columns(pl.lit(SPENDING).alias("outcome"), pl.lit(20_000.0).alias("gain"))
    others = [runs.with_columns(pl.lit(name).alias("outcome")) for name in OUTCOMES if name != CHIPS]
    return Sample(Path(), asked, points, pl.concat([runs, money, *others]), tuple(said), OUTCOMES)


LEVELS = {"p": [0.10, 0.12, 0.11, 0.13], "q": [0.15, 0.17, 0.16, 0.18], "r": [0.10, 0.12, 0.12, 0.12]}


def test_other_rules_are_compared_with_the_standard_ones_run_by_run() -> None:
    found = compared(rulebook(LEVELS, {"p": 0.03, "q": 0.04, "r": 0.02})).filter(outcome=CHIPS)
    rows = found.rows_by_key("rule", named=True, unique=True)
    assert list(rows) == [STANDARD, "site choice: theta 0.11", "governments: reactive"]
    assert rows["site choice: theta 0.11"]["mean"] == pytest.approx(0.165)
    # Every run is moved by the same, so that there is no doubt about it.
    assert rows["site choice: theta 0.11"]["moved"] == pytest.approx(0.05)
    assert rows["site choice: theta 0.11"]["error"] == pytest.approx(0.0, abs=1e-12)
    assert rows[STANDARD]["moved"] == 0.0
    told = of_rules(found, SHARE).told
    assert "+5.0 points (site choice: theta 0.11)" in told
    assert "reactive" not in told
    assert "1 of 2 other rules" in told


def test_a_law_that_does_not_help_under_one_rule_is_a_miss() -> None:
    helped = compared(rulebook(LEVELS, {"p": 0.03, "q": 0.04, "r": 0.02}))
    assert of_law(helped).holds
    harmed = of_law(compared(rulebook(LEVELS, {"p": 0.03, "q": -0.04, "r": 0.02})))
    assert harmed.holds is False
    assert "theta 0.11" in harmed.why


def test_a_point_costs_mean_money_over_mean_points_and_no_price_is_told_where_none_is_gained() -> None:
    told = dict(prices(rulebook(LEVELS, {"p": 0.0285, "q": -0.04, "r": 0.0185})).iter_rows())
    # 20 billion dollars for 3 and for 2 points on average.
    assert told[STANDARD].startswith("6.7 (")
    assert told["governments: reactive"].startswith("10.0 (")
    assert told["site choice: theta 0.11"] == "cannot be told"


def test_tables_of_rules_have_a_row_for_each_and_no_difference_of_the_standard_to_itself() -> None:
    found = compared(rulebook(LEVELS, {"p": 0.03, "q": 0.04, "r": 0.02}))
    beside, differences = side_by_side(found, TOLD), apart(found, TOLD)
    assert (
        beside["rule"].to_list() == differences["rule"].to_list() == found["rule"].unique(maintain_order=True).to_list()
    )
    assert beside[0, 1].startswith("11.5 % (10.")
    assert differences[0, 1] == ""
    assert differences[1, 1] == "+5.0 ± 0.0 points"


def test_margin_counts_undiscounted_until_it_has_paid_the_plant_back_and_no_longer_than_the_plant_lives() -> None:
    rate, lag, life = np.array([0.01]), np.array([30.0]), np.array([180.0])
    assert annuity(rate, lag, life, 60.0) == pytest.approx([60.0])
    assert annuity(rate, 2.0 * lag, life, 60.0) == pytest.approx([60.0])
    assert annuity(rate, lag, np.array([48.0]), 60.0) == pytest.approx([48.0])
    assert annuity(rate, lag, life, 0.0) == pytest.approx([(np.exp(-0.3) - np.exp(-2.1)) / 0.01])


def after_a_year(world: World, *, forget: bool) -> Model:
    """Return a model after a year of shortages; suppliers forget whom they served after half of it if they are to."""
    model = Model(question(*busy(), months=12), seed=1, world=world)
    for month in range(12):
        if forget and month == 6:
            model.books.state.memory = model.books.state.memory[::-1].copy()
        model.step()
    return model


@pytest.mark.parametrize(("share", "alike"), [(0.0, True), (1.0, False)])
def test_whom_a_supplier_served_matters_only_where_it_rations_by_memory(
    share: float, *, alike: bool, tiny: World
) -> None:
    world = with_parameters(tiny, memory_share=share)
    one, other = (after_a_year(world, forget=forget).books.state for forget in (False, True))
    assert np.array_equal(one.stock, other.stock) is alike


def test_an_owner_that_does_not_extrapolate_reckons_with_past_orders_as_they_are(tiny: World) -> None:
    model = after_a_year(with_parameters(tiny, extrapolation=0.0), forget=False)
    books = model.books
    assert not books.cast.rule("growth").any()
    assert np.abs(books.state.trend).max() > 0.0
    assert np.array_equal(books.cast.rule("capacity_needed"), books.state.usual)


@pytest.mark.slow
def test_a_quick_look_at_other_rules_tells_them_apart_and_draws_them(tmp_path: Path) -> None:
    found = structure(Plays(tmp_path, quick=True))
    table = next(iter(found.tables.values()))
    assert len(table) == len(set(table["rule"])) == 8
    # Rules that change nothing would be no other rules.
    assert all(len(set(table[column])) > 1 for column in table.columns[1:])
    with mpl.rc_context(STYLE):
        for chart in found.charts:
            chart.draw().savefig(tmp_path / f"{chart.name}.svg")
