"""The phase of public stocks: pool."""

import numpy as np

from abm.axes import Floats, GoodRegionRun, Ints
from abm.books import Books
from abm.flow import PURPOSES
from abm.markets import pool
from abm.markets.network import summed
from abm.markets.orders import rest, share_of
from abm.phases.trading import acceptance, procure


def help_out(books: Books) -> None:
    """Let states sell from stock and favour allies next month where orders went unfilled; elsewhere they stock up."""
    state, flow, levers, network = books.state, books.flow, books.levers, books.frame.network
    wanted = network.slot_to_good_region(flow.wanted)
    received = network.slot_to_good_region(flow.received)
    flow.fill_rate = np.where(wanted > 0.0, np.minimum(share_of(received, wanted), 1.0), 1.0)
    flow.missing = np.maximum(wanted - received, 0.0)
    if not (levers.stock_release.any() or levers.pooled.any() or levers.stock_target.any()):
        state.priority = np.ones_like(state.priority)
        return
    governments = books.cast.governments
    emergency = governments.emergency()
    ready = governments.offered_stock()
    kept = (1.0 - levers.pooled) * levers.stock_target
    stocks = pool.Stocks(flow.missing * emergency, ready, np.maximum(state.public_stock - kept, 0.0))
    freed = pool.release(stocks, levers.pooled, books.regions)
    state.priority = pool.priority(emergency, levers.pooled, books.regions)
    _hand_out(books, freed)
    _stock_up(books, emergency)


def _hand_out(books: Books, freed: pool.Release) -> None:
    """Deliver released public stock to the buyers left short, who pay their usual price to the stock's owner."""
    state, flow, network = books.state, books.flow, books.frame.network
    places = books.traits.place_of_slot
    short = np.maximum(flow.wanted - flow.received, 0.0)
    extra = short * share_of(freed.given, network.slot_to_good_region(short))[places]
    state.public_stock = np.maximum(state.public_stock - freed.taken, 0.0)
    flow.released, flow.taken = freed.given, freed.taken
    flow.received = flow.received + extra
    inputs, ends = slice(0, network.inputs), slice(network.inputs, network.slots)
    state.transit[inputs] += extra[inputs]
    waiting = extra[ends] * books.traits.patience[ends]
    state.backlog[ends] = np.maximum(state.backlog[ends] - waiting, 0.0)
    flow.lost[ends] = np.maximum(flow.lost[ends] - (extra[ends] - waiting), 0.0)
    _pay_for_release(books, extra, freed)


def _pay_for_release(books: Books, extra: Floats, freed: pool.Release) -> None:
    """Charge buyers for released stock and credit the governments that gave it."""
    state, network = books.state, books.frame.network
    bill = extra * state.landed
    books.flow.bill = books.flow.bill + bill
    charged = bill.copy()
    charged[: network.inputs] = 0.0
    state.household = state.household - network.slot_to_region(charged)
    procure(books, charged)
    state.cash = state.cash - network.row_to_owner(network.slot_to_row(bill))
    per_good = summed(network.slot_to_good_region(bill).reshape(-1, books.regions, books.runs), 1)
    taken = freed.taken.reshape(-1, books.regions, books.runs)
    share = share_of(taken, summed(taken, 1)[:, None, :])
    earned = summed(share * per_good[:, None, :])
    state.treasury = state.treasury + earned
    books.flow.outlay[PURPOSES.index("stockpile")] -= earned


def _stock_up(books: Books, emergency: GoodRegionRun) -> None:
    """Buy towards the targets of public stock what makers have left, in months without an emergency."""
    state, flow, levers, network = books.state, books.flow, books.levers, books.frame.network
    gap = np.maximum(levers.stock_target - state.public_stock, 0.0)
    wanted = levers.stock_pace * gap * (1.0 - emergency)
    if not wanted.any():
        return
    left = state.stock * acceptance(books)
    room = np.maximum(levers.quota - network.to_origin(flow.shipped), 0.0)
    bought = pool.stock_up(network, books.traits.place, wanted, left, left * _open_to(books), room)
    _pay_for_stock(books, bought)
    sold = summed(bought)
    state.stock = rest(state.stock, sold)
    flow.delivered = flow.delivered + sold
    for region, amount in enumerate(bought):
        by_origin = network.row_to_good_region(amount).reshape(-1, books.regions, books.runs)
        state.public_stock[region :: books.regions] += summed(by_origin, 1)


def _corridors(books: Books) -> Ints:
    """Return the corridor from every row to every region that might buy from it (region, row)."""
    plants, regions = books.frame.world.plants, books.regions
    corridors: Ints = (plants.good * regions + np.arange(regions)[:, None]) * regions + plants.region
    return corridors


def _open_to(books: Books) -> Floats:
    """Return the share of a row's stock that a region may buy (region, row, run)."""
    levers, rows = books.levers, books.frame.network.rows
    shunned = levers.shunned.reshape(rows, books.regions, books.runs).transpose(1, 0, 2)
    open_to: Floats = (1.0 - levers.blocked)[_corridors(books)] * (1.0 - shunned)
    return open_to


def _pay_for_stock(books: Books, bought: Floats) -> None:
    """Let treasuries pay makers their price at home or for export, and carriers, but no tariff.

    bought  units (region, row, run)
    """
    state, network = books.state, books.frame.network
    abroad = np.arange(books.regions)[:, None] != books.frame.world.plants.region
    home, export = books.offers().reshape(2, network.rows, books.runs)
    value = bought * np.where(abroad[:, :, None], export, home)
    carriage = summed(value * books.frame.freight[_corridors(books)], 1)
    paid = summed(value, 1) + carriage
    revenue = summed(value)
    state.treasury = state.treasury - paid
    state.household = state.household + carriage
    state.cash = state.cash + network.row_to_owner(revenue)
    books.flow.revenue = books.flow.revenue + revenue
    books.flow.outlay[PURPOSES.index("stockpile")] += paid
