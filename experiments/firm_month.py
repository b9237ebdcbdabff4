"""One month of one firm, read off the books: what it saw, what it decided and what it got."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import date

import numpy as np

from abm.axes import Floats, Ints
from abm.books import Books
from abm.frame import Frame
from abm.markets.orders import share_of
from abm.model import Model
from abm.state import State
from abm.trace import Change, watching

PERCENT = 100.0
YEARLY = 1200.0
AMOUNT, SHARE, INDEX, MONEY = ",.4g", ",.1f", ",.2f", ",.1f"


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """A figure of some plants.

    label   what it is, with its unit
    values  (plant, run);  form  how numbers are written
    """

    label: str
    values: Floats
    form: str


@dataclass(frozen=True, slots=True, eq=False)
class Month:
    """One month of one firm.

    model    after the month;  before  the state before it
    growth   growth of orders that owners saw, 1/month (row, run)
    month    its first day;  owner  index of the firm
    rows     its plants that stand, are built or are begun
    changes  of each phase to each column
    """

    model: Model
    before: State
    growth: Floats
    month: date
    owner: int
    rows: Ints
    changes: tuple[Change, ...]

    @property
    def books(self) -> Books:
        """The books after the month."""
        return self.model.books

    @property
    def frame(self) -> Frame:
        """What never changes."""
        return self.books.frame

    def slots(self, row: int) -> Ints:
        """Return the input slots of a plant."""
        network = self.frame.network
        return np.flatnonzero(network.slot_row[: network.inputs] == row)

    def groups(self, most: int) -> Iterator[Ints]:
        """Yield plants of the same process, which have the same inputs, at most so many at a time."""
        process = self.frame.world.plants.process[self.rows]
        for one in dict.fromkeys(process.tolist()):
            alike = self.rows[process == one]
            for first in range(0, len(alike), most):
                yield alike[first : first + most]

    def inputs(self, rows: Ints) -> Iterator[tuple[str, Ints]]:
        """Yield every input of plants of one process, with the slot of each plant."""
        network, codes = self.frame.network, self.frame.world.goods.code
        for slots in np.array([self.slots(row) for row in rows], np.int64).T:
            yield codes[network.slot_good[slots[0]]], slots


def watch(model: Model, owner: int) -> Month:
    """Let one month happen and return what a firm saw and did in it."""
    books = model.books
    before, growth, month = deepcopy(books.state), books.cast.rule("growth"), books.month
    changes: list[Change] = []
    with watching(model, changes.append):
        model.step()
    own = np.flatnonzero(books.frame.world.plants.owner == owner)
    busy = before.capacity[own] + before.building[own] + books.state.capacity[own] + books.flow.started[own] > 0.0
    return Month(model, before, growth, month, owner, own[busy.any(axis=1)], tuple(changes))


def saw(month: Month, rows: Ints) -> Iterator[Figure]:
    """Yield what plants stood before: capacity, stocks, expected orders, prices, inputs."""
    before, flow, traits = month.before, month.books.flow, month.books.traits
    start = traits.log_price_start[rows]
    home, export = before.log_price_home[rows], before.log_price_export[rows]
    expected = before.expected[rows]
    yield Figure("capacity, a month", before.capacity[rows], AMOUNT)
    yield Figure("of it idle by accident or policy, %", PERCENT * flow.idle_share[rows], SHARE)
    yield Figure("being built, a month", before.building[rows], AMOUNT)
    yield Figure("orders expected, a month", expected, AMOUNT)
    yield Figure("growth of orders, % a year", YEARLY * month.growth[rows], SHARE)
    yield Figure("finished stock, months of orders", share_of(before.stock[rows], expected), INDEX)
    yield Figure("price at home, M USD", np.exp(home), AMOUNT)
    yield Figure("price at home, start = 1", np.exp(home - start), INDEX)
    yield Figure("price abroad, start = 1", np.exp(export - start), INDEX)
    yield Figure("unit cost, price at home = 1", before.cost[rows] / np.exp(home), INDEX)
    yield Figure("return on capital, % a year", YEARLY * before.earning[rows], SHARE)
    for good, slots in month.inputs(rows):
        use = flow.usual_use[slots]
        yield Figure(f"{good}: stock, months of use", share_of(before.input_stock[slots], use), INDEX)
        yield Figure(f"{good}: price, start = 1", before.landed[slots] / traits.landed_start[slots], INDEX)
        yield Figure(f"{good}: filled last month, %", PERCENT * before.fill[slots], SHARE)
    yield Figure("tax credit offered, % of capex", PERCENT * flow.tax_credit[rows], SHARE)


def decided(month: Month, rows: Ints) -> Iterator[Figure]:
    """Yield what plants did: output, orders, prices, new capacity."""
    before, state, flow = month.before, month.books.state, month.books.flow
    network, projects = month.frame.network, month.books.projects
    yield Figure("output wanted", flow.desired[rows], AMOUNT)
    yield Figure("output that inputs allow", flow.input_limit[rows], AMOUNT)
    yield Figure("output started", flow.output[rows], AMOUNT)
    for good, slots in month.inputs(rows):
        yield Figure(f"{good}: ordered", flow.wanted[slots], AMOUNT)
    for label, column in (("at home", "log_price_home"), ("abroad", "log_price_export")):
        rise = getattr(state, column)[rows] - getattr(before, column)[rows]
        yield Figure(f"change of price {label}, %", PERCENT * np.expm1(rise), INDEX)
    division = network.division_of_row[rows]
    here = projects.row[division] == rows[:, None]
    yield Figure("project put forward, a month", projects.size[division] * here, AMOUNT)
    yield Figure("capacity begun or renewed, a month", flow.started[rows], AMOUNT)


def got(month: Month, rows: Ints) -> Iterator[Figure]:
    """Yield what plants got: orders, shipments, revenue, inputs, new capacity."""
    flow = month.books.flow
    ordered, delivered = flow.ordered[rows], flow.delivered[rows]
    yield Figure("orders", ordered, AMOUNT)
    yield Figure("orders from abroad, %", PERCENT * share_of(flow.allowed_abroad[rows], ordered), SHARE)
    yield Figure("export orders cut by a quota", flow.asked_abroad[rows] - flow.allowed_abroad[rows], AMOUNT)
    yield Figure("shipped", delivered, AMOUNT)
    yield Figure("shipped, % of orders", PERCENT * share_of(delivered, ordered), SHARE)
    yield Figure("revenue, M USD", flow.revenue[rows], MONEY)
    for good, slots in month.inputs(rows):
        yield Figure(f"{good}: received", flow.received[slots], AMOUNT)
        filled = share_of(flow.received[slots], flow.wanted[slots])
        yield Figure(f"{good}: received, %", PERCENT * filled, SHARE)
        yield Figure(f"{good}: bill, M USD", flow.bill[slots], MONEY)
    yield Figure("capacity opened, a month", flow.opened[rows], AMOUNT)
    yield Figure("capex paid, M USD", flow.capex[rows], MONEY)


def accounts(month: Month) -> Iterator[Figure]:
    """Yield the firm's money: before the month and after it (moment, run), M USD."""
    owner, state, before = month.owner, month.books.state, month.before
    yield Figure("debt (a rise is a loan)", np.stack([before.debt[owner], state.debt[owner]]), MONEY)
    own = np.flatnonzero(month.frame.world.plants.owner == owner)
    for pot, name in enumerate(month.books.pots.name):
        paid = np.stack([before.granted[pot, owner], state.granted[pot, owner]])
        yield Figure(f"grants of {name}, paid so far", paid, MONEY)
        due = np.stack([each.grant_due[pot, own].sum(axis=0) for each in (before, state)])
        yield Figure(f"grants of {name}, promised", due, MONEY)
    credit = np.stack([each.credit_due[own].sum(axis=0) for each in (before, state)])
    yield Figure("tax credits due", credit, MONEY)
    yield Figure("capex still to pay", np.stack([each.due[own].sum(axis=0) for each in (before, state)]), MONEY)
    yield Figure("months in distress", np.stack([before.distress[owner], state.distress[owner]]), SHARE)


def partners(month: Month, rows: Ints) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield for every plant, where it ships to, and for each input where it comes from: shares by region."""
    network, world = month.frame.network, month.frame.world
    shipped = month.books.flow.shipped.mean(axis=1)
    seller = world.plants.region[network.link_row]
    buyer = network.slot_region[network.link_slot]
    for row in rows:
        label = label_of(month, row)
        sold = np.bincount(buyer, shipped * (network.link_row == row), len(world.regions))
        yield f"{label} ships to", dict(zip(world.regions, sold.tolist(), strict=True))
        for slot in month.slots(row):
            bought = np.bincount(seller, shipped * (network.link_slot == slot), len(world.regions))
            good = world.goods.code[network.slot_good[slot]]
            yield f"{label} has {good} from", dict(zip(world.regions, bought.tolist(), strict=True))


def label_of(month: Month, row: int) -> str:
    """Return region and good of a plant."""
    plants, world = month.frame.world.plants, month.frame.world
    return f"{world.regions[plants.region[row]]} {world.goods.code[plants.good[row]]}"
