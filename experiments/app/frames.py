"""Answers as the frames that charts are drawn from."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import polars as pl

from abm import world as worlds
from experiments.app.charts.chart import Case
from experiments.app.results import Answer, Curves, Outcome

LOW, MID, HIGH = "low", "mid", "high"


def case(answer: Answer, seed: int) -> Case:
    """Return what charts of an answer tell of."""
    scenarios = tuple(each.scenario for each in outcomes(answer))
    world = worlds.read(scenarios[-1].start)
    return Case(scenarios, world, answer.mine.runs, seed, answer.figures, answer.sentence)


def outcomes(answer: Answer) -> tuple[Outcome, ...]:
    """Return the outcomes of an answer, that of the baseline first if there is one."""
    return (answer.mine,) if answer.theirs is None else (answer.theirs, answer.mine)


def lines(answer: Answer, name: str, items: Sequence[str]) -> pl.DataFrame:
    """Return a row for every scenario, item, region and month: date, good, region, scenario, low, mid, high.

    name  of the curves;  items  of them that are wanted
    """
    return pl.concat([_lines(each, name, items) for each in outcomes(answer)])


def _lines(outcome: Outcome, name: str, items: Sequence[str]) -> pl.DataFrame:
    """Return the rows of one scenario."""
    return lines_of(outcome.curves[name], outcome.months, outcome.scenario.name, items)


def lines_of(curves: Curves, months: Sequence[date], scenario: str, items: Sequence[str]) -> pl.DataFrame:
    """Return a row for every item, region and month of some curves: date, good, region, scenario, low, mid, high.

    months  that were lived through;  scenario  its name;  items  that are wanted
    """
    pairs, count = [(item, region) for item in items for region in curves.regions], len(months)
    drawn = np.concatenate([curves.of(*pair) for pair in pairs], axis=1).astype(np.float64)
    named: Mapping[str, list[object]] = {
        "date": [*months] * len(pairs),
        "good": [item for item, _ in pairs for _ in range(count)],
        "region": [region for _, region in pairs for _ in range(count)],
    }
    ends = {LOW: drawn[0], MID: drawn[len(drawn) // 2], HIGH: drawn[-1]}
    return pl.DataFrame(named).with_columns(
        scenario=pl.lit(scenario),
        **{key: pl.Series(values).fill_nan(None) for key, values in ends.items()},
    )


def of_all(answer: Answer, table: str) -> pl.DataFrame:
    """Return a table of all scenarios of an answer below each other.

    table  market, money or firms
    """
    named = [
        getattr(each, table).with_columns(scenario=pl.lit(each.scenario.name)).drop("scenario_right", strict=False)
        for each in outcomes(answer)
    ]
    found: pl.DataFrame = pl.concat(named, how="diagonal")
    return found
