"""What patterns are measured with: series of a scenario by month and run, each read once."""

from collections.abc import Callable
from datetime import date
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from abm.kpi import CHAINS
from experiments.sweeping.dataset import POINTS, Dataset
from experiments.validation.plays import Plays

Array = npt.NDArray[np.float64]
CHIPS = CHAINS["chips"]
CARS = ("car_electric", "car_combustion")


class Lived:
    """The tables of one scenario of a plan."""

    def __init__(self, rows: Callable[[str], pl.LazyFrame]) -> None:
        """Take what returns the rows of a table."""
        self._rows = rows
        self.series = cache(self._series)

    @cached_property
    def months(self) -> list[date]:
        """The months that were lived."""
        found = self._rows("regions").select(pl.col("date").unique().sort()).collect()
        return found["date"].to_list()

    @cached_property
    def regions(self) -> list[str]:
        """The regions there are."""
        found = self._rows("regions").select(pl.col("region").cast(pl.String).unique().sort()).collect()
        return found["region"].to_list()

    @cached_property
    def firms(self) -> pl.DataFrame:
        """The table of firms."""
        return self._rows("firms").with_columns(pl.col("good", "firm", "hq").cast(pl.String)).collect()

    def at(self, window: str) -> slice:
        """Return where the months of a window stand: 2021, 2021-07, or from one of these to another."""
        first, _, last = window.partition(" to ")
        last = last or first
        told = [f"{month:%Y-%m}" for month in self.months]
        inside = [place for place, month in enumerate(told) if first <= month and month[: len(last)] <= last]
        return slice(inside[0], inside[-1] + 1)

    def _series(self, column: str, goods: tuple[str, ...], region: str = "") -> Array:
        """Return a column summed over goods and, unless one is named, over regions (month, run)."""
        rows = self._rows("regions").filter(pl.col("good").cast(pl.String).is_in(goods))
        if region:
            rows = rows.filter(pl.col("region").cast(pl.String) == region)
        summed = rows.group_by("date", "run").agg(pl.col(column).cast(pl.Float64).sum())
        found = summed.sort("date", "run").collect()
        return found[column].to_numpy().reshape(len(self.months), -1)

    def mean(self, column: str, weight: str, good: str) -> Array:
        """Return the mean of a column over regions, weighted by another (month, run)."""
        rows = self._rows("regions").filter(pl.col("good").cast(pl.String) == good)
        value, by = (pl.col(name).cast(pl.Float64) for name in (column, weight))
        weighted = rows.group_by("date", "run").agg(((value * by).sum() / by.sum()).alias(column))
        found = weighted.sort("date", "run").collect()
        return found[column].to_numpy().reshape(len(self.months), -1)

    def traded(self, good: str, buyer: str, year: str) -> tuple[Array, Array]:
        """Return what a region bought in a year from China, and from elsewhere abroad (run,)."""
        rows = self._rows("trade").with_columns(pl.col("good", "buyer", "supplier").cast(pl.String))
        abroad = rows.filter(pl.col("buyer") == buyer, pl.col("supplier") != buyer, pl.col("good") == good)
        china, units = pl.col("supplier") == "CN", pl.col("units").cast(pl.Float64)
        sums = units.filter(china).sum().alias("china"), units.filter(~china).sum().alias("others")
        found = abroad.filter(pl.col("date").dt.year() == int(year)).group_by("run").agg(*sums).sort("run").collect()
        return found["china"].to_numpy(), found["others"].to_numpy()


class Seen:
    """The scenarios of bundled plans."""

    def __init__(self, rows: Callable[[str, str, str], pl.LazyFrame]) -> None:
        """Take what returns the rows of a plan, a scenario and a table."""
        self.lived = cache(lambda plan, scenario: Lived(lambda table: rows(plan, scenario, table)))

    @classmethod
    def of(cls, plays: Plays) -> "Seen":
        """Return what is seen of plans that are played when first asked for."""

        def rows(plan: str, scenario: str, table: str) -> pl.LazyFrame:
            """Return the rows of a scenario in a table."""
            dataset = Dataset(plays.of(plan))
            points = dataset.about(POINTS)
            assert points is not None
            point = points.filter(pl.col("scenario") == scenario)["point"][0]
            return dataset.scan(table).filter(pl.col("point") == point)

        return cls(rows)


def changes(prices: Array) -> Array:
    """Return monthly log changes (month, run)."""
    return np.diff(np.log(prices), axis=0)


def swing(orders: Array) -> Array:
    """Return how much orders swing: the standard deviation of their monthly log changes (run,)."""
    deviation: Array = changes(orders).std(axis=0)
    return deviation


def first_over(values: Array, level: float) -> Array:
    """Return the first month in which values reach a level; the number of months where they never do (run,)."""
    over = values >= level
    return np.where(over.any(0), over.argmax(0), len(values)).astype(np.float64)
