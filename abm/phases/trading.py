"""Phases of the markets: choose, trade, pay."""

import numpy as np

from abm.axes import CellRun, LinkRun, RowRun, SlotRun
from abm.books import Books
from abm.flow import PURPOSES
from abm.markets import orders, trade
from abm.markets.finance import bills, by_buyer
from abm.markets.network import booked, tally
from abm.markets.orders import approach, filled, rest, share_of


def choose(books: Books) -> None:
    """Move relationships towards the suppliers buyers would choose today."""
    p, state, traits, network = books.parameters, books.state, books.traits, books.frame.network
    accepted = state.capacity * acceptance(books)
    pulls = [
        orders.attraction(accepted, log_price, traits.log_price_start, traits.substitution)
        for log_price in (state.log_price_home, state.log_price_export)
    ]
    premium = state.hazard + books.levers.friend_premium
    corridor = orders.friction(1.0 + books.levers.tariff + books.frame.freight, premium, books.frame.elasticity)
    quality = books.credits.lure(network, books.frame.quality, books.frame.elasticity)
    speed = p.share_adjustment * (1.0 + p.unfilled_haste * (1.0 - state.fill))
    state.weight = orders.adjust(network, state.weight, quality, np.concatenate(pulls), corridor, speed)


def acceptance(books: Books) -> RowRun:
    """Return how far buyers have qualified a plant, from 0 when it is new to 1 (row, run)."""
    return np.minimum(books.state.age / books.traits.qualification, 1.0)


def exchange(books: Books) -> None:
    """Turn wants into orders and orders into shipments."""
    state, flow, network, levers = books.state, books.flow, books.frame.network, books.levers
    free = orders.unlisted(network, levers.denied, levers.shunned)
    passable = orders.passable(network, levers.blocked, free)
    shipped = _serve_orders(books, passable)
    by_corridor, gone, received = tally(network, shipped)
    flow.fill = filled(by_corridor, flow.asked)
    spare = rest(state.stock, gone) * acceptance(books)
    shipped = trade.spill_over(network, rest(flow.wanted, received), shipped, spare, passable, levers.quota)
    flow.shipped = shipped
    flow.traded, flow.delivered, flow.received = tally(network, shipped)
    flow.offered, state.stock = state.stock, rest(state.stock, flow.delivered)
    _remember(books)
    sought = state.weight if free.size == 1 else state.weight * flow.wanted[network.link_slot]
    _learn_hazards(books, orders.refused(network, levers.blocked, free, sought))
    _carry_over(books)


def _serve_orders(books: Books, passable: LinkRun) -> LinkRun:
    """Return what suppliers ship on the orders placed with them, units (link, run).

    passable  share of the link's orders that may be placed, as in ``orders.passable``
    """
    state, network = books.state, books.frame.network
    asked = orders.place(network, books.flow.wanted, state.weight, passable)
    placed = orders.within_quota(network, asked, books.levers.quota)
    _book_orders(books, asked, placed)
    return trade.allocate(network, placed, state.stock, _favour(books, placed))


def _book_orders(books: Books, asked: LinkRun, placed: LinkRun) -> None:
    """Add up what buyers ask for and what of it a quota lets them order, units/month (link, run)."""
    flow, network = books.flow, books.frame.network
    flow.asked, flow.ordered, flow.asked_abroad = booked(network, asked)
    flow.allowed_abroad = flow.asked_abroad
    if placed is not asked:
        _, flow.ordered, flow.allowed_abroad = booked(network, placed)


def _favour(books: Books, placed: LinkRun) -> LinkRun:
    """Return buyers' claims on their suppliers' stock: more in emergencies and for rated orders.

    placed  orders placed this month, units (link, run)
    """
    share, factor = books.parameters.memory_share, books.state.priority * books.levers.rated
    claim = books.state.memory if share == 1.0 else share * books.state.memory + (1.0 - share) * placed
    return claim if (factor == 1.0).all() else claim * factor[books.frame.network.link_cell]


def _remember(books: Books) -> None:
    """Let suppliers and buyers remember the month: shipments, expected orders, fill rates."""
    p, state, flow = books.parameters, books.state, books.flow
    state.memory = approach(state.memory, flow.shipped, p.memory_speed)
    state.expected = approach(state.expected, np.maximum(flow.ordered, flow.delivered), p.order_smoothing)
    state.usual = state.usual + (state.expected - state.usual) / p.growth_memory
    rise = share_of(state.expected - state.usual, state.usual) / p.growth_memory
    rise = np.minimum(np.maximum(rise, -p.growth_cap), p.growth_cap)
    state.trend = state.trend + (rise - state.trend) / p.trend_memory
    state.fill = np.minimum(filled(flow.received, flow.wanted), 1.0)


def _learn_hazards(books: Books, refused: CellRun) -> None:
    """Let buyers see corridors that refuse orders, or fail to fill them, as hazardous, and forget it slowly.

    refused  share of the corridor's orders that may not be placed (cell, run)
    """
    p, state = books.parameters, books.state
    speeds = (p.hazard_scale, p.hazard_learning, p.hazard_forgetting)
    state.hazard = orders.learned(state.hazard, refused, books.flow.fill, speeds)


def _carry_over(books: Books) -> None:
    """Put input shipments in transit; let part of the unmet final demand wait and the rest give up."""
    state, flow, traits, network = books.state, books.flow, books.traits, books.frame.network
    ends = slice(network.inputs, network.slots)
    state.transit[: network.inputs] = flow.received[: network.inputs]
    missing = np.maximum(flow.wanted[ends] - flow.received[ends], 0.0)
    state.backlog[ends] = missing * traits.patience[ends]
    flow.lost[ends] = missing - state.backlog[ends]


def pay(books: Books) -> None:
    """Settle the month's shipments between buyers, sellers, governments and carriers."""
    state, flow, network = books.state, books.flow, books.frame.network
    due = bills(network, flow.shipped, books.offers(), books.levers.tariff, books.frame.freight)
    flow.bill, flow.revenue, flow.traded_value = due.bill, due.revenue, due.value
    flow.tariff_revenue = by_buyer(network, due.duty)
    state.treasury = state.treasury + flow.tariff_revenue
    spent = due.bill.copy()
    spent[: network.inputs] = 0.0
    state.household = state.household + by_buyer(network, due.carriage) - network.slot_to_region(spent)
    bought = network.slot_to_row(due.bill)
    state.cash = state.cash + network.row_to_owner(due.revenue - bought)
    procure(books, spent)


def procure(books: Books, spent: SlotRun) -> None:
    """Let treasuries pay their share of what final buyers spent.

    spent  M USD, 0 for makers (slot, run)
    """
    state, network, share = books.state, books.frame.network, books.levers.procurement
    if share.any():
        paid = network.slot_to_region(spent * share[books.traits.place_of_slot])
        state.household = state.household + paid
        state.treasury = state.treasury - paid
        books.flow.outlay[PURPOSES.index("procurement")] += paid
