"""The phase in which governments award public money to projects, and what is funded is begun."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from abm.axes import Bools, DivisionRun, RowRun
from abm.books import Books
from abm.markets import capital
from abm.markets.capital import Projects, at_rows, of_rows
from abm.markets.network import summed
from abm.markets.orders import rest, share_of
from abm.phases.building import break_ground, eligible, open_pots, startable
from abm.phases.moving import keep_deals, move_out
from abm.phases.public_money import give_back

_LEAST = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class _Had:
    """What the month's projects have of the programmes served so far, M USD (division, run).

    money    all of it, never more than a project costs;  gift  its grant equivalent;  granted  grants alone
    """

    money: DivisionRun
    gift: DivisionRun
    granted: DivisionRun

    @classmethod
    def nothing(cls, projects: Projects) -> Self:
        """Return what projects have before the first programme."""
        nothing = np.zeros(projects.size.shape)
        return cls(nothing, nothing, nothing)


def award(books: Books) -> None:
    """Award public money to the projects put forward and begin what is funded; the rest moves, shrinks or waits."""
    state, flow, network, projects = books.state, books.flow, books.frame.network, books.projects
    agreed, moved = keep_deals(books), move_out(books)
    here = projects.size * _funded(books, projects)
    elsewhere = projects.size - here
    begun = at_rows(projects.row, here, network.rows)
    if elsewhere.any():
        elsewhere = elsewhere * (of_rows(flow.worth_now, projects.plain) > 0.0)
        elsewhere = elsewhere * of_rows(startable(books), projects.plain)
        begun = begun + at_rows(projects.plain, elsewhere, network.rows)
    begun = begun + agreed + moved
    state.wish = np.maximum(state.wish - here - elsewhere, 0.0)
    plants = begun / np.maximum(books.traits.project_size, 1e-12)
    flow.plants_begun = np.where(state.capacity > 0.0, np.rint(plants), np.ceil(plants))
    break_ground(books, begun)
    state.credit_due = state.credit_due + begun * flow.site_capex * flow.tax_credit
    _claw_back(books, begun)


def _funded(books: Books, projects: Projects) -> DivisionRun:
    """Award all programmes' money, grants first; return the share of each project it is enough for (division, run).

    Whoever has less than it lacks builds less. What would then be paid more than it costs is not begun at all.
    """
    had, awards = _Had.nothing(projects), {}
    opened = open_pots(books)
    serving: list[int] = np.flatnonzero(opened.any(axis=1)).tolist()
    for pot in sorted(serving, key=lambda pot: books.pots.form[pot] != "grant"):
        taken_in = of_rows(eligible(books, pot), projects.row) * opened[pot] * (projects.size > 0.0)
        if taken_in.any():
            awards[pot], had = _award_one(books, projects, pot, taken_in, had)
    needed = projects.short * projects.cost
    enough = np.where(needed > 0.0, np.minimum(share_of(had.gift, needed), 1.0), 1.0)
    funded: DivisionRun = np.where(rest(had.money, enough * projects.cost) > 0.0, 0.0, enough)
    for pot, money in awards.items():
        _promise(books, projects, pot, money, funded > 0.0)
    return funded


def _promise(books: Books, projects: Projects, pot: int, money: DivisionRun, begun: Bools) -> None:
    """Enter a programme's awards to projects that are begun; those of the others go back to its pot."""
    state, kept = books.state, money * begun
    state.pot_left[pot] += summed(money - kept)
    state.grant_due[pot] += at_rows(projects.row, kept, len(state.capacity))
    books.flow.projects[pot] += summed(np.where(kept > 0.0, 1.0, 0.0))
    books.flow.supported[pot] += summed(projects.size * (kept > 0.0))


def _award_one(
    books: Books, projects: Projects, pot: int, taken_in: DivisionRun, had: _Had
) -> tuple[DivisionRun, _Had]:
    """Return what one programme awards, M USD (division, run), and what projects have with it.

    taken_in  1 for projects that may ask it this month, else 0 (division, run)
    """
    state, pots = books.state, books.pots
    gift = of_rows(pots.grant_equivalent[pot], projects.row)
    room = rest(np.ones_like(had.money), share_of(had.money, projects.cost))
    share = np.minimum(_share(books, projects, pot, gift, had), room)
    asked = share * projects.cost * taken_in
    # Merit is weight per share of the cost: the cost would cancel but for rounding, which must not break a tie.
    weight = pots.weight[pot][books.sites.first][:, None]
    money = capital.award(asked, weight * (asked > 0.0) / np.maximum(share, _LEAST), state.pot_left[pot])
    state.pot_left = capital.obligations(state.pot_left, money, pot)
    granted = had.granted + money if pots.form[pot] == "grant" else had.granted
    return money, _Had(had.money + money, had.gift + money * gift, granted)


def _share(books: Books, projects: Projects, pot: int, gift: DivisionRun, had: _Had) -> DivisionRun:
    """Return the share of its cost that each project would have of a programme (division, run).

    A project asks each programme only for what it still lacks, and a floor of the first grant; cheap loans and shares
    it takes even if it lacks nothing.
    """
    pots = books.pots
    cap, floor = pots.cap_share[pot], pots.floor_share[pot]
    if pots.form[pot] != "grant":
        return capital.taken_share(gift, cap, floor)
    lacking = rest(projects.short, share_of(had.gift, projects.cost))
    return capital.asked_share(lacking, gift, cap, floor * (had.granted <= 0.0))


def _claw_back(books: Books, begun: RowRun) -> None:
    """Take grants back from owners who begin new capacity in a region their programme bars."""
    state, network = books.state, books.frame.network
    for pot, barred in enumerate(books.pots.barred):
        if not barred.any():
            continue
        breach = network.row_to_owner(begun * barred[:, None]) > 0.0
        if not breach.any():
            continue
        returned = state.granted[pot] * breach
        state.granted[pot] -= returned
        state.cash = state.cash - returned
        give_back(books, returned)
        books.flow.clawed_back[pot] = total = summed(returned)
        state.treasury[books.pots.region[pot]] += total
        state.grant_due[pot] *= 1.0 - breach.take(books.frame.world.plants.owner, axis=0)
