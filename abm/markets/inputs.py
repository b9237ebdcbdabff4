"""What inputs allow: the scarcest critical one sets the limit, others can be done without at a cost."""

import numpy as np

from abm.axes import RowRun, SlotRun
from abm.backend import twin
from abm.markets.network import Network
from abm.markets.orders import share_of


@twin("abm.lanes.inputs")
def limits(network: Network, per_unit: SlotRun, stock: SlotRun, desired: RowRun) -> tuple[RowRun, RowRun]:
    """Return the output that critical inputs allow, units/month, and the missing shares of the others, added up.

    per_unit  input per unit of output, of input slots (slot, run);  stock  units (slot, run)
    desired   output wanted, units/month (row, run)
    """
    limit, missing = np.full_like(desired, np.inf), np.zeros_like(desired)
    for slots, rows in network.slot_ranks:
        allowed, critical = stock[slots] / per_unit[slots], network.critical[slots][:, None]
        limit[rows] = np.minimum(limit[rows], np.where(critical, allowed, np.inf))
        short = np.maximum(1.0 - share_of(allowed, desired[rows]), 0.0)
        missing[rows] += np.where(critical | (desired[rows] <= 0.0), 0.0, short)
    return limit, missing
