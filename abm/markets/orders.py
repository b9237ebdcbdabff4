"""Where buyers turn: preferred shares, the slow move of relationships, and orders down the links."""

import numpy as np

from abm.arithmetic import exp, log
from abm.axes import Bools, CellRun, Floats, GoodRegionRun, Ints, LinkRun, RowRun, SlotRun
from abm.backend import twin
from abm.markets.network import Network

_ROUNDING = 1e-12
# A whole so small that dividing by it would leave the range of floats is none.
_NONE = 1e-200


@twin("abm.lanes.orders")
def share_of(part: Floats, whole: Floats) -> Floats:
    """Return part / whole, and 0 where the whole is 0."""
    quotient: Floats = np.divide(
        part, whole, out=np.zeros(np.broadcast_shapes(part.shape, whole.shape)), where=whole > _NONE
    )
    return quotient


@twin("abm.lanes.orders")
def filled(part: Floats, whole: Floats) -> Floats:
    """Return the share of a whole that came, 1 where nothing was wanted."""
    return np.where(whole > 0.0, share_of(part, whole), 1.0)


@twin("abm.lanes.orders")
def rest(amount: Floats, gone: Floats) -> Floats:
    """Return amount - gone, and 0 where that is no more than the rounding of the subtraction."""
    left = amount - gone
    return np.where(left > _ROUNDING * amount, left, 0.0)


@twin("abm.lanes.orders")
def approach(old: Floats, new: Floats, speed: float) -> Floats:
    """Return what is left of the old after going part of the way to the new; both alike in axes.

    speed  share of the way, 0 to 1
    """
    step: Floats = new - old
    step *= speed
    step += old
    return step


def friction(wedge: CellRun, log_premium: CellRun, substitution: Floats) -> CellRun:
    """Return the factor by which a corridor's costs lower the wish to buy through it.

    wedge         1 + tariff + freight (cell, run)
    log_premium   perceived hazard and friend premium, log cost (cell, run)
    substitution  long-run elasticity of the corridor's good (cell, 1)
    """
    factor: CellRun = exp(-substitution * (log(wedge) + log_premium))
    return factor


def preferred(network: Network, quality: LinkRun, attraction: Floats, corridor: CellRun) -> tuple[LinkRun, SlotRun]:
    """Return the shares buyers would choose today (link, run) and each slot's total pull (slot, run).

    quality     of the link, fitted to the start (link, run)
    attraction  qualified capacity x price ** -substitution, home offers stacked on export offers (2 row, run)
    corridor    friction of the corridor (cell, run)
    """
    pull = attraction[network.link_offer]
    pull *= quality
    pull *= corridor[network.link_cell]
    total = network.to_slot(pull)
    pull *= share_of(np.ones(1), total)[network.link_slot]
    return pull, total


def move(network: Network, weight: LinkRun, wanted: LinkRun, speed: SlotRun) -> LinkRun:
    """Return relationship weights moved towards the preferred shares; both sum to 1 per slot.

    speed  share of the way per month (slot, run)
    Source: boehm2023.
    """
    step = wanted - weight
    step *= speed[network.link_slot]
    step += weight
    return step


def unlisted(network: Network, denied: Floats, shunned: Floats) -> LinkRun:
    """Return the share of every link's orders that no list of firms stops (link, run), (1, 1) if there is no list.

    denied   share of a maker's orders on suppliers in a region that may not be placed (row x region, run)
    shunned  share of a region's orders on a maker that may not be placed (row x region, run)
    Final buyers are on no list.
    """
    if not (denied.any() or shunned.any()):
        return np.ones((1, 1))
    regions = len(shunned) // network.rows
    free: LinkRun = np.ones((len(network.link_row), shunned.shape[1]))
    links = _listed(shunned, network.link_row, regions)
    free[links] -= shunned[network.link_row[links] * regions + network.link_cell[links] // regions % regions]
    user = network.slot_row[network.link_slot]
    links = _listed(denied, user, regions)
    free[links] *= (1.0 - denied)[user[links] * regions + network.link_cell[links] % regions]
    return free


def _listed(stopped: Floats, maker: Ints, regions: int) -> Ints:
    """Return the links of makers on a list.

    stopped  (row x region, run);  maker  of every link, negative for none (link,)
    """
    listed: Bools = np.any(stopped.reshape(len(stopped) // regions, -1), axis=1)
    return np.flatnonzero(listed[maker] & (maker >= 0))


def passable(network: Network, blocked: CellRun, free: LinkRun) -> LinkRun:
    """Return the share of every link's orders that may be placed, exactly 0 where a measure stops all (link, run).

    blocked  share of a corridor's orders that may not be placed (cell, run)
    free     share that no list of firms stops (link, run)
    It is (1, 1) where nothing is stopped anywhere.
    """
    return (1.0 - blocked)[network.link_cell] * free if blocked.any() else free


def refused(network: Network, blocked: CellRun, free: LinkRun, sought: LinkRun) -> CellRun:
    """Return the share of a corridor's orders that buyers would place and may not (cell, run).

    sought  orders by the buyers' relationships alone, units/month (link, run)
    """
    if free.size == 1:
        return blocked
    whole, left = network.to_cell(sought), network.to_cell(sought * free)
    listed = np.where(whole > 0.0, 1.0 - share_of(left, whole), 0.0)
    return blocked + listed * (1.0 - blocked)


@twin("abm.lanes.orders")
def learned(hazard: CellRun, refused: CellRun, fill: CellRun, speeds: tuple[float, float, float]) -> CellRun:
    """Return how hazardous corridors seem after a month (cell, run).

    refused  share of the corridor's orders that may not be placed;  fill  share of the others that was delivered
    speeds   log cost of a corridor that delivers nothing, and how fast buyers learn of it and forget it, per month
    """
    scale, learning, forgetting = speeds
    broken = scale * (1.0 - (1.0 - refused) * fill)
    return np.maximum(hazard + np.where(broken > hazard, learning, forgetting) * (broken - hazard), 0.0)


@twin("abm.lanes.orders")
def adjust(
    network: Network, weight: LinkRun, quality: LinkRun, attraction: Floats, corridor: CellRun, speed: SlotRun
) -> LinkRun:
    """Return relationships a month later: on the way to the preferred shares; a slot nothing pulls at stays as it is.

    weight  relationships (link, run);  speed  share of the way per month (slot, run);  the others as in ``preferred``
    """
    wanted, pull = preferred(network, quality, attraction, corridor)
    return move(network, weight, wanted, speed * (pull > _NONE))


@twin("abm.lanes.orders")
def place(network: Network, wanted: SlotRun, weight: LinkRun, passable: LinkRun) -> LinkRun:
    """Return orders, units/month (link, run): what is refused goes to links that nothing stops, else it is not placed.

    wanted    by the slot, units/month (slot, run);  weight  relationships (link, run)
    passable  share of the link's orders that may be placed (link, run), or (1, 1) if nothing is stopped anywhere
    """
    if passable.size == 1:
        return weight * wanted[network.link_slot]
    # The order is masked, never the weight: a buyer remembers a supplier it may not use.
    usable, free = weight * passable, np.where(passable >= 1.0, weight, 0.0)
    refused = rest(network.to_slot(weight), network.to_slot(usable))
    moved = share_of(refused, network.to_slot(free))
    return (usable + free * moved[network.link_slot]) * wanted[network.link_slot]


def within_quota(network: Network, orders: LinkRun, quota: GoodRegionRun) -> LinkRun:
    """Return orders with every region's exports of a good cut to its quota, all links by the same share."""
    if np.isinf(quota).all():
        return orders
    leaving = network.to_origin(orders)
    allowed = np.ones((len(quota) + 1, quota.shape[1]))
    np.divide(quota, leaving, out=allowed[:-1], where=leaving > quota)
    # Home links carry origin -1 and so meet the last row, which is always 1.
    return orders * allowed[network.link_origin]


def attraction(qualified: RowRun, log_price: RowRun, log_start: Floats, substitution: Floats) -> RowRun:
    """Return qualified capacity x (price / start price) ** -substitution (row, run)."""
    pull: RowRun = qualified * exp(substitution * (log_start - log_price))
    return pull
