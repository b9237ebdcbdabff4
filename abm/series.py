"""What is recorded of every good and region each month: SERIES names, units and how each is read off the books."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from abm.axes import Floats, GoodRegionRun, RowRun, SlotRun
from abm.books import Books
from abm.errors import InputError, nearest
from abm.markets.network import Sums
from abm.markets.orders import share_of

_WEEKS = 52.18 / 12.0
_DAYS = 365.25 / 12.0


class Totals:
    """The books of a month summed by good and region; what several series need is summed once."""

    def __init__(self, books: Books) -> None:
        """Take the books of the month that has just happened."""
        self.books = books

    def rows(self, values: RowRun) -> GoodRegionRun:
        """Return the sums of something of every row."""
        return self.books.frame.network.row_to_good_region(values)

    def slots(self, values: SlotRun) -> GoodRegionRun:
        """Return the sums of something of every slot."""
        return self.books.frame.network.slot_to_good_region(values)

    @cached_property
    def capacity(self) -> GoodRegionRun:
        """Nameplate capacity."""
        return self.rows(self.books.state.capacity)

    @cached_property
    def output(self) -> GoodRegionRun:
        """Output started."""
        return self.rows(self.books.flow.output)


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
    worth = totals.rows(price * totals.books.state.capacity)
    return _ratio(worth, totals.capacity)


def _ratio(part: GoodRegionRun, whole: GoodRegionRun) -> GoodRegionRun:
    """Return part / whole, not a number where the whole is nothing."""
    return np.where(whole > 0.0, share_of(part, whole), np.nan)


def _price_index(totals: Totals) -> GoodRegionRun:
    """Return what the region's purchases cost over what they would have cost at start prices."""
    books = totals.books
    bought = books.flow.wanted
    return _ratio(totals.slots(bought * books.state.landed), totals.slots(bought * books.traits.landed_start))


def _stock_days(totals: Totals) -> GoodRegionRun:
    """Return days of use in buyers' hands; where no maker buys the good, days of orders in makers' hands."""
    books = totals.books
    held, used = totals.slots(books.state.input_stock), totals.slots(books.flow.usual_use)
    makers = _ratio(totals.rows(books.state.stock), totals.rows(books.state.expected))
    return _DAYS * np.where(used > 0.0, share_of(held, used), makers)


def _lead_time(totals: Totals) -> GoodRegionRun:
    """Return weeks from order to delivery: making it, and the months it takes to fill a month of orders."""
    books = totals.books
    making = np.repeat(books.frame.world.goods.production_lag, books.regions)[:, None]
    return _WEEKS * (making + 1.0 / np.maximum(books.flow.fill_rate, 0.05))


def _import_dependence(totals: Totals) -> GoodRegionRun:
    """Return the share of a region's purchases that comes from abroad, not a number where it buys nothing."""
    books = totals.books
    traded, regions = books.flow.traded, books.regions
    bought = _in_turn(len(traded), regions)(traded)
    home = np.einsum("gbbr->gbr", traded.reshape(-1, regions, regions, books.runs)).reshape(bought.shape)
    return np.where(bought > 0.0, 1.0 - share_of(home, bought), np.nan)


@cache
def _in_turn(length: int, members: int) -> Sums:
    """Return the sums of rows of an array, so many rows each."""
    return Sums(np.arange(length) // members, length // members)


def _consumption(totals: Totals) -> GoodRegionRun:
    """Return what final buyers were delivered."""
    final = totals.books.flow.received.copy()
    final[: totals.books.frame.network.inputs] = 0.0
    return totals.slots(final)


def _consumer_spending(totals: Totals) -> GoodRegionRun:
    """Return what final buyers paid with tariff and freight, less what treasuries paid in their stead."""
    books = totals.books
    network, ends = books.frame.network, slice(books.frame.network.inputs, None)
    spent = np.zeros_like(books.flow.bill)
    spent[ends] = books.flow.bill[ends] * (1.0 - books.levers.procurement[books.traits.place_of_slot[ends]])
    if len(books.credits.links):
        spent = spent - books.credits.by_slot(network, books.flow.shipped)
    return totals.slots(spent)


def _producer_margin(totals: Totals) -> GoodRegionRun:
    """Return sales and public money of the region's plants less inputs bought and operating cost."""
    flow = totals.books.flow
    bought = totals.books.frame.network.slot_to_row(flow.bill)
    return totals.rows(flow.revenue + flow.public_money - bought - flow.wages)


SERIES: tuple[Series, ...] = (
    Series("capacity", "good/month", "Nameplate capacity.", lambda t: t.capacity),
    Series("output", "good/month", "Output started.", lambda t: t.output),
    Series("capacity_share", "share of world", "Share of the world's capacity.", lambda t: _share(t, t.capacity)),
    Series("output_share", "share of world", "Share of the world's output.", lambda t: _share(t, t.output)),
    Series(
        "price_domestic",
        "M USD per unit",
        "Mean price that makers in the region ask at home.",
        lambda t: _mean_price(t, t.books.flow.price_home),
    ),
    Series(
        "price_export",
        "M USD per unit",
        "Mean price that makers in the region ask for export.",
        lambda t: _mean_price(t, t.books.flow.price_export),
    ),
    Series("price_index", "start = 1", "Landed price of the region's purchases over that at the start.", _price_index),
    Series("fill_rate", "share", "Share of the region's orders that was delivered.", lambda t: t.books.flow.fill_rate),
    Series("utilisation", "share", "Output started over capacity.", lambda t: _ratio(t.output, t.capacity)),
    Series("stock_days", "days of use", "Stock held by the region's buyers, or makers of final goods.", _stock_days),
    Series("lead_time", "weeks", "From order to delivery.", _lead_time),
    Series("import_dependence", "share", "Share of purchases that comes from abroad.", _import_dependence),
    Series("demand", "good/month", "Orders of the region's buyers.", lambda t: t.slots(t.books.flow.wanted)),
    Series("lost_sales", "good/month", "Final demand that gave up.", lambda t: t.slots(t.books.flow.lost)),
    Series("capex", "M USD/month", "Investment paid.", lambda t: t.rows(t.books.flow.capex)),
    Series("new_plants", "plants", "Plants begun, by usual size.", lambda t: t.rows(t.books.flow.plants_begun)),
    Series("consumption", "good/month", "Delivered to final buyers.", _consumption),
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


def asked(names: Sequence[str] | None) -> tuple[Series, ...]:
    """Return the series of some names in the order of SERIES, all of them for none.

    Raises InputError for a name that is not one.
    """
    if names is None:
        return SERIES
    known, wanted = {one.name for one in SERIES}, {names} if isinstance(names, str) else {*names}
    for name in sorted(wanted - known):
        raise InputError("series", f"no series {name!r}.", nearest(name, known))
    return tuple(one for one in SERIES if one.name in wanted)
