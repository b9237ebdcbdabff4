"""What pulls prices: how tight each market is at home and for export, and what the world pays."""

import numpy as np

from abm.arithmetic import log
from abm.axes import Floats, GoodRegionRun, RowRun, SlotRun
from abm.markets.network import Network, summed
from abm.markets.orders import share_of

_SLACK = 1e-3
_SPECK = 1e-12


def tension(orders: RowRun, stock: RowRun, cover: Floats, capacity: RowRun, busy: RowRun) -> RowRun:
    """Return the log of orders over what the stock can serve, between -1 and 1 (row, run).

    A maker with idle capacity answers scarcity by making more, so an upward pull counts as far as it is busy.

    orders    that may be served, units/month (row, run)
    stock     on offer at the start of trade, units (row, run)
    cover     months of orders the maker wants in stock (row, 1)
    capacity  units/month; keeps an idle plant's tension at 0 (row, run)
    busy      wanted output over what can be run, 0 to 1 (row, run)
    """
    slack = _SLACK * capacity + _SPECK
    pull: RowRun = np.minimum(np.maximum(log(orders * cover + slack) - log(stock + slack), -1.0), 1.0)
    return pull * np.where(pull > 0.0, busy, 1.0)


def export_tension(home: RowRun, asked: RowRun, allowed: RowRun, capacity: RowRun) -> RowRun:
    """Return the tension of the export channel: that at home plus what a quota turns away (row, run).

    asked, allowed  export orders before and after the quota, units/month (row, run)
    """
    slack = _SLACK * capacity + _SPECK
    pull: RowRun = np.minimum(np.maximum(home + log(asked + slack) - log(allowed + slack), -1.0), 1.0)
    return pull


def market_price(
    network: Network, export: RowRun, output: RowRun, slots: tuple[SlotRun, SlotRun], regions: int
) -> GoodRegionRun:
    """Return the price a new plant could expect: the world's export price, or the region's landed price if higher.

    export  export prices, M USD per unit (row, run);  output  units/month (row, run)
    slots   landed price, M USD per unit, and purchases, units/month, both (slot, run)
    """
    landed, bought = slots
    spent = network.slot_to_good_region(landed * bought)
    paid = share_of(spent, network.slot_to_good_region(bought))
    sold = network.row_to_good_region(output)
    worth = network.row_to_good_region(export * output)
    by_good = (-1, regions, output.shape[1])
    world = share_of(summed(worth.reshape(by_good), 1), summed(sold.reshape(by_good), 1))
    return np.maximum(paid, np.repeat(world, regions, axis=0))
