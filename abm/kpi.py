"""The headline figures of a run, gathered month by month."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from abm.axes import Floats, GoodRegionRun, Ints, RegionRun, Run
from abm.markets.network import summed
from abm.markets.orders import share_of
from abm.world import World

CHAINS: dict[str, tuple[str, ...]] = {
    "chips": ("chip_mature", "chip_auto", "chip_leading", "chip_memory"),
    "chip_leading": ("chip_leading",),
    "chip_mature": ("chip_mature", "chip_auto"),
    "rare_earth_mines": ("ree_concentrate",),
    "rare_earth_oxides": ("ree_oxide",),
    "magnets": ("magnet",),
    "battery_chemicals": ("battery_chemical",),
    "cells": ("cell",),
    "electric_cars": ("car_electric",),
    "ingredients": ("api",),
    "medicines": ("medicine",),
}
BY_CAPACITY = ("chips", "chip_leading", "chip_mature")
BOUGHT: dict[str, tuple[str, ...]] = {
    "chips": CHAINS["chips"],
    "magnets": ("magnet",),
    "cells": ("cell",),
    "devices": ("device",),
    "cars": ("car_electric", "car_combustion"),
    "medicines": ("medicine",),
}
Kept: TypeAlias = npt.NDArray[np.float32]
_LATEST = ("capacity", "output", "import_dependence")
_EVERY = ("demand", "fill_rate", "price_index", "lost_sales")
# The series that headline figures are worked out from.
NEEDED = (*_LATEST, *_EVERY)
_RECOVERED = 0.98


class Headlines:
    """What the headline figures of a batch need of the months so far: the latest year, and sums over all months."""

    def __init__(self, world: World, runs: int) -> None:
        """Begin with no month."""
        self._codes, self._regions = world.goods.code, world.regions
        self._made = np.array([good for good, code in enumerate(self._codes) if not code.startswith("scrap_")])
        self._months: list[date] = []
        self._latest: list[tuple[Kept, ...]] = []
        self._filled: list[Run] = []
        self._worst: list[Ints] = []
        # Ordered, what it would have cost at an index of prices, and lost.
        self._sums = np.zeros((3, len(self._codes), runs))

    def take(self, months: Sequence[date], values: Mapping[str, Kept]) -> None:
        """Take the next months.

        values  the series that are needed (month, good x region, run), by name, as the table of regions has them
        """
        for place, month in enumerate(months):
            if self._months and self._months[-1].year < month.year:
                self._latest.clear()
            self._months.append(month)
            self._latest.append(tuple(values[name][place] for name in _LATEST))
        demand, fill, price, lost = (values[name] for name in _EVERY)
        amounts = np.empty((4, *demand.shape))
        amounts[:2] = demand
        amounts[1] *= np.where(np.isnan(price), 0.0, price)
        amounts[2] = lost
        amounts[3] = amounts[0] * fill
        by_good = self._by_good(amounts)
        for place in range(len(months)):
            self._sums += by_good[:3, place]
        ordered, filled = by_good[0][:, self._made], by_good[3][:, self._made]
        share = np.divide(filled, ordered, out=np.full_like(filled, np.inf), where=ordered > 0.0)
        self._filled.extend(share.min(axis=1))
        self._worst.extend(self._made[share.argmin(axis=1)])

    def _by_good(self, values: Floats) -> Floats:
        """Return sums over regions (..., good, run) of values (..., good x region, run)."""
        regions, runs = len(self._regions), values.shape[-1]
        return summed(values.reshape(-1, regions, runs), 1).reshape(*values.shape[:-2], -1, runs)

    def table(self, scenario: str, first_run: int, money: Mapping[str, Run]) -> pl.DataFrame:
        """Return the headline figures, one row per scenario and run.

        money  spent by treasuries and taken in over all months, by the name of its column, M USD (run,)
        """
        runs = self._sums.shape[-1]
        index = {
            "scenario": pl.Series([scenario], dtype=pl.String).new_from_index(0, runs),
            "run": np.arange(first_run, first_run + runs, dtype=np.int32),
        }
        figures = {**self._shares(), **self._dependence(), **self._shortage(), **self._prices(), **money}
        return pl.DataFrame({**index, **figures}, nan_to_null=True)

    def _shares(self) -> dict[str, Run]:
        """Return last-year shares per chain and region, and their Herfindahl index."""
        values = {name: np.array([month[place] for month in self._latest]) for place, name in enumerate(_LATEST[:2])}
        columns: dict[str, Run] = {}
        for chain in CHAINS:
            share = _mean(chain_shares(self._codes, chain, values))
            columns |= {f"share_{chain}_{region}": share[place] for place, region in enumerate(self._regions)}
            columns[f"hhi_{chain}"] = summed(share * share)
        return columns

    def _dependence(self) -> dict[str, Run]:
        """Return last-year import dependence per region, the mean over the goods it buys."""
        values = np.array([month[-1] for month in self._latest], np.float64)
        by_region = values.reshape(-1, len(self._regions), values.shape[-1])
        bought = ~np.isnan(by_region)
        count, total = np.count_nonzero(bought, axis=0), summed(np.where(bought, by_region, 0.0))
        mean = np.divide(total, count, out=np.full_like(total, np.nan), where=count > 0).astype(np.float32)
        return {f"import_dependence_{region}": mean[place] for place, region in enumerate(self._regions)}

    def _shortage(self) -> dict[str, Run | pl.Series]:
        """Return the worst month of the worst supplied good, months until it recovered, and final sales lost."""
        filled, runs = np.array(self._filled), np.arange(self._sums.shape[-1])
        worst = filled.argmin(axis=0)
        known = np.isfinite(filled[worst, runs])
        well = (filled >= _RECOVERED) & (np.arange(len(filled))[:, None] > worst)
        goods = pl.Series(self._codes, dtype=pl.String).gather(np.array(self._worst)[worst, runs])
        days = np.array(self._months, dtype="datetime64[D]")[worst]
        lost = self._sums[2]
        return {
            "worst_fill_rate": np.where(known, filled[worst, runs], np.nan),
            "worst_good": goods.set(pl.Series(~known), None),
            "worst_month": pl.Series(days).set(pl.Series(~known), None),
            "cars_not_made": self._of(lost, ("car_electric", "car_combustion")),
            "doses_not_made": self._of(lost, ("medicine",)),
            "months_to_recover": np.where(known & well.any(axis=0), well.argmax(axis=0) - worst, np.nan),
        }

    def _prices(self) -> dict[str, Run]:
        """Return mean price indices of what buyers pay (start = 1), weighted by what is ordered."""
        columns = {}
        for name, goods in BOUGHT.items():
            demand, paid = self._of(self._sums[0], goods), self._of(self._sums[1], goods)
            columns[f"price_{name}"] = np.divide(paid, demand, out=np.full_like(paid, np.nan), where=demand > 0.0)
        return columns

    def _of(self, by_good: Floats, goods: Sequence[str]) -> Run:
        """Return the sum of some goods (run,) of values (good, run)."""
        return summed(by_good[_numbers(self._codes, goods)])


def chain_shares(codes: Sequence[str], chain: str, values: Mapping[str, GoodRegionRun]) -> RegionRun:
    """Return a chain's regional shares (month, region, run).

    codes   of all goods
    values  capacity and output by name (month, good x region, run)
    Chips are shares of capacity (SEMI basis), other chains shares of output.
    """
    measured = values["capacity" if chain in BY_CAPACITY else "output"]
    by_good = measured.reshape(len(measured), len(codes), -1, measured.shape[-1])
    amount = summed(by_good[:, _numbers(codes, CHAINS[chain])].astype(np.float64), 1)
    return share_of(amount, summed(amount, 1)[:, None])


def _numbers(codes: Sequence[str], goods: Sequence[str]) -> Ints:
    """Return the numbers of those of some goods that there are."""
    return np.array([codes.index(good) for good in goods if good in codes], dtype=np.int64)


def _mean(values: Floats) -> Floats:
    """Return the mean over months (..., run) of values (month, ..., run)."""
    return summed(values) / len(values)
