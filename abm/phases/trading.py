"""Phases of the markets: choose, trade, pay, pool."""

import numpy as np

from abm.axes import Floats, RowRun
from abm.books import Books
from abm.markets import orders, pool, trade
from abm.markets.finance import bills, by_buyer
from abm.markets.network import summed
from abm.markets.orders import rest, share_of


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
    wanted, pull = orders.preferred(network, books.frame.quality, np.concatenate(pulls), corridor)
    speed = p.share_adjustment * (1.0 + p.unfilled_haste * (1.0 - state.fill))
    state.weight = orders.move(network, state.weight, wanted, speed * (pull > 0.0))


def acceptance(books: Books) -> RowRun:
    """Return how far buyers have qualified a plant, from 0 when it is new to 1 (row, run)."""
    return np.minimum(books.state.age / books.traits.qualification, 1.0)


def exchange(books: Books) -> None:
    """Turn wants into orders and orders into shipments."""
    state, flow, network, levers = books.state, books.flow, books.frame.network, books.levers
    usable = orders.unblocked(network, state.weight, levers.blocked)
    asked = orders.place(network, flow.wanted, usable)
    placed = orders.within_quota(network, asked, levers.quota)
    flow.offered = state.stock.copy()
    memory = state.memory if (state.priority == 1.0).all() else state.memory * state.priority[network.link_cell]
    shipped = trade.allocate(network, placed, state.stock, memory)
    flow.fill = np.where(network.to_cell(asked) > 0.0, share_of(network.to_cell(shipped), network.to_cell(asked)), 1.0)
    spare = rest(state.stock, network.to_row(shipped)) * acceptance(books)
    shipped = trade.spill_over(network, flow.wanted, shipped, spare, levers.blocked, levers.quota)
    flow.shipped, flow.traded, flow.received = shipped, network.to_cell(shipped), network.to_slot(shipped)
    flow.asked_abroad, flow.allowed_abroad = network.to_row_abroad(asked), network.to_row_abroad(placed)
    flow.ordered = network.to_row(placed)
    flow.delivered = network.to_row(shipped)
    state.stock = rest(state.stock, flow.delivered)
    _remember(books)


def _remember(books: Books) -> None:
    """Let suppliers and buyers remember the month: shipments, expected orders, fill rates, hazards."""
    p, state, flow = books.parameters, books.state, books.flow
    state.memory = state.memory + p.memory_speed * (flow.shipped - state.memory)
    asked = np.maximum(flow.ordered, flow.delivered)
    state.expected = state.expected + p.order_smoothing * (asked - state.expected)
    state.usual = state.usual + (state.expected - state.usual) / p.growth_memory
    rise = share_of(state.expected - state.usual, state.usual) / p.growth_memory
    rise = np.minimum(np.maximum(rise, -p.growth_cap), p.growth_cap)
    state.trend = state.trend + (rise - state.trend) / p.trend_memory
    state.fill = np.where(flow.wanted > 0.0, np.minimum(share_of(flow.received, flow.wanted), 1.0), 1.0)
    broken = p.hazard_scale * (1.0 - (1.0 - books.levers.blocked) * flow.fill)
    rising = broken > state.hazard
    speed = np.where(rising, p.hazard_learning, p.hazard_forgetting)
    state.hazard = np.maximum(state.hazard + speed * (broken - state.hazard), 0.0)
    _carry_over(books)


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


def help_out(books: Books) -> None:
    """In an emergency sell public stock at home and to allies, and favour them in next month's allocation."""
    state, flow, levers, network = books.state, books.flow, books.levers, books.frame.network
    wanted = network.slot_to_good_region(flow.wanted)
    received = network.slot_to_good_region(flow.received)
    flow.fill_rate = np.where(wanted > 0.0, np.minimum(share_of(received, wanted), 1.0), 1.0)
    flow.missing = np.maximum(wanted - received, 0.0)
    if not (levers.stock_release.any() or levers.pooled.any()):
        state.priority = np.ones_like(state.priority)
        return
    governments = books.cast.governments
    emergency = governments.emergency()
    freed = pool.release(flow.missing * emergency, governments.offered_stock(), levers.pooled, books.regions)
    state.priority = pool.priority(emergency, levers.pooled, books.parameters.pool_strength, books.regions)
    _hand_out(books, freed)


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
    charged = bill.copy()
    charged[: network.inputs] = 0.0
    state.household = state.household - network.slot_to_region(charged)
    state.cash = state.cash - network.row_to_owner(network.slot_to_row(bill))
    per_good = summed(network.slot_to_good_region(bill).reshape(-1, books.regions, books.runs), 1)
    taken = freed.taken.reshape(-1, books.regions, books.runs)
    share = share_of(taken, summed(taken, 1)[:, None, :])
    state.treasury = state.treasury + summed(share * per_good[:, None, :])
