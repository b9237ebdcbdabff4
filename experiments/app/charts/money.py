"""Public money: what programmes pay and have left, what tariffs bring in, what a point of share costs, and who pays."""

import math
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
    hover,
    legend,
    on_phone,
    tidy,
    value_axis,
    whole,
)
from experiments.app.charts.finding import described, empty, sources
from experiments.app.charts.theme import INKED
from experiments.chart_words import capital, listed
from experiments.effects import SUM
from experiments.palette import WORLD as GREY
from experiments.palette import colour
from experiments.sentence import figure

TARIFFS, PROGRAMMES, LEFT, BILLION = (
    "tariffs",
    "all programmes",
    "Left in the pots at the year's end, billion dollars",
    0.001,
)
# Height of what is drawn of the pots, pixels.
POTS, HEAD = 190, {"fontSize": SMALL, "fontWeight": "bold"}
# More programmes than these are put together by government.
MOST = 8
# A region's programmes are told apart by how strong its colour is.
STRENGTHS = (1.0, 0.62, 0.34)
PARTS = ("buyers", "margin", "plants", "treasury", SUM)


def money(case: Case, frame: pl.DataFrame) -> Chart:
    """Return what governments pay year by year, programme by programme; tariffs are taken in and stand below zero.

    frame  M USD, mean of the runs: scenario, year, government, programme, paid, tariff_revenue, left
    """
    mine = _few(frame.filter(scenario=case.name))
    moved = pl.col("paid") - pl.col("tariff_revenue")
    keys = ("government", "programme")
    told = mine.group_by(keys, maintain_order=True).agg(moved.sum().alias("sum")).filter(pl.col("sum").abs() > 0.5)
    order = told.sort(pl.col("sum").abs(), *keys, descending=[True, False, False]).select(keys).rows()
    if not order:
        return empty("money", f"No public money moves with {case.name}", explained("money"))
    years = mine["year"].unique().sort().to_list()
    axis = Calendar(years[0], years[-1], YEAR)
    dated = mine.with_columns(date=pl.date("year", 1, 1), moved=moved * BILLION, left=pl.col("left") * BILLION)
    names = [f"{case.title(government)}: {programme.replace('_', ' ')}" for government, programme in order]
    drawn = [axis.along(dated.filter(government=who, programme=what), "moved")[0] for who, what in order]
    pots = dated.group_by("date").agg(pl.col("left").fill_nan(None).sum())
    left = axis.along(pots, "left")[0]
    looks = _looks([government for government, _ in order])
    title = _title(case, mine)
    sums = [f"{name} {sum(filter(None, values)):.1f}" for name, values in zip(names, drawn, strict=True)]
    description = described(title, "Billion dollars in all: " + ", ".join(sums))
    option = _bars(axis, names, drawn, looks, left) | whole(description)
    table = mine.select("year", *keys, "paid", "tariff_revenue", "left")
    sign = "Bars: what is paid in a year, mean of the runs; below zero what tariffs bring in."
    unit = f"billion dollars a year, {case.name}"
    return Chart(
        "money", title, unit, sources(case, sign=sign), explained("money"), description, option, table, 520, 660
    )


def _few(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the programmes of a scenario, those of a government together where there are many; tariffs stay apart."""
    if frame.select("government", "programme").n_unique() <= MOST:
        return frame
    joined = pl.when(pl.col("programme") == TARIFFS).then(pl.col("programme")).otherwise(pl.lit(PROGRAMMES))
    together = frame.with_columns(programme=joined, left=pl.col("left").fill_nan(None))
    keys = ("scenario", "year", "government", "programme")
    return together.group_by(keys, maintain_order=True).agg(pl.col("paid", "tariff_revenue", "left").sum())


def _title(case: Case, mine: pl.DataFrame) -> str:
    """Return what is spent more than with the first scenario, as the leading sentence tells it, else what is spent."""
    bill = case.lead.partition(". ")[2]
    if bill.startswith("Governments spend"):
        return f"With {case.name} {bill[0].lower()}{bill[1:]}".rstrip(".")
    paid = mine.group_by("government", maintain_order=True).agg(pl.col("paid").sum()).sort("paid", descending=True)
    spent = [f"{case.title(who)} {figure(BILLION * amount)}" for who, amount in paid.rows() if BILLION * amount >= 0.05]
    if not spent:
        return f"With {case.name} no government pays for plants; tariffs alone move money"
    return f"With {case.name} governments pay, in billion dollars: {listed(spent)}"


def _looks(governments: list[str]) -> list[Option]:
    """Return the colour of every programme: that of its government, weaker the more it has."""
    looks = []
    for place, government in enumerate(governments):
        turn = min(governments[:place].count(government), len(STRENGTHS) - 1)
        looks.append({"color": colour(government), "opacity": STRENGTHS[turn], "borderColor": GREY, "borderWidth": 0.5})
    return looks


def _bars(
    axis: Calendar, names: list[str], drawn: list[list[float | None]], looks: list[Option], left: list[float | None]
) -> Option:
    """Return bars on top of each other, and below them, on a scale of its own, what is left."""
    bars: list[Option] = [
        {"name": name, "type": "bar", "stack": "paid", "data": values, "itemStyle": look, "barMaxWidth": 48}
        for name, values, look in zip(names, drawn, looks, strict=True)
    ]
    boxes = [(place, name, str(look["color"])) for place, (name, look) in enumerate(zip(names, looks, strict=True))]
    label = {"fontSize": SMALL, "hideOverlap": True}
    base = {"type": "category", "data": axis.words, "axisLabel": label, "axisTick": {"show": False}}
    pots = any(left)
    room, top = (POTS if pots else 30), 26 * math.ceil(len(bars) / 3) + 12
    below = {"left": 52, "right": 16, "bottom": 30, "height": POTS - 96}
    return {
        "grid": [{"left": 52, "right": 16, "top": top, "bottom": room}, *([below] if pots else [])],
        "xAxis": [{**base, "gridIndex": place} for place in range(1 + pots)],
        "yAxis": [value_axis("", place, splitNumber=4 - 2 * place) for place in range(1 + pots)],
        "title": {"show": pots, "text": LEFT, "bottom": POTS - 58, "left": 4, "textStyle": HEAD},
        "tooltip": hover(boxes, " billion"),
        "legend": legend(names),
        "series": [*bars, *(_left(left) if pots else [])],
        "media": on_phone(grid=[{"top": 24 * len(bars) + 12}], legend={"orient": "vertical"}),
    }


def _left(values: list[float | None]) -> list[Option]:
    """Return what is left in the pots as a line over an area."""
    line: Option = {"name": LEFT, "type": "line", "xAxisIndex": 1, "yAxisIndex": 1, "data": values, "symbol": "none"}
    return [{**line, "lineStyle": {"color": GREY}, "itemStyle": {"color": GREY}, "areaStyle": {"opacity": 0.3}}]


def who_pays(case: Case) -> Chart:
    """Return who pays and who gains with the last scenario compared with the first: at home and everywhere else.

    The figures of the case must hold the measure ``who_pays``.
    """
    # They draw with matplotlib, which nothing else here needs.
    from experiments import chart_who
    from experiments.who import LINES, rate, scale_of

    account = case.figures.filter(measure="who_pays")
    if account.is_empty():
        return empty("who", f"Nobody is compared with {case.name}", explained("who"))
    story, (factor, unit) = case.story, scale_of(account)
    places = chart_who._places(story)
    sides = {code: {part: chart_who._gain(account, part, code, factor) for part in PARTS} for code in places}
    title = chart_who._title(story, places, sides, unit)
    labels = [capital(LINES[part]).replace(": ", ":\n") for part in PARTS][::-1]
    series = []
    for code, name in places.items():
        gains = [sides[code][part] for part in PARTS][::-1]
        shade = GREY if code not in case.world.regions else colour(code)
        series.append(_row(capital(name), shade, [tidy(gain.mean, 3) for gain in gains]))
    told = [
        f"{capital(name)}, {LINES[part]} {figure(sides[code][part].mean)}"
        for code, name in places.items()
        for part in PARTS
    ]
    description = described(title, "; ".join(told))
    option = _lying(labels, series) | whole(description)
    table = account.filter(pl.col("region").is_in([*places])).select(
        "region", "item", "gain_mean", "gain_error", "unit"
    )
    less = case.scenarios[0].name
    sign = (
        "Bars: mean difference, run against run; the table holds its 90 % interval."
        if case.runs > 1
        else "Bars: one run."
    )
    words = f"{unit} {rate(account)}, {case.name} less {less}; right of the line gains, left pays"
    return Chart("who", title, words, sources(case, sign=sign), explained("who"), description, option, table, 420, 460)


def _row(name: str, shade: str, values: list[float]) -> Option:
    """Return the bars of one place."""
    return {
        "name": name,
        "type": "bar",
        "data": [{"value": value, "label": {"position": "left" if value < 0 else "right"}} for value in values],
        "itemStyle": {"color": shade, "borderColor": GREY, "borderWidth": 0.5},
        "label": {"show": True, "position": "right", "formatter": "{c}", "color": INKED, "fontSize": SMALL},
        "barMaxWidth": 16,
    }


def _lying(labels: list[str], series: list[Option]) -> Option:
    """Return bars that lie on their side."""
    values = [float(each["value"]) for one in series for each in one["data"]]
    room = 0.22 * ((max(*values, 0.0) - min(*values, 0.0)) or 1.0)
    reach: dict[str, Any] = {"min": tidy(min(*values, 0.0) - room, 3), "max": tidy(max(*values, 0.0) + room, 3)}
    return {
        "grid": {"left": 170, "right": 20, "top": 36, "bottom": 12},
        "xAxis": {**value_axis(), **reach, "axisLabel": {"show": False}, "splitLine": {"show": False}},
        "yAxis": {
            "type": "category",
            "data": labels,
            "axisTick": {"show": False},
            "axisLabel": {"fontSize": SMALL, "lineHeight": 15},
        },
        "legend": legend([str(each["name"]) for each in series]),
        "tooltip": {"trigger": "item", "confine": True, "formatter": "{a}<br>{b}: <b>{c}</b>"},
        "series": series,
        "media": on_phone(grid={"left": 128, "right": 12}),
    }
