"""Loops for who gets what is there, supplier by supplier: what one of them needs then stays in the fastest memory."""

import numpy as np
from numba import njit, types

from abm.axes import Floats
from abm.lanes.network import FILLED, INDEX, TABLE, Links, table
from abm.lanes.orders import NONE, ROUNDING


def allocate(network: Links, orders: Floats, stock: Floats, memory: Floats) -> Floats:
    """Return shipments: usual buyers first."""
    shipped = np.empty(orders.shape)
    _allocate(network.links_of_row, table(orders), table(stock), table(memory), shipped)
    return shipped


@njit(inline="always")
def _allocate_runs(links_of_row, orders, stock, memory, shipped, runs):
    first, links = links_of_row
    ratio, served, left = np.empty(runs), np.empty(runs), np.empty(runs)
    for row in range(len(stock)):
        ratio[:], served[:], left[:] = 0.0, 0.0, 0.0
        for place in range(first[row], first[row + 1]):
            link = links[place]
            for run in range(runs):
                ratio[run] += memory[link, run]
        for run in range(runs):
            ratio[run] = stock[row, run] / ratio[run] if ratio[run] > NONE else 0.0
        for place in range(first[row], first[row + 1]):
            link = links[place]
            for run in range(runs):
                usual = min(orders[link, run], memory[link, run] * ratio[run])
                shipped[link, run] = usual
                left[run] += usual
                served[run] += orders[link, run] - usual
        for run in range(runs):
            over = stock[row, run] - left[run]
            over = over if over > ROUNDING * stock[row, run] else 0.0
            served[run] = min(over / served[run] if served[run] > NONE else 0.0, 1.0)
        for place in range(first[row], first[row + 1]):
            link = links[place]
            for run in range(runs):
                usual = shipped[link, run]
                shipped[link, run] = usual + (orders[link, run] - usual) * served[run]


@njit(types.void(types.UniTuple(INDEX, 2), TABLE, TABLE, TABLE, FILLED), cache=True)
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


@njit(inline="always")
def _turn_runs(index, missing, links, spare, total, runs):
    (slot, supplier, first, link_at), (shipped, passable) = index, links
    # One number stands for all links where nothing is stopped anywhere.
    everywhere = len(passable) < len(slot)
    share, served = np.zeros(missing.shape), np.empty(runs)
    for link in range(len(slot)):
        if everywhere:
            for run in range(runs):
                share[slot[link], run] += spare[supplier[link], run]
        else:
            for run in range(runs):
                share[slot[link], run] += spare[supplier[link], run] if passable[link, run] >= 1.0 else 0.0
    for at in range(len(share)):
        for run in range(runs):
            share[at, run] = missing[at, run] / share[at, run] if share[at, run] > NONE else 0.0
    for row in range(len(spare)):
        served[:] = 0.0
        for place in range(first[row], first[row + 1]):
            link = link_at[place]
            if everywhere:
                for run in range(runs):
                    total[link, run] = spare[row, run] * share[slot[link], run]
            else:
                for run in range(runs):
                    pull = spare[row, run] if passable[link, run] >= 1.0 else 0.0
                    total[link, run] = pull * share[slot[link], run]
            for run in range(runs):
                served[run] += total[link, run]
        for run in range(runs):
            served[run] = min(spare[row, run] / served[run] if served[run] > NONE else 0.0, 1.0)
        for place in range(first[row], first[row + 1]):
            link = link_at[place]
            for run in range(runs):
                total[link, run] = shipped[link, run] + total[link, run] * served[run]


@njit(types.void(types.UniTuple(INDEX, 4), TABLE, types.UniTuple(TABLE, 2), TABLE, FILLED), cache=True)
def _turn(index, missing, links, spare, total):
    if missing.shape[1] == 1:
        _turn_runs(index, missing, links, spare, total, 1)
    else:
        _turn_runs(index, missing, links, spare, total, missing.shape[1])
