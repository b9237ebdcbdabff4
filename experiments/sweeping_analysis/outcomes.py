"""Headline figures in words and in the units of people, and which of them are looked at where nobody says."""

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from abm.errors import InputError
from abm.kpi import BOUGHT, CHAINS
from abm.places import called
from abm.scenario import Scenario
from abm.world import World
from abm.world import read as world_at
from experiments.digest import SERIES, series_of
from experiments.sweeping.points import loaded
from experiments.units import OF_RUNS, units

# Beside the headline one column of each of these is looked at: that which differs most from point to point.
FAMILIES = ("share_", "import_dependence_", "price_", "worst_fill_rate", "public_spending")
_ALIKE = 1e-6


@dataclass(frozen=True, slots=True)
class Outcome:
    """A column of the table of runs, for people.

    words   what it is, in a sentence
    unit    after a figure;  step  after a difference
    factor  from the column to that unit;  digits  behind the point
    """

    column: str
    words: str
    unit: str = ""
    step: str = ""
    factor: float = 1.0
    digits: int = 2

    def level(self, value: float) -> str:
        """Return a figure with its unit."""
        return f"{self.factor * value:,.{self.digits}f}{self.unit}"

    def nothing(self, value: float) -> bool:
        """Return whether a difference reads as none."""
        return not round(self.factor * value, self.digits)

    def reads(self, least: float, most: float) -> bool:
        """Return whether two figures read differently, and differ by as much as one can read."""
        return not self.nothing(most - least) and self.level(least) != self.level(most)

    def gain(self, value: float) -> str:
        """Return a difference with sign and unit."""
        shown = f"{self.factor * value:+,.{self.digits}f}"
        return f"{shown.lstrip('+-') if not float(shown.replace(',', '')) else shown}{self.step}"

    def gains(self, least: float, most: float) -> str:
        """Return a range of differences, or the one if both ends read alike."""
        low, high = self.gain(least), self.gain(most)
        return low if low == high else f"{low.removesuffix(self.step)} to {high}"

    def told(self, value: float, kind: str) -> str:
        """Return a figure, or a difference where kind says gain."""
        return self.gain(value) if kind == "gain" else self.level(value)

    def axis(self, kind: str) -> str:
        """Return the unit at an axis."""
        return (self.step if kind == "gain" else self.unit).strip()


def plain(value: float, digits: int = 4) -> str:
    """Return a number without powers of ten, behind the point no more than so many digits that say something."""
    if not math.isfinite(value) or value == 0.0:
        return f"{value:g}"
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    shown = f"{round(value, places):,.{places}f}"
    return shown.rstrip("0").rstrip(".") if places else shown


def worded(columns: Sequence[str], start: date | None) -> dict[str, Outcome]:
    """Return columns in words.

    start  of the world whose regions are named; no regions are without it
    """
    world = world_at(start) if start else None
    pairs = zip(world.regions, world.region_titles, strict=True) if world else ()
    names = {code: called(name) for code, name in pairs}
    return {column: _worded(column, names) for column in columns}


def _worded(column: str, names: Mapping[str, str]) -> Outcome:
    """Return a column in words.

    names  of regions by code
    """
    head, _, region = column.rpartition("_")
    share: Any = {"unit": " %", "step": " points", "factor": 100.0, "digits": 1}
    if head.startswith("share_") and region in names:
        return Outcome(column, f"the share of {names[region]} in {phrase(head.removeprefix('share_'))}", **share)
    if head == "import_dependence" and region in names:
        return Outcome(column, f"the import dependence of {names[region]}", **share)
    if column == "worst_fill_rate":
        return Outcome(column, "the share of orders filled in the worst month", **share)
    if column in {"public_spending", "tariff_revenue"}:
        money = " billion dollars"
        return Outcome(column, column.replace("_", " "), money, money, 0.001, 1)
    if column.startswith("price_"):
        return Outcome(column, f"the price index of {column.removeprefix('price_')}", digits=3)
    unit = next((f" {each}" for start, each in OF_RUNS.items() if column.startswith(start)), "")
    short = unit if len(unit) < len(" thousand cars ") else ""
    return Outcome(column, column.replace("_", " "), short, short, digits=2)


def phrase(chain: str) -> str:
    """Return what the shares of a chain are shares of."""
    found = {each.goods: each.phrase for each in SERIES}
    plain = f"{chain.removeprefix('chip_')} chip capacity" if chain.startswith("chip_") else chain.replace("_", " ")
    return found.get(CHAINS.get(chain, ()), plain)


def unit_of(column: str) -> str:
    """Return the unit of a column as the tables have it."""
    return units("kpi", [column])[column]


def headline(scenario: Scenario, world: World) -> str | None:
    """Return the column that tells what a scenario's leading sentence speaks of, or comes nearest to it."""
    told = scenario.headline
    if told is None:
        return None
    goods = series_of(told, world.goods).goods
    if told.measure == "fill":
        return "worst_fill_rate"
    if told.measure == "export_price":
        return next((f"price_{name}" for name, bought in BOUGHT.items() if {*goods} & {*bought}), None)
    return next((f"share_{name}_{told.region}" for name, of in CHAINS.items() if of == goods), None)


def scenes(files: Sequence[str]) -> list[tuple[Scenario, Scenario | None]]:
    """Return scenarios with their baselines, without those that are no more there."""
    found = []
    for file in files:
        with suppress(InputError):
            found.append(loaded(file))
    return found


def chosen(points: pl.DataFrame, kpi: pl.LazyFrame, asked: Sequence[Scenario]) -> tuple[str, ...]:
    """Return the columns that are looked at where nobody says: headlines, and what differs most in each family.

    points  point and baseline
    """
    schema: Mapping[str, Any] = kpi.collect_schema()
    figures = [name for name, kind in schema.items() if kind.is_numeric() and name != "run"]
    told = (headline(each, world_at(each.start)) for each in asked)
    first = dict.fromkeys(column for column in told if column in figures)
    wanted = points.filter(~pl.col("baseline"))["point"].to_list()
    means = kpi.filter(pl.col("point").is_in(wanted)).group_by("point").agg(pl.col(figures).fill_nan(None).mean())
    between = means.select(pl.col(figures).std()).collect(engine="streaming").row(0, named=True)
    for family in FAMILIES:
        spread = {name: between[name] or 0.0 for name in figures if name.startswith(family)}
        if spread and max(spread.values()) > _ALIKE:
            first.setdefault(max(spread, key=lambda name: spread[name]))
    return tuple(name for name in first if name) or (figures[0],)
