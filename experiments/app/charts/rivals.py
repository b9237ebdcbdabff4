"""Scenarios side by side under the same luck: one region's share in all of them, and the whole world in each."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from abm.places import called
from experiments.app.charts.chart import (
    SMALL,
    Calendar,
    Case,
    Chart,
    Option,
    calendar,
    explained,
    hover,
    legend,
    on_phone,
    value_axis,
    whole,
    years_axis,
)
from experiments.app.charts.finding import described, series_named, sources
from experiments.app.charts.panels import even, places, rows
from experiments.app.charts.theme import EDGE, INKED
from experiments.chart_words import capital, listed
from experiments.digest import Series
from experiments.palette import colour
from experiments.rivals import LETTERS

# How the lines of scenarios are told apart beside their letters.
DASHES: Sequence[str | list[int]] = ("dashed", "solid", "dotted", [10, 3, 2, 3])
PANEL, COLUMNS = 260, 2


def beside(case: Case, frame: pl.DataFrame, code: str, region: str) -> Chart:
    """Return a region's share of the world in every scenario, as lines with their bands.

    frame  share of the world in %: date, good, region, scenario, low, mid, high
    code   of the series
    """
    series, place = series_named(code), called(case.title(region))
    found = frame.filter(good=code, region=region)
    axis = calendar(found)
    names = [each.name for each in case.scenarios]
    ends = [_last(found.filter(scenario=name), axis.last) for name in names]
    said = listed([f"{end:.1f} % with {name}" for end, name in zip(ends, names, strict=True)])
    title = f"Of the world's {series.phrase} {place} {series.verb} {said} in {axis.last}"
    description = described(title)
    lines: list[Option] = []
    for number, name in enumerate(names):
        lines += _line(axis, found.filter(scenario=name), number, colour(region), banded=case.runs > 1)
    told = [(place, f"{LETTERS[place]} {name}", colour(region)) for place, name in enumerate(names)]
    ordered = sorted(lines, key=lambda each: str(each["name"]) not in LETTERS[: len(names)])
    option = {
        "grid": {"left": 48, "right": 40, "top": 20, "bottom": 36},
        "xAxis": years_axis(axis),
        "yAxis": value_axis(" %", min=0),
        "tooltip": hover(told, " %"),
        "series": ordered,
    } | whole(description)
    marks = ", ".join(f"{LETTERS[number]} {name}" for number, name in enumerate(names))
    band = "Lines: mean of the runs; band: 8 runs in 10." if case.runs > 1 else "Lines: one run each."
    unit = f"% of the world's {series.phrase}; {marks}"
    table = found.select("date", "scenario", "low", "mid", "high")
    source = sources(case, sign=band)
    return Chart(f"beside_{code}", title, unit, source, explained("beside"), description, option, table, 380, 320)


def _last(found: pl.DataFrame, year: int) -> float:
    """Return the mean of the middle line over a year."""
    mean = found.filter(pl.col("date") >= date(year, 1, 1))["mid"].mean()
    return mean if isinstance(mean, float) else 0.0


def _line(axis: Calendar, found: pl.DataFrame, number: int, shade: str, *, banded: bool) -> list[Option]:
    """Return the line of a scenario with its letter at the end, and its band."""
    low, mid, high = axis.along(found, "low", "mid", "high")
    letter = {"show": True, "formatter": LETTERS[number], "color": INKED, "fontWeight": "bold", "fontSize": 14}
    line = {
        "type": "line",
        "name": LETTERS[number],
        "data": mid,
        "symbol": "none",
        "endLabel": letter,
        "lineStyle": {"color": shade, "width": 2.4, "type": DASHES[number % len(DASHES)]},
        "itemStyle": {"color": shade},
    }
    if not banded:
        return [line]
    under = {"type": "line", "symbol": "none", "silent": True, "stack": f"band{number}", "lineStyle": {"opacity": 0}}
    wide = [None if a is None or b is None else b - a for a, b in zip(low, high, strict=True)]
    area = {"areaStyle": {"color": shade, "opacity": 0.1}}
    return [
        line,
        {**under, "name": f"low {number}", "data": low},
        {**under, "name": f"band {number}", "data": wide, **area},
    ]


def _led(case: Case, series: Series, last: pl.DataFrame, year: int) -> str:
    """Return who has the largest share in every scenario.

    last  shares of the last year
    """
    names = [each.name for each in case.scenarios]
    leaders = [_leader(case, last.filter(scenario=name)) for name in names]
    if len({region for region, _ in leaders}) > 1:
        return f"The largest share of the world's {series.phrase} in {year} is not in the same region everywhere"
    told = [f"{share:.0f} % with {name}" for name, (_, share) in zip(names, leaders, strict=True)]
    lead = capital(called(case.title(leaders[0][0])))
    return f"{lead} {series.verb} the largest share of the world's {series.phrase} in {year}: {listed(told)}"


def worlds_beside(case: Case, frame: pl.DataFrame, code: str) -> Chart:
    """Return the shares of all regions, stacked, a panel for every scenario, all on the same axes.

    frame  share of the world in %: date, good, region, scenario, low, mid, high
    code   of the series
    """
    series, found = series_named(code), frame.filter(good=code)
    axis, names = calendar(found), [each.name for each in case.scenarios]
    last = found.filter(pl.col("date") >= date(axis.last, 1, 1))
    sums = last.group_by("region").agg(pl.col("mid").mean()).sort("mid", "region", descending=[True, False])
    order = [str(region) for region in sums["region"]]
    title = _led(case, series, last, axis.last)
    parts = [
        _area(axis, found.filter(scenario=name, region=region), region, place, case.title(region))
        for place, name in enumerate(names)
        for region in order
    ]
    heads = [f"{LETTERS[place]} {name}" for place, name in enumerate(names)]
    count, titles = len(names), [case.title(region) for region in order]
    description = described(title)
    every = {"type": "category", "data": axis.words, "axisTick": {"show": False}}
    label = {"fontSize": SMALL, "interval": max(1, axis.last - axis.first) // 2 * 4 - 1, "hideOverlap": True}
    option = {
        **_spread(heads, COLUMNS),
        "xAxis": [{**every, "gridIndex": place, "axisLabel": label} for place in range(count)],
        "yAxis": [value_axis(" %", place, min=0, max=100, interval=even(100.0)) for place in range(count)],
        "legend": legend([{"name": name, "icon": "roundRect"} for name in titles], bottom=0, top="auto"),
        "tooltip": {"trigger": "item", "confine": True, "formatter": "{a}"},
        "series": parts,
        "media": on_phone(**_spread(heads, 1)),
    } | whole(description)
    table = found.select("date", "scenario", "region", "mid")
    unit = f"% of the world's {series.phrase}, the same axes for every scenario"
    source = sources(case, sign="Areas: mean of the runs." if case.runs > 1 else "Areas: one run each.")
    heights = (rows(count, COLUMNS) * PANEL + 90, rows(count, 1) * PANEL + 110)
    return Chart(f"worlds_{code}", title, unit, source, explained("worlds"), description, option, table, *heights)


def _spread(heads: Sequence[str], columns: int) -> Option:
    """Return where panels stand, with room for the legend below them."""
    spots = places(heads, columns)
    for grid in spots["grid"]:
        grid["top"] = f"{0.86 * float(grid['top'].rstrip('%')):.1f}%"
        grid["height"] = f"{0.86 * float(grid['height'].rstrip('%')) + 4:.1f}%"
    for head in spots["title"]:
        head["top"] = f"{0.86 * float(head['top'].rstrip('%')):.1f}%"
    return spots


def _leader(case: Case, last: pl.DataFrame) -> tuple[str, float]:
    """Return the region with the largest share, and the share."""
    means = {
        str(region): float(mean or 0.0) for region, mean in last.group_by("region").agg(pl.col("mid").mean()).rows()
    }
    first = max(case.world.regions, key=lambda region: means.get(region, 0.0))
    return first, means.get(first, 0.0)


def _area(axis: Calendar, found: pl.DataFrame, region: str, place: int, name: str) -> Option:
    """Return a region's area in a panel."""
    return {
        "type": "line",
        "name": name,
        "stack": f"world{place}",
        "xAxisIndex": place,
        "yAxisIndex": place,
        "symbol": "none",
        "data": axis.along(found, "mid", digits=3)[0],
        "lineStyle": {"width": 0.6, "color": EDGE},
        "areaStyle": {"color": colour(region), "opacity": 1},
        "itemStyle": {"color": colour(region)},
    }
