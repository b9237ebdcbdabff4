"""What simple forecasts say of the same figures: no change, a straight line, and a static Armington calculation."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from abm.axes import Floats
from abm.policies.levers import Signals, idle
from abm.policies.tariff import Tariff
from abm.scenario import Scenario
from abm.world import read
from experiments.sweeping.dataset import Dataset
from experiments.validation.observed import PLACE, Measure, goods_of, measure_of, measures

NAMES = ("no_change", "trend", "armington")
# Kinds of figures that depend on who buys where, and so move with a tariff when nothing else does.
SHARES = {"share", "from", "dependence"}
TINY = 1e-12
_NOTHING = np.zeros((0, 0))
# A tariff looks at nothing but the calendar.
_UNSEEN = Signals(_NOTHING, _NOTHING, _NOTHING, _NOTHING, _NOTHING, {})


def forecasts(rows: pl.DataFrame, last: int, folder: Path, scenario: Scenario) -> pl.DataFrame:
    """Return the figures to be told with a column for each simple forecast.

    rows    one per figure: series, good, region, year, value, given, start, what the model starts from, and early:
            whether it is from before that, so that only a line goes through it
    last    year of the last figures that are known;  given ones are known whatever their year
    folder  of the sweep whose first year's trade is the Armington calculation's start;  scenario  its tariffs
    """
    known = (pl.col("year") <= last) | pl.col("given")
    moved = Armington(folder, scenario)
    found = []
    for place, mine in rows.group_by(PLACE, maintain_order=True):
        told, open_ = mine.filter(known).sort("year", maintain_order=True), mine.filter(~known)
        recent = [*told.filter(~pl.col("early")).select("year", "value").iter_rows()]
        recent = recent or [(scenario.start.year, open_["start"][0])]
        early = [*told.filter("early").select("year", "value").iter_rows()]
        line = _line(early + recent)
        # A line may leave the range of a share; no forecaster would.
        most = 100.0 if mine["unit"][0] == "%" else np.inf
        for row in open_.iter_rows(named=True):
            still = float(recent[-1][1])
            trend = float(np.clip(line(row["year"]), 0.0, most))
            shifted = still * moved.factor(str(place[0]), str(place[1]), str(place[2]), date(row["year"], 7, 1))
            found.append(row | {"no_change": still, "trend": trend, "armington": min(shifted, most)})
    return pl.DataFrame(found, infer_schema_length=None)


def _line(points: Sequence[tuple[float, float]]) -> Callable[[float], float]:
    """Return the straight line nearest to some years and values; a level one through a single year."""
    years, values = np.array(points).T
    if len({*years.tolist()}) == 1:
        return lambda _: float(values.mean())
    fitted = np.polynomial.Polynomial.fit(years, values, 1)
    return lambda year: float(fitted(year))


class Armington:
    """Buyers who divide their purchases among regions with a constant elasticity, and tariffs that change: no more.

    Purchases of every region, capacity and costs stay those of the first year.
    """

    def __init__(self, folder: Path, scenario: Scenario) -> None:
        """Take the trade of a sweep's first year, mean over runs, and the scenario's tariffs."""
        table = Dataset(folder).scan("trade")
        first = table.filter(pl.col("date") == pl.col("date").min()).cast({"units": pl.Float64})
        cells = first.group_by("good", "buyer", "supplier").agg(pl.col("units").mean()).collect()
        self._world, self._scenario = read(scenario.start), scenario
        goods, regions = self._world.goods.code, self._world.regions
        self._units = np.zeros((len(goods), len(regions), len(regions)))
        for good, buyer, supplier, units in cells.iter_rows():
            self._units[goods.index(good), regions.index(buyer), regions.index(supplier)] = units

    def factor(self, series: str, good: str, region: str, when: date) -> float:
        """Return by how much a figure that depends on who buys where changes, as a multiple."""
        told = measure_of(series, good, measures())
        if told is None or told[1].kind not in SHARES or region not in self._world.regions:
            return 1.0
        before, after = (self._figure(told[1], good, region, day) for day in (self._world.start, when))
        return after / before if before > 0.0 else 1.0

    def _figure(self, measure: Measure, good: str, region: str, when: date) -> float:
        """Return a share as the trade of a day has it."""
        goods = [self._world.goods.code.index(each) for each in goods_of(good)]
        grid, here = self._traded(when)[goods].sum(0), self._world.regions.index(region)
        if measure.kind == "share":
            return float(grid[:, here].sum() / max(grid.sum(), TINY))
        abroad = max(float(grid[here].sum() - grid[here, here]), TINY)
        if measure.kind == "dependence":
            return abroad / max(float(grid[here].sum()), TINY)
        return float(grid[here, self._world.regions.index(measure.at)]) / abroad

    def _traded(self, when: date) -> Floats:
        """Return units by good, buyer and supplier under the tariffs of a day."""
        levers = idle(self._world, 1)
        for tariff in (each for each in self._scenario.measures if isinstance(each, Tariff)):
            tariff.act(self._world, levers, when, _UNSEEN)
        duty = levers.tariff[:, 0].reshape(self._units.shape)
        elasticity = self._world.goods.substitution[:, None, None]
        weight = self._units * (1.0 + duty) ** -elasticity
        bought = np.maximum(weight.sum(2, keepdims=True), TINY)
        moved: Floats = weight / bought * self._units.sum(2, keepdims=True)
        return moved
