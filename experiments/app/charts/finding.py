"""What titles and descriptions say of shares, in the words of the pictures."""

import math

import polars as pl

from experiments.app.charts.chart import Case, Chart
from experiments.chart_words import Shares, capital, method
from experiments.digest import SERIES, Series
from experiments.sentence import band
from experiments.verdict import Spread


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
