"""Capacity that does not wait for its turn: plants agreed with named firms, and plants paid to move."""

import numpy as np

from abm.axes import DivisionRun, Floats, Ints, RowRun
from abm.books import Books
from abm.markets import capital
from abm.markets.capital import at_rows, of_rows
from abm.markets.network import summed
from abm.markets.orders import share_of
from abm.phases.building import NEVER, means, open_pots, raise_equity, solvent, startable


def keep_deals(books: Books) -> RowRun:
    """Return the capacity that firms begin this month by contract, units/month (row, run); its money is raised."""
    state, pots, begun = books.state, books.pots, np.zeros(books.state.capacity.shape)
    for pot, first in enumerate(pots.first):
        if books.step != first or not pots.deal[pot].any():
            continue
        size = pots.eligible[pot][:, None] * pots.deal[pot] * startable(books) * solvent(books)
        cost = size * books.flow.site_capex
        _pay(books, pot, cost, np.minimum(cost, state.pot_left[pot]), size)
        state.wish = np.maximum(state.wish - books.frame.network.row_to_division(size), 0.0)
        begun = begun + size
    return begun


def move_out(books: Books) -> RowRun:
    """Return the capacity that owners begin this month in place of what they close, units/month (row, run).

    Each division moves to the best of its sites there, at the pace, if the plant pays with the grant; when the pot
    cannot pay for all, all move less.
    """
    state, flow, pots, network = books.state, books.flow, books.pots, books.frame.network
    begun = np.zeros(state.capacity.shape)
    if not pots.pace.any():
        return begun
    for pot, is_open in enumerate(open_pots(books)):
        if not pots.pace[pot].any():
            continue
        standing = np.maximum(state.capacity - summed(state.leaving), 0.0) * pots.origin[pot][:, None]
        going = network.row_to_division(standing * solvent(books)) * (pots.pace[pot] * is_open)
        row, size = _site(books, pot, going)
        cost = size * of_rows(flow.site_capex, row)
        asked = pots.move_share[pot] * cost
        total = summed(asked)
        size = size * np.where(total > 0.0, np.minimum(share_of(state.pot_left[pot], total), 1.0), 0.0)
        new = at_rows(row, size, network.rows)
        cost_there = new * flow.site_capex
        _pay(books, pot, cost_there, pots.move_share[pot] * cost_there, new)
        _give_notice(books, standing, (share_of(size, going) * pots.pace[pot], of_rows(flow.site_lag, row)))
        begun = begun + new
    return begun


def _site(books: Books, pot: int, going: DivisionRun) -> tuple[Ints, DivisionRun]:
    """Return where each division would move to, and how much of what could go it moves, units/month."""
    pots, may = books.pots, startable(books) * solvent(books)
    there = (pots.eligible[pot][:, None] * may) > 0.0
    row, value = books.sites.best(np.where(there, books.cast.rule("site_value"), -NEVER))
    pays = of_rows(books.flow.worth_now, row) + pots.move_share[pot] > 0.0
    return row, going * pays * (value > -0.5 * NEVER) * of_rows(may, row)


def _pay(books: Books, pot: int, cost: RowRun, money: RowRun, size: RowRun) -> None:
    """Promise public money for what is begun, and raise as equity what it, cash and credit leave open.

    cost, money  M USD (row, run);  size  units/month (row, run)
    """
    state, own = books.state, means(books)
    state.pot_left = capital.obligations(state.pot_left, money, pot)
    state.grant_due[pot] += money
    books.flow.projects[pot] += summed(np.where(size > 0.0, 1.0, 0.0))
    books.flow.supported[pot] += summed(size)
    open_cost = cost - money
    wanted = books.frame.network.row_to_owner(open_cost)
    raise_equity(books, open_cost, wanted, np.maximum(wanted - own, 0.0))


def _give_notice(books: Books, standing: RowRun, told: tuple[DivisionRun, DivisionRun]) -> None:
    """Let what moves begin to close in the month in which its successor opens.

    standing  capacity at the origin, units/month (row, run)
    told      share of it that each division moves, and months until the new plant opens (division, run)
    """
    state, division = books.state, books.frame.network.division_of_row
    share, lag = told
    closing = standing * share[division]
    row, run = np.nonzero(closing)
    month = (books.step + lag[division[row], run].astype(np.int64)) % len(state.leaving)
    state.leaving[month, row, run] += closing[row, run]


def close_down(books: Books) -> None:
    """Close plants whose successors open, as fast as those come up to speed."""
    state = books.state
    due: int = books.step % len(state.leaving)
    leaving: Floats = state.leaving[due]
    if leaving.any():
        closed = leaving / books.parameters.ramp_months
        state.leaving[(due + 1) % len(state.leaving)] += leaving - closed
        state.leaving[due] = 0.0
        state.capacity = np.maximum(state.capacity - closed, 0.0)
