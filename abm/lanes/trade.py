"""Loops for who gets what is there, supplier by supplier: what one of them needs then stays in the fastest memory."""

import numpy as np
from numba import types

from abm.axes import Floats
from abm.lanes.network import FILLED, INDEX, TABLE, Links, inlined, loop, table
from abm.lanes.orders import ratio, remainder


def allocate(network: Links, orders: Floats, stock: Floats, memory: Floats) -> Floats:
    """Return shipments: usual buyers first."""
    shipped = np.empty(orders.shape)
    _allocate(network.links_of_row, table(orders), table(stock), table(memory), shipped)
    return shipped


@inlined
def _allocate_runs(links_of_row, orders, stock, memory, shipped, runs):
    first, links = links_of_row
    promise, served, left = np.empty(runs), np.empty(runs), np.empty(runs)
    for row in range(len(stock)):
        promise[:], served[:], left[:] = 0.0, 0.0, 0.0
        for place in range(first[row], first[row + 1]):
            link = links[place]
            for run in range(runs):
                promise[run] += memory[link, run]
        for run in range(runs):
            promise[run] = ratio(stock[row, run], promise[run])
        for place in range(first[row], first[row + 1]):
            link = links[place]
            for run in range(runs):
                usual = min(orders[link, run], memory[link, run] * promise[run])
                shipped[link, run] = usual
                left[run] += usual
                served[run] += orders[link, run] - usual
        for run in range(runs):
            served[run] = min(ratio(remainder(stock[row, run], left[run]), served[run]), 1.0)
        for place in range(first[row], first[row + 1]):
            link = links[place]
            for run in range(runs):
                usual = shipped[link, run]
                shipped[link, run] = usual + (orders[link, run] - usual) * served[run]


@loop(types.void(types.UniTuple(INDEX, 2), TABLE, TABLE, TABLE, FILLED))
def _allocate(links_of_row, orders, stock, memory, shipped):
    if orders.shape[1] == 1:
        _allocate_runs(links_of_row, orders, stock, memory, shipped, 1)
    else:
        _allocate_runs(links_of_row, orders, stock, memory, shipped, orders.shape[1])


def turn(network: Links, missing: Floats, shipped: Floats, spare: Floats, passable: Floats) -> Floats:
    """Return shipments after buyers left short turned to whoever has stock."""
    total = np.empty(shipped.shape)
    index = (network.link_slot, network.link_row, *network.links_of_row)
    _turn(index, table(missing), (table(shipped), table(passable)), table(spare), total)
    return total


@inlined
def _divide_rows(part, whole, runs):
    for at in range(len(whole)):
        for run in range(runs):
            whole[at, run] = ratio(part[at, run], whole[at, run])


@inlined
def _turn_runs(index, missing, links, spare, total, runs):
    (slot, supplier, first, link_at), (shipped, passable) = index, links
    # One number stands for all links where nothing is stopped anywhere.
    everywhere = len(passable) < len(slot)
    share, served = np.zeros(missing.shape), np.empty(runs)
    for link in range(len(slot)):
        for run in range(runs):
            is_open = everywhere or passable[link, run] >= 1.0
            share[slot[link], run] += spare[supplier[link], run] if is_open else 0.0
    _divide_rows(missing, share, runs)
    for row in range(len(spare)):
        served[:] = 0.0
        for place in range(first[row], first[row + 1]):
            link = link_at[place]
            for run in range(runs):
                is_open = everywhere or passable[link, run] >= 1.0
                total[link, run] = spare[row, run] * share[slot[link], run] if is_open else 0.0
                served[run] += total[link, run]
        for run in range(runs):
            served[run] = min(ratio(spare[row, run], served[run]), 1.0)
        for place in range(first[row], first[row + 1]):
            link = link_at[place]
            for run in range(runs):
                total[link, run] = shipped[link, run] + total[link, run] * served[run]


@loop(types.void(types.UniTuple(INDEX, 4), TABLE, types.UniTuple(TABLE, 2), TABLE, FILLED))
def _turn(index, missing, links, spare, total):
    if missing.shape[1] == 1:
        _turn_runs(index, missing, links, spare, total, 1)
    else:
        _turn_runs(index, missing, links, spare, total, missing.shape[1])
