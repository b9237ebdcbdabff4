"""The phase of finance: wages and capex paid, subsidies received, loans, dividends, defaults."""

import numpy as np

from abm.axes import OwnerRun, RowRun
from abm.books import Books
from abm.flow import PURPOSES
from abm.markets.finance import close_month, fire_sale, instalment, public_part
from abm.markets.network import summed
from abm.markets.orders import rest
from abm.phases.building import public_loans
from abm.phases.public_money import give_back, support


def finance(books: Books) -> None:
    """Pay for operation and building, receive subsidies, then close the owners' month."""
    _operate(books)
    support(books)
    _repay(books)
    _pay_for_building(books)
    worth, public = _plant_value(books), public_loans(books)
    _close(books, worth, public)
    _default(books, worth, public)


def _operate(books: Books) -> None:
    """Pay operating cost to the households of the site."""
    state, network = books.state, books.frame.network
    wages = books.flow.operating_cost * books.flow.output
    books.flow.wages = wages
    state.cash = state.cash - network.row_to_owner(wages)
    state.household = state.household + network.row_to_region(wages)


def _repay(books: Books) -> None:
    """Let owners pay interest and an instalment on every programme's loans."""
    state, pots = books.state, books.pots
    for pot, form in enumerate(pots.form):
        if form == "loan" and state.holding[pot].any():
            part = instalment(state.holding[pot], state.granted[pot], pots.term[pot])
            paid = part + pots.rate[pot] * state.holding[pot]
            state.holding[pot] = rest(state.holding[pot], part)
            state.cash = state.cash - paid
            _return(books, pot, paid)


def _return(books: Books, pot: int, paid: OwnerRun) -> None:
    """Let what owners pay on a programme's money go to its treasury, M USD (owner, run)."""
    total = summed(paid)
    books.flow.repaid[pot] += total
    give_back(books, paid)
    books.state.treasury[books.pots.region[pot]] += total


def _pay_for_building(books: Books) -> None:
    """Pay a month's share of capex to the site's builders; public money and tax credits are paid as it is spent."""
    state, flow, traits, network, pots = books.state, books.flow, books.traits, books.frame.network, books.pots
    paid = state.due / traits.lag
    state.due = np.maximum(state.due - paid, 0.0)
    flow.capex = paid
    state.household = state.household + network.row_to_region(paid)
    credit = state.credit_due / traits.lag
    state.credit_due = np.maximum(state.credit_due - credit, 0.0)
    by_region = network.row_to_region(credit)
    flow.outlay[PURPOSES.index("tax_credits")] = by_region
    state.treasury = state.treasury - by_region
    received = credit - paid
    for pot, region in enumerate(pots.region):
        if not state.grant_due[pot].any():
            continue
        grant = state.grant_due[pot] / traits.lag
        state.grant_due[pot] = np.maximum(state.grant_due[pot] - grant, 0.0)
        by_owner = network.row_to_owner(grant)
        state.granted[pot] += by_owner
        _enter(books, pot, grant)
        flow.grants_paid[pot] = summed(by_owner)
        state.treasury[region] -= flow.grants_paid[pot]
        received = received + grant
    flow.public_money = flow.public_money + received + paid
    state.cash = state.cash + network.row_to_owner(received)


def _enter(books: Books, pot: int, paid: RowRun) -> None:
    """Enter what a programme gets for its money: a loan in full, shares for the part that is no gift."""
    state, network, form = books.state, books.frame.network, books.pots.form[pot]
    if form == "loan":
        state.holding[pot] += network.row_to_owner(paid)
    elif form == "equity":
        state.holding[pot] += network.row_to_owner(paid * (1.0 - books.pots.grant_equivalent[pot]))


def _plant_value(books: Books) -> OwnerRun:
    """Return the value of plant in use and under construction, M USD (owner, run)."""
    state = books.state
    return books.frame.network.row_to_owner((state.capacity + state.building) * books.traits.capex)


def _close(books: Books, assets: OwnerRun, public: OwnerRun) -> None:
    """Pay interest, borrow or repay, and pay dividends; the bank passes interest on to the owner's home.

    assets  value of plant, M USD (owner, run);  public  loans from programmes, M USD (owner, run)
    """
    p, state, network = books.parameters, books.state, books.frame.network
    interest = p.interest * state.debt
    state.cash = state.cash - interest
    target = p.cash_months * network.row_to_owner(state.expected * books.flow.price_home)
    net = assets + state.cash - state.debt - public
    closed = close_month(state.cash, state.debt, assets, target, (p.borrow_limit, p.start_leverage), public)
    state.cash = state.cash + closed.loan - closed.repaid - closed.dividend
    state.debt = np.maximum(state.debt + closed.loan - closed.repaid, 0.0)
    lent = summed(closed.loan - closed.repaid)
    state.bank = state.bank - lent
    state.claims = np.maximum(state.claims + lent, 0.0)
    private = _dividends(books, closed.dividend, net)
    state.household = state.household + network.owner_to_region(interest + private)


def _dividends(books: Books, dividend: OwnerRun, net: OwnerRun) -> OwnerRun:
    """Pay programmes their part of owners' dividends; return what is left to private shareholders.

    net  plant and cash less debt, M USD (owner, run)
    """
    state, private = books.state, dividend
    shares = [pot for pot, form in enumerate(books.pots.form) if form == "equity"]
    if not shares:
        return private
    public = sum((state.holding[pot] for pot in shares), np.zeros_like(net))
    for pot in shares:
        paid = dividend * public_part(state.holding[pot], public, net)
        private = private - paid
        _return(books, pot, paid)
    return private


def _default(books: Books, worth: OwnerRun, public: OwnerRun) -> None:
    """Count months of distress; sell the plants of owners who default and write their debt off.

    worth  of plant, M USD (owner, run);  public  loans from programmes, M USD (owner, run)
    """
    p, state = books.parameters, books.state
    owed = state.debt + public - np.minimum(state.cash, 0.0)
    strained = (owed > p.default_ratio * worth) & (worth > 0.0)
    state.distress = (state.distress + 1.0) * strained
    failing = (state.distress >= p.default_months) & (state.bankrupt < 1.0)
    if failing.any():
        _sell_up(books, failing.astype(np.float64))
    # Nobody pays what the bankrupt still owe: the bank bears it.
    lost = np.maximum(-state.cash, 0.0) * state.bankrupt
    state.cash = state.cash + lost
    state.bank = state.bank - summed(lost)


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
    _give_up(books, failing)


def _give_up(books: Books, failing: OwnerRun) -> None:
    """Let what failing owners had under way, were to pay and were promised come to nothing."""
    state = books.state
    row, run = np.nonzero(failing[books.frame.world.plants.owner])
    for column in (state.ramping, state.building, state.due, state.credit_due):
        column[row, run] = 0.0
    for column in (state.leaving, state.grant_due):
        column[:, row, run] = 0.0
    state.ring[(failing > 0.0)[books.frame.world.plants.owner[books.frame.pipeline.row]]] = 0.0
    owner, run = np.nonzero(failing)
    state.holding[:, owner, run] = 0.0
