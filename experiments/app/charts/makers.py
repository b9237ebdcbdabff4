"""Who makes what, seen otherwise: by firm, and one year after the other as bars that can be played."""

from textwrap import shorten
from typing import Any

import polars as pl

from experiments.app.charts.chart import (
    SMALL,
    YEAR,
    Calendar,
    Case,
    Chart,
    Option,
    explained,
    on_phone,
    rounded,
    value_axis,
    whole,
)
from experiments.app.charts.finding import described, leaders_told, series_named, shares_told, sources
from experiments.app.charts.shares import by_step, stacked
from experiments.app.charts.theme import INKED
from experiments.chart_words import known
from experiments.palette import WORLD as GREY
from experiments.palette import colour

MOST = 9
REST = "all others"
# Of a firm's name beside its area.
LETTERS = 20
FEW, COUNTED = 3, ("", "", "two", "three")
# Firms with less than this, in %, are among the others.
LEAST = 0.5


def firms(case: Case, frame: pl.DataFrame, code: str) -> Chart:
    """Return the shares of the world by firm, stacked year by year; a firm has the colour of its home region.

    frame  date (a year's end), good, firm, hq, capacity and output of a mean run
    code   of the series
    """
    series = series_named(code)
    found = firm_shares(frame, series.goods, series.measure)
    years = sorted(found["date"].unique())
    last = found.filter(date=years[-1]).sort("share", "firm", descending=[True, False])
    order = last.filter(pl.col("share") >= LEAST)["firm"].head(MOST).to_list()
    axis = Calendar(years[0].year, years[-1].year, YEAR)
    drawn = {firm: axis.along(found.filter(firm=firm), "share")[0] for firm in order}
    sums = zip(*drawn.values(), strict=True)
    rest = rounded([None if None in each else max(0.0, 100.0 - sum(filter(None, each))) for each in sums])
    if max(map(known, rest)) >= LEAST:
        drawn[REST] = rest
    homes: dict[str, str] = dict(last.select("firm", "hq").rows())
    colours = {firm: colour(homes[firm]) for firm in order} | {REST: GREY}
    end = {firm: values[-1] or 0.0 for firm, values in drawn.items()}
    first, few = order[0], order[:FEW]
    title = f"{first} {series.verb} {end[first]:.1f} % of the world's {series.phrase} in {axis.last}"
    if len(few) > 1:
        title += f", the first {COUNTED[len(few)]} firms together {sum(end[each] for each in few):.0f} %"
    option = stacked(axis, drawn, {firm: shorten(firm, LETTERS, placeholder="...") for firm in drawn}, colours, end)
    told = ", ".join(f"{firm} ({homes.get(firm, 'all regions')}) {end[firm]:.1f} %" for firm in drawn)
    description = described(title, told)
    source = sources(case, "Colour: home region of the firm.", sign="Areas: mean of the runs, year by year.")
    unit = f"% of the world's {series.phrase}, {case.name}"
    return Chart(
        f"firms_{code}",
        title,
        unit,
        source,
        explained("firms"),
        description,
        {**option, **whole(description)},
        by_step(axis, drawn),
        460,
    )


def firm_shares(frame: pl.DataFrame, goods: tuple[str, ...], measure: str) -> pl.DataFrame:
    """Return every firm's share of the world, %, by year.

    measure  that is counted: capacity or output
    """
    amount = pl.col(measure).cast(pl.Float64)
    wanted = frame.filter(pl.col("good").cast(pl.String).is_in(goods))
    names = [pl.col(name).cast(pl.String) for name in ("firm", "hq")]
    sums = wanted.group_by("date", *names, maintain_order=True).agg(amount.sum())
    return sums.with_columns(share=100.0 * amount / amount.sum().over("date"))


def by_year(case: Case, frame: pl.DataFrame, code: str) -> Chart:
    """Return the shares of the world as bars, one year at a time: drag the years below, or press play.

    frame  share of the world in %: date, good, region, scenario, low, mid, high
    code   of the series
    """
    series, said = series_named(code), shares_told(case, series_named(code))
    dated = frame.filter(good=code).with_columns(year=pl.col("date").dt.year())
    means = (
        dated.group_by("scenario", "year", "region", maintain_order=True)
        .agg(pl.col("mid").mean())
        .sort("year", maintain_order=True)
    )
    years = means["year"].unique().sort().to_list()
    regions = [*case.world.regions][::-1]
    names = [each.name for each in case.scenarios]
    frames = [[_of_year(means, name, year, regions) for name in names] for year in years]
    title = leaders_told(case, series, said)
    description = described(title, "one year at a time, from " + f"{years[0]} to {years[-1]}")
    option = {
        "baseOption": _bars(case, names, years, _top(means)) | whole(description),
        "options": [
            {"title": {"text": str(year)}, "series": [{"data": values} for values in each]}
            for year, each in zip(years, frames, strict=True)
        ],
        "media": on_phone(grid={"left": 116, "right": 48}),
    }
    table = means.filter(scenario=case.name).pivot("year", index="region", values="mid")
    unit = f"% of the world's {series.phrase}, mean of the year"
    other = f" Hollow: {names[0]}." if len(names) > 1 else ""
    source = sources(case, sign=f"Bars: {case.name}, mean of the runs.{other}")
    return Chart(f"years_{code}", title, unit, source, explained("years"), description, option, table, 480)


def _of_year(means: pl.DataFrame, name: str, year: int, regions: list[str]) -> list[Any]:
    """Return the bars of a scenario in a year, each with the colour of its region."""
    found = dict(means.filter(scenario=name, year=year).select("region", "mid").rows())
    return [round(float(found.get(region) or 0.0), 1) for region in regions]


def _top(means: pl.DataFrame) -> float:
    """Return where the scale ends, so that every year has the same."""
    highest = means["mid"].max()
    assert isinstance(highest, float)
    return min(100.0, 10.0 * (highest // 10.0 + 1.0))


def _bars(case: Case, names: list[str], years: list[int], top: float) -> Option:
    """Return what does not change from year to year."""
    regions = [*case.world.regions][::-1]
    plain = {"type": "bar", "barGap": "20%", "data": []}
    label = {"show": True, "position": "right", "formatter": "{c} %", "color": INKED, "fontSize": SMALL}
    series: list[Option] = [
        {
            **plain,
            "name": name,
            "itemStyle": {"color": "transparent", "borderColor": GREY, "borderWidth": 1},
            "barWidth": 6,
        }
        for name in names[:-1]
    ]
    asked = {**plain, "name": names[-1], "colorBy": "data", "label": label, "barWidth": 14}
    return {
        "color": [colour(region) for region in regions],
        "title": {"right": 20, "bottom": 112, "textStyle": {"fontSize": 44, "color": GREY}},
        "grid": {"left": 140, "right": 64, "top": 12, "bottom": 88},
        "xAxis": {**value_axis(" %"), "min": 0, "max": top},
        "yAxis": {"type": "category", "data": [case.title(region) for region in regions], "axisTick": {"show": False}},
        "timeline": _line(years),
        "series": [*series, asked],
    }


def _line(years: list[int]) -> Option:
    """Return the line of years with its button."""
    return {
        "axisType": "category",
        "data": [str(year) for year in years],
        "currentIndex": len(years) - 1,
        "playInterval": 900,
        "loop": False,
        "left": 12,
        "right": 20,
        "bottom": 4,
        "label": {"fontSize": SMALL, "color": GREY},
        "lineStyle": {"color": GREY},
        "itemStyle": {"color": GREY},
        "progress": {"lineStyle": {"color": GREY}, "itemStyle": {"color": GREY}, "label": {"color": GREY}},
        "checkpointStyle": {"color": INKED, "borderColor": INKED},
        "controlStyle": {"color": GREY, "borderColor": GREY, "showPrevBtn": False, "showNextBtn": False},
    }
