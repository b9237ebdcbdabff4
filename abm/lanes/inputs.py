"""Loops for what inputs allow."""

from typing import Protocol

import numpy as np
from numba import types

from abm.axes import Bools, Floats, Ints
from abm.lanes.network import FILLED, INDEX, TABLE, loop, table
from abm.lanes.orders import ratio

FLAGS = types.Array(types.boolean, 1, "C", readonly=True)


class Buyers(Protocol):
    """What loops need to know of buyers; as in ``abm.markets.network.Network``."""

    @property
    def slot_row(self) -> Ints:
        """Buyer's row (slot)."""

    @property
    def critical(self) -> Bools:
        """Whether output stops without the input (slot)."""


def limits(network: Buyers, per_unit: Floats, stock: Floats, desired: Floats) -> tuple[Floats, Floats]:
    """Return the output that critical inputs allow, and how much of the others is missing."""
    limit, missing = np.full(desired.shape, np.inf), np.zeros(desired.shape)
    makers = network.slot_row[: len(per_unit)]
    _limit(makers, network.critical, (table(per_unit), table(stock)), table(desired), (limit, missing))
    return limit, missing


@loop(types.void(INDEX, FLAGS, types.UniTuple(TABLE, 2), TABLE, types.UniTuple(FILLED, 2)))
def _limit(slot_row, critical, inputs, desired, found):
    (per_unit, stock), (limit, missing) = inputs, found
    for slot in range(len(per_unit)):
        row = slot_row[slot]
        for run in range(desired.shape[1]):
            allowed = stock[slot, run] / per_unit[slot, run]
            if critical[slot]:
                limit[row, run] = min(limit[row, run], allowed)
            elif desired[row, run] > 0.0:
                missing[row, run] += max(1.0 - ratio(allowed, desired[row, run]), 0.0)
