"""What titles and descriptions say of shares, in the words of the pictures."""

import math

import polars as pl

from abm.places import called
from experiments.app.charts.chart import Case, Chart
from experiments.chart_words import Shares, capital, known, listed, method
from experiments.digest import SERIES, Series
from experiments.sentence import band, figure
from experiments.verdict import Spread

# So many regions a title names.
NAMED = 3


def series_named(code: str) -> Series:
    """Return a series that shares are shown of by its code."""
    return next(each for each in SERIES if each.code == code)


def shares_told(case: Case, series: Series) -> Shares:
    """Return what a title may say of the shares of a series."""
    rows = case.figures.filter(measure="share", item=series.code)
    start, end = next(iter(case.story.spans)), [*case.story.spans][-1]
    names = [each.name for each in case.scenarios]
    kinds = {names[-1]: "mean"} | ({names[0]: "other_mean"} if len(names) > 1 else {})
    means = [
        {name: _means(rows.filter(period=span), column) for name, column in kinds.items()} for span in (start, end)
    ]
    gains = {}
    if len(names) > 1:
        columns = ("region", "gain_mean", "gain_low", "gain_high")
        known = rows.filter(period=end).select(columns).drop_nulls()
        gains = {region: Spread(*ends) for region, *ends in known.rows()}
    return Shares(means[0], means[1], gains)


def _means(rows: pl.DataFrame, column: str) -> dict[str, float]:
    """Return a figure by region."""
    return {region: math.nan if mean is None else mean for region, mean in rows.select("region", column).rows()}


def movements_told(case: Case, series: Series, said: Shares) -> str:
    """Return which shares move: against the first scenario beyond luck, or where there is none since the start."""
    since, end = next(iter(case.story.spans)), [*case.story.spans][-1]
    if said.gains:
        moved = {region: said.gains[region].mean for region in said.gains if said.differs(region)}
        against = f"With {case.name} against {case.scenarios[0].name}"
        if not moved:
            return f"{against} no share of the world's {series.phrase} moves beyond luck by {end}"
    else:
        last, first = said.end[case.name], said.start[case.name]
        moved = {region: known(share) - known(first.get(region)) for region, share in last.items()}
        against = f"From {since} to {end}"
    order = sorted(moved, key=lambda region: -abs(moved[region]))[:NAMED]
    told = [f"{called(case.title(region))} {figure(moved[region], '+')}" for region in order]
    return f"{against}, share of the world's {series.phrase}: {listed(told)} points"


def leaders_told(case: Case, series: Series, said: Shares) -> str:
    """Return who has the largest shares at the end."""
    end = {region: known(share) for region, share in said.end[case.name].items()}
    first, *others = sorted(end, key=lambda region: -end[region])[:NAMED]
    if end[first] == 0.0:
        return f"Nobody {series.verb} {series.phrase}"
    behind = [f"{called(case.title(each))} with {end[each]:.0f} %" for each in others if end[each] >= 1.0]
    last = [*case.story.spans][-1]
    told = f"In {last} {called(case.title(first))} {series.verb} {end[first]:.0f} % of the world's {series.phrase}"
    return f"{told}, before {listed(behind)}" if behind else told


def sources(case: Case, *notes: str, sign: str = "") -> str:
    """Return the source line of a chart.

    sign  what the drawing's signs are, where there are no lines and bands
    """
    return method(case.story, *notes, sign=sign)


def spread(low: float | None, mid: float, high: float | None, digits: int = 1) -> str:
    """Return a figure with its range in brackets, if it has one."""
    known = Spread(mid, math.nan if low is None else low, math.nan if high is None else high)
    ends = "" if low is None or high is None else band(known, digits=digits)
    return f"{mid:.{digits}f} {ends}".strip()


def described(title: str, *more: str) -> str:
    """Return the description of a chart for those who cannot see it."""
    return " ".join(f"{capital(part).rstrip('.')}." for part in (title, *more) if part)


def empty(code: str, title: str, explain: str) -> Chart:
    """Return a chart of nothing, which says in its title why."""
    option = {"aria": {"enabled": True, "label": {"description": title}}, "series": []}
    return Chart(code, title, "", "", explain, title, option, pl.DataFrame(), 80)
