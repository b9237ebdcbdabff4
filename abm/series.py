"""What is recorded of every good and region each month: SERIES names, units and how each is read off the books."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from abm.axes import Floats, GoodRegionRun
from abm.books import Books
from abm.markets.network import summed
from abm.markets.orders import share_of

_WEEKS = 52.18 / 12.0
_DAYS = 365.25 / 12.0


@dataclass(frozen=True, slots=True)
class Series:
    """One column of the table of regions.

    unit  in words; "good" stands for the good's own unit;  read  returns (good x region, run)
    """

    name: str
    unit: str
    sentence: str
    read: Callable[[Books], GoodRegionRun]


def _of_rows(books: Books, values: Floats) -> GoodRegionRun:
    return books.frame.network.row_to_good_region(values)


def _of_slots(books: Books, values: Floats) -> GoodRegionRun:
    return books.frame.network.slot_to_good_region(values)


def _share(books: Books, values: Floats) -> GoodRegionRun:
    """Return each region's share of the world's total of the good."""
    by_region = _of_rows(books, values).reshape(-1, books.regions, books.runs)
    return share_of(by_region, summed(by_region, 1)[:, None, :]).reshape(-1, books.runs)


def _mean_price(books: Books, log_price: Floats) -> GoodRegionRun:
    """Return the mean price of makers with capacity, not a number where there are none."""
    weight = books.state.capacity
    total = _of_rows(books, weight)
    return np.where(total > 0.0, share_of(_of_rows(books, np.exp(log_price) * weight), total), np.nan)


def _price_index(books: Books) -> GoodRegionRun:
    """Return what the region's purchases cost over what they would have cost at start prices."""
    bought = books.flow.wanted
    now = _of_slots(books, bought * books.state.landed)
    then = _of_slots(books, bought * books.traits.landed_start)
    return np.where(then > 0.0, share_of(now, then), np.nan)


def _stock_days(books: Books) -> GoodRegionRun:
    """Return days of use in buyers' hands; where no maker buys the good, days of orders in makers' hands."""
    held, used = _of_slots(books, books.state.input_stock), _of_slots(books, books.flow.usual_use)
    finished, sold = _of_rows(books, books.state.stock), _of_rows(books, books.state.expected)
    makers = np.where(sold > 0.0, share_of(finished, sold), np.nan)
    return _DAYS * np.where(used > 0.0, share_of(held, used), makers)


def _lead_time(books: Books) -> GoodRegionRun:
    """Return weeks from order to delivery: making it, and the months it takes to fill a month of orders."""
    making = np.repeat(books.frame.world.goods.production_lag, books.regions)[:, None]
    return _WEEKS * (making + 1.0 / np.maximum(books.flow.fill_rate, 0.05))


def _import_dependence(books: Books) -> GoodRegionRun:
    """Return the share of a region's purchases that comes from abroad, not a number where it buys nothing."""
    traded = books.flow.traded.reshape(-1, books.regions, books.regions, books.runs)
    bought = summed(traded, 2)
    home = np.einsum("gbbr->gbr", traded)
    return np.where(bought > 0.0, 1.0 - share_of(home, bought), np.nan).reshape(-1, books.runs)


def _consumption(books: Books) -> GoodRegionRun:
    """Return what final buyers were delivered."""
    network = books.frame.network
    final = books.flow.received.copy()
    final[: network.inputs] = 0.0
    return _of_slots(books, final)


def _consumer_spending(books: Books) -> GoodRegionRun:
    """Return what final buyers paid with tariff and freight, less what treasuries paid in their stead."""
    network, ends = books.frame.network, slice(books.frame.network.inputs, None)
    spent = np.zeros_like(books.flow.bill)
    spent[ends] = books.flow.bill[ends] * (1.0 - books.levers.procurement[books.traits.place_of_slot[ends]])
    if len(books.credits.links):
        spent = spent - books.credits.by_slot(network, books.flow.shipped)
    return _of_slots(books, spent)


def _producer_margin(books: Books) -> GoodRegionRun:
    """Return sales and public money of the region's plants less inputs bought and operating cost."""
    flow = books.flow
    bought = books.frame.network.slot_to_row(flow.bill)
    return _of_rows(books, flow.revenue + flow.public_money - bought - flow.wages)


SERIES: tuple[Series, ...] = (
    Series("capacity", "good/month", "Nameplate capacity.", lambda b: _of_rows(b, b.state.capacity)),
    Series("output", "good/month", "Output started.", lambda b: _of_rows(b, b.flow.output)),
    Series("capacity_share", "share of world", "Share of the world's capacity.", lambda b: _share(b, b.state.capacity)),
    Series("output_share", "share of world", "Share of the world's output.", lambda b: _share(b, b.flow.output)),
    Series(
        "price_domestic",
        "M USD per unit",
        "Mean price that makers in the region ask at home.",
        lambda b: _mean_price(b, b.state.log_price_home),
    ),
    Series(
        "price_export",
        "M USD per unit",
        "Mean price that makers in the region ask for export.",
        lambda b: _mean_price(b, b.state.log_price_export),
    ),
    Series("price_index", "start = 1", "Landed price of the region's purchases over that at the start.", _price_index),
    Series("fill_rate", "share", "Share of the region's orders that was delivered.", lambda b: b.flow.fill_rate),
    Series(
        "utilisation",
        "share",
        "Output started over capacity.",
        lambda b: np.where(
            _of_rows(b, b.state.capacity) > 0.0,
            share_of(_of_rows(b, b.flow.output), _of_rows(b, b.state.capacity)),
            np.nan,
        ),
    ),
    Series("stock_days", "days of use", "Stock held by the region's buyers, or makers of final goods.", _stock_days),
    Series("lead_time", "weeks", "From order to delivery.", _lead_time),
    Series("import_dependence", "share", "Share of purchases that comes from abroad.", _import_dependence),
    Series("demand", "good/month", "Orders of the region's buyers.", lambda b: _of_slots(b, b.flow.wanted)),
    Series("lost_sales", "good/month", "Final demand that gave up.", lambda b: _of_slots(b, b.flow.lost)),
    Series("capex", "M USD/month", "Investment paid.", lambda b: _of_rows(b, b.flow.capex)),
    Series("new_plants", "plants", "Plants begun, by usual size.", lambda b: _of_rows(b, b.flow.plants_begun)),
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
