"""What became dear and who went short: prices and orders filled, and stock at hand."""

from collections.abc import Sequence

import polars as pl

from abm.places import called
from experiments.app.charts.chart import (
    QUARTER,
    SMALL,
    Calendar,
    Case,
    Chart,
    calendar,
    explained,
    hover,
    legend,
    rounded,
    value_axis,
    whole,
)
from experiments.app.charts.finding import described, sources
from experiments.app.charts.panels import COLUMNS, DIGITS, PHONE_COLUMNS, ROW, Panel, panels, rows
from experiments.app.charts.theme import INKED
from experiments.chart_data import chains
from experiments.chart_price_words import ALL_FILLED, lows, peaks, price_title
from experiments.chart_words import capital, listed
from experiments.palette import WORLD as GREY
from experiments.palette import colour

MONTH, FULL = 1, 100.0
# At least this much of the scale of prices is shown.
PRICE_HIGH = 1.2
# Numbers that a chart of months may hold before it is drawn by quarters.
MOST = 1500
# A smaller part of what was ordered, in %, is nothing.
NOTHING = 0.005
# Buyers that want less than this share of a good are not shown with their stock.
BUYERS = 6


def prices(case: Case, frame: pl.DataFrame, chain: str) -> Chart:
    """Return export prices and orders filled, good by good along a chain.

    frame  as ``market`` returns it;  chain  name of the chain
    """
    found = frame.filter(pl.col("good").is_in(chains(case.world.goods.code, case.world.goods.chain)[chain]))
    goods = [code for code in case.world.goods.code if code in found["good"].unique()]
    axis = _axis(case, found, 2 * len(goods))
    title, mine = price_title(case.story, found), found.filter(scenario=case.name)
    dear, short = ({str(row[1]): row[2:] for row in of(mine).rows()} for of in (peaks, lows))
    parts = []
    for good in goods:
        head = f"{capital(case.story.good(good))}\nprice{_peak(dear[good][0])}"
        parts.append(_panel(case, found.filter(good=good), axis, "abroad", head))
    for good in goods:
        head = f"{capital(case.story.good(good))}\norders filled{_low(case, *short[good][:2])}"
        parts.append(_panel(case, found.filter(good=good), axis, "fill", head))
    columns = min(len(goods), COLUMNS)
    parts = (
        parts
        if len(goods) <= COLUMNS
        else [part for pair in zip(parts[: len(goods)], parts[len(goods) :], strict=True) for part in pair]
    )
    description = described(title, "; ".join(part.head for part in parts))
    unit = f"Export price, start = 1; % of orders filled in the region served worst; solid {case.name}{dashed(case)}"
    band = "Lines: mean of the runs; band: 8 runs in 10." if case.runs > 1 else "Lines: one run."
    table = found.select("date", "scenario", "good", "abroad", "price", "fill", "fill_region", "filled")
    option = panels(axis, parts, columns) | whole(description)
    heights = (rows(len(parts), columns) * ROW, rows(len(parts), min(columns, PHONE_COLUMNS)) * ROW)
    source = sources(case, sign=band)
    return Chart(f"prices_{chain}", title, unit, source, explained("prices"), description, option, table, *heights)


def _axis(case: Case, found: pl.DataFrame, count: int) -> Calendar:
    """Return months, or quarters where the numbers would be too many.

    count  of panels
    """
    lines = count * (len(case.scenarios) + (2 if case.runs > 1 else 0))
    return calendar(found, MONTH if lines * found["date"].n_unique() <= MOST else QUARTER)


def dashed(case: Case) -> str:
    """Return what the dashed lines are, if there are any."""
    return f", dashed {case.scenarios[0].name}" if len(case.scenarios) > 1 else ""


def _peak(price: float | None) -> str:
    """Return the highest price."""
    return "" if price is None else f" up to {price:.2f}"


def _low(case: Case, fill: float | None, region: str | None) -> str:
    """Return the smallest share of its orders a region got."""
    if fill is None or region is None or fill >= ALL_FILLED:
        return ": all"
    return f": {case.title(region)} {fill:.0f} %"


def _panel(case: Case, found: pl.DataFrame, axis: Calendar, column: str, head: str) -> Panel:
    """Return the panel of a good.

    found  of the good;  column  drawn: abroad or fill
    """
    ends = (f"{column}_low", f"{column}_high")
    mid, low, high = axis.along(found.filter(scenario=case.name), column, *ends, digits=DIGITS)
    lines = [(case.name, mid)]
    if len(case.scenarios) > 1:
        other = case.scenarios[0].name
        lines.append((other, axis.along(found.filter(scenario=other), column, digits=DIGITS)[0]))
    band = (low, high) if case.runs > 1 else None
    if column == "fill":
        return Panel(head, tuple(lines), GREY, band, unit=" %", ends=(0.0, FULL))
    top = Panel(head, tuple(lines), GREY, band).top
    return Panel(head, tuple(lines), GREY, band, unit="", ends=(0.0, max(top, PRICE_HIGH)))


def stocks(case: Case, frame: pl.DataFrame, good: str) -> Chart:
    """Return days of use that buyers have in stock, region by region.

    frame  days of use: date, good, region, scenario, low, mid, high;  good  its code
    """
    found = frame.filter(good=good).drop_nulls("mid")
    axis = calendar(found)
    mine = found.filter(scenario=case.name)
    lowest = mine.group_by("region", maintain_order=True).agg(
        pl.col("mid").min(), pl.col("date").get(pl.col("mid").arg_min())
    )
    shown = _largest(case, lowest["region"].to_list(), good)
    least = lowest.filter(pl.col("region").is_in(shown)).sort("mid", "region").row(0)
    ware = case.story.good(good)
    when = f"{least[1]:.0f} days of use in {least[2]:%B %Y}"
    title = f"{capital(called(case.title(str(least[0]))))} has the smallest stock of {ware}: {when}"
    parts = []
    for region in shown:
        of = found.filter(region=region)
        low, mid, high = axis.along(of.filter(scenario=case.name), "low", "mid", "high", digits=DIGITS)
        lines = [(case.name, mid)]
        if len(case.scenarios) > 1:
            lines.append(
                (
                    case.scenarios[0].name,
                    axis.along(of.filter(scenario=case.scenarios[0].name), "mid", digits=DIGITS)[0],
                )
            )
        parts.append(
            Panel(case.title(region), tuple(lines), colour(region), (low, high) if case.runs > 1 else None, unit="")
        )
    description = described(title)
    unit = f"Stock of {ware} in buyers' hands, days of use; solid {case.name}{dashed(case)}"
    heights = (rows(len(parts), 3) * ROW, rows(len(parts), PHONE_COLUMNS) * ROW)
    sign = "Lines: middle run; band: 8 runs in 10." if case.runs > 1 else "Lines: one run."
    option = panels(axis, parts, 3) | whole(description)
    table = found.select("date", "region", "scenario", "low", "mid", "high")
    return Chart(
        f"stocks_{good}",
        title,
        unit,
        sources(case, sign=sign),
        explained("stocks"),
        description,
        option,
        table,
        *heights,
    )


def _largest(case: Case, known: Sequence[str], good: str) -> list[str]:
    """Return the regions that bought most of a good's final use at the start, or all in order where it has none."""
    demand = case.world.demand.final[case.world.goods.code.index(good)]
    order = sorted(known, key=lambda region: -demand[case.world.regions.index(region)])
    return order[:BUYERS]


def lost(case: Case, frame: pl.DataFrame, goods: Sequence[str], code: str) -> Chart:
    """Return what final buyers gave up year by year, because nobody delivered.

    frame  as ``market`` returns it;  goods  that are added up;  code  of the chart behind ``lost_``
    """
    found = frame.filter(pl.col("good").is_in(list(goods))).with_columns(year=pl.col("date").dt.year())
    sums = found.group_by("scenario", "year", maintain_order=True).agg(pl.col("lost", "demand").sum()).sort("year")
    names = [each.name for each in case.scenarios][::-1]
    years = sums["year"].unique().sort().to_list()
    ware, unit = _counted(case, goods)
    drawn = {name: rounded(sums.filter(scenario=name)["lost"]) for name in names}
    mine = sums.filter(scenario=case.name)
    total, asked = float(mine["lost"].sum()), float(mine["demand"].sum())
    part = 100.0 * total / asked if asked else 0.0
    title = f"No {ware} are lost with {case.name}"
    if part >= NOTHING:
        title = f"With {case.name} {total:,.0f} {unit} of {ware} are never delivered, {part:.2g} % of what is ordered"
    description = described(
        title, "; ".join(f"{year}: {value}" for year, value in zip(years, drawn[case.name], strict=True))
    )
    looks = ({"color": colour("US")}, {"color": "transparent", "borderColor": INKED, "borderWidth": 1})
    base = {"type": "category", "data": [str(year) for year in years], "axisTick": {"show": False}}
    bars = [
        {"name": name, "type": "bar", "data": drawn[name], "itemStyle": look, "barMaxWidth": 30}
        for name, look in zip(names, looks, strict=False)
    ]
    parts = {
        "grid": {"left": 64, "right": 12, "top": 34, "bottom": 30},
        "xAxis": {**base, "axisLabel": {"fontSize": SMALL, "hideOverlap": True}},
    }
    boxes = [(place, name, "transparent") for place, name in enumerate(names[: len(bars)])]
    option = {
        **parts,
        "yAxis": value_axis(),
        "legend": legend(names),
        "tooltip": hover(boxes, f" {unit}"),
        "series": bars,
    }
    source = sources(case, sign="Bars: mean of the runs." if case.runs > 1 else "Bars: one run.")
    return Chart(
        f"lost_{code}",
        title,
        f"{unit} a year",
        source,
        explained("lost"),
        description,
        {**option, **whole(description)},
        sums,
        340,
    )


def _counted(case: Case, goods: Sequence[str]) -> tuple[str, str]:
    """Return the name of some goods together, and the unit they are counted in."""
    known = case.world.goods
    return listed([case.story.good(good) for good in goods]), known.unit[known.code.index(goods[0])]
