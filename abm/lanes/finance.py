"""Loops for what a month's trade costs."""

import numpy as np
from numba import types

from abm.axes import Floats
from abm.lanes.network import FILLED, FILLED_LINE, INDEX, LINE, TABLE, Links, loop, table


def landed(network: Links, units: Floats, offers: Floats, wedge: Floats) -> Floats:
    """Return what units cost their buyer with duty and freight, by slot."""
    paid = np.zeros((network.slots, units.shape[1]))
    index = (network.link_slot, network.link_offer, network.link_cell)
    if units.shape[1] == 1:
        _land_alone(index, units.ravel(), offers.ravel(), wedge.ravel(), paid.reshape(-1))
    else:
        _land(index, table(units), table(offers), table(wedge), paid)
    return paid


@loop(types.void(types.UniTuple(INDEX, 3), LINE, LINE, LINE, FILLED_LINE))
def _land_alone(index, units, offers, wedge, paid):
    slot, offer, cell = index
    at, total = 0, 0.0
    for link in range(len(units)):
        if slot[link] != at:
            paid[at] = total
            at, total = slot[link], 0.0
        total += units[link] * offers[offer[link]] * wedge[cell[link]]
    paid[at] = total


@loop(types.void(types.UniTuple(INDEX, 3), TABLE, TABLE, TABLE, FILLED))
def _land(index, units, offers, wedge, paid):
    slot, offer, cell = index
    for link in range(len(units)):
        at_slot, at, at_cell = slot[link], offer[link], cell[link]
        for run in range(units.shape[1]):
            paid[at_slot, run] += units[link, run] * offers[at, run] * wedge[at_cell, run]


def owed(network: Links, units: Floats, offers: Floats, wedge: Floats) -> tuple[Floats, Floats, Floats]:
    """Return what units cost by slot with duty and freight, and without them by row and by corridor."""
    runs = units.shape[1]
    totals = (np.zeros((network.slots, runs)), np.zeros((network.rows, runs)), np.zeros((network.cells, runs)))
    index = (network.link_slot, network.link_row, network.link_cell, network.link_offer)
    if runs == 1:
        paid, earned, value = totals
        sums = (paid.reshape(-1), earned.reshape(-1), value.reshape(-1))
        _owe_alone(index, units.ravel(), offers.ravel(), wedge.ravel(), sums)
    else:
        _owe(index, table(units), table(offers), table(wedge), totals)
    return totals


@loop(types.void(types.UniTuple(INDEX, 4), LINE, LINE, LINE, types.UniTuple(FILLED_LINE, 3)))
def _owe_alone(index, units, offers, wedge, totals):
    (slot, row, cell, offer), (paid, earned, value) = index, totals
    at, total = 0, 0.0
    for link in range(len(units)):
        worth = units[link] * offers[offer[link]]
        value[cell[link]] += worth
        earned[row[link]] += worth
        if slot[link] != at:
            paid[at] = total
            at, total = slot[link], 0.0
        total += worth * wedge[cell[link]]
    paid[at] = total


@loop(types.void(types.UniTuple(INDEX, 4), TABLE, TABLE, TABLE, types.UniTuple(FILLED, 3)))
def _owe(index, units, offers, wedge, totals):
    (slot, row, cell, offer), (paid, earned, value) = index, totals
    for link in range(len(units)):
        at_slot, at_row, at_cell, at = slot[link], row[link], cell[link], offer[link]
        for run in range(units.shape[1]):
            worth = units[link, run] * offers[at, run]
            value[at_cell, run] += worth
            earned[at_row, run] += worth
            paid[at_slot, run] += worth * wedge[at_cell, run]
