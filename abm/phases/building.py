"""The phase in which owners invest: what they renew, how much more they want, where it would stand."""

import numpy as np

from abm.axes import DivisionRun, Floats, Ints, OwnerRun, RowRun
from abm.books import Books
from abm.markets.capital import Projects, at_rows, of_rows
from abm.markets.network import summed
from abm.markets.orders import share_of
from abm.markets.prices import market_price
from abm.traits import annuity

NEVER = 1e9


def invest(books: Books) -> None:
    """Renew worn capacity, let wishes for more grow, and put forward the projects that are ripe."""
    p, state, flow = books.parameters, books.state, books.flow
    read_signals(books)
    flow.needed = books.cast.rule("capacity_needed")
    alive, may = solvent(books), startable(books)
    _renew(books, alive)
    expected = _expected_gift(books)
    size = _ripe(books, expected, alive)
    value = books.cast.rule("site_value") + books.dice.site(books.month)
    value = value - _deterrence(books, size) - NEVER * (may * alive <= 0.0)
    plain, best_value = books.sites.best(value)
    row = books.sites.best(value + expected / p.site_scale)[0] if expected.any() else plain
    worth, own_value = of_rows(flow.worth_now, row), of_rows(value, row)
    size = size * ((worth + of_rows(expected, row) > 0.0) & (own_value > -0.5 * NEVER))
    allowed = of_rows(may, row)
    # What may not be started is given up, or it would be tried again the month after.
    state.wish = np.maximum(state.wish - size * (1.0 - allowed), 0.0)
    size = size * allowed
    size = size * _affordable(books, row, size)
    # A grant makes up for the better site elsewhere, and for what the project would lose here.
    gap = (best_value - own_value) * p.site_scale
    short = np.maximum(np.maximum(gap, -worth), 0.0)
    books.projects = Projects(row, plain, size, size * of_rows(flow.site_capex, row), short)


def read_signals(books: Books) -> None:
    """Write the public signals of the month and each site's worth and earning."""
    p, state, flow, traits, network = books.parameters, books.state, books.flow, books.traits, books.frame.network
    slots = (state.landed, flow.received)
    paid = market_price(network, flow.price_export, flow.output, slots, books.regions)
    flow.market_price = paid.take(traits.place, axis=0)
    flow.tax_credit = books.levers.tax_credit.take(traits.place, axis=0)
    _read_sites(books)
    flow.worth_now = books.cast.rule("site_worth") * traits.investable
    state.worth = state.worth + (flow.worth_now - state.worth) / p.margin_memory
    margin = books.cast.rule("return_on_capital")
    state.earning = state.earning + (margin * traits.investable - state.earning) / p.margin_memory


def _read_sites(books: Books) -> None:
    """Write what new capacity costs now and when it would open, and how much of the industry is in the region."""
    flow, traits, levers, network = books.flow, books.traits, books.levers, books.frame.network
    flow.site_capex = traits.capex * levers.capex_factor.take(traits.place, axis=0)
    flow.site_lag, flow.site_annuity = (
        np.broadcast_to(usual, flow.site_capex.shape) for usual in (traits.lag, traits.annuity)
    )
    if levers.fast_track.any():
        asked = np.rint(traits.lag - levers.fast_track.take(traits.place, axis=0))
        flow.site_lag = np.minimum(np.maximum(asked, 1.0), books.frame.pipeline.length[:, None] - 1.0)
        moved = annuity(traits.hurdle, flow.site_lag, traits.life, books.parameters.payback_months)
        flow.site_annuity = np.where(flow.site_lag == traits.lag, traits.annuity, moved)
    here = network.row_to_good_region(books.state.capacity)
    world = summed(here.reshape(-1, books.regions, books.runs), 1)
    flow.presence = share_of(here, world.repeat(books.regions, axis=0)).take(traits.place, axis=0)


def solvent(books: Books) -> RowRun:
    """Return 1 for rows whose owner has not defaulted, else 0 (row, run)."""
    return 1.0 - books.state.bankrupt.take(books.frame.world.plants.owner, axis=0)


def startable(books: Books) -> RowRun:
    """Return the share of new capacity that is neither barred nor without tools (row, run)."""
    return (1.0 - books.levers.barred) * (1.0 - books.levers.unequipped)


def open_pots(books: Books) -> Floats:
    """Return 1 for programmes that take in projects this month and have money left (pot, run)."""
    terms = zip(books.pots.first, books.pots.last, strict=True)
    in_time = np.array([first <= books.step <= last for first, last in terms], np.float64)
    is_open: Floats = in_time[:, None] * (books.state.pot_left > 0.0)
    return is_open


def eligible(books: Books, pot: int) -> RowRun:
    """Return 1 for rows whose new capacity a programme may pay for, else 0 (row, run)."""
    named: RowRun = books.pots.eligible[pot][:, None].repeat(books.runs, axis=1)
    if books.stance is None or pot < books.stance.first_pot:
        return named
    # Governments that follow rules pay for what they depend on now.
    sought: RowRun = named * (books.stance.drive > 0.0).take(books.traits.place, axis=0)
    return sought


def _expected_gift(books: Books) -> RowRun:
    """Return the most that programmes may give an owner at a site, grant equivalent as a share of cost (row, run)."""
    hope, pots = np.zeros(books.state.capacity.shape), books.pots
    for pot, is_open in enumerate(open_pots(books)):
        if is_open.any():
            gift = pots.grant_equivalent[pot] * (pots.cap_share[pot] * is_open)
            hope = np.maximum(hope, eligible(books, pot) * gift)
    return hope


def _deterrence(books: Books, size: DivisionRun) -> RowRun:
    """Return how much the claw-back of grants, paid or due, lowers the value of building where it is barred.

    size  of the projects, units/month (division, run)
    """
    state, flow, network = books.state, books.flow, books.frame.network
    deterred, owner = np.zeros(state.capacity.shape), books.frame.world.plants.owner
    for pot, barred in enumerate(books.pots.barred):
        rows = np.flatnonzero(barred)
        if len(rows):
            at_risk = state.granted[pot] + network.row_to_owner(state.grant_due[pot])
            cost = size[network.division_of_row[rows]] * flow.site_capex[rows]
            deterred[rows] += share_of(at_risk[owner[rows]], cost) / books.parameters.site_scale
    return deterred


def _renew(books: Books, alive: RowRun) -> None:
    """Break ground for what of worn capacity solvent owners renew, as far as they get the tools."""
    state, traits = books.state, books.traits
    renewed = books.cast.rule("replacement") * traits.investable * alive
    renewed = renewed * (1.0 - books.parameters.renewal_tools * books.levers.unequipped)
    # Renewal takes the usual lag.
    state.ring[books.frame.pipeline.due(books.step + traits.lag[:, 0].astype(np.int64))] += renewed
    _begin(books, renewed, traits.capex)


def _ripe(books: Books, expected: RowRun, alive: RowRun) -> DivisionRun:
    """Let each division's wish for capacity grow or fade; return the wishes that make a project (division, run).

    expected  grant equivalent, share of cost (row, run);  alive  1 for rows of solvent owners, else 0 (row, run)
    """
    p, state, traits, network = books.parameters, books.state, books.traits, books.frame.network
    able = alive * traits.investable
    capacity = network.row_to_division(state.capacity * able)
    need = np.maximum(network.row_to_division(_wanted(books) * able), 0.0)
    _, gain = books.sites.best(state.worth - state.worth_start + expected - NEVER * (able <= 0.0))
    earned = share_of(network.row_to_division(state.earning * state.capacity), network.row_to_division(state.capacity))
    hurdle, whole = (of_row.take(books.sites.first, axis=0) for of_row in (traits.hurdle, traits.project_size))
    incumbent = capacity > 0.0
    # Whoever has a first plant under way waits for it before the next.
    entering = (gain >= p.entry_improvement) & (network.row_to_division(state.building) <= 0.0)
    growing = np.where(incumbent, (earned >= hurdle) * need, entering * whole / p.entry_months)
    state.wish = np.where(growing > 0.0, state.wish + growing, state.wish * (1.0 - p.wish_fading))
    lump = np.where(incumbent, np.minimum(whole, p.lump_share * capacity), whole)
    largest = np.maximum(whole, p.largest_lump * p.lump_share * capacity)
    return np.where((state.wish >= lump) & (lump > 0.0), np.minimum(state.wish, largest), 0.0)


def _wanted(books: Books) -> RowRun:
    """Return the capacity owners would like to start, what is about to move away not counted as standing."""
    wanted: RowRun = books.cast.rule("expansion")
    if books.pots.pace.any():
        wanted = wanted + summed(books.state.leaving) / books.parameters.gap_months
    return wanted


def means(books: Books) -> OwnerRun:
    """Return what owners can spend without new equity: cash and what the bank still lends, M USD (owner, run)."""
    state, network = books.state, books.frame.network
    assets = network.row_to_owner((state.capacity + state.building) * books.traits.capex)
    room = books.parameters.borrow_limit * assets - state.debt - public_loans(books)
    return np.maximum(room, 0.0) + np.maximum(state.cash, 0.0)


def public_loans(books: Books) -> OwnerRun:
    """Return what owners owe to programmes of loans, M USD (owner, run)."""
    owed = np.zeros(books.state.debt.shape)
    for pot, form in enumerate(books.pots.form):
        if form == "loan":
            owed = owed + books.state.holding[pot]
    return owed


def raise_equity(books: Books, cost: RowRun, wanted: OwnerRun, equity: OwnerRun) -> None:
    """Let the households at the sites pay new equity into their owners' cash, by cost.

    cost  of what is built, M USD (row, run);  wanted  the same by owner (owner, run);  equity  M USD (owner, run)
    """
    if not equity.any():
        return
    state, network, owner = books.state, books.frame.network, books.frame.world.plants.owner
    state.cash = state.cash + equity
    shareholders = equity.take(owner, axis=0) * share_of(cost, wanted.take(owner, axis=0))
    state.household = state.household - network.row_to_region(shareholders)


def _affordable(books: Books, row: Ints, size: DivisionRun) -> DivisionRun:
    """Return the share of each project its owner can pay for; what cash and credit lack is raised as new equity."""
    network = books.frame.network
    cost = at_rows(row, size, network.rows) * books.flow.site_capex
    wanted, own = network.row_to_owner(cost), means(books)
    share = np.minimum(share_of(own + books.parameters.equity_share * wanted, wanted), 1.0)
    raise_equity(books, cost, wanted, np.maximum(wanted * share - own, 0.0))
    return share.take(books.frame.world.plants.owner[books.sites.first], axis=0)


def break_ground(books: Books, capacity: RowRun) -> None:
    """Break ground for new capacity, units/month (row, run): it opens after the site's lag and is paid for before."""
    state = books.state
    row, run = np.divmod(np.flatnonzero(capacity > 0.0), books.runs)
    month = books.step + books.flow.site_lag[row, run].astype(np.int64)
    state.ring[books.frame.pipeline.opening(month, row), run] += capacity[row, run]
    _begin(books, capacity, books.flow.site_capex)


def _begin(books: Books, capacity: RowRun, capex: Floats) -> None:
    """Enter capacity as begun, units/month (row, run), and what it costs as due, M USD per unit/month."""
    state, flow = books.state, books.flow
    state.building = state.building + capacity
    state.due = state.due + capacity * capex
    flow.started = flow.started + capacity
