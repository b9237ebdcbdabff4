"""What an analysis says is true: nothing is claimed where there is nothing, and what there is is told."""

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from known_sweeps import gained, played
from known_sweeps import plan as planned

from abm.scenario import Scenario
from experiments.sweeping.plan import Plan
from experiments.sweeping_analysis import findings
from experiments.sweeping_analysis.caveats import lacking, shared, unshared
from experiments.sweeping_analysis.condition import Condition
from experiments.sweeping_analysis.curves import curves
from experiments.sweeping_analysis.outcomes import Outcome, plain
from experiments.sweeping_analysis.pairs import differences
from experiments.sweeping_analysis.variance import morris, pawn

SHARE = Outcome("y", "the share of A", " %", " points", 100.0, 1)
MONEY = Outcome("public_spending", "public spending", " billion dollars", " billion dollars", 0.001, 1)
FIGURE = Outcome("y", "the figure", digits=2)
NULLS = 40


def noise(seed: int, points: int, runs: int) -> dict[str, list[float]]:
    """Return differences of points that are all luck."""
    return {f"p{at}": row.tolist() for at, row in enumerate(np.random.default_rng(seed).normal(size=(points, runs)))}


def luck(seed: int) -> Callable[[tuple[float, ...]], float]:
    """Return a function of nothing but luck."""
    draw = np.random.default_rng(seed)
    return lambda _: draw.normal()


def test_hardly_a_difference_is_claimed_where_there_is_none() -> None:
    said = [findings.of_differences(differences(gained(noise(seed, 30, 6))), FIGURE) for seed in range(NULLS)]
    assert sum("in none of 30 points be told" not in each for each in said) <= 8


def test_differences_that_are_there_are_counted_and_told() -> None:
    flat = {"a": [0.02, 0.021, 0.019], "b": [0.05, 0.051, 0.049], "c": [0.03, -0.03, 0.0]}
    said = findings.of_differences(differences(gained(flat)), SHARE)
    assert said == "The share of A differs from the baseline in 2 of 3 points, by +2.0 to +5.0 points."


@pytest.mark.parametrize(
    ("gains", "said"),
    [
        ({"a": [0.02, 0.021]}, "The share of A differs from the baseline by +2.1 points."),
        ({"a": [0.02, -0.02]}, "The share of A cannot be told from the baseline's."),
        ({"a": [1e-5, 1e-5]}, "The share of A does not differ from the baseline by as much as 0.1 points."),
        ({"a": [0.5]}, "There are too few runs to tell a difference in the share of A."),
    ],
)
def test_a_single_point_is_told_plainly(gains: dict[str, list[float]], said: str) -> None:
    assert findings.of_differences(differences(gained(gains)), SHARE) == said


@pytest.mark.parametrize("design", ["latin_hypercube", "sobol", "saltelli"])
def test_hardly_a_movement_is_claimed_where_points_differ_by_luck(design: str) -> None:
    claims = 0
    for seed in range(NULLS):
        told = curves(played(planned(design, 16 if design == "saltelli" else 64, "a", "b", "c"), luck(seed)))
        claims += "cannot be told from luck" not in findings.of_curves(told, FIGURE, "level")
    assert claims <= 8


def test_hardly_a_movement_is_claimed_where_runs_differ_by_luck() -> None:
    asked = Plan.model_validate({"title": "A", "scenario": ["s"], "runs": 6, "vary": {"parameters.a": [1, 2, 3]}})
    claims = 0
    for seed in range(NULLS):
        told = curves(played(asked, luck(seed), runs=6))
        claims += "cannot be told from luck" not in findings.of_curves(told, FIGURE, "level")
    assert claims <= 8


def test_the_course_of_an_outcome_is_told_from_end_to_end() -> None:
    asked = Plan.model_validate(
        {"title": "A", "scenario": ["s"], "runs": 2, "vary": {"parameters.a": [10_000, 39_000], "parameters.b": [0, 1]}}
    )
    told = curves(played(asked, lambda x: x[0] / 1000 + x[1], runs=2))
    said = findings.of_curves(told, FIGURE, "level")
    assert said == "The figure goes from 10.50 at a 10,000 to 39.50 at 39,000 (medians); also along b, but less."
    alike = curves(played(asked, lambda x: 7.0 + x[0] * 1e-7, runs=2))
    assert findings.of_curves(alike, FIGURE, "level") == "The figure is 7.00 whatever the values tried."


def test_a_course_that_ends_early_is_told_to_where_it_ends() -> None:
    asked = Plan.model_validate({"title": "A", "scenario": ["s"], "runs": 2, "vary": {"parameters.a": [1, 2, 3, 4]}})
    told = curves(played(asked, lambda x: min(x[0], 2.0), runs=2))
    assert findings.of_curves(told, FIGURE, "level") == "The figure goes from 1.00 at a 1 to 2.00 from 2 on (medians)."


def test_a_step_no_larger_than_a_rounding_is_no_movement() -> None:
    asked = Plan.model_validate({"title": "A", "scenario": ["s"], "runs": 2, "vary": {"parameters.a": [0, 1]}})
    told = curves(played(asked, lambda x: 0.0849999 + 1e-6 * x[0], runs=2))
    assert findings.of_curves(told, FIGURE, "level").endswith("whatever the values tried.")


def test_one_run_of_a_grid_tells_no_cause() -> None:
    asked = Plan.model_validate({"title": "A", "scenario": ["s"], "runs": 1, "vary": {"parameters.a": [1, 2]}})
    said = findings.of_curves(curves(played(asked, lambda x: x[0])), FIGURE, "level")
    assert said == "The figure lies between 1.00 and 2.00 (medians); what moves it cannot be told from these runs."


def test_pawn_hardly_claims_an_influence_that_is_luck() -> None:
    claims = 0
    for seed in range(NULLS):
        told = pawn(played(planned("latin_hypercube", 64, "a", "b", "c"), luck(seed)))
        claims += not findings.of_pawn(told, FIGURE, "level").startswith("No key has more influence")
    assert claims <= 8


def test_morris_names_the_key_that_moves_most_and_those_that_do_not() -> None:
    pytest.importorskip("SALib")
    asked = planned("morris", 6, "a", "b", low=0.0, high=1.0)
    said = findings.of_morris(morris(played(asked, lambda x: 5 * x[0])), FIGURE, "level")
    assert said == "The figure moves most with a, by 5.00 over its range; b hardly moves it."
    alike = findings.of_morris(morris(played(asked, lambda x: x[0] - x[1])), FIGURE, "level")
    assert "a or b, cannot be told from 6 trajectories" in alike or "b or a, cannot be told" in alike


def indexed(total: float, first: float, spread: float) -> pl.DataFrame:
    """Return a table of Sobol indices of a key, and of one that does nothing."""
    ends = {"total_least": total - spread, "total_most": total + spread, "first_least": 0.5, "first_most": 0.6}
    some = {"key": "parameters.a", "total": total, "first": first, **ends, "rows": 16}
    none = dict.fromkeys([*ends, "total", "first"], 0.0)
    return pl.DataFrame([some, {"key": "parameters.b", **none, "rows": 16}])


def test_sobol_indices_that_cannot_be_are_not_told() -> None:
    told = findings.of_sobol(indexed(0.6, 0.55, 0.1), FIGURE, "level")
    assert told == "Of the variance of the figure a explains 60 % (50 to 70), 55 % alone; b hardly any."
    for wrong in (indexed(1.3, 0.5, 0.1), indexed(0.9, 1.2, 0.1), indexed(0.5, 0.5, 0.4)):
        assert findings.of_sobol(wrong, FIGURE, "level").startswith("16 rows are too few")


def test_a_box_is_told_in_a_sentence() -> None:
    where = [Condition.read("y>0.15"), Condition.read("z<1")]
    met = pl.DataFrame({"runs": [100, 100], "hits": [10, 0]})
    sides = {"low": [None, 0.5, None], "high": [39_000.0, None, None], "without": [None, None, "bad; worse"]}
    box = {"key": ["chips_act.amount_musd", "parameters.a", "x.w"], "chance": [0.001, 0.002, 0.003], **sides}
    limits = pl.DataFrame(box).with_columns(pl.lit(0.9).alias("density"), pl.lit(0.8).alias("coverage"))
    assert findings.of_boxes(limits, met, where) == (
        "y > 0.15 and z < 1 are met in 5 % of the runs, and in 90 % of those where chips_act.amount_musd is at most "
        "39,000, a is at least 0.5 and x.w is not bad or worse; 80 % of the runs that meet them are there."
    )
    rare = pl.DataFrame({"runs": [1000], "hits": [1]})
    assert findings.of_boxes(limits[:0], rare, where[:1]).startswith("y > 0.15 is met in 0.1 % of the runs, under no")
    for hits, said in ((0, "in no run"), (1000, "in every run")):
        assert findings.of_boxes(limits[:0], rare.with_columns(hits=hits), where[:1]) == f"y > 0.15 is met {said}."


def priced(gains: list[float], sure: list[bool]) -> pl.DataFrame:
    """Return a frontier of points, each dearer than the last, all of them on it."""
    spending = [1000.0 * (place + 1) for place in range(len(gains))]
    cost = [money / (100.0 * gain) if gain else None for money, gain in zip(spending, gains, strict=True)]
    table = {"spending": spending, "gain": gains, "cost": cost, "sure": sure}
    return pl.DataFrame(table, schema_overrides={"cost": pl.Float64}).with_columns(
        pl.lit(value=True).alias("efficient")
    )


def test_what_money_buys_is_told_only_where_it_buys_something() -> None:
    said = findings.of_frontier(priced([0.01, 0.02], [True, True]), SHARE, MONEY)
    assert "from +1.0 points for 1.0 billion dollars to +2.0 points for 2.0 billion dollars" in said
    assert said.endswith("1 and 1 billion dollars a point.")
    for nothing in (priced([0.01, 0.02], [False, False]), priced([1e-6, 0.0], [True, True])):
        assert findings.of_frontier(nothing, SHARE, MONEY).startswith("In no point does public money buy a gain")


def test_a_baseline_without_the_shocks_is_told() -> None:
    assert list(shared({"calm": [], "shaken": ["storm", "flood"]})) == [
        "The baseline of shaken does not meet storm and flood as it does: "
        "a difference to it is that of policies and shocks together."
    ]


def test_runs_without_a_figure_are_told() -> None:
    runs = pl.LazyFrame({"y": [1.0, float("nan"), None], "z": [1.0, 2.0, 3.0]})
    said = "2 of 3 runs have no y: they are left out, and meet no condition on it."
    assert list(lacking(runs, ["y", "z"])) == [said]


def test_a_shock_is_shared_only_if_the_baseline_has_it_and_the_plan_lets_it_be() -> None:
    asked = Scenario.load("taiwan_blockade")
    assert unshared(asked, asked.rival(), []) == ["strait_closed"]
    assert unshared(asked, asked, []) == []
    assert unshared(asked, asked, ["strait_closed.depth"]) == ["strait_closed"]
    assert unshared(asked, None, []) == []


@pytest.mark.parametrize(
    ("value", "said"),
    [(39_000.0, "39,000"), (0.0123456, "0.01235"), (-2.5, "-2.5"), (0.0, "0"), (1e-7, "0.0000001"), (1234.56, "1,235")],
)
def test_numbers_are_told_without_powers_of_ten(value: float, said: str) -> None:
    assert plain(value) == said
