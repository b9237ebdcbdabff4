"""Prices and orders filled, good by good along a chain, scenario against the first one."""

from collections.abc import Sequence
from datetime import date

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.chart_data import Story, bands
from experiments.chart_frame import LEFT, RIGHT, Sheet, area, key, line, panel_title, scale, sheet, time
from experiments.chart_price_words import ALL_FILLED, lows, peaks, price_title
from experiments.chart_words import method
from experiments.palette import INK, WORLD, dashes

GAP, HEAD, BETWEEN = 0.028, 0.085, 0.075
# At least this much of the scales is shown: prices, start = 1, and orders filled, in %.
PRICE_LOW, PRICE_HIGH, FILL_LOW = 0.8, 1.2, 80.0
# A scale that reaches below this begins at 0.
FILL_SOME = 50.0
ABROAD, PAID, WORST, FILLED = "abroad", "price", "fill", "filled"
BELOW = (
    "Above: export price, start = 1 (grey: paid by buyers). "
    "Below: % of its orders the worst-served region gets (grey: all)."
)


def draw_prices(story: Story, found: pl.DataFrame) -> Figure:
    """Return the picture of a chain's goods.

    found  prices and orders filled by month and run, of the goods of the chain
    """
    goods = [code for code in story.world.goods.code if code in found["good"].unique()]
    page = key(sheet(price_title(story, found), method(story), BELOW), story)
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
    mine = found.filter(scenario=story.asked.name)
    highest, lowest = {row[1]: row[2:] for row in peaks(mine).rows()}, {row[1]: row[2:] for row in lows(mine).rows()}
    size = 13.5 if len(goods) < 5 else 12.0
    for good, above, under in zip(goods, upper, lower, strict=True):
        panel_title(above, _named(story, good), INK, _peak(*highest[good]), size)
        panel_title(under, "", INK, _low(story, *lowest[good]))
    return page.figure


def _rows(page: Sheet, count: int) -> tuple[list[Axes], list[Axes]]:
    """Return axes for prices, and below them those for orders filled; each row on one scale."""
    bottom, top = page.bottom + 0.045, page.top - HEAD
    wide = (RIGHT - LEFT - (count - 1) * GAP) / count
    tall = (top - bottom - BETWEEN) / 2.0
    boxes = [[(LEFT + place * (wide + GAP), at, wide, tall) for place in range(count)] for at in (top - tall, bottom)]
    upper, lower = ([page.figure.add_axes(box) for box in row] for row in boxes)
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


def _named(story: Story, good: str) -> str:
    """Return the name of a good as a heading."""
    name = story.good(good)
    return name[:1].upper() + name[1:]


def _peak(price: float | None, month: date | None) -> str:
    """Return the highest export price and when it is."""
    return "" if price is None or month is None else f"highest {price:.2f}, {month:%b %Y}"


def _low(story: Story, fill: float | None, region: str | None, month: date) -> str:
    """Return the smallest share of its orders a region got, and where and when."""
    if fill is None or fill >= ALL_FILLED or region is None:
        return "orders are filled"
    return f"lowest {fill:.0f} %, {_short(story, region)}, {month:%b %Y}"


def _short(story: Story, region: str) -> str:
    """Return the name of a region, its code where the name is long."""
    title = story.title(region)
    return title if len(title) <= len("Taiwan") else region


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
