"""What is recorded of every good and region each month: SERIES names, units and how each is read off the books."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from operator import attrgetter
from typing import Annotated, NamedTuple, TypeAlias

import numpy as np

from abm.axes import CellRun, Floats, GoodRegionRun, RowRun, SlotRun
from abm.books import Books
from abm.errors import InputError, nearest
from abm.markets.network import Sums
from abm.markets.orders import share_of

_WEEKS = 52.18 / 12.0
_DAYS = 365.25 / 12.0

FinalRun: TypeAlias = Annotated[Floats, "final", "run"]


class Seen(NamedTuple):
    """What series are read off at a month's end: columns of state and flows, and what final buyers have.

    delivered    to each final buyer
    procurement  share of final buyers' bill that treasuries pay
    money_off    what each final buyer is credited, M USD
    """

    capacity: RowRun
    stock: RowRun
    expected: RowRun
    input_stock: SlotRun
    landed: SlotRun
    output: RowRun
    price_home: RowRun
    price_export: RowRun
    capex: RowRun
    plants_begun: RowRun
    revenue: RowRun
    public_money: RowRun
    wages: RowRun
    usual_use: SlotRun
    wanted: SlotRun
    bill: SlotRun
    lost: SlotRun
    traded: CellRun
    fill_rate: GoodRegionRun
    delivered: FinalRun
    procurement: GoodRegionRun
    money_off: FinalRun

    @classmethod
    def of(cls, books: Books) -> "Seen":
        """Return what is seen of the month that has just happened."""
        network, flow = books.frame.network, books.flow
        ends = slice(network.inputs, None)
        money_off = np.zeros((network.slots - network.inputs, books.runs))
        if len(books.credits.links):
            money_off = books.credits.by_slot(network, flow.shipped)[ends]
        of_final = flow.received[ends], books.levers.procurement, money_off
        return cls._make((*_of_state(books.state), *_of_flow(flow), *of_final))


# Capacity to landed, output to fill_rate.
_of_state, _of_flow = attrgetter(*Seen._fields[:5]), attrgetter(*Seen._fields[5:-3])


class Totals:
    """Months summed by good and region, side by side like runs; what several series need is summed once."""

    def __init__(self, books: Books, seen: Seen) -> None:
        """Take what has been seen of some months."""
        self.books, self.seen = books, seen

    def rows(self, values: RowRun) -> GoodRegionRun:
        """Return the sums of something of every row."""
        return self.books.frame.network.row_to_good_region(values)

    def slots(self, values: SlotRun) -> GoodRegionRun:
        """Return the sums of something of every slot."""
        return self.books.frame.network.slot_to_good_region(values)

    def ends(self, values: FinalRun) -> GoodRegionRun:
        """Return something of final buyers, of whom there is one at most of a good in a region."""
        sums = self.books.frame.network.slot_to_good_region
        total = np.zeros((sums.groups, values.shape[-1]))
        total[sums.group[self.books.frame.network.inputs :]] += values
        return total

    @cached_property
    def capacity(self) -> GoodRegionRun:
        """Nameplate capacity."""
        return self.rows(self.seen.capacity)

    @cached_property
    def output(self) -> GoodRegionRun:
        """Output started."""
        return self.rows(self.seen.output)


@dataclass(frozen=True, slots=True)
class Series:
    """One column of the table of regions.

    unit  in words; "good" stands for the good's own unit;  read  returns (good x region, run)
    """

    name: str
    unit: str
    sentence: str
    read: Callable[[Totals], GoodRegionRun]


def _share(totals: Totals, values: GoodRegionRun) -> GoodRegionRun:
    """Return each region's share of the world's total of the good."""
    regions = totals.books.regions
    return share_of(values, np.repeat(_in_turn(len(values), regions)(values), regions, axis=0))


def _mean_price(totals: Totals, price: Floats) -> GoodRegionRun:
    """Return the mean price of makers with capacity, not a number where there are none."""
    worth = totals.rows(price * totals.seen.capacity)
    return _ratio(worth, totals.capacity)


def _ratio(part: GoodRegionRun, whole: GoodRegionRun) -> GoodRegionRun:
    """Return part / whole, not a number where the whole is nothing."""
    return np.where(whole > 0.0, share_of(part, whole), np.nan)


def _price_index(totals: Totals) -> GoodRegionRun:
    """Return what the region's purchases cost over what they would have cost at start prices."""
    bought, at_start = totals.seen.wanted, totals.books.traits.landed_start
    return _ratio(totals.slots(bought * totals.seen.landed), totals.slots(bought * at_start))


def _stock_days(totals: Totals) -> GoodRegionRun:
    """Return days of use in buyers' hands; where no maker buys the good, days of orders in makers' hands."""
    seen = totals.seen
    held, used = totals.slots(seen.input_stock), totals.slots(seen.usual_use)
    makers = _ratio(totals.rows(seen.stock), totals.rows(seen.expected))
    return _DAYS * np.where(used > 0.0, share_of(held, used), makers)


def _lead_time(totals: Totals) -> GoodRegionRun:
    """Return weeks from order to delivery: making it, and the months it takes to fill a month of orders."""
    books = totals.books
    making = np.repeat(books.frame.world.goods.production_lag, books.regions)[:, None]
    return _WEEKS * (making + 1.0 / np.maximum(totals.seen.fill_rate, 0.05))


def _import_dependence(totals: Totals) -> GoodRegionRun:
    """Return the share of a region's purchases that comes from abroad, not a number where it buys nothing."""
    traded, regions = totals.seen.traded, totals.books.regions
    bought = _in_turn(len(traded), regions)(traded)
    home = np.einsum("gbbr->gbr", traded.reshape(-1, regions, regions, traded.shape[-1])).reshape(bought.shape)
    return np.where(bought > 0.0, 1.0 - share_of(home, bought), np.nan)


@cache
def _in_turn(length: int, members: int) -> Sums:
    """Return the sums of rows of an array, so many rows each."""
    return Sums(np.arange(length) // members, length // members)


def _consumer_spending(totals: Totals) -> GoodRegionRun:
    """Return what final buyers paid with tariff and freight, less what treasuries paid in their stead."""
    seen, ends = totals.seen, slice(totals.books.frame.network.inputs, None)
    left = 1.0 - seen.procurement[totals.books.traits.place_of_slot[ends]]
    return totals.ends(seen.bill[ends] * left - seen.money_off)


def _producer_margin(totals: Totals) -> GoodRegionRun:
    """Return sales and public money of the region's plants less inputs bought and operating cost."""
    seen = totals.seen
    bought = totals.books.frame.network.slot_to_row(seen.bill)
    return totals.rows(seen.revenue + seen.public_money - bought - seen.wages)


# Asked for like a series, though a table of its own.
TRADE = "trade"
SERIES: tuple[Series, ...] = (
    Series("capacity", "good/month", "Nameplate capacity.", lambda t: t.capacity),
    Series("output", "good/month", "Output started.", lambda t: t.output),
    Series("capacity_share", "share of world", "Share of the world's capacity.", lambda t: _share(t, t.capacity)),
    Series("output_share", "share of world", "Share of the world's output.", lambda t: _share(t, t.output)),
    Series(
        "price_domestic",
        "M USD per unit",
        "Mean price that makers in the region ask at home.",
        lambda t: _mean_price(t, t.seen.price_home),
    ),
    Series(
        "price_export",
        "M USD per unit",
        "Mean price that makers in the region ask for export.",
        lambda t: _mean_price(t, t.seen.price_export),
    ),
    Series("price_index", "start = 1", "Landed price of the region's purchases over that at the start.", _price_index),
    Series("fill_rate", "share", "Share of the region's orders that was delivered.", lambda t: t.seen.fill_rate),
    Series("utilisation", "share", "Output started over capacity.", lambda t: _ratio(t.output, t.capacity)),
    Series("stock_days", "days of use", "Stock held by the region's buyers, or makers of final goods.", _stock_days),
    Series("lead_time", "weeks", "From order to delivery.", _lead_time),
    Series("import_dependence", "share", "Share of purchases that comes from abroad.", _import_dependence),
    Series("demand", "good/month", "Orders of the region's buyers.", lambda t: t.slots(t.seen.wanted)),
    Series("lost_sales", "good/month", "Final demand that gave up.", lambda t: t.slots(t.seen.lost)),
    Series("capex", "M USD/month", "Investment paid.", lambda t: t.rows(t.seen.capex)),
    Series("new_plants", "plants", "Plants begun, by usual size.", lambda t: t.rows(t.seen.plants_begun)),
    Series("consumption", "good/month", "Delivered to final buyers.", lambda t: t.ends(t.seen.delivered)),
    Series(
        "consumer_spending",
        "M USD/month",
        "Paid by final buyers, less what treasuries pay in their stead.",
        _consumer_spending,
    ),
    Series(
        "producer_margin",
        "M USD/month",
        "Sales and public money less inputs and operating cost, before building.",
        _producer_margin,
    ),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is kept of a batch besides firms, programmes and headline figures.

    series  month by month, for the table of regions;  trade  whether what goes through corridors is
    """

    series: tuple[Series, ...]
    trade: bool


def asked(names: Sequence[str] | None) -> Asked:
    """Return what some names ask for, series in the order of SERIES; none asks for everything.

    Raises InputError for a name that is not one.
    """
    if names is None:
        return Asked(SERIES, trade=True)
    wanted = {names} if isinstance(names, str) else {*names}
    known = {one.name for one in SERIES} | {TRADE}
    for name in sorted(wanted - known):
        raise InputError("series", f"no series {name!r}.", nearest(name, known))
    return Asked(tuple(one for one in SERIES if one.name in wanted), trade=TRADE in wanted)
