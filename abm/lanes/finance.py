"""Loops for what a month's trade costs."""

import numpy as np
from numba import types

from abm.axes import Floats
from abm.lanes.network import FILLED, INDEX, TABLE, Links, inlined, loop, table


def landed(network: Links, units: Floats, offers: Floats, wedge: Floats) -> tuple[Floats, Floats, Floats]:
    """Return what units cost by slot with duty and freight, and without them by row and by corridor."""
    runs = units.shape[1]
    totals = (np.zeros((network.slots, runs)), np.zeros((network.rows, runs)), np.zeros((network.cells, runs)))
    index = (network.link_slot, network.link_row, network.link_cell, network.link_offer)
    _land(index, table(units), table(offers), table(wedge), totals)
    return totals


@inlined
def _land_runs(index, units, offers, wedge, totals, runs):
    (slot, row, cell, offer), (paid, earned, value) = index, totals
    for link in range(len(units)):
        at_slot, at_row, at_cell, at = slot[link], row[link], cell[link], offer[link]
        for run in range(runs):
            worth = units[link, run] * offers[at, run]
            value[at_cell, run] += worth
            earned[at_row, run] += worth
            paid[at_slot, run] += worth * wedge[at_cell, run]


@loop(types.void(types.UniTuple(INDEX, 4), TABLE, TABLE, TABLE, types.UniTuple(FILLED, 3)))
def _land(index, units, offers, wedge, totals):
    if units.shape[1] == 1:
        _land_runs(index, units, offers, wedge, totals, 1)
    else:
        _land_runs(index, units, offers, wedge, totals, units.shape[1])
