"""The phase of finance: wages and capex paid, subsidies received, loans, dividends, defaults."""

import numpy as np

from abm.axes import OwnerRun, RowRun
from abm.books import Books
from abm.flow import PURPOSES
from abm.markets.finance import close_month, fire_sale
from abm.markets.network import summed


def finance(books: Books) -> None:
    """Pay for operation and building, receive subsidies, then close the owners' month."""
    _operate(books)
    _pay_for_building(books)
    _close(books)
    _default(books)


def _operate(books: Books) -> None:
    """Pay operating cost to the households of the site."""
    state, network = books.state, books.frame.network
    wages = books.cast.rule("running_cost") * books.flow.output
    state.cash = state.cash - network.row_to_owner(wages)
    state.household = state.household + network.row_to_region(wages)


def _pay_for_building(books: Books) -> None:
    """Pay a month's share of capex to the site's builders; grants and tax credits are paid as it is spent."""
    state, flow, traits, network, pots = books.state, books.flow, books.traits, books.frame.network, books.pots
    paid = state.due / traits.lag
    state.due = np.maximum(state.due - paid, 0.0)
    flow.capex = paid
    state.household = state.household + network.row_to_region(paid)
    credit = state.credit_due / traits.lag
    state.credit_due = np.maximum(state.credit_due - credit, 0.0)
    flow.outlay[PURPOSES.index("tax_credits")] = network.row_to_region(credit)
    state.treasury = state.treasury - network.row_to_region(credit)
    received = credit - paid
    for pot, region in enumerate(pots.region):
        grant = state.grant_due[pot] / traits.lag
        state.grant_due[pot] = np.maximum(state.grant_due[pot] - grant, 0.0)
        by_owner = network.row_to_owner(grant)
        state.granted[pot] += by_owner
        flow.grants_paid[pot] = summed(by_owner)
        state.treasury[region] -= flow.grants_paid[pot]
        received = received + grant
    state.cash = state.cash + network.row_to_owner(received)


def _plant_value(books: Books) -> OwnerRun:
    """Return the value of plant in use and under construction, M USD (owner, run)."""
    state = books.state
    return books.frame.network.row_to_owner((state.capacity + state.building) * books.traits.capex)


def _close(books: Books) -> None:
    """Pay interest, borrow or repay, and pay dividends; the bank passes interest on to the owner's home."""
    p, state, network = books.parameters, books.state, books.frame.network
    interest = p.interest * state.debt
    state.cash = state.cash - interest
    prices = np.exp(state.log_price_home)
    target = p.cash_months * network.row_to_owner(state.expected * prices)
    closed = close_month(state.cash, state.debt, _plant_value(books), target, (p.borrow_limit, p.start_leverage))
    state.cash = state.cash + closed.loan - closed.repaid - closed.dividend
    state.debt = np.maximum(state.debt + closed.loan - closed.repaid, 0.0)
    state.bank = state.bank - summed(closed.loan - closed.repaid)
    state.claims = np.maximum(state.claims + summed(closed.loan - closed.repaid), 0.0)
    state.household = state.household + network.owner_to_region(interest + closed.dividend)


def _default(books: Books) -> None:
    """Count months of distress; sell the plants of owners who default and write their debt off."""
    p, state = books.parameters, books.state
    worth = _plant_value(books)
    strained = (state.debt - np.minimum(state.cash, 0.0) > p.default_ratio * worth) & (worth > 0.0)
    state.distress = np.where(strained, state.distress + 1.0, 0.0)
    failing = (state.distress >= p.default_months) & (state.bankrupt < 1.0)
    if failing.any():
        _sell_up(books, failing.astype(np.float64))


def _sell_up(books: Books, failing: OwnerRun) -> None:
    """Sell the plants of failing owners at a fraction of their value, repay what that brings, write off the rest."""
    p, state, traits, network = books.parameters, books.state, books.traits, books.frame.network
    owner = books.frame.world.plants.owner
    failed = np.maximum(failing, state.bankrupt)[owner]
    value: RowRun = p.fire_sale * traits.capex * np.ones_like(state.capacity)
    sale = fire_sale(network, traits.place, state.capacity, value, failed)
    state.capacity = np.maximum(state.capacity + sale.capacity - sale.scrapped, 0.0)
    state.cash = state.cash - network.row_to_owner(sale.price)
    repaid = np.minimum(np.maximum(state.cash, 0.0), state.debt) * failing
    state.cash = state.cash - repaid
    state.bank = state.bank + summed(repaid)
    state.claims = np.maximum(state.claims - summed(state.debt * failing), 0.0)
    state.debt = state.debt * (1.0 - failing)
    state.bankrupt = np.maximum(state.bankrupt, failing)
    gone = failing[owner]
    state.ring, state.grant_due = state.ring * (1.0 - gone), state.grant_due * (1.0 - gone)
    state.ramping = state.ramping * (1.0 - gone)
    state.building, state.due = state.building * (1.0 - gone), state.due * (1.0 - gone)
    state.credit_due = state.credit_due * (1.0 - gone)
