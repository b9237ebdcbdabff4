"""Who pays and who gains: the tables of the account, of regions and of firms."""

from collections.abc import Iterator
from typing import Any

import polars as pl
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from experiments.compare_tables import Rivals, signed
from experiments.digest import Series, series_of
from experiments.effects import ABROAD, SPENDING, SUM, WORLD, home
from experiments.layout import ruled
from experiments.sentence import figure
from experiments.summary import Summary
from experiments.verdict import Gain

# What stands in the account, in words.
LINES = {
    "buyers": "final buyers: prices",
    "margin": "makers: sales less costs",
    "plants": "makers: plants less building",
    "treasury": "treasury",
    SUM: "together",
    SPENDING: "(final buyers spend less by)",
}
# Firms that are shown on either side, and points of share that can be seen.
FEW, VISIBLE = 5, 0.05
# Sums below this, M USD, are shown in millions.
BILLION = 1000.0
EXPLAINED = (
    "+ gains, - pays. Prices: the same goods dearer or cheaper. Makers, where their plants stand: public money counts "
    "as sales; plants that are left count at cost less wear. Treasury: taken in less paid. Together, for the world: "
    "what more goods are worth to their buyers less the work, freight and building they take."
)


def who(rivals: Rivals, summary: Summary) -> Iterator[RenderableType]:
    """Yield the tables of who pays, of regions and of firms; nothing where nobody pays or gains anything."""
    rows = summary.figures.filter(measure="who_pays")
    if not rows.height or not (rows["gain_mean"].abs() > 0.0).any():
        return
    yield _account(rivals, summary, rows)
    yield Padding(Text(EXPLAINED, style="dim"), (0, 0, 0, 0))
    if summary.headline is not None:
        series = series_of(summary.headline, rivals.world.goods)
        yield _regions(rivals, summary, series, rows)
        firms = summary.figures.filter(measure="firm_share")
        if firms.height and winners(firms):
            yield _firms(rivals, summary, series, firms)


def scale_of(account: pl.DataFrame) -> tuple[float, str]:
    """Return the factor from M USD to what an account is shown in, and its name."""
    largest = account["gain_mean"].abs().max()
    return (1.0, "million") if isinstance(largest, float) and largest < BILLION else (0.001, "billion")


def rate(account: pl.DataFrame) -> str:
    """Return the unit of an account in words: the year of the money and the rate at which it is discounted."""
    unit = str(account["unit"][0])
    year, percent = unit.removeprefix("M USD of ").removesuffix(" % a year").split(" at ")
    return f"dollars of {year}, discounted at {percent} % a year"


def places(rivals: Rivals, summary: Summary) -> dict[str, str]:
    """Return the columns of the account: code and name of the acting region, everyone else and the world."""
    at_home = home(summary.scenario, rivals.reference.scenario, summary.headline.region if summary.headline else "")
    if not at_home:
        return {WORLD: "world"}
    title = rivals.world.region_titles[rivals.world.regions.index(at_home)]
    return {at_home: title, ABROAD: "everyone else", WORLD: "world"}


def _account(rivals: Rivals, summary: Summary, rows: pl.DataFrame) -> Table:
    """Return the table of who pays and gains, at home, abroad and in the world."""
    factor, unit = scale_of(rows)
    columns = places(rivals, summary)
    title = f"Who pays, who gains: {rivals.letter(summary)} - A, {unit} {rate(rows)}"
    table = ruled(title, [""], columns.values())
    for part, label in LINES.items():
        gains = [summary.gain("who_pays", part, code, rivals.spans[-1]) for code in columns]
        table.add_row(label, *(signed(gain, factor) for gain in gains), style="bold" if part == SUM else "")
    return table


def _regions(rivals: Rivals, summary: Summary, series: Series, rows: pl.DataFrame) -> Table:
    """Return the table of regions: points of share, and what their makers gain."""
    last, world = rivals.spans[-1], rivals.world
    factor, unit = scale_of(rows)
    title = (
        f"By region: {rivals.letter(summary)} - A, points of the world's {series.phrase} in {last}, "
        f"and margin of makers, {unit} {rate(rows)}"
    )
    table = ruled(title, [""], ["points", "of these goods", "of all goods"])
    shown: list[tuple[float, str, list[str]]] = []
    for code, name in zip(world.regions, world.region_titles, strict=True):
        points = summary.gain("share", series.code, code, last)
        margins = [summary.gain(*place, code, last) for place in (("margin", series.code), ("who_pays", "margin"))]
        cells = [signed(points), *(signed(each, factor) for each in margins)]
        if any(cell != figure(0.0) for cell in cells):
            shown.append((points.mean, name, cells))
    for _, name, cells in sorted(shown, key=lambda row: -row[0]):
        table.add_row(name, *cells)
    return table


def _firms(rivals: Rivals, summary: Summary, series: Series, firms: pl.DataFrame) -> Table:
    """Return the table of the firms whose share rises and falls most."""
    title = f"Firms that gain and lose most: % of the world's {series.phrase}, {rivals.spans[-1]}"
    table = ruled(title, ["", "home"], ["A", f"{rivals.letter(summary)} - A"])
    for row in winners(firms):
        gain = Gain(row["gain_mean"], float("nan") if row["gain_error"] is None else row["gain_error"])
        table.add_row(row["item"], row["region"], figure(row["other_mean"]), signed(gain))
    return table


def winners(firms: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of the firms that surely gain most, then of those that lose most, the largest loss last."""
    size = pl.col("gain_mean").abs()
    sure = firms.filter(size >= VISIBLE, size > pl.col("gain_error").fill_null(0.0))
    visible = sure.sort("gain_mean", "item", descending=[True, False])
    up, down = visible.filter(pl.col("gain_mean") > 0.0), visible.filter(pl.col("gain_mean") < 0.0)
    return [*up.head(FEW).to_dicts(), *down.tail(FEW).to_dicts()]
