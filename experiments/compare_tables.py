"""The tables of a comparison: shares, prices, shortages and public money of the reference, and how others differ."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isnan, nan

import polars as pl
from rich.table import Table

from abm.world import World
from experiments.digest import SERIES, Series
from experiments.layout import ruled
from experiments.rivals import LETTERS
from experiments.sentence import figure
from experiments.show import SHOWN, SMALL
from experiments.summary import Summary
from experiments.verdict import Gain


@dataclass(frozen=True, slots=True)
class Rivals:
    """What is shown side by side.

    reference  figures of the first scenario alone
    others     figures of every other beside the reference
    world      they live in;  spans  names of the periods shown
    """

    reference: Summary
    others: tuple[Summary, ...]
    world: World
    spans: tuple[str, ...]

    @property
    def everyone(self) -> tuple[Summary, ...]:
        """The reference, then all others."""
        return (self.reference, *self.others)

    def letter(self, summary: Summary) -> str:
        """Return the letter that stands for a scenario in the tables."""
        return LETTERS[[each.scenario.name for each in self.everyone].index(summary.scenario.name)]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to print.

    rows    label, and measure, item, region and period of a figure
    factor  from the unit of the figures to that of the title;  digits  behind the point
    """

    title: str
    rows: Sequence[tuple[str, tuple[str, str, str, str]]]
    factor: float = 1.0
    digits: int = 1


def sheets(rivals: Rivals) -> Iterator[Sheet]:
    """Yield the tables of shares, prices and shortages."""
    world, last = rivals.world, rivals.spans[-1]
    for series in SERIES:
        if set(series.goods) <= set(world.goods.code):
            yield Sheet(f"{series.title}, % of the world, {last}", [*_regions(rivals, series)])
    titles = dict(zip(world.goods.code, world.goods.title, strict=True))
    goods = {code: titles[code].split(" (")[0] for code in SHOWN if code in titles}

    def rows(measure: str) -> list[tuple[str, tuple[str, str, str, str]]]:
        """Return a row for every good."""
        return [(title, (measure, code, "", last)) for code, title in goods.items()]

    yield Sheet(f"Prices paid in {last}, start = 1", rows("price"), digits=2)
    yield Sheet("Orders filled in the worst month of any region, %", rows("fill"), 100.0)
    yield Sheet("Final demand lost over the whole run, %", rows("lost"), 100.0, 2)
    spending = ("public_spending", "all", "", last)
    yield Sheet("Public money over the whole run, billion dollars", [("grants and tax credits", spending)], 0.001)


def _regions(rivals: Rivals, series: Series) -> Iterator[tuple[str, tuple[str, str, str, str]]]:
    """Yield a row for every region that is large anywhere, the largest of the reference first."""
    world, last = rivals.world, rivals.spans[-1]
    place = {code: ("share", series.code, code, last) for code in world.regions}
    means = {code: [each.figure(*place[code]).mean for each in rivals.everyone] for code in world.regions}
    for code in sorted(world.regions, key=lambda code: -means[code][0]):
        if max(means[code]) >= SMALL:
            yield world.region_titles[world.regions.index(code)], place[code]


def table(rivals: Rivals, block: Sequence[Summary], sheet: Sheet) -> tuple[Table, bool]:
    """Return a table, the reference and how some others differ from it, and whether any figure shown does."""
    shown = ruled(sheet.title, [""], ["A", *(f"{rivals.letter(each)} - A" for each in block)])
    seen = set()
    for label, place in sheet.rows:
        level = sheet.factor * rivals.reference.figure(*place).mean
        gains = [signed(each.gain(*place), sheet.factor, sheet.digits) for each in block]
        shown.add_row(label, figure(level, digits=sheet.digits), *gains)
        seen.update(gains)
    return shown, not seen <= {_nothing(sheet.digits), "-"}


def signed(gain: Gain, factor: float = 1.0, digits: int = 1) -> str:
    """Return a difference with its sign and half of its interval; a plain zero where neither can be seen.

    A question mark says that the runs are too few to tell it from none.
    """
    size, nothing = figure(factor * gain.mean, "+", digits), _nothing(digits)
    error = half(gain, factor, digits)
    if (size, error) in {(nothing, f" ± {nothing}"), (nothing, "")}:
        return nothing
    return f"{size}{error}{'?' if gain.open else ''}"


def _nothing(digits: int) -> str:
    """Return how a table writes zero."""
    return figure(0.0, digits=digits)


def half(gain: Gain, factor: float = 1.0, digits: int = 1) -> str:
    """Return half of the interval behind its sign; nothing where it is not known."""
    return "" if isnan(gain.error) else f" ± {figure(factor * gain.error, digits=digits)}"


def money(rivals: Rivals) -> Table:
    """Return the table of what every programme paid and took in, in every scenario."""
    letters = [rivals.letter(each) for each in rivals.everyone]
    paid = {letter: _programmes(each) for letter, each in zip(letters, rivals.everyone, strict=True)}
    shown = ruled("Programmes over the whole run, billion dollars paid (tariffs: taken in)", [""], letters)
    for key in sorted({key for known in paid.values() for key in known}):
        shown.add_row(" ".join(key), *(figure(paid[letter].get(key, nan)) for letter in letters))
    return shown


def _programmes(summary: Summary) -> dict[tuple[str, str], float]:
    """Return what each programme paid or took in, billion dollars, by government and programme."""
    rows = summary.figures.filter(pl.col("measure").is_in(["paid", "tariff_revenue"]))
    money = rows.group_by("region", "item").agg(pl.col("mean").sum() / 1000.0).rows()
    return {(government, programme): amount for government, programme, amount in money}
