"""The identities of goods and money: what must balance in every month of every scenario."""

from dataclasses import dataclass

import numpy as np

from abm.axes import Floats
from abm.books import Books
from abm.markets.network import summed
from abm.markets.orders import passable, unlisted

# Below it a float has lost its digits, so that no two sums of the same numbers agree to twelve of them.
_TINY = np.finfo(np.float64).tiny


@dataclass(frozen=True, slots=True, eq=False)
class Holdings:
    """What exists at one moment.

    goods  units in makers' stocks, in progress, in buyers' stocks, in transit and in public stocks (good, run)
    money  M USD of owners, households, governments and the bank (run,)
    owed   owners' debt, M USD (run,);  claims  what the bank is owed, M USD (run,)
    """

    goods: Floats
    money: Floats
    owed: Floats
    claims: Floats


def holdings(books: Books) -> Holdings:
    """Return what exists now."""
    state, network = books.state, books.frame.network
    with_makers = network.row_to_good_region(state.stock + summed(state.making))
    with_buyers = network.slot_to_good_region(state.input_stock + state.transit)
    goods = _per_good(books, with_makers + with_buyers + state.public_stock)
    money = summed(state.cash) + summed(state.household) + summed(state.treasury) + state.bank
    return Holdings(goods, money, summed(state.debt), state.claims.copy())


def made_less_used(books: Books) -> Floats:
    """Return what a month added to each good: output less what was used up and delivered, units (good, run)."""
    network, flow = books.frame.network, books.flow
    final = flow.received.copy()
    final[: network.inputs] = 0.0
    gone = network.slot_to_good_region(flow.used + final)
    return _per_good(books, network.row_to_good_region(flow.output) - gone)


def goods_gap(before: Holdings, books: Books) -> Floats:
    """Return the relative gap of each good's mass over a month (good, run): 0 but for rounding."""
    after = holdings(books).goods
    added = made_less_used(books)
    scale = np.abs(before.goods) + np.abs(after) + np.abs(added)
    return _relative(after - before.goods - added, scale)


def money_gap(before: Holdings, books: Books) -> Floats:
    """Return the relative gap of money over a month (run,): 0 but for rounding.

    It is measured against what all accounts hold, owed or owned, and what changed hands.
    """
    state = books.state
    accounts = (state.cash, state.household, state.treasury)
    scale = sum(summed(np.abs(account)) for account in accounts) + np.abs(state.bank)
    return _relative(holdings(books).money - before.money, scale + summed(books.flow.revenue))


def claims_gap(before: Holdings, books: Books) -> Floats:
    """Return the relative gap that opened over a month between owners' debt and the bank's claims (run,).

    It is measured against the debt before and after, so that little debt left of much does not blow rounding up.
    """
    after = holdings(books)
    opened = (after.owed - after.claims) - (before.owed - before.claims)
    return _relative(opened, before.owed + after.owed + np.abs(after.claims))


def breaches(before: Holdings, books: Books, tolerance: float = 1e-12) -> list[str]:
    """Return a sentence for every identity that the last month broke, none if all hold.

    before  holdings before the month;  tolerance  relative
    """
    state, flow, network, pots = books.state, books.flow, books.frame.network, books.pots
    orders = network.to_slot(flow.shipped) - flow.wanted * (1.0 + tolerance)
    tariffs = summed(flow.tariff_revenue)
    levied = summed(books.levers.tariff * flow.traded_value)
    free = unlisted(network, books.levers.denied, books.levers.shunned)
    passed = np.broadcast_to(passable(network, books.levers.blocked, free), flow.shipped.shape)
    promised = state.pot_left + summed(state.grant_due, 1) + summed(state.granted, 1)
    stocks = (state.stock, state.input_stock, state.transit, state.public_stock)
    checks = {
        "a good's mass does not balance": np.abs(goods_gap(before, books)).max(initial=0.0) > tolerance,
        "money does not balance": np.abs(money_gap(before, books)).max(initial=0.0) > tolerance,
        "debt is not what the bank is owed": np.abs(claims_gap(before, books)).max(initial=0.0) > tolerance,
        "a stock is negative": min(stock.min() for stock in stocks) < 0.0,
        "more was delivered than ordered": (orders > tolerance * flow.wanted.max()).any(),
        "more was delivered than there was": (flow.delivered > flow.offered * (1.0 + tolerance) + _TINY).any(),
        "relationship weights do not sum to 1": (np.abs(network.to_slot(state.weight) - 1.0) > tolerance).any(),
        "a blocked corridor shipped": (flow.traded[books.levers.blocked >= 1.0] != 0.0).any(),
        "a blocked link shipped": (flow.shipped[passed <= 0.0] != 0.0).any(),
        "a programme paid more than it has": (state.pot_left < 0.0).any()
        or (promised > pots.amount * (1.0 + tolerance)).any(),
        "a programme holds more than it paid": (state.holding > state.granted * (1.0 + tolerance)).any(),
        "tariff revenue is not rate x price x flow": (np.abs(tariffs - levied) > tolerance * levied).any(),
        "a number is not a number": not all(np.isfinite(column).all() for column in books.columns()),
    }
    return [sentence for sentence, broken in checks.items() if broken]


def _relative(gap: Floats, scale: Floats) -> Floats:
    """Return gap / scale, 0 where nothing exists."""
    return np.divide(gap, scale, out=np.zeros_like(gap), where=scale > 0.0)


def _per_good(books: Books, values: Floats) -> Floats:
    """Return values of places summed over regions (good, run)."""
    return summed(values.reshape(-1, books.regions, books.runs), 1)
