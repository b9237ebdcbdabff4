"""What a firm did out of the ordinary in a month, and what it saw when it did, in sentences."""

from collections.abc import Iterator

import numpy as np

from abm.places import called
from experiments.firm_month import YEARLY, Month

PERCENT = 100.0
# A price that moves by less in a month, and output short of what is wanted by less, in %, are ordinary.
STEEP, SHORT = 3.0, 3.0
# So are loans under this part of all debt, and idle capacity under this part of it.
SMALL_LOAN, IDLE = 0.02, 0.02


def deeds(month: Month) -> Iterator[str]:
    """Yield what a firm did out of the ordinary in a month, run 1, and why."""
    for row in month.rows.tolist():
        yield from _projects(month, row)
        yield from _output(month, row)
        yield from _price(month, row)
    yield from _grants(month)
    yield from _money(month)


def _ware(month: Month, row: int) -> str:
    """Return the name of what a plant makes."""
    goods, plants = month.frame.world.goods, month.frame.world.plants
    return str(goods.title[plants.good[row]]).split(" (")[0]


def _where(month: Month, row: int) -> str:
    """Return the name of a plant's region."""
    world = month.frame.world
    return called(world.region_titles[world.plants.region[row]])


def _projects(month: Month, row: int) -> Iterator[str]:
    """Yield that a plant is put forward or begun, and what speaks for it."""
    projects, books = month.books.projects, month.books
    division = month.frame.network.division_of_row[row]
    size = float(projects.size[division, 0])
    if size <= 0.0 or projects.row[division, 0] != row:
        return
    world, before = month.frame.world, month.before
    unit = world.goods.unit[world.plants.good[row]]
    held = float(before.capacity[month.frame.network.division_of_row == division, 0].sum())
    more = f", {PERCENT * size / held:.0f} % of what it has" if held > 0.0 else ", its first of this kind"
    begun = min(float(books.flow.started[row, 0]), size)
    act = "begins to build" if begun >= 0.99 * size else "would like to build"
    place = _where(month, row)
    yield (
        f"It {act} capacity for {size:,.3g} {unit} a month of {_ware(month, row)} in {place}{more}, "
        f"for {float(projects.cost[division, 0]):,.0f} million dollars. {_why(month, row, division)}"
    )


def _why(month: Month, row: int, division: int) -> str:
    """Return what speaks for a plant: growth of orders, earnings, and where it would stand without grants."""
    growth = YEARLY * float(month.growth[row, 0])
    told = f"Its orders {'grow' if growth >= 0.0 else 'shrink'} by {abs(growth):.1f} % a year"
    rows = np.flatnonzero(month.frame.network.division_of_row == division)
    held = month.books.state.capacity[rows, 0]
    if held.sum() > 0.0:
        earned = YEARLY * float((month.books.state.earning[rows, 0] * held).sum() / held.sum())
        asked = YEARLY * float(month.books.traits.hurdle[rows[0], 0])
        told += f"; what it has earns {earned:.1f} % a year of its cost after wear, and it builds from {asked:.1f} % on"
    here, plain = _where(month, row), _where(month, int(month.books.projects.plain[division, 0]))
    if plain == here:
        return f"{told}. Of all its sites {here} promises most."
    return f"{told}. Without public money {plain} would promise more than {here}."


def _output(month: Month, row: int) -> Iterator[str]:
    """Yield that a plant makes less than it wants, or stands idle, and what is missing."""
    flow, before = month.books.flow, month.before
    wanted, made = float(flow.desired[row, 0]), float(flow.output[row, 0])
    name = f"{_ware(month, row)} in {_where(month, row)}"
    if wanted > 0.0 and PERCENT * (1.0 - made / wanted) > SHORT and flow.input_limit[row, 0] < wanted:
        goods, network = month.frame.world.goods, month.frame.network
        slots = month.slots(row)
        least = slots[np.argmin(before.fill[slots, 0])]
        ware = goods.title[network.slot_good[least]].split(" (")[0]
        yield (
            f"It makes {PERCENT * made / wanted:.0f} % of the {name} that it wants to make: inputs are missing. "
            f"Of the {ware} it ordered, {PERCENT * float(before.fill[least, 0]):.0f} % came last month."
        )
    idle = float(flow.idle_share[row, 0])
    if idle > IDLE and before.capacity[row, 0] > 0.0:
        yield f"{PERCENT * idle:.0f} % of its capacity for {name} stands idle, by an accident or a policy."


def _price(month: Month, row: int) -> Iterator[str]:
    """Yield that a price is raised or cut steeply, and what stock and cost are like."""
    state, before = month.books.state, month.before
    if before.capacity[row, 0] <= 0.0:
        return
    for column, place in (("log_price_home", "at home"), ("log_price_export", "abroad")):
        was = float(getattr(before, column)[row, 0])
        moved = PERCENT * float(np.expm1(getattr(state, column)[row, 0] - was))
        if abs(moved) < STEEP:
            continue
        verb = "raises" if moved > 0.0 else "cuts"
        expected = float(before.expected[row, 0])
        stock = (
            f"it holds {float(before.stock[row, 0]) / expected:.1f} months of orders in stock, and " if expected else ""
        )
        cost = PERCENT * float(before.cost[row, 0] / np.exp(was))
        yield (
            f"It {verb} its price of {_ware(month, row)} from {_where(month, row)} {place} by {abs(moved):.1f} %: "
            f"{stock}a unit costs {cost:.0f} % of the price."
        )


def _grants(month: Month) -> Iterator[str]:
    """Yield what programmes promise the firm or pay it for the first time."""
    own = np.flatnonzero(month.frame.world.plants.owner == month.owner)
    before, state = month.before, month.books.state
    for pot, name in enumerate(month.books.pots.name):
        had, has = (
            float(each.granted[pot, month.owner, 0] + each.grant_due[pot, own, 0].sum()) for each in (before, state)
        )
        if has > had + 0.5:
            yield f"The programme {name} promises it {has - had:,.0f} million dollars."


def _money(month: Month) -> Iterator[str]:
    """Yield that the firm borrows, pays back or goes bankrupt."""
    owner, state, before = month.owner, month.books.state, month.before
    if state.bankrupt[owner, 0] > before.bankrupt[owner, 0]:
        yield "It cannot pay its debts: it goes bankrupt, and its plants are sold or closed."
        return
    debt, moved = float(before.debt[owner, 0]), float(state.debt[owner, 0] - before.debt[owner, 0])
    if abs(moved) > max(SMALL_LOAN * debt, 0.5):
        cash = float(before.cash[owner, 0])
        verb = "borrows" if moved > 0.0 else "pays back"
        yield f"It {verb} {abs(moved):,.0f} million dollars; it had {cash:,.0f} million in cash and owed {debt:,.0f}."
