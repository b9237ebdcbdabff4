"""Published counterfactuals: the model's answer is judged by order, shape and distance, and told with its figures."""

from datetime import date

import matplotlib as mpl
import numpy as np
import pytest

from experiments.palette import STYLE
from experiments.validation.counterfactuals import FABS, MONEY, behind, first_moved, of_lag, of_response, of_trade
from experiments.validation.counterfactuals_charts import draw_lag, draw_response, draw_turning
from experiments.validation.counterfactuals_told import Beside, benchmarks
from experiments.validation.pattern_bands import patterns_told
from experiments.validation.section import Finding

TOLD = benchmarks()
POTS = (0.0, 20.0, 50.0)
MONTHS = [date(2020 + at // 12, at % 12 + 1, 1) for at in range(132)]


def beside(*means: float, name: str = FABS, asked: tuple[float, ...] = (9.0, 14.0, 19.0)) -> Beside:
    """Return runs of so many fabs by pot, one above the mean and one below it."""
    runs = {pot: np.array([0.9 * mean, 1.1 * mean]) for pot, mean in zip(POTS, means, strict=True)}
    return Beside(name, dict(zip(POTS, asked, strict=True)), runs)


def judged(*means: float) -> list[bool | None]:
    """Return whether order, shape and distance hold."""
    return [finding.holds for finding in of_response(beside(*means), 0.25, "why")]


@pytest.mark.parametrize(
    ("means", "held"),
    [
        ((9.0, 14.0, 19.0), [True, True, True]),
        ((11.2, 15.0, 19.0), [True, True, True]),
        ((11.3, 15.0, 19.0), [True, True, False]),
        ((9.0, 8.0, 19.0), [False, False, False]),
        ((9.0, 12.0, 20.0), [True, False, True]),
        ((9.0, 18.0, 17.0), [False, True, False]),
    ],
)
def test_a_response_is_judged_by_order_shape_and_distance(means: tuple[float, ...], held: list[bool]) -> None:
    assert judged(*means) == held


def test_a_miss_says_why_and_what_holds_says_nothing() -> None:
    findings = of_response(beside(11.3, 15.0, 19.0), 0.25, "because")
    assert [finding.why for finding in findings] == ["", "", "because"]
    assert "+26 % at 0" in findings[-1].told


def test_what_is_behind_a_miss_fills_its_words() -> None:
    fabs, money = beside(10.0, 20.0, 40.0), beside(100.0, 160.0, 220.0, name=MONEY, asked=(69.0, 174.0, 279.0))
    figures = behind((fabs, money))
    assert figures["first"] == pytest.approx(3.0)
    assert figures["last"] == pytest.approx(2.0)
    assert figures["bcg_first"] == pytest.approx(5.25)
    assert figures["size"] == pytest.approx(5.5)
    assert "{" not in TOLD.response.if_missed.format(**figures)


@pytest.mark.parametrize(("year", "seven", "holds"), [(0.6, 1.9, True), (0.4, 1.9, False), (0.6, 2.6, False)])
def test_trade_is_judged_by_the_bands_of_the_pattern(year: float, seven: float, holds: bool) -> None:
    turned = {12: np.array([year]), 84: np.array([seven])}
    assert of_trade(turned, TOLD.elasticity, patterns_told()["P2"].checks).holds is holds


def lagged(first: int) -> tuple[Finding, date | None]:
    """Return what is found of a share that moves in a month."""
    gain = np.zeros((132, 3))
    gain[first:] = 1.0
    moved = first_moved(gain, MONTHS, TOLD.construction)
    return of_lag(gain, moved, patterns_told()["P9"].checks["before"], TOLD.construction), moved


def test_fabs_that_stand_before_2025_were_not_built_with_the_money() -> None:
    early, _ = lagged(59)
    late, moved = lagged(60)
    assert (early.holds, late.holds) == (False, True)
    assert moved == date(2025, 1, 1)
    assert "January 2025, 29 months after the law" in late.told


def test_a_share_that_never_moves_is_told_so() -> None:
    found, moved = lagged(132)
    assert moved is None
    assert found.holds
    assert "never" in found.told


def test_the_charts_can_be_drawn() -> None:
    both = (beside(10.0, 20.0, 40.0), beside(100.0, 160.0, 220.0, name=MONEY, asked=(69.0, 174.0, 279.0)))
    turned = {12 * year: np.array([0.5, 0.7]) * year for year in range(1, 8)}
    with mpl.rc_context(STYLE):
        response = draw_response(both, TOLD.response, "A title")
        trade = draw_turning(turned, TOLD.elasticity, "A title")
        lag = draw_lag(np.zeros((132, 2)), MONTHS, TOLD.construction, "A title")
        assert [len(figure.axes) for figure in (response, trade, lag)] == [2, 1, 1]
        for figure in (response, trade, lag):
            figure.canvas.draw()
