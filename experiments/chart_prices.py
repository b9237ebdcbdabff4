"""Prices and orders filled, good by good along a chain, scenario against the first one."""

from datetime import date

import polars as pl
from matplotlib.figure import Figure

from experiments.chart_data import Curve, Story, bands
from experiments.chart_frame import EDGE, KEY_SIZE, LEFT, RIGHT, Sheet, key, sheet
from experiments.chart_panel import Box, Marks, Panel, area, bare, frame, line, panel, panel_title, reach, scale, time
from experiments.chart_price_words import ALL_FILLED, STILL, lows, peaks, price_title
from experiments.chart_words import capital, method
from experiments.palette import INK, QUIET, WORLD, dashes

GAP, NAMES, HEAD, BETWEEN = 0.034, 0.082, 0.03, 0.112
# At least this much of the scales is shown: prices, start = 1, and orders filled, in %.
PRICE_LOW, PRICE_HIGH, FILL_LOW = 0.8, 1.2, 80.0
# A scale that reaches below this begins at 0.
FILL_SOME = 50.0
ABROAD, PAID, WORST, FILLED = "abroad", "price", "fill", "filled"
Curves = dict[tuple[str, str], Curve]
HEADS = (
    "Export price, start = 1 (grey: price paid by buyers, mean of the world)",
    "Orders filled in the region served worst, % (grey: mean of the world)",
)


def draw_prices(story: Story, found: pl.DataFrame) -> Figure:
    """Return the picture of a chain's goods.

    found  prices and orders filled by month and run, of the goods of the chain
    """
    goods = [code for code in story.world.goods.code if code in found["good"].unique()]
    page = key(sheet(price_title(story, found), method(story)), story)
    above, below = _rows(page, len(goods))
    prices, filled = (_drawn(story, found, columns) for columns in ((ABROAD, PAID), (WORST, FILLED)))
    low, high = _reach(story, prices)
    low, high = 0.0 if high > 2.0 else min(PRICE_LOW, low), max(PRICE_HIGH, high)
    upper = [panel(page.figure, box, story, (low, high)) for box in above]
    least = _reach(story, filled)[0]
    least = 0.0 if least < FILL_SOME else min(FILL_LOW, least)
    lower = [panel(page.figure, box, story, (least, 102.0)) for box in below]
    months = time(story, max(2, round(above[0][2] * 20)))
    _fill(story, prices, dict(zip(goods, upper, strict=True)), (bare(months), scale(low, high, "")))
    _fill(story, filled, dict(zip(goods, lower, strict=True)), (months, scale(least, 102.0)))
    for text, row, room in zip(HEADS, (above, below), (NAMES, NAMES - HEAD), strict=True):
        height = row[0][1] + row[0][3] + room
        page.figure.text(EDGE, height, text, va="bottom", size=KEY_SIZE, color=QUIET)
    _name(story, found, dict(zip(goods, zip(upper, lower, strict=True), strict=True)))
    return page.figure


def _name(story: Story, found: pl.DataFrame, columns: dict[str, tuple[Panel, Panel]]) -> None:
    """Write the name of every good above its column, and how dear and how scarce it became.

    columns  the upper and the lower panel by good
    """
    mine = found.filter(scenario=story.asked.name)
    highest, lowest = {row[1]: row[2:] for row in peaks(mine).rows()}, {row[1]: row[2:] for row in lows(mine).rows()}
    size = 13.5 if len(columns) < 5 else 12.0
    for good, (above, under) in columns.items():
        panel_title(above, capital(story.good(good)), INK, _peak(story, *highest[good]), size)
        panel_title(under, "", INK, _low(story, *lowest[good]))


def _rows(page: Sheet, count: int) -> tuple[list[Box], list[Box]]:
    """Return boxes for prices, and below them those for orders filled."""
    bottom, top = page.bottom + 0.045, page.top - NAMES - HEAD
    wide = (RIGHT - LEFT - (count - 1) * GAP) / count
    tall = (top - bottom - BETWEEN) / 2.0
    upper, lower = (
        [(LEFT + place * (wide + GAP), at, wide, tall) for place in range(count)] for at in (top - tall, bottom)
    )
    return upper, lower


def _drawn(story: Story, found: pl.DataFrame, columns: tuple[str, str]) -> tuple[Curves, Curves]:
    """Return the curves of two figures of every good; of the second only those of the last scenario."""
    main, second = (bands(found, column, "good") for column in columns)
    return main, {place: curve for place, curve in second.items() if place[0] == story.asked.name}


def _reach(story: Story, curves: tuple[Curves, Curves]) -> tuple[float, float]:
    """Return lowest and highest value that is drawn."""
    main, second = curves
    banded = [(curve, story.runs > 1 and name == story.asked.name) for (name, _), curve in main.items()]
    return reach([*banded, *((curve, False) for curve in second.values())])


def _fill(story: Story, curves: tuple[Curves, Curves], row: dict[str, Panel], marks: tuple[Marks, Marks]) -> None:
    """Draw two figures of every good: the first in ink with its band, the second in grey; one scale for all.

    marks  of months and of values
    """
    main, second = curves
    count, (months, values) = len(story.names), marks
    for column, (good, where) in enumerate(row.items()):
        frame(where, months, bare(values) if column else values)
        line(where, second[story.asked.name, good], WORLD, "solid", width=2.2)
        for place, name in enumerate(story.names):
            curve, last = main[name, good], place == count - 1
            if story.runs > 1 and last:
                area(where, curve, INK)
            line(where, curve, INK, dashes(place, count), width=2.4 if last else 1.5)


def _peak(story: Story, price: float | None, month: date | None, last: float | None) -> str:
    """Return the highest export price and when it is; the last one where it never rises."""
    if price is None or last is None:
        return ""
    return f"peak {price:.2f}, {month:%b %Y}" if price >= 1.0 + STILL else f"{last:.2f} in {story.asked.until:%b %Y}"


def _low(story: Story, fill: float | None, region: str | None, month: date) -> str:
    """Return the smallest share of its orders a region got, and where and when."""
    if fill is None or fill >= ALL_FILLED or region is None:
        return "all orders filled"
    return f"{story.title(region)} {fill:.0f} %, {month:%b %Y}"
