"""Who bought from whom: what went through every corridor, year by year."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from abm.books import Books

if TYPE_CHECKING:
    from datetime import date

    from abm.axes import Floats

TRADE_UNITS = {"units": "good/year", "value": "M USD/year"}


class Corridors:
    """What went through the corridors of a batch so far."""

    def __init__(self, books: Books) -> None:
        """Begin with nothing."""
        self._books = books
        self._years: list[date] = []
        self._kept: list[npt.NDArray[np.float32]] = []
        self._year: Floats | None = None

    def take(self) -> None:
        """Add the month that has just happened, before the next one begins."""
        flow, month = self._books.flow, self._books.month
        if self._year is None:
            self._year = np.stack([flow.traded, flow.traded_value])
        else:
            self._year[0] += flow.traded
            self._year[1] += flow.traded_value
        if month.month == 12:
            self._years.append(month)
            self._kept.append(self._year.astype(np.float32))
            self._year = None

    def table(self, scenario: str, first_run: int) -> pl.DataFrame:
        """Return one row per scenario, run, year's end, good, buying and supplying region that traded."""
        world = self._books.frame.world
        regions, cells = len(world.regions), self._books.frame.network.cells
        kept = np.array(self._kept, np.float32).reshape(-1, 2, cells, self._books.runs).swapaxes(0, 1)
        year, cell, run = np.nonzero(kept[0] > 0.0)
        units, value = kept[:, year, cell, run]
        days = np.array(self._years, dtype="datetime64[D]")
        codes = pl.Enum(list(world.regions))
        return pl.DataFrame(
            {
                "scenario": pl.repeat(scenario, len(year), dtype=pl.String, eager=True),
                "run": (run + first_run).astype(np.int32),
                "date": days[year],
                "good": _picked(cell // (regions * regions), pl.Enum(list(world.goods.code))),
                "buyer": _picked(cell // regions % regions, codes),
                "supplier": _picked(cell % regions, codes),
                "units": units,
                "value": value,
            }
        )


def _picked(index: npt.NDArray[np.signedinteger], words: pl.Enum) -> pl.Series:
    """Return words picked by index."""
    return pl.Series(index.astype(np.uint32)).cat.to(words)
