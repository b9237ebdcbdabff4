"""What became dear and who went short: export prices and orders filled."""

import polars as pl

from experiments.app.charts.chart import (
    QUARTER,
    Calendar,
    Case,
    Chart,
    calendar,
    explained,
    whole,
)
from experiments.app.charts.finding import described, sources
from experiments.app.charts.panels import COLUMNS, DIGITS, PHONE_COLUMNS, ROW, Panel, panels, rows
from experiments.chart_data import chains
from experiments.chart_price_words import ALL_FILLED, lows, peaks, price_title
from experiments.chart_words import capital
from experiments.palette import WORLD as GREY

MONTH, FULL = 1, 100.0
# At least this much of the scale of prices is shown.
PRICE_HIGH = 1.2
# Numbers that a chart of months may hold before it is drawn by quarters.
MOST = 1500


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
        head = f"{capital(case.story.good(good))}\nfilled{_low(case, *short[good][:2])}"
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
