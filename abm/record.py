"""The record of a batch: what happened, month by month, as polars tables with one column per series."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from abm.axes import Floats, Ints, Run
from abm.books import Books
from abm.corridors import Corridors
from abm.errors import InputError
from abm.events import events
from abm.flow import PURPOSES
from abm.kpi import NEEDED, Headlines, Kept
from abm.markets.network import Sums, summed
from abm.months import Months, Window, by_month
from abm.series import SERIES, Asked, Seen, Totals

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
# Numbers worked out at a time, about what stays in the cache.
_AT_A_TIME = 2**18


class Record:
    """What is kept of a batch while it runs.

    months  that have happened
    """

    def __init__(self, name: tuple[str, int], books: Books, asked: Asked, expected: int) -> None:
        """Make room for the months to come.

        name      of the scenario, and number of the batch's first run
        asked     what is kept besides firms, programmes and headlines
        expected  number of months; there may be more
        """
        world = books.frame.world
        self.months: list[date] = []
        self._name, self._books, self._expected = name, books, expected
        places = len(world.goods.code) * len(world.regions)
        self._series = {one.name: Months(expected, (places, books.runs), np.float32) for one in asked.series}
        self._read = tuple(one for one in SERIES if one.name in {*self._series, *NEEDED})
        self._headlines = Headlines(world, books.runs)
        self._pots = {
            column: Months(expected, (len(books.pots.name), books.runs))
            for column in PROGRAMME_UNITS
            if column != "tariff_revenue"
        }
        self._moved: dict[tuple[int, int], Months] = {}
        self._years: list[tuple[date, dict[str, npt.NDArray[Any]]]] = []
        self._deeds: list[tuple[date, list[Deeds]]] = []
        self._owner, good = _divisions(books)
        self._by_good = Sums(good, len(world.goods.code))
        self._output: Floats | None = None
        self._corridors = Corridors(books) if asked.trade else None
        self._window = Window(self._columns(), _AT_A_TIME)

    @property
    def series(self) -> dict[str, Floats]:
        """Every series that is kept (month, good x region, run), float32."""
        self._settle()
        return {name: values.until(len(self.months)) for name, values in self._series.items()}

    def keep(self) -> None:
        """Add the month that has just happened; at a year's end add the firms."""
        books = self._books
        self._window.take(self._columns())
        self.months.append(books.month)
        if self._corridors is not None:
            self._corridors.take()
        if books.stance is not None:
            self._deeds.append((books.month, [*books.stance.deeds]))
        if self._window.full or books.month.month == 12:
            self._settle()
        if books.month.month == 12 and self._output is not None:
            self._years.append((books.month, self._firms_now(self._output)))
            self._output = None

    def promise(self, pot: int, amount: Run) -> None:
        """Let all months so far say that a programme which has not begun will have an amount, M USD (run,)."""
        self._settle()
        self._pots["left"].until(len(self.months))[:, pot] = amount

    def _columns(self) -> tuple[Floats, ...]:
        """Return what the record is worked out from, as the books have it now: what series see, then money."""
        flow, state = self._books.flow, self._books.state
        of_pots = (flow.grants_paid, state.pot_left, flow.projects, flow.supported, flow.repaid + flow.clawed_back)
        outlay = flow.outlay.reshape(-1, self._books.runs)
        return (*Seen.of(self._books), *of_pots, np.concatenate([flow.tariff_revenue, outlay]))

    def _settle(self) -> None:
        """Work out the months that have only been looked at so far."""
        first, runs = len(self.months) - self._window.filled, self._books.runs
        if first == len(self.months):
            return
        columns = self._window.give()
        seen, values = Seen(*columns[: len(Seen._fields)]), dict[str, Kept]()
        totals = Totals(self._books, seen)
        for one in self._read:
            found, kept = by_month(one.read(totals), runs), self._series.get(one.name)
            values[one.name] = found.astype(np.float32) if kept is None else kept.put(first, found)
        self._headlines.take(self.months[first:], values)
        *of_pots, moved = (by_month(column, runs) for column in columns[len(seen) :])
        for months, found in zip(self._pots.values(), of_pots, strict=True):
            months.put(first, found)
        self._keep_moved(first, moved)
        for made in by_month(self._books.frame.network.row_to_division(seen.output), runs):
            self._output = made if self._output is None else self._output + made

    def _keep_moved(self, first: int, money: Floats) -> None:
        """Keep what else has ever moved money from some month on, of all that might (month, kind x region, run)."""
        regions = len(self._books.frame.world.regions)
        for place in np.flatnonzero(money.any(axis=(0, 2))).tolist():
            kind, region = divmod(place, regions)
            if (region, kind) not in self._moved:
                self._moved[region, kind] = Months(self._expected, (self._books.runs,))
            self._moved[region, kind].put(first, money[:, place])

    def _firms_now(self, made: Floats) -> dict[str, npt.NDArray[Any]]:
        """Return firms' books at a year's end (division or owner, run), in few bytes; ``made`` is the year's output."""
        state, network, good = self._books.state, self._books.frame.network, self._by_good.group
        total = self._by_good(made)
        plants = network.row_to_division((state.capacity > 0.0).astype(np.float64))
        values = {
            "capacity": network.row_to_division(state.capacity),
            "output": made,
            "firm_share": made / np.where(total > 0.0, total, 1.0)[good],
            "cash": state.cash,
            "debt": state.debt,
        }
        counts = {"plants": plants.astype(np.min_scalar_type(network.rows)), "bankrupt": state.bankrupt > 0.0}
        return {name: each.astype(np.float32) for name, each in values.items()} | counts

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
        owner, good = self._owner, self._by_good.group
        division = np.tile(np.repeat(np.arange(len(owner)), runs), len(self._years))
        named = {
            "good": _names(world.goods.code, good[division]),
            "firm": _names(world.owners.name, owner[division]),
            "hq": _names(world.regions, world.owners.region[owner[division]]),
        }
        index = self._index(np.repeat(_days([month for month, _ in self._years]), len(owner) * runs))
        values = {name: self._of_years(name) for name in FIRM_UNITS}
        return pl.DataFrame({**index, **named, **values})

    def _of_years(self, name: str) -> Floats:
        """Return a column of the table of firms."""
        years = [year[name][self._owner] if name in _OF_OWNERS else year[name] for _, year in self._years]
        return np.concatenate([year.ravel() for year in years] or [np.empty(0)]).astype(np.float32, copy=False)

    def trade(self) -> pl.DataFrame:
        """Return one row per scenario, run, year's end, good, buying and supplying region that traded."""
        if self._corridors is None:
            raise InputError("Model", "what went through corridors was not kept.", 'Ask for it: series=["trade"].')
        return self._corridors.table(*self._name)

    def events(self) -> pl.DataFrame:
        """Return one row per deed of a government that follows rules."""
        return events(self._name, self._deeds, self._books.frame.world)

    def programmes(self) -> pl.DataFrame:
        """Return one row per scenario, run, date, government and programme that ever moved money."""
        self._settle()
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
        self._settle()
        columns = {"public_spending": "paid", "tariff_revenue": "tariff_revenue"}
        money = {name: summed(self._money(column).reshape(-1, self._books.runs)) for name, column in columns.items()}
        return self._headlines.table(*self._name, money)

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
