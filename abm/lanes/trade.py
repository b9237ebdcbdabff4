"""Loops for who gets what is there.

A loop over runs writes one array alone: only then are several numbers worked out at a time.
"""

import numpy as np
from numba import types

from abm.axes import Floats
from abm.lanes.network import FILLED, FILLED_LINE, INDEX, LINE, TABLE, Links, inlined, loop, table
from abm.lanes.orders import ratio, remainder


def allocate(network: Links, orders: Floats, stock: Floats, memory: Floats) -> Floats:
    """Return shipments: usual buyers first."""
    shipped = np.empty(orders.shape)
    if orders.shape[1] == 1:
        lines = (orders.ravel(), stock.ravel(), memory.ravel(), shipped.reshape(-1))
        _allocate_alone(network.link_row, *lines)
    else:
        _allocate(network.link_row, table(orders), table(stock), table(memory), shipped)
    return shipped


@loop(types.void(INDEX, LINE, LINE, LINE, FILLED_LINE))
def _allocate_alone(row, orders, stock, memory, shipped):
    promise, served, left = np.zeros(len(stock)), np.zeros(len(stock)), np.zeros(len(stock))
    for link in range(len(row)):
        promise[row[link]] += memory[link]
    for at in range(len(stock)):
        promise[at] = ratio(stock[at], promise[at])
    for link in range(len(row)):
        at = row[link]
        usual = min(orders[link], memory[link] * promise[at])
        shipped[link] = usual
        left[at] += usual
        served[at] += orders[link] - usual
    for at in range(len(stock)):
        served[at] = min(ratio(remainder(stock[at], left[at]), served[at]), 1.0)
    for link in range(len(row)):
        shipped[link] += (orders[link] - shipped[link]) * served[row[link]]


@inlined
def _promises(supplier, stock, memory):
    promise, runs = np.zeros(stock.shape), stock.shape[1]
    for link in range(len(supplier)):
        row = supplier[link]
        for run in range(runs):
            promise[row, run] += memory[link, run]
    for row in range(len(stock)):
        for run in range(runs):
            promise[row, run] = ratio(stock[row, run], promise[row, run])
    return promise


@loop(types.void(INDEX, TABLE, TABLE, TABLE, FILLED))
def _allocate(supplier, orders, stock, memory, shipped):
    runs = orders.shape[1]
    promise, served, left = _promises(supplier, stock, memory), np.zeros(stock.shape), np.zeros(stock.shape)
    for link in range(len(supplier)):
        row = supplier[link]
        for run in range(runs):
            shipped[link, run] = min(orders[link, run], memory[link, run] * promise[row, run])
        for run in range(runs):
            left[row, run] += shipped[link, run]
        for run in range(runs):
            served[row, run] += orders[link, run] - shipped[link, run]
    for row in range(len(stock)):
        for run in range(runs):
            served[row, run] = min(ratio(remainder(stock[row, run], left[row, run]), served[row, run]), 1.0)
    for link in range(len(supplier)):
        row = supplier[link]
        for run in range(runs):
            shipped[link, run] += (orders[link, run] - shipped[link, run]) * served[row, run]


def turn(network: Links, missing: Floats, shipped: Floats, spare: Floats, passable: Floats) -> Floats:
    """Return shipments after buyers left short turned to whoever has stock."""
    total = np.empty(shipped.shape)
    if shipped.shape[1] == 1:
        lines = (missing.ravel(), shipped.ravel(), spare.ravel(), passable.ravel(), total.reshape(-1))
        _turn_alone((network.link_slot, network.link_row), *lines)
    else:
        index = (network.link_slot, network.link_row)
        _turn(index, table(missing), (table(shipped), table(passable)), table(spare), total)
    return total


@loop(types.void(types.UniTuple(INDEX, 2), LINE, LINE, LINE, LINE, FILLED_LINE))
def _turn_alone(index, missing, shipped, spare, passable, total):
    slot, supplier = index
    # One number stands for all links where nothing is stopped anywhere.
    everywhere = len(passable) < len(slot)
    share, served = np.zeros(len(missing)), np.zeros(len(spare))
    here, offered = 0, 0.0
    for link in range(len(slot)):
        is_open = everywhere or passable[link] >= 1.0
        total[link] = spare[supplier[link]] if is_open else 0.0
        if slot[link] != here:
            share[here] = offered
            here, offered = slot[link], 0.0
        offered += total[link]
    share[here] = offered
    for at in range(len(share)):
        share[at] = ratio(missing[at], share[at])
    for link in range(len(slot)):
        total[link] *= share[slot[link]]
        served[supplier[link]] += total[link]
    for row in range(len(spare)):
        served[row] = min(ratio(spare[row], served[row]), 1.0)
    for link in range(len(slot)):
        total[link] = shipped[link] + total[link] * served[supplier[link]]


@inlined
def _shares(index, missing, spare, passable):
    (slot, supplier), (slots, runs) = index, missing.shape
    share, everywhere = np.zeros(missing.shape), len(passable) < len(slot)
    for link in range(len(slot)):
        at, row = slot[link], supplier[link]
        if everywhere:
            for run in range(runs):
                share[at, run] += spare[row, run]
        else:
            for run in range(runs):
                share[at, run] += spare[row, run] if passable[link, run] >= 1.0 else 0.0
    for at in range(slots):
        for run in range(runs):
            share[at, run] = ratio(missing[at, run], share[at, run])
    return share


@loop(types.void(types.UniTuple(INDEX, 2), TABLE, types.UniTuple(TABLE, 2), TABLE, FILLED))
def _turn(index, missing, links, spare, total):
    (slot, supplier), (shipped, passable), runs = index, links, missing.shape[1]
    share, served = _shares(index, missing, spare, passable), np.zeros(spare.shape)
    everywhere = len(passable) < len(slot)
    for link in range(len(slot)):
        at, row = slot[link], supplier[link]
        if everywhere:
            for run in range(runs):
                total[link, run] = spare[row, run] * share[at, run]
        else:
            for run in range(runs):
                total[link, run] = spare[row, run] * share[at, run] if passable[link, run] >= 1.0 else 0.0
        for run in range(runs):
            served[row, run] += total[link, run]
    for row in range(len(spare)):
        for run in range(runs):
            served[row, run] = min(ratio(spare[row, run], served[row, run]), 1.0)
    for link in range(len(slot)):
        row = supplier[link]
        for run in range(runs):
            total[link, run] = shipped[link, run] + total[link, run] * served[row, run]
