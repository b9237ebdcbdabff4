"""Prices and orders filled, good by good along a chain, scenario against the first one."""

from collections.abc import Sequence
from datetime import date

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.chart_data import Story, bands
from experiments.chart_frame import (
    EDGE,
    KEY_SIZE,
    LEFT,
    RIGHT,
    Sheet,
    area,
    key,
    line,
    panel,
    panel_title,
    scale,
    sheet,
    time,
)
from experiments.chart_price_words import ALL_FILLED, STILL, lows, peaks, price_title
from experiments.chart_words import capital, method
from experiments.palette import INK, QUIET, WORLD, dashes

GAP, NAMES, HEAD, BETWEEN = 0.034, 0.082, 0.03, 0.112
# At least this much of the scales is shown: prices, start = 1, and orders filled, in %.
PRICE_LOW, PRICE_HIGH, FILL_LOW = 0.8, 1.2, 80.0
# A scale that reaches below this begins at 0.
FILL_SOME = 50.0
ABROAD, PAID, WORST, FILLED = "abroad", "price", "fill", "filled"
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
    upper, lower = _rows(page, len(goods))
    _fill(story, found, (ABROAD, PAID), dict(zip(goods, upper, strict=True)))
    _fill(story, found, (WORST, FILLED), dict(zip(goods, lower, strict=True)))
    for axes in upper:
        axes.tick_params(labelbottom=False)
        low, high = axes.get_ylim()
        scale(axes, 0.0 if high > 2.0 else min(PRICE_LOW, low), max(PRICE_HIGH, high), "")
    for axes in lower:
        low = axes.get_ylim()[0]
        scale(axes, 0.0 if low < FILL_SOME else min(FILL_LOW, low), 102.0)
    for text, row, room in zip(HEADS, (upper, lower), (NAMES, NAMES - HEAD), strict=True):
        height = row[0].get_position().y1 + room
        page.figure.text(EDGE, height, text, va="bottom", size=KEY_SIZE, color=QUIET)
    mine = found.filter(scenario=story.asked.name)
    highest, lowest = {row[1]: row[2:] for row in peaks(mine).rows()}, {row[1]: row[2:] for row in lows(mine).rows()}
    size = 13.5 if len(goods) < 5 else 12.0
    for good, above, under in zip(goods, upper, lower, strict=True):
        panel_title(above, capital(story.good(good)), INK, _peak(story, *highest[good]), size)
        panel_title(under, "", INK, _low(story, *lowest[good]))
    return page.figure


def _rows(page: Sheet, count: int) -> tuple[list[Axes], list[Axes]]:
    """Return axes for prices, and below them those for orders filled; each row on one scale."""
    bottom, top = page.bottom + 0.045, page.top - NAMES - HEAD
    wide = (RIGHT - LEFT - (count - 1) * GAP) / count
    tall = (top - bottom - BETWEEN) / 2.0
    boxes = [[(LEFT + place * (wide + GAP), at, wide, tall) for place in range(count)] for at in (top - tall, bottom)]
    upper, lower = ([panel(page.figure, box) for box in row] for row in boxes)
    for row in (upper, lower):
        for axes in row[1:]:
            axes.sharey(row[0])
            axes.tick_params(labelleft=False)
    return upper, lower


def _fill(story: Story, found: pl.DataFrame, columns: tuple[str, str], row: dict[str, Axes]) -> None:
    """Draw two figures of every good: the first in ink with its band, the second, of the last scenario, in grey."""
    main, second = (bands(found, column, "good") for column in columns)
    count = len(story.names)
    for good, axes in row.items():
        line(axes, second[story.asked.name, good], WORLD, "solid", width=2.2)
        for place, name in enumerate(story.names):
            curve, last = main[name, good], place == count - 1
            if story.runs > 1 and last:
                area(axes, curve, INK)
            line(axes, curve, INK, dashes(place, count), width=2.4 if last else 1.5)
        time(axes, story, max(2, round(axes.get_position().width * 20)))


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


def chains(codes: Sequence[str], chain: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the goods of every chain that has a picture; devices stand with the chips in them.

    codes, chain  of the goods
    """
    found: dict[str, tuple[str, ...]] = {}
    for code, name in zip(codes, chain, strict=True):
        if not code.startswith("scrap_"):
            home = "chips" if name == "devices" else name
            found[home] = (*found.get(home, ()), code)
    return found
