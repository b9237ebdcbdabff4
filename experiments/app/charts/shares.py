"""Who makes what: shares of the world as areas that fill it, by region or by firm, and year by year as bars."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

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
    tidy,
    value_axis,
    whole,
    years_axis,
)
from experiments.app.charts.finding import described, series_named, shares_told, sources
from experiments.app.charts.record import Dot, claimed, recorded
from experiments.app.charts.theme import EDGE, GROUND, INKED
from experiments.chart_words import headlined, known, share_title, subject
from experiments.palette import colour

# Years before the first month that recorded shares may stretch the chart.
EARLIER = 2
# Labels beside an area thinner than this, in %, would run into each other.
THIN = 2.5


def shares(case: Case, frame: pl.DataFrame, code: str) -> Chart:
    """Return the shares of the world by region, stacked; the region the title speaks of lies at the bottom.

    frame  share of the world in %: date, good, region, scenario, low, mid, high
    code   of the series
    """
    series, said = series_named(code), shares_told(case, series_named(code))
    mine = frame.filter(good=code, scenario=case.name)
    region = headlined(case.story, series) or subject(case.story, series, said)
    title = share_title(case.story, series, said, region)
    dots = [each for each in recorded(code) if each.region == region and each.day >= _earliest(mine)]
    axis = calendar(mine, since=min((each.day for each in dots), default=None))
    order = [region, *(each for each in _by_size(mine, case.world.regions) if each != region)]
    drawn = {each: axis.along(mine.filter(region=each), "mid")[0] for each in order}
    names = {each: case.title(each) for each in order}
    colours = {each: colour(each) for each in order}
    notes = [*_notes(dots, claimed(code), region), *_basis(series.measure)]
    end = {each: known(said.end[case.name].get(each)) for each in order}
    told = ", ".join(f"{names[each]} {end[each]:.1f} %" for each in order)
    description = described(title, f"in {[*case.story.spans][-1]}: {told}")
    option = stacked(axis, drawn, names, colours, end)
    option |= whole(description)
    option["series"] += [
        *_beside(dots, axis),
        *_beside([each for each in claimed(code) if each.region == region], axis),
    ]
    table = by_step(axis, {names[each]: drawn[each] for each in order})
    unit = f"% of the world's {series.phrase}, quarter by quarter, {case.name}"
    sign = "Areas: mean of the runs." if case.runs > 1 else "Areas: one run."
    source = sources(case, *notes, sign=sign)
    return Chart(f"shares_{code}", title, unit, source, explained("shares"), description, option, table, 460, 440)


def _earliest(mine: pl.DataFrame) -> date:
    """Return the first day on which a recorded share may stand."""
    first = mine["date"].min()
    assert isinstance(first, date)
    return date(first.year - EARLIER, 1, 1)


def _by_size(mine: pl.DataFrame, regions: Sequence[str]) -> list[str]:
    """Return the regions, the largest at the end first; of equals in the order of the world."""
    last = mine.filter(pl.col("date") == pl.col("date").max())
    sizes = {str(region): float(mid or 0.0) for region, mid in last.select("region", "mid").rows()}
    return sorted((region for region in regions if region in sizes), key=lambda region: -sizes[region])


def _notes(dots: Sequence[Dot], claims: Sequence[Dot], region: str) -> list[str]:
    """Return what the source line says of dots and diamonds."""
    keys = ", ".join(dict.fromkeys(each.source for each in dots))
    known = [f"Dots: recorded shares up to 2021 ({keys})."] if dots else []
    news = ", ".join(dict.fromkeys(each.source for each in claims if each.region == region))
    return [*known, f"Diamond: claimed in the news, on another basis ({news})."] if news else known


def _basis(measure: str) -> list[str]:
    """Return on what basis a series is counted, where that is easily mistaken."""
    return ["Chips are counted as wafer capacity, SEMI basis."] if measure == "capacity" else []


def stacked(
    axis: Calendar,
    drawn: dict[str, list[float | None]],
    names: dict[str, str],
    colours: dict[str, str],
    end: dict[str, float],
) -> Option:
    """Return areas on top of each other, with their names at the right, or in a legend on a phone.

    drawn  shares step by step;  end  what stands beside each area's end, %
    """
    areas = [_area(code, names[code], colours[code], values) for code, values in drawn.items()]
    lines = [(place, names[code], colours[code]) for place, code in enumerate(drawn)]
    narrow = on_phone(
        grid={"right": 12, "top": 84, "left": 44},
        legend={"show": True},
        series=[{"id": "names", "label": {"show": False}}],
    )
    return {
        "grid": {"left": 52, "right": 150, "top": 16, "bottom": 34},
        "xAxis": years_axis(axis),
        "yAxis": value_axis(" %", min=0, max=100, interval=25),
        "tooltip": hover(lines[::-1], " %"),
        "legend": legend([{"name": names[code], "icon": "rect"} for code in drawn], show=False),
        "series": [*areas, _names(axis, drawn, names, end)],
        "media": narrow,
    }


def _area(code: str, name: str, shade: str, values: list[float | None]) -> Option:
    """Return one area of a stack."""
    return {
        "id": code,
        "name": name,
        "type": "line",
        "stack": "world",
        "symbol": "none",
        "data": values,
        "itemStyle": {"color": shade},
        "lineStyle": {"color": EDGE, "width": 1},
        "areaStyle": {"color": shade, "opacity": 1},
        "emphasis": {"disabled": True},
    }


def _names(
    axis: Calendar, drawn: dict[str, list[float | None]], names: dict[str, str], end: dict[str, float]
) -> Option:
    """Return names and shares beside the right end of a stack, as letters without a symbol."""
    below, told = 0.0, []
    for code, values in drawn.items():
        share = values[-1] or 0.0
        if share >= THIN:
            height = tidy(below + share / 2)
            told.append({"name": f"{names[code]} {end[code]:.1f} %", "value": [len(axis.steps) - 1, height]})
        below += share
    label: dict[str, Any] = {"show": True, "position": "right", "formatter": "{b}", "color": INKED, "fontSize": SMALL}
    return {
        "id": "names",
        "type": "scatter",
        "symbolSize": 0.1,
        "silent": True,
        "clip": False,
        "data": told,
        "label": label,
        "labelLayout": {"moveOverlap": "shiftY"},
        "tooltip": {"show": False},
    }


def _beside(dots: Sequence[Dot], axis: Calendar) -> list[Option]:
    """Return recorded shares as dots, or claims as diamonds with their words; nothing where none is on the axis."""
    steps = {step: place for place, step in enumerate(axis.steps)}
    placed = [(steps[axis.of(each.day)], each) for each in dots if axis.of(each.day) in steps]
    if not placed:
        return []
    news = any(each.words for _, each in placed)
    label = {"show": news, "position": "top", "formatter": "{b}", "color": INKED, "fontSize": SMALL}
    return [
        {
            "id": "claims" if news else "recorded",
            "name": "claimed" if news else "recorded",
            "type": "scatter",
            "symbol": "diamond" if news else "circle",
            "symbolSize": 14 if news else 9,
            "itemStyle": {"color": GROUND, "borderColor": INKED, "borderWidth": 2, "opacity": 1},
            "data": [{"name": each.words, "value": [place, each.value]} for place, each in placed],
            "label": {
                **label,
                "backgroundColor": GROUND,
                "padding": [3, 6],
                "borderRadius": 3,
                "align": "left",
                "lineHeight": 16,
            },
            "z": 5,
        }
    ]


def by_step(axis: Calendar, columns: dict[str, list[float | None]]) -> pl.DataFrame:
    """Return a row for every step."""
    return pl.DataFrame({"month": axis.steps, **columns}, strict=False)
