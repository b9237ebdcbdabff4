"""The model: a calendar, a cast of agents and the month's phases over a batch of runs."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Self

import numpy as np
import polars as pl

from abm import world as worlds
from abm.agents import Firm, Government, Household, Recycler
from abm.agents.cast import Cast, firms_of, groups_of
from abm.agents.columns import as_rows
from abm.axes import Ints
from abm.books import Books
from abm.dice import Dice
from abm.errors import InputError
from abm.flow import Flow, zeros
from abm.frame import Frame, frame, signals_at_start
from abm.framework import mesa
from abm.markets.capital import Projects, Sites
from abm.markets.content import Credits
from abm.markets.network import Network
from abm.month import PHASES
from abm.phases.building import read_signals
from abm.phases.reacting import first_stance, own_programmes
from abm.policies.cost_overrun import longest_delay
from abm.policies.levers import Levers, Signals, idle
from abm.policies.programme import pots
from abm.record import Record
from abm.scenario import Scenario
from abm.series import asked
from abm.start import first_books, sizes
from abm.trace import watching
from abm.world import World


class Model(mesa.Model):
    """A batch of runs of one scenario: one run is a batch of one.

    scenario   what is asked
    runs       number of runs in the batch;  seed  of all luck;  first_run  number of the batch's first run
    luck       False gives every run the expected month
    luck_of    numbers of the runs whose luck each run of the batch meets; their own if none are named
    world      a world other than the one of the scenario's start
    kinds      classes of firm other than those of the model, by kind ("Fab") or by owner ("TSMC")
    series     names of the series to be kept for the table of regions, and "trade" for the table; all if none are named
    """

    phases = PHASES

    def __init__(
        self,
        scenario: Scenario,
        runs: int = 1,
        seed: int = 1,
        *,
        first_run: int = 0,
        luck: bool = True,
        luck_of: Sequence[int] = (),
        world: World | None = None,
        kinds: dict[str, type[Firm]] | None = None,
        series: Sequence[str] | None = None,
    ) -> None:
        """Read the world, set up the books of the first month and call the cast."""
        _check(scenario, runs, seed)
        kept = asked(series)
        super().__init__(rng=seed)
        self.plan = scenario
        world = worlds.with_parameters(world or worlds.read(scenario.start), tuple(scenario.parameters.items()))
        scenario.check(world)
        fixed = frame(world, _levers_at_start(scenario, world, runs), longest_delay(scenario.measures))
        firms = firms_of(self, world, _slot_starts(fixed.network), kinds or {})
        dice = _dice(fixed, seed, luck_of or range(first_run, first_run + runs), fair=luck)
        self.books = _books(scenario, fixed, dice, _cast(self, fixed, firms))
        self.record = Record((scenario.name, first_run), self.books, kept, scenario.months)
        _value_sites(self.books)
        # Mesa before 3.5 numbers agents in a table of its own, which would keep every model alive for good.
        getattr(mesa.Agent, "_ids", {}).pop(self, None)

    def __repr__(self) -> str:
        """Return the scenario, the number of runs and the month that comes next."""
        return f"<Model {self.plan.name}, runs={self.books.runs}, month={self.month:%Y-%m}>"

    def step(self) -> None:
        """Let one month happen."""
        self.books.begin()
        for _, phase in self.phases:
            phase(self.books)
        self.record.keep()
        self.books.step += 1
        self.books.month = _next(self.books.month)
        self.running = self.books.month <= self.plan.until

    def run(self, progress: Callable[[int], None] | None = None) -> Self:
        """Let months happen until the scenario's last.

        progress  called after every month with the number of months done
        """
        while self.running:
            self.step()
            if progress is not None:
                progress(self.books.step)
        return self

    def trace(self) -> pl.DataFrame:
        """Let one month happen, and return a row for every column of the books that a phase changed in it."""
        rows: list[dict[str, str | int | float]] = []
        with watching(self, lambda change: rows.append(change.row())):
            self.step()
        return pl.DataFrame(rows)

    @property
    def month(self) -> date:
        """First day of the month that comes next."""
        return self.books.month

    def _recorded(self) -> Record:
        """Return the record, once there is something in it."""
        if not self.record.months:
            raise InputError("Model", "no month has happened yet.", "Let one happen with step(), or all with run().")
        return self.record

    @property
    def regions(self) -> pl.DataFrame:
        """One row per scenario, run, date, good and region."""
        return self._recorded().regions()

    @property
    def firms(self) -> pl.DataFrame:
        """One row per scenario, run, year's end, good and firm."""
        return self._recorded().firms()

    @property
    def programmes(self) -> pl.DataFrame:
        """One row per scenario, run, date, government and programme that moved money."""
        return self._recorded().programmes()

    @property
    def trade(self) -> pl.DataFrame:
        """One row per scenario, run, year's end, good, buying and supplying region that traded."""
        return self._recorded().trade()

    @property
    def events(self) -> pl.DataFrame:
        """One row per deed of a government that follows rules; none where they do not."""
        return self._recorded().events()

    @property
    def kpi(self) -> pl.DataFrame:
        """One row per scenario and run: the headline figures."""
        return self._recorded().kpi()


def _check(scenario: Scenario, runs: int, seed: int) -> None:
    """Refuse what is no question put to the world, before the world is read."""
    if not isinstance(scenario, Scenario):
        raise InputError("Model", f"{scenario!r} is no scenario.", 'Load one: Scenario.load("chips_act").')
    _whole("runs", runs, 1)
    _whole("seed", seed, 0)


def _whole(name: str, number: object, least: int) -> None:
    """Refuse what is no whole number, or too small a one."""
    if not isinstance(number, int | np.integer) or number < least:
        raise InputError("Model", f"{name}={number!r} is out of range.", f"Give a whole number from {least}.")


def _levers_at_start(scenario: Scenario, world: World, runs: int) -> Levers:
    """Return the levers of the measures in force in the first month: what the start's prices and shares contain."""
    levers = idle(world, runs)
    places = len(world.goods.code) * len(world.regions)
    nothing = Signals(
        exports=np.zeros((len(world.goods.code), len(world.regions))),
        purchases=np.zeros((len(world.goods.code), len(world.regions))),
        dependence=np.zeros(places * len(world.regions)),
        under_cost=np.zeros((places, runs)),
        added=np.zeros((places, runs)),
        held={},
    )
    for policy in scenario.policies:
        policy.act(world, levers, scenario.start, nothing)
    return levers


def _dice(fixed: Frame, seed: int, runs: Sequence[int], *, fair: bool) -> Dice:
    """Return the luck of a batch of runs given by number."""
    world = fixed.world
    goods = len(world.goods.code)
    return Dice(seed, runs, np.arange(fixed.network.rows), goods * len(world.regions), goods, fair)


def _books(scenario: Scenario, fixed: Frame, dice: Dice, cast: Cast) -> Books:
    """Return the books of the first month."""
    world, runs, reactive = fixed.world, dice.runs, scenario.governments == "reactive"
    ready = own_programmes(world, scenario.start) if reactive else ()
    programmes = pots((*scenario.policies, *ready), world, scenario.start, runs)
    return Books(
        frame=fixed,
        traits=fixed.traits,
        parameters=world.parameters,
        state=first_books(fixed, programmes, runs),
        flow=zeros(Flow, sizes(fixed, programmes, runs)),
        levers=idle(world, runs),
        pots=programmes,
        policies=scenario.measures,
        dice=dice,
        sites=Sites.of(fixed.network),
        signals=signals_at_start(fixed, runs),
        month=scenario.start,
        step=0,
        projects=Projects.none(fixed.network.divisions, runs),
        credits=Credits.none(runs),
        cast=cast,
        stance=first_stance(fixed, programmes, runs) if reactive else None,
    )


def _slot_starts(network: Network) -> Ints:
    """Return the first input slot of every row, and the number of input slots at the end (row + 1,)."""
    return np.searchsorted(network.slot_row[: network.inputs], np.arange(network.rows + 1)).astype(np.int64)


def _cast(model: Model, fixed: Frame, firms: tuple[Firm, ...]) -> Cast:
    """Return everyone who decides: firms, each region's buyers and government, and who speaks for them."""
    network, world = fixed.network, fixed.world
    regions, goods = len(world.regions), len(world.goods.code)
    for region in range(regions):
        ends = network.inputs + np.flatnonzero(network.slot_region[network.inputs :] == region)
        Household(model, rows=region, slots=as_rows(ends))
        places = np.arange(goods) * regions + region
        corridors = (places[:, None] * regions + np.arange(regions)).ravel()
        others = slice(region * regions, (region + 1) * regions)
        Government(model, seat=region, rows=as_rows(places), corridors=corridors, others=others)
    collected = np.flatnonzero(fixed.traits.scrap_collected[:, 0] > 0.0)
    everywhere = slice(0, regions)
    return Cast(
        firms=firms,
        groups=groups_of(model, firms, _slot_starts(network)),
        households=Household.ensemble(model, rows=everywhere, slots=slice(network.inputs, network.slots)),
        governments=Government.ensemble(
            model,
            seat=everywhere,
            rows=slice(0, goods * regions),
            corridors=slice(0, goods * regions**2),
            others=slice(0, regions**2),
        ),
        collectors=Recycler.ensemble(model, rows=as_rows(collected), slots=slice(0, 0)),
        input_slots=network.inputs,
    )


def _value_sites(books: Books) -> None:
    """Write what each site is worth at the start, which later worth is compared with."""
    books.flow.output[:] = books.frame.balance.output[:, None]
    books.flow.received[:] = books.frame.balance.purchases[:, None]
    books.quote()
    read_signals(books)
    books.state.worth[:] = books.flow.worth_now
    books.state.worth_start[:] = books.flow.worth_now


def _next(month: date) -> date:
    """Return the first day of the next month."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
