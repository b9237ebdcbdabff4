"""Who gets what is there: allocation by the supplier's memory, then leftovers, then one round of spill-over."""

import numpy as np

from abm.axes import GoodRegionRun, LinkRun, RowRun, SlotRun
from abm.backend import twin
from abm.markets.network import Network
from abm.markets.orders import rest, share_of, within_quota


@twin("abm.lanes.trade")
def allocate(network: Network, orders: LinkRun, stock: RowRun, memory: LinkRun) -> LinkRun:
    """Return shipments: an overbooked supplier serves its usual buyers first and shares out the rest.

    orders  units/month (link, run)
    stock   finished goods of the supplier, units (row, run)
    memory  supplier's memory of its shipments, times any priority (link, run)
    Shipped never exceeds ordered nor stock. Source: hallegatte2008, extended by allocation on past shipments.
    """
    promise = memory * share_of(stock, network.to_row(memory))[network.link_row]
    shipped = np.minimum(orders, promise)
    return share_out(network, shipped, orders - shipped, rest(stock, network.to_row(shipped)))


def share_out(network: Network, shipped: LinkRun, unmet: LinkRun, left: RowRun) -> LinkRun:
    """Return shipments after what is left is shared out pro rata over unmet orders.

    unmet  orders not shipped yet, units (link, run)
    left   stock not shipped yet, units (row, run)
    """
    served = np.minimum(share_of(left, network.to_row(unmet)), 1.0)
    return shipped + unmet * served[network.link_row]


def spill_over(
    network: Network, missing: SlotRun, shipped: LinkRun, spare: RowRun, passable: LinkRun, quota: GoodRegionRun
) -> LinkRun:
    """Return shipments after buyers left short turn once to every supplier with stock that nothing stops.

    missing   what the slot asked for and did not get, units (slot, run)
    spare     stock that accepted suppliers have left, units (row, run)
    passable  share of the link's orders that may be placed (link, run), or (1, 1) if nothing is stopped anywhere
    quota     most that may leave a region, units/month (good x region, run)
    """
    if not missing.any():
        return shipped
    if np.isinf(quota).all():
        return turn(network, missing, shipped, spare, passable)
    room = np.maximum(quota - network.to_origin(shipped), 0.0)
    return share_out(network, shipped, within_quota(network, _sought(network, missing, spare, passable), room), spare)


@twin("abm.lanes.trade")
def turn(network: Network, missing: SlotRun, shipped: LinkRun, spare: RowRun, passable: LinkRun) -> LinkRun:
    """Return shipments after buyers turned to spare stock, arguments as in ``spill_over``."""
    return share_out(network, shipped, _sought(network, missing, spare, passable), spare)


def _sought(network: Network, missing: SlotRun, spare: RowRun, passable: LinkRun) -> LinkRun:
    """Return what buyers left short ask of all suppliers with stock, in proportion to it, units (link, run)."""
    pull = spare[network.link_row] * (passable >= 1.0)
    return pull * share_of(missing, network.to_slot(pull))[network.link_slot]
