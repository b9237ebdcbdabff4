"""The phase in which governments award public money to projects, and what is funded is begun."""

import numpy as np

from abm.axes import DivisionRun, Floats, RowRun
from abm.books import Books
from abm.markets import capital
from abm.markets.capital import Projects, at_rows, of_rows
from abm.markets.network import summed
from abm.markets.orders import rest, share_of
from abm.phases.building import break_ground, eligible, open_pots, startable
from abm.phases.moving import keep_deals, move_out
from abm.phases.public_money import give_back

_LEAST = 1e-9


def award(books: Books) -> None:
    """Award public money to the projects put forward and begin what is funded; the rest moves, shrinks or waits."""
    state, flow, network, projects = books.state, books.flow, books.frame.network, books.projects
    agreed, moved = keep_deals(books), move_out(books)
    gifts = np.zeros_like(projects.size)
    for pot, is_open in enumerate(open_pots(books)):
        gifts += _award_one(books, projects, pot, is_open, gifts)
    needed = projects.short * projects.cost
    funded = np.where(needed > 0.0, np.minimum(share_of(gifts, needed), 1.0), 1.0)
    here = projects.size * funded
    elsewhere = (projects.size - here) * (of_rows(flow.worth_now, projects.plain) > 0.0)
    elsewhere = elsewhere * of_rows(startable(books), projects.plain)
    begun = at_rows(projects.row, here, network.rows) + at_rows(projects.plain, elsewhere, network.rows)
    begun = begun + agreed + moved
    state.wish = np.maximum(state.wish - here - elsewhere, 0.0)
    size = np.maximum(books.traits.project_size, 1e-12)
    flow.plants_begun = np.where(state.capacity > 0.0, np.rint(begun / size), np.ceil(begun / size))
    break_ground(books, begun, flow.site_capex, flow.site_lag)
    state.credit_due = state.credit_due + begun * flow.site_capex * flow.tax_credit
    _claw_back(books, begun)


def _award_one(books: Books, projects: Projects, pot: int, is_open: Floats, before: DivisionRun) -> DivisionRun:
    """Return the grant equivalent of one programme's awards, M USD (division, run).

    before  what other programmes gave already: a project asks each only for what it still lacks
    """
    state, pots = books.state, books.pots
    shape = books.state.capacity.shape
    lacking = rest(projects.short, share_of(before, projects.cost))
    gift = of_rows(pots.grant_equivalent[pot], projects.row)
    floor = pots.floor_share[pot] * (before <= 0.0)
    share = capital.asked_share(lacking, gift, pots.cap_share[pot], floor)
    asked = share * projects.cost * of_rows(eligible(books, pot), projects.row) * is_open
    weight = of_rows(np.broadcast_to(pots.weight[pot][:, None], shape), projects.row)
    # Merit is weight per share of the cost: the cost would cancel but for rounding, which must not break a tie.
    money = capital.award(asked, weight * (asked > 0.0) / np.maximum(share, _LEAST), state.pot_left[pot])
    state.pot_left = capital.obligations(state.pot_left, money, pot)
    state.grant_due[pot] += at_rows(projects.row, money, shape[0])
    books.flow.projects[pot] += summed(np.where(money > 0.0, 1.0, 0.0))
    books.flow.supported[pot] += summed(projects.size * (money > 0.0))
    return money * gift


def _claw_back(books: Books, begun: RowRun) -> None:
    """Take grants back from owners who begin new capacity in a region their programme bars."""
    state, network = books.state, books.frame.network
    for pot, barred in enumerate(books.pots.barred):
        breach = network.row_to_owner(begun * barred[:, None]) > 0.0
        returned = state.granted[pot] * breach
        state.granted[pot] -= returned
        state.cash = state.cash - returned
        give_back(books, returned)
        books.flow.clawed_back[pot] = summed(returned)
        state.treasury[books.pots.region[pot]] += summed(returned)
        state.grant_due[pot] *= 1.0 - breach[books.frame.world.plants.owner]
