"""Phases in which owners invest and governments award grants."""

import numpy as np

from abm.axes import DivisionRun, Floats, Ints, RowRun
from abm.books import Books
from abm.markets import capital
from abm.markets.capital import Projects, at_rows, of_rows
from abm.markets.network import summed
from abm.markets.orders import share_of
from abm.markets.prices import market_price

_NEVER = 1e9
_LEAST = 1e-9


def invest(books: Books) -> None:
    """Renew worn capacity, let wishes for more grow, and put forward the projects that are ripe."""
    state, flow, network = books.state, books.flow, books.frame.network
    read_signals(books)
    renewed = books.cast.rule("replacement") * books.traits.investable * _solvent(books)
    _begin(books, renewed)
    expected = _expected_grant(books)
    size = _ripe(books, expected)
    site = size[network.division_of_row] * books.traits.capex
    value = books.cast.rule("site_value") + books.dice.site(books.month)
    value = value - _deterrence(books, site) - _NEVER * np.maximum(books.levers.barred, 1.0 - _solvent(books))
    row, _ = books.sites.best(value + expected / books.parameters.site_scale)
    plain, plain_value = books.sites.best(value)
    short = (plain_value - of_rows(value, row)) * books.parameters.site_scale
    size = size * ((of_rows(flow.worth_now + expected, row) > 0.0) & (of_rows(value, row) > -0.5 * _NEVER))
    size = size * _affordable(books, row, size)
    cost = size * of_rows(np.broadcast_to(books.traits.capex, state.capacity.shape), row)
    books.projects = Projects(row, plain, size, cost, np.where(row == plain, 0.0, np.maximum(short, 0.0)))


def read_signals(books: Books) -> None:
    """Write the public signals of the month and each site's worth and earning."""
    p, state, flow, traits, network = books.parameters, books.state, books.flow, books.traits, books.frame.network
    export = np.exp(state.log_price_export)
    slots = (state.landed, flow.received)
    flow.market_price = market_price(network, export, flow.output, slots, books.regions)[traits.place]
    flow.tax_credit = books.levers.tax_credit[traits.place]
    flow.worth_now = books.cast.rule("site_worth") * traits.investable
    state.worth = state.worth + (flow.worth_now - state.worth) / p.margin_memory
    margin = traits.planning * (np.exp(state.log_price_home) - state.cost) / traits.capex - traits.depreciation
    state.earning = state.earning + (margin * traits.investable - state.earning) / p.margin_memory


def _solvent(books: Books) -> RowRun:
    """Return 1 for rows whose owner has not defaulted, else 0 (row, run)."""
    return 1.0 - books.state.bankrupt[books.frame.world.plants.owner]


def _open_pots(books: Books) -> Floats:
    """Return 1 for programmes that take in projects this month and have money left (pot, run)."""
    first, last = np.array(books.pots.first, ndmin=1), np.array(books.pots.last, ndmin=1)
    in_time = (first <= books.step) & (books.step <= last)
    return np.where(in_time[:, None] & (books.state.pot_left > 0.0), 1.0, 0.0)


def _expected_grant(books: Books) -> RowRun:
    """Return the best grant an owner may hope for at a site, share of cost (row, run)."""
    hope = np.zeros_like(books.state.capacity)
    for pot, is_open in enumerate(_open_pots(books)):
        share = books.pots.cap_share[pot] * is_open
        hope = np.maximum(hope, books.pots.eligible[pot][:, None] * share)
    return hope


def _deterrence(books: Books, cost: RowRun) -> RowRun:
    """Return how much the claw-back of grants lowers the value of building where it is barred (row, run)."""
    deterred = np.zeros_like(cost)
    owner = books.frame.world.plants.owner
    for pot, barred in enumerate(books.pots.barred):
        owed = books.state.granted[pot][owner] * barred[:, None]
        deterred += share_of(owed, cost) / books.parameters.site_scale
    return deterred


def _ripe(books: Books, expected: RowRun) -> DivisionRun:
    """Let each division's wish for capacity grow or fade; return the wishes that make a project (division, run)."""
    p, state, traits, network = books.parameters, books.state, books.traits, books.frame.network
    solvent = _solvent(books) * traits.investable
    capacity = network.row_to_division(state.capacity * solvent)
    need = np.maximum(network.row_to_division(books.cast.rule("expansion") * solvent), 0.0)
    row, gain = books.sites.best(np.where(solvent > 0.0, state.worth - state.worth_start + expected, -_NEVER))
    earned = share_of(network.row_to_division(state.earning * state.capacity), network.row_to_division(state.capacity))
    hurdle = of_rows(np.broadcast_to(traits.hurdle, state.capacity.shape), row)
    whole = of_rows(np.broadcast_to(traits.project_size, state.capacity.shape), row)
    incumbent = capacity > 0.0
    # Whoever has a first plant under way waits for it before the next.
    entering = (gain >= p.entry_improvement) & (network.row_to_division(state.building) <= 0.0)
    growing = np.where(incumbent, (earned >= hurdle) * need, entering * whole / p.entry_months)
    state.wish = np.where(growing > 0.0, state.wish + growing, state.wish * (1.0 - p.wish_fading))
    lump = np.where(incumbent, np.minimum(whole, p.lump_share * capacity), whole)
    largest = np.maximum(whole, p.largest_lump * p.lump_share * capacity)
    return np.where((state.wish >= lump) & (lump > 0.0), np.minimum(state.wish, largest), 0.0)


def _affordable(books: Books, row: Ints, size: DivisionRun) -> DivisionRun:
    """Return the share of each project its owner can pay for; what cash and credit lack is raised as new equity."""
    p, state, network = books.parameters, books.state, books.frame.network
    owner = books.frame.world.plants.owner
    cost = at_rows(row, size, network.rows) * books.traits.capex
    wanted = network.row_to_owner(cost)
    assets = network.row_to_owner((state.capacity + state.building) * books.traits.capex)
    means = np.maximum(p.borrow_limit * assets - state.debt, 0.0) + np.maximum(state.cash, 0.0)
    share = np.minimum(share_of(means + p.equity_share * wanted, wanted), 1.0)
    equity = np.maximum(wanted * share - means, 0.0)
    state.cash = state.cash + equity
    shareholders = equity[owner] * share_of(cost, wanted[owner])
    state.household = state.household - network.row_to_region(shareholders)
    return of_rows(share[owner], row)


def award(books: Books) -> None:
    """Award grants to the projects put forward and begin what is funded; the rest moves, shrinks or waits."""
    state, flow, network, projects = books.state, books.flow, books.frame.network, books.projects
    granted = np.zeros_like(projects.size)
    for pot, is_open in enumerate(_open_pots(books)):
        granted += _award_one(books, projects, pot, is_open, granted)
    needed = projects.short * projects.cost
    funded = np.where(needed > 0.0, np.minimum(share_of(granted, needed), 1.0), 1.0)
    here = projects.size * funded
    elsewhere = (projects.size - here) * (of_rows(flow.worth_now, projects.plain) > 0.0)
    elsewhere = elsewhere * (of_rows(books.levers.barred, projects.plain) < 1.0)
    begun = at_rows(projects.row, here, network.rows) + at_rows(projects.plain, elsewhere, network.rows)
    state.wish = np.maximum(state.wish - here - elsewhere, 0.0)
    size = np.maximum(books.traits.project_size, 1e-12)
    flow.plants_begun = np.where(state.capacity > 0.0, np.rint(begun / size), np.ceil(begun / size))
    _begin(books, begun)
    state.credit_due = state.credit_due + begun * books.traits.capex * flow.tax_credit
    _claw_back(books, begun)


def _award_one(books: Books, projects: Projects, pot: int, is_open: Floats, before: DivisionRun) -> DivisionRun:
    """Return one programme's grants, M USD (division, run); ``before`` is what other programmes gave already."""
    state, pots = books.state, books.pots
    shape = books.state.capacity.shape
    eligible = of_rows(np.broadcast_to(pots.eligible[pot][:, None], shape), projects.row) * (before <= 0.0) * is_open
    asked = capital.ask(projects, pots.cap_share[pot], pots.floor_share[pot], eligible)
    weight = of_rows(np.broadcast_to(pots.weight[pot][:, None], shape), projects.row)
    # Merit is weight per share of the cost: the cost would cancel but for rounding, which must not break a tie.
    share = np.minimum(np.maximum(projects.short, pots.floor_share[pot]), pots.cap_share[pot])
    grants = capital.award(asked, weight * (asked > 0.0) / np.maximum(share, _LEAST), state.pot_left[pot])
    state.pot_left = capital.obligations(state.pot_left, grants, pot)
    state.grant_due[pot] += at_rows(projects.row, grants, shape[0])
    books.flow.projects[pot] = summed(np.where(grants > 0.0, 1.0, 0.0))
    books.flow.supported[pot] = summed(projects.size * (grants > 0.0))
    return grants


def _begin(books: Books, capacity: RowRun) -> None:
    """Break ground for new capacity: it opens after the site's lag and is paid for over the build."""
    state, flow, traits = books.state, books.flow, books.traits
    opening = (books.step + traits.lag[:, 0].astype(np.int64)) % len(state.ring)
    state.ring[opening, np.arange(len(opening))] += capacity
    state.building = state.building + capacity
    state.due = state.due + capacity * traits.capex
    flow.started = flow.started + capacity


def _claw_back(books: Books, begun: RowRun) -> None:
    """Take grants back from owners who begin new capacity in a region their programme bars."""
    state, network = books.state, books.frame.network
    for pot, barred in enumerate(books.pots.barred):
        breach = network.row_to_owner(begun * barred[:, None]) > 0.0
        returned = state.granted[pot] * breach
        state.granted[pot] -= returned
        state.cash = state.cash - returned
        books.flow.clawed_back[pot] = summed(returned)
        state.treasury[books.pots.region[pot]] += summed(returned)
        state.grant_due[pot] *= 1.0 - breach[books.frame.world.plants.owner]
