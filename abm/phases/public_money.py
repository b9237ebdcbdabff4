"""What treasuries promise and pay to makers, buyers and researchers, besides the programmes with a pot."""

import numpy as np

from abm.axes import OwnerRun, RegionRun, RowRun
from abm.books import Books
from abm.flow import PURPOSES
from abm.markets.content import Credits, shares
from abm.markets.finance import over_plants
from abm.markets.requirements import tiers
from abm.policies.levers import ContentRule


def announce(books: Books) -> None:
    """Tell makers what they will be paid per unit, and buyers how much they get off which maker's goods."""
    state, flow, levers, network = books.state, books.flow, books.levers, books.frame.network
    flow.production_credit = levers.production_credit.take(books.traits.place, axis=0)
    if not levers.content:
        books.credits = Credits.none(books.runs)
        return
    books.credits = _credits(books)
    most = books.parameters.largest_credit * state.landed
    flow.credit = np.minimum(books.credits.by_slot(network, state.weight), most)


def _credits(books: Books) -> Credits:
    """Return the month's money off every maker's final goods: the sum over rules, at most a share of the price."""
    network, plants, rules = books.frame.network, books.frame.world.plants, books.levers.content
    buyer, good = network.slot_region[network.link_slot], network.slot_good[network.link_slot]
    final = network.slot_row[network.link_slot] < 0
    meant = [final & (buyer == rule.buyer) & (good == rule.good) for rule in rules]
    links = np.flatnonzero(np.logical_or.reduce(meant))
    row = network.link_row[links]
    amount = np.zeros((len(links), books.runs))
    for rule, its in zip(rules, meant, strict=True):
        may = its[links] & rule.makers[plants.region[row]]
        amount += may[:, None] * rule.amount * _earned(books, rule)[row]
    wedge = 1.0 + books.levers.tariff + books.frame.freight
    price = books.offers()[network.link_offer[links]] * wedge[network.link_cell[links]]
    return Credits(links, price, np.minimum(amount, books.parameters.largest_credit * price))


def _earned(books: Books, rule: ContentRule) -> RowRun:
    """Return the share of each maker's output that earns a credit (row, run).

    A maker puts what content it has from allowed regions into as many units as it makes qualify, at the threshold
    each; units that contain anything from barred makers earn nothing.
    """
    network, world = books.frame.network, books.frame.world
    use = books.state.weight * (network.coefficient * books.state.thrift)[network.link_slot]
    chain = tiers(world, books.frame.required, rule.traced, rule.good)
    made, allowed = world.plants.good, rule.allowed[world.plants.region]
    content = shares(network, made, use, chain, allowed.astype(np.float64))
    earned = np.minimum(content / rule.threshold, 1.0) if rule.threshold > 0.0 else np.ones_like(content)
    if not rule.barred.any():
        return earned
    return np.minimum(earned, 1.0 - shares(network, made, use, chain, rule.barred.astype(np.float64)))


def support(books: Books) -> None:
    """Pay makers per unit of output and what sales brought less than guaranteed, buyers their credit, and research."""
    flow, levers, network = books.flow, books.levers, books.frame.network
    _to_makers(books, "production_credits", flow.output * flow.production_credit)
    _to_makers(books, "price_floors", np.maximum(levers.price_floor * flow.delivered - flow.revenue, 0.0))
    _to_households(books, "research", levers.research)
    if len(books.credits.links):
        _to_households(books, "purchase_credits", books.credits.by_region(network, flow.shipped))


def _to_makers(books: Books, purpose: str, amount: RowRun) -> None:
    """Pay owners at their sites, M USD, from the treasury of the site."""
    if not amount.any():
        return
    state, network = books.state, books.frame.network
    by_region = network.row_to_region(amount)
    books.flow.outlay[PURPOSES.index(purpose)] += by_region
    state.treasury = state.treasury - by_region
    state.cash = state.cash + network.row_to_owner(amount)
    books.flow.public_money = books.flow.public_money + amount


def _to_households(books: Books, purpose: str, amount: RegionRun) -> None:
    """Pay a region's households, M USD, from its treasury."""
    books.flow.outlay[PURPOSES.index(purpose)] += amount
    books.state.treasury = books.state.treasury - amount
    books.state.household = books.state.household + amount


def give_back(books: Books, amount: OwnerRun) -> None:
    """Enter what owners pay back to treasuries against what their plants received, by the capacity of each.

    amount  M USD (owner, run)
    """
    if not amount.any():
        return
    owner = books.frame.world.plants.owner
    spread = over_plants(books.frame.network, owner, amount, books.state.capacity)
    books.flow.public_money = books.flow.public_money - spread
