"""Loops for where buyers turn: relationships, orders, the search for spare stock."""

import numpy as np
from numba import float64, njit, types, vectorize

from abm.axes import Floats
from abm.lanes.network import FILLED, INDEX, TABLE, Links, table

NONE = 1e-200
ROUNDING = 1e-12


@vectorize([float64(float64, float64)], cache=True)
def share_of(part, whole):
    """Return part / whole, and 0 where the whole is 0."""
    return part / whole if whole > NONE else 0.0


@vectorize([float64(float64, float64)], cache=True)
def rest(amount, gone):
    """Return amount - gone, and 0 where that is no more than the rounding of the subtraction."""
    left = amount - gone
    return left if left > ROUNDING * amount else 0.0


@vectorize([float64(float64, float64, float64)], cache=True)
def approach(old, new, speed):
    """Return what is left of the old after going part of the way to the new."""
    return old + speed * (new - old)


def adjust(
    network: Links, weight: Floats, quality: Floats, attraction: Floats, corridor: Floats, speed: Floats
) -> Floats:
    """Return relationships a month later."""
    moved = np.empty(weight.shape)
    index = (network.link_slot, network.link_offer, network.link_cell)
    _adjust(index, table(weight), (table(quality), table(attraction), table(corridor)), table(speed), moved)
    return moved


@njit(inline="always")
def _adjust_runs(index, weight, pulls, speed, moved, runs):
    slot, offer, cell = index
    quality, attraction, corridor = pulls
    links, alike = len(weight), quality.shape[1] == 1
    total, haste, first = np.empty(runs), np.empty(runs), 0
    for after in range(1, links + 1):
        at = slot[first]
        if after < links and slot[after] == at:
            continue
        total[:] = 0.0
        for link in range(first, after):
            if alike:
                good = quality[link, 0]
                for run in range(runs):
                    moved[link, run] = attraction[offer[link], run] * good * corridor[cell[link], run]
            else:
                for run in range(runs):
                    moved[link, run] = attraction[offer[link], run] * quality[link, run] * corridor[cell[link], run]
            for run in range(runs):
                total[run] += moved[link, run]
        for run in range(runs):
            # A slot that nothing pulls at stays as it is.
            haste[run] = speed[at, run] if total[run] > NONE else 0.0
            total[run] = 1.0 / total[run] if total[run] > NONE else 0.0
        for link in range(first, after):
            for run in range(runs):
                moved[link, run] = (moved[link, run] * total[run] - weight[link, run]) * haste[run] + weight[link, run]
        first = after


@njit(types.void(types.UniTuple(INDEX, 3), TABLE, types.UniTuple(TABLE, 3), TABLE, FILLED), cache=True)
def _adjust(index, weight, pulls, speed, moved):
    if weight.shape[1] == 1:
        _adjust_runs(index, weight, pulls, speed, moved, 1)
    else:
        _adjust_runs(index, weight, pulls, speed, moved, weight.shape[1])


def place(network: Links, wanted: Floats, weight: Floats, passable: Floats) -> Floats:
    """Return orders by link."""
    orders = np.empty(weight.shape)
    if passable.size == 1:
        _place(network.link_slot, table(wanted), table(weight), orders)
    else:
        _place_elsewhere(network.link_slot, table(wanted), table(weight), table(passable), orders)
    return orders


@njit(inline="always")
def _place_runs(slot, wanted, weight, orders, runs):
    for link in range(len(weight)):
        for run in range(runs):
            orders[link, run] = weight[link, run] * wanted[slot[link], run]


@njit(types.void(INDEX, TABLE, TABLE, FILLED), cache=True)
def _place(slot, wanted, weight, orders):
    if weight.shape[1] == 1:
        _place_runs(slot, wanted, weight, orders, 1)
    else:
        _place_runs(slot, wanted, weight, orders, weight.shape[1])


@njit(inline="always")
def _place_elsewhere_runs(slot, wanted, weight, passable, orders, runs):
    whole, usable, free = np.zeros(wanted.shape), np.zeros(wanted.shape), np.zeros(wanted.shape)
    for link in range(len(weight)):
        at = slot[link]
        for run in range(runs):
            whole[at, run] += weight[link, run]
            usable[at, run] += weight[link, run] * passable[link, run]
            free[at, run] += weight[link, run] if passable[link, run] >= 1.0 else 0.0
    for at in range(len(whole)):
        for run in range(runs):
            refused = whole[at, run] - usable[at, run]
            refused = refused if refused > ROUNDING * whole[at, run] else 0.0
            whole[at, run] = refused / free[at, run] if free[at, run] > NONE else 0.0
    for link in range(len(weight)):
        at = slot[link]
        for run in range(runs):
            own = weight[link, run] if passable[link, run] >= 1.0 else 0.0
            share = weight[link, run] * passable[link, run] + own * whole[at, run]
            orders[link, run] = share * wanted[at, run]


@njit(types.void(INDEX, TABLE, TABLE, TABLE, FILLED), cache=True)
def _place_elsewhere(slot, wanted, weight, passable, orders):
    if weight.shape[1] == 1:
        _place_elsewhere_runs(slot, wanted, weight, passable, orders, 1)
    else:
        _place_elsewhere_runs(slot, wanted, weight, passable, orders, weight.shape[1])
