"""The record of a batch: what happened, month by month, as polars tables with one column per series."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import polars as pl

from abm.axes import Floats, Ints
from abm.books import Books
from abm.events import events
from abm.flow import PURPOSES
from abm.series import SERIES
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
_TARIFFS = "tariffs"


@dataclass(slots=True, eq=False)
class Record:
    """What is kept of a batch while it runs.

    scenario   its name;  first_run  number of the batch's first run
    series     one list per series of arrays (good x region, run), a month each, float32
    """

    scenario: str
    first_run: int
    months: list[date] = field(default_factory=list)
    series: dict[str, list[Floats]] = field(default_factory=lambda: {one.name: [] for one in SERIES})
    programmes: list[dict[str, Floats]] = field(default_factory=list)
    years: list[tuple[date, dict[str, Floats]]] = field(default_factory=list)
    deeds: list[tuple[date, list[Deeds]]] = field(default_factory=list)
    _made: Floats | None = None

    def keep(self, books: Books) -> None:
        """Add the month that has just happened; at a year's end add the firms."""
        self.months.append(books.month)
        for one in SERIES:
            self.series[one.name].append(one.read(books).astype(np.float32))
        flow, state = books.flow, books.state
        self.programmes.append(
            {
                "grants": flow.grants_paid.copy(),
                "left": state.pot_left.copy(),
                "projects": flow.projects.copy(),
                "supported": flow.supported.copy(),
                "repaid": flow.repaid + flow.clawed_back,
                "tariffs": flow.tariff_revenue.copy(),
                **{purpose: flow.outlay[number].copy() for number, purpose in enumerate(PURPOSES)},
            }
        )
        if books.stance is not None:
            self.deeds.append((books.month, [*books.stance.deeds]))
        made = books.frame.network.row_to_division(flow.output)
        self._made = made if self._made is None else self._made + made
        if books.month.month == 12:
            self.years.append((books.month, _firms_now(books, self._made)))
            self._made = None

    def regions(self, books: Books) -> pl.DataFrame:
        """Return one row per scenario, run, date, good and region."""
        world = books.frame.world
        goods, regions, runs = len(world.goods.code), len(world.regions), books.runs
        index = _index(self.scenario, self.first_run, (self.months, runs), goods * regions)
        place = np.repeat(np.tile(np.arange(goods * regions), len(self.months)), runs)
        named = {"good": _names(world.goods.code, place // regions), "region": _names(world.regions, place % regions)}
        values = {name: np.concatenate([month.ravel() for month in months]) for name, months in self.series.items()}
        return pl.DataFrame({**index, **named, **values}).with_columns(pl.col(pl.Float32).fill_nan(None))

    def firms(self, books: Books) -> pl.DataFrame:
        """Return one row per scenario, run, year's end, good and firm."""
        world, network, runs = books.frame.world, books.frame.network, books.runs
        first_row = np.unique(network.division_of_row, return_index=True)[1]
        owner, good = world.plants.owner[first_row], world.plants.good[first_row]
        dates = [month for month, _ in self.years]
        index = _index(self.scenario, self.first_run, (dates, runs), network.divisions)
        division = np.repeat(np.tile(np.arange(network.divisions), len(dates)), runs)
        named = {
            "good": _names(world.goods.code, good[division]),
            "firm": _names(world.owners.name, owner[division]),
            "hq": _names(world.regions, world.owners.region[owner[division]]),
        }
        values = {
            name: np.concatenate(
                [year[name].astype(np.float32).ravel() for _, year in self.years] or [np.empty(0, np.float32)]
            )
            for name in FIRM_UNITS
        }
        return pl.DataFrame({**index, **named, **values})

    def events(self, books: Books) -> pl.DataFrame:
        """Return one row per deed of a government that follows rules."""
        return events((self.scenario, self.first_run), self.deeds, books.frame.world)

    def programme_table(self, books: Books) -> pl.DataFrame:
        """Return one row per scenario, run, date, government and programme that ever moved money."""
        world, pots = books.frame.world, books.pots
        tables = [self._pot(pot, name, world.regions[pots.region[pot]]) for pot, name in enumerate(pots.name)]
        for region, code in enumerate(world.regions):
            for kind in (_TARIFFS, *PURPOSES):
                tables += self._flow_of(region, code, kind)
        kept = [table for table in tables if table.height]
        columns = ["scenario", "run", "date", "government", "programme", *PROGRAMME_UNITS]
        if not kept:
            text = dict.fromkeys(("scenario", "government", "programme"), pl.String)
            schema = {"run": pl.Int32, "date": pl.Date, **text} | dict.fromkeys(PROGRAMME_UNITS, pl.Float64)
            return pl.DataFrame(schema={name: schema[name] for name in columns})
        return pl.concat(kept, how="vertical_relaxed").select(columns)

    def _pot(self, pot: int, name: str, government: str) -> pl.DataFrame:
        """Return the months of a programme with a pot; what it took back counts as repaid."""
        values = {
            "paid": self._months_of("grants", pot),
            "left": self._months_of("left", pot),
            "projects": self._months_of("projects", pot),
            "capacity_supported": self._months_of("supported", pot),
        }
        others = {"tariff_revenue": np.zeros_like(values["paid"]), "repaid": self._months_of("repaid", pot)}
        return self._programme(government, name, values | others)

    def _flow_of(self, region: int, government: str, kind: str) -> list[pl.DataFrame]:
        """Return the months of a government's tariffs or of what it pays for a purpose, none if no money ever moved."""
        money = self._months_of(kind, region)
        if not money.any():
            return []
        nothing = np.zeros_like(money)
        values = {
            "paid": nothing if kind == _TARIFFS else money,
            "left": np.full_like(money, np.nan),
            "projects": nothing,
            "capacity_supported": nothing,
            "tariff_revenue": money if kind == _TARIFFS else nothing,
            "repaid": nothing,
        }
        return [self._programme(government, kind, values)]

    def _months_of(self, kind: str, row: int) -> Floats:
        """Return one row of a kind of programme figure over months (month, run)."""
        return np.array([month[kind][row] for month in self.programmes])

    def _programme(self, government: str, name: str, values: dict[str, Floats]) -> pl.DataFrame:
        """Return a programme's figures (month, run) as rows."""
        runs = values["paid"].shape[1]
        index = _index(self.scenario, self.first_run, (self.months, runs), 1)
        table = pl.DataFrame({**index, **{key: value.ravel() for key, value in values.items()}})
        return table.with_columns(
            pl.lit(government).alias("government"), pl.lit(name).alias("programme"), pl.col("left").fill_nan(None)
        )


def _firms_now(books: Books, made: Floats) -> dict[str, Floats]:
    """Return each division's books at a year's end (division, run); ``made`` is the year's output."""
    state, network, world = books.state, books.frame.network, books.frame.world
    first_row = np.unique(network.division_of_row, return_index=True)[1]
    owner, good = world.plants.owner[first_row], world.plants.good[first_row]
    total = np.zeros((len(world.goods.code), books.runs))
    for division, code in enumerate(good):
        total[code] += made[division]
    return {
        "capacity": network.row_to_division(state.capacity),
        "output": made,
        "firm_share": made / np.where(total > 0.0, total, 1.0)[good],
        "cash": state.cash[owner],
        "debt": state.debt[owner],
        "plants": network.row_to_division((state.capacity > 0.0).astype(np.float64)),
        "bankrupt": state.bankrupt[owner],
    }


def _index(scenario: str, first_run: int, months: tuple[list[date], int], size: int) -> dict[str, pl.Series]:
    """Return the columns scenario, run and date of a table whose rows run over months, things and runs."""
    dates, runs = months
    rows = len(dates) * size * runs
    run = np.tile(np.arange(first_run, first_run + runs, dtype=np.int32), len(dates) * size)
    day = np.repeat(np.array(dates, dtype="datetime64[D]"), size * runs)
    return {
        "scenario": pl.Series("scenario", [scenario], dtype=pl.String).new_from_index(0, rows),
        "run": pl.Series("run", run),
        "date": pl.Series("date", day),
    }


def _names(words: tuple[str, ...], index: Ints) -> pl.Series:
    """Return words picked by index as a column of an enumeration."""
    return pl.Series(np.asarray(index, dtype=np.uint32)).cat.to(pl.Enum(list(words)))
