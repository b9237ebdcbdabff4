"""The record of a batch: what happened, month by month, as polars tables with one column per series."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from abm.axes import Floats, Ints, Run
from abm.books import Books
from abm.events import events
from abm.flow import PURPOSES
from abm.kpi import NEEDED, Headlines, Kept
from abm.markets.network import Sums, summed
from abm.months import Months
from abm.series import SERIES, Series, Totals

if TYPE_CHECKING:
    from abm.stance import Deeds

PROGRAMME_UNITS = {
    "paid": "M USD/month",
    "left": "M USD",
    "projects": "projects begun",
    "capacity_supported": "units/month of capacity begun",
    "tariff_revenue": "M USD/month",
    "repaid": "M USD/month",
}
FIRM_UNITS = {
    "capacity": "good/month",
    "output": "good/year",
    "firm_share": "share of world output of the year",
    "cash": "M USD",
    "debt": "M USD",
    "plants": "plants",
    "bankrupt": "1 after default",
}
_OF_OWNERS = ("cash", "debt", "bankrupt")
Days: TypeAlias = npt.NDArray[np.datetime64]
# What moves between a treasury and others outside the programmes with a pot; tariffs alone come in.
_KINDS = ("tariffs", *PURPOSES)


class Record:
    """What is kept of a batch while it runs.

    months  that have happened
    """

    def __init__(self, name: tuple[str, int], books: Books, series: tuple[Series, ...], expected: int) -> None:
        """Make room for the months to come.

        name      of the scenario, and number of the batch's first run
        series    that are kept month by month
        expected  number of months; there may be more
        """
        world = books.frame.world
        self.months: list[date] = []
        self._name, self._books, self._expected = name, books, expected
        places = len(world.goods.code) * len(world.regions)
        self._series = {one.name: Months(expected, (places, books.runs), np.float32) for one in series}
        self._read = tuple(one for one in SERIES if one.name in {*self._series, *NEEDED})
        self._headlines = Headlines(world, books.runs)
        self._pots = {
            column: Months(expected, (len(books.pots.name), books.runs))
            for column in PROGRAMME_UNITS
            if column != "tariff_revenue"
        }
        self._moved: dict[tuple[int, int], Months] = {}
        self._years: list[tuple[date, dict[str, Floats]]] = []
        self._deeds: list[tuple[date, list[Deeds]]] = []
        self._output: Floats | None = None

    @property
    def series(self) -> dict[str, Floats]:
        """Every series that is kept (month, good x region, run), float32."""
        return {name: values.until(len(self.months)) for name, values in self._series.items()}

    def keep(self) -> None:
        """Add the month that has just happened; at a year's end add the firms."""
        books, now = self._books, len(self.months)
        totals, values = Totals(books), dict[str, Kept]()
        for one in self._read:
            found, kept = one.read(totals), self._series.get(one.name)
            values[one.name] = found.astype(np.float32) if kept is None else kept.put(now, found)
        self._headlines.take(books.month, values)
        self._keep_money(now)
        self.months.append(books.month)
        if books.stance is not None:
            self._deeds.append((books.month, [*books.stance.deeds]))
        made = books.frame.network.row_to_division(books.flow.output)
        self._output = made if self._output is None else self._output + made
        if books.month.month == 12:
            self._years.append((books.month, _firms_now(books, self._output)))
            self._output = None

    def _keep_money(self, now: int) -> None:
        """Add the month's figures of programmes, and of what else has ever moved money."""
        flow, state = self._books.flow, self._books.state
        of_pots = (flow.grants_paid, state.pot_left, flow.projects, flow.supported, flow.repaid + flow.clawed_back)
        for months, values in zip(self._pots.values(), of_pots, strict=True):
            months.put(now, values)
        money = np.concatenate([flow.tariff_revenue[None], flow.outlay])
        for kind, region in np.argwhere(money.any(axis=-1)).tolist():
            if (region, kind) not in self._moved:
                self._moved[region, kind] = Months(self._expected, (self._books.runs,))
            self._moved[region, kind].put(now, money[kind, region])

    def regions(self) -> pl.DataFrame:
        """Return one row per scenario, run, date, good and region."""
        world, runs = self._books.frame.world, self._books.runs
        goods, regions = np.arange(len(world.goods.code)), np.arange(len(world.regions))
        months, places = len(self.months), len(goods) * len(regions)
        named = {
            "good": _names(world.goods.code, np.tile(np.repeat(goods, len(regions) * runs), months)),
            "region": _names(world.regions, np.tile(np.repeat(regions, runs), months * len(goods))),
        }
        index = self._index(np.repeat(_days(self.months), places * runs))
        values = {name: values.ravel() for name, values in self.series.items()}
        return pl.DataFrame({**index, **named, **values}, nan_to_null=True)

    def firms(self) -> pl.DataFrame:
        """Return one row per scenario, run, year's end, good and firm."""
        world, runs = self._books.frame.world, self._books.runs
        owner, good = _divisions(self._books)
        division = np.tile(np.repeat(np.arange(len(owner)), runs), len(self._years))
        named = {
            "good": _names(world.goods.code, good[division]),
            "firm": _names(world.owners.name, owner[division]),
            "hq": _names(world.regions, world.owners.region[owner[division]]),
        }
        index = self._index(np.repeat(_days([month for month, _ in self._years]), len(owner) * runs))
        values = {name: self._of_years(name, owner) for name in FIRM_UNITS}
        return pl.DataFrame({**index, **named, **values})

    def _of_years(self, name: str, owner: Ints) -> Floats:
        """Return a column of the table of firms; ``owner`` of every division."""
        years = [year[name][owner] if name in _OF_OWNERS else year[name] for _, year in self._years]
        return np.concatenate([year.ravel() for year in years] or [np.empty(0, np.float32)])

    def events(self) -> pl.DataFrame:
        """Return one row per deed of a government that follows rules."""
        return events(self._name, self._deeds, self._books.frame.world)

    def programmes(self) -> pl.DataFrame:
        """Return one row per scenario, run, date, government and programme that ever moved money."""
        regions, pots = self._books.frame.world.regions, self._books.pots
        told = [(regions[region], name) for region, name in zip(pots.region, pots.name, strict=True)]
        told += [(regions[region], _KINDS[kind]) for region, kind in sorted(self._moved)]
        which = np.repeat(np.arange(len(told)), len(self.months) * self._books.runs)
        named = {
            column: pl.Series([words[place] for words in told], dtype=pl.String).gather(which)
            for place, column in enumerate(("government", "programme"))
        }
        index = self._index(np.tile(np.repeat(_days(self.months), self._books.runs), len(told)))
        values = {column: self._money(column).ravel() for column in PROGRAMME_UNITS}
        return pl.DataFrame({**index, **named, **values}, nan_to_null=True)

    def _money(self, column: str) -> Floats:
        """Return a figure of every programme with a pot, then of every other that moved money (one, month, run)."""
        months, runs = len(self.months), self._books.runs
        nothing = np.nan if column == "left" else 0.0
        others = np.full((len(self._moved), months, runs), nothing)
        for place, (region, kind) in enumerate(sorted(self._moved)):
            if column == ("paid" if kind else "tariff_revenue"):
                others[place] = self._moved[region, kind].until(months)
        if column not in self._pots:
            return np.concatenate([np.zeros((len(self._books.pots.name), months, runs)), others])
        return np.concatenate([self._pots[column].until(months).swapaxes(0, 1), others])

    def kpi(self) -> pl.DataFrame:
        """Return one row per scenario and run: last year's shares and concentration, shortages, prices, spending."""
        columns = {"public_spending": "paid", "tariff_revenue": "tariff_revenue"}
        money = {name: self._over_all(self._money(column)) for name, column in columns.items()}
        return self._headlines.table(*self._name, money)

    def _over_all(self, money: Floats) -> Run:
        """Return the sum (run,) of something of all programmes and months."""
        return summed(money.reshape(-1, self._books.runs))

    def _index(self, days: Days) -> dict[str, pl.Series]:
        """Return the columns scenario, run and date of a table whose runs take turns.

        days  date of every row
        """
        scenario, first_run = self._name
        runs = np.arange(first_run, first_run + self._books.runs, dtype=np.int32)
        return {
            "scenario": pl.Series("scenario", [scenario], dtype=pl.String).new_from_index(0, len(days)),
            "run": pl.Series("run", np.tile(runs, len(days) // len(runs))),
            "date": pl.Series("date", days),
        }


def _firms_now(books: Books, made: Floats) -> dict[str, Floats]:
    """Return firms' books at a year's end (division or owner, run), float32; ``made`` is the year's output."""
    state, network, world = books.state, books.frame.network, books.frame.world
    _, good = _divisions(books)
    total = Sums(good, len(world.goods.code))(made)
    values = {
        "capacity": network.row_to_division(state.capacity),
        "output": made,
        "firm_share": made / np.where(total > 0.0, total, 1.0)[good],
        "cash": state.cash,
        "debt": state.debt,
        "plants": network.row_to_division((state.capacity > 0.0).astype(np.float64)),
        "bankrupt": state.bankrupt,
    }
    return {name: each.astype(np.float32) for name, each in values.items()}


def _divisions(books: Books) -> tuple[Ints, Ints]:
    """Return owner and good of every division."""
    first_row = np.unique(books.frame.network.division_of_row, return_index=True)[1]
    plants = books.frame.world.plants
    return plants.owner[first_row], plants.good[first_row]


def _days(months: Sequence[date]) -> Days:
    """Return dates as NumPy has them."""
    return np.array(months, dtype="datetime64[D]")


def _names(words: Sequence[str], index: Ints) -> pl.Series:
    """Return words picked by index as a column of an enumeration."""
    return pl.Series(np.asarray(index, dtype=np.uint32)).cat.to(pl.Enum(list(words)))
