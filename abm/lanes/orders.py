"""Loops for where buyers turn: relationships, orders, the search for spare stock."""

import numpy as np
from numba import types

from abm.axes import Floats
from abm.lanes.network import FILLED, FILLED_LINE, INDEX, LINE, TABLE, Links, alike, inlined, loop, table

NONE = 1e-200
ROUNDING = 1e-12


@inlined
def ratio(part, whole) -> float:
    """Return part / whole, and 0 where the whole is 0."""
    return part / whole if whole > NONE else 0.0


@inlined
def remainder(amount, gone) -> float:
    """Return amount - gone, and 0 where that is rounding."""
    left = amount - gone
    return left if left > ROUNDING * amount else 0.0


def share_of(part: Floats, whole: Floats) -> Floats:
    """Return part / whole, and 0 where the whole is 0."""
    parts, wholes = alike(part, whole)
    share = np.empty(parts.shape)
    _divide(parts.ravel(), wholes.ravel(), share.reshape(-1))
    return share


@loop(types.void(LINE, LINE, FILLED_LINE))
def _divide(part, whole, share):
    for at in range(len(share)):
        share[at] = ratio(part[at], whole[at])


def filled(part: Floats, whole: Floats) -> Floats:
    """Return the share of a whole that came, 1 where nothing was wanted."""
    share = np.empty(whole.shape)
    _fill(table(part).ravel(), table(whole).ravel(), share.reshape(-1))
    return share


@loop(types.void(LINE, LINE, FILLED_LINE))
def _fill(part, whole, share):
    for at in range(len(share)):
        share[at] = ratio(part[at], whole[at]) if whole[at] > 0.0 else 1.0


def rest(amount: Floats, gone: Floats) -> Floats:
    """Return amount - gone, and 0 where that is no more than the rounding of the subtraction."""
    amounts, parts = alike(amount, gone)
    left = np.empty(amounts.shape)
    _subtract(amounts.ravel(), parts.ravel(), left.reshape(-1))
    return left


@loop(types.void(LINE, LINE, FILLED_LINE))
def _subtract(amount, gone, left):
    for at in range(len(left)):
        left[at] = remainder(amount[at], gone[at])


def approach(old: Floats, new: Floats, speed: float) -> Floats:
    """Return what is left of the old after going part of the way to the new."""
    olds, news = alike(old, new)
    moved = np.empty(olds.shape)
    _approach(olds.ravel(), news.ravel(), speed, moved.reshape(-1))
    return moved


@loop(types.void(LINE, LINE, types.float64, FILLED_LINE))
def _approach(old, new, speed, moved):
    for at in range(len(moved)):
        moved[at] = old[at] + speed * (new[at] - old[at])


def learned(hazard: Floats, refused: Floats, fill: Floats, speeds: tuple[float, float, float]) -> Floats:
    """Return how hazardous corridors seem after a month."""
    moved = np.empty(hazard.shape)
    lines = (table(hazard).ravel(), table(refused).ravel(), table(fill).ravel())
    _learn(lines, (float(speeds[0]), float(speeds[1]), float(speeds[2])), moved.reshape(-1))
    return moved


@loop(types.void(types.UniTuple(LINE, 3), types.UniTuple(types.float64, 3), FILLED_LINE))
def _learn(lines, speeds, moved):
    (hazard, refused, fill), (scale, learning, forgetting) = lines, speeds
    for at in range(len(moved)):
        gap = scale * (1.0 - (1.0 - refused[at]) * fill[at]) - hazard[at]
        moved[at] = max(hazard[at] + (learning if gap > 0.0 else forgetting) * gap, 0.0)


def adjust(
    network: Links, weight: Floats, quality: Floats, attraction: Floats, corridor: Floats, speed: Floats
) -> Floats:
    """Return relationships a month later."""
    moved = np.empty(weight.shape)
    index = (network.link_slot, network.link_offer, network.link_cell)
    if weight.shape[1] == 1:
        pulls = (quality.ravel(), attraction.ravel(), corridor.ravel())
        _adjust_alone(index, weight.ravel(), pulls, speed.ravel(), moved.reshape(-1))
    else:
        _adjust(index, table(weight), (table(quality), table(attraction), table(corridor)), table(speed), moved)
    return moved


@loop(types.void(types.UniTuple(INDEX, 3), LINE, types.UniTuple(LINE, 3), LINE, FILLED_LINE))
def _adjust_alone(index, weight, pulls, speed, moved):
    (slot, offer, cell), (quality, attraction, corridor) = index, pulls
    total, haste = np.zeros(len(speed)), np.zeros(len(speed))
    here, pulled = 0, 0.0
    for link in range(len(weight)):
        moved[link] = attraction[offer[link]] * quality[link] * corridor[cell[link]]
        if slot[link] != here:
            total[here] = pulled
            here, pulled = slot[link], 0.0
        pulled += moved[link]
    total[here] = pulled
    for at in range(len(total)):
        # A slot that nothing pulls at stays as it is.
        haste[at] = speed[at] if total[at] > NONE else 0.0
        total[at] = ratio(1.0, total[at])
    for link in range(len(weight)):
        at = slot[link]
        moved[link] = (moved[link] * total[at] - weight[link]) * haste[at] + weight[link]


@inlined
def _pull(index, pulls, moved, total):
    (slot, offer, cell), (quality, attraction, corridor) = index, pulls
    runs, same = moved.shape[1], quality.shape[1] == 1
    for link in range(len(moved)):
        at, source, way = slot[link], offer[link], cell[link]
        for run in range(runs):
            good = quality[link, 0 if same else run]
            moved[link, run] = attraction[source, run] * good * corridor[way, run]
        for run in range(runs):
            total[at, run] += moved[link, run]


@loop(types.void(types.UniTuple(INDEX, 3), TABLE, types.UniTuple(TABLE, 3), TABLE, FILLED))
def _adjust(index, weight, pulls, speed, moved):
    slot, runs = index[0], weight.shape[1]
    total, haste = np.zeros(speed.shape), np.empty(speed.shape)
    _pull(index, pulls, moved, total)
    for at in range(len(total)):
        for run in range(runs):
            haste[at, run] = speed[at, run] if total[at, run] > NONE else 0.0
        for run in range(runs):
            total[at, run] = ratio(1.0, total[at, run])
    for link in range(len(weight)):
        at = slot[link]
        for run in range(runs):
            step = (moved[link, run] * total[at, run] - weight[link, run]) * haste[at, run]
            moved[link, run] = step + weight[link, run]


def place(network: Links, wanted: Floats, weight: Floats, passable: Floats) -> Floats:
    """Return orders by link."""
    orders = np.empty(weight.shape)
    if passable.size == 1:
        _place(network.link_slot, table(wanted), table(weight), orders)
    else:
        _place_elsewhere(network.link_slot, table(wanted), table(weight), table(passable), orders)
    return orders


@inlined
def _place_runs(slot, wanted, weight, orders, runs):
    for link in range(len(weight)):
        at = slot[link]
        for run in range(runs):
            orders[link, run] = weight[link, run] * wanted[at, run]


@loop(types.void(INDEX, TABLE, TABLE, FILLED))
def _place(slot, wanted, weight, orders):
    if weight.shape[1] == 1:
        _place_runs(slot, wanted, weight, orders, 1)
    else:
        _place_runs(slot, wanted, weight, orders, weight.shape[1])


@inlined
def _place_elsewhere_runs(slot, wanted, weight, passable, orders, runs):
    whole, usable, free = np.zeros(wanted.shape), np.zeros(wanted.shape), np.zeros(wanted.shape)
    for link in range(len(weight)):
        at = slot[link]
        for run in range(runs):
            whole[at, run] += weight[link, run]
        for run in range(runs):
            usable[at, run] += weight[link, run] * passable[link, run]
        for run in range(runs):
            free[at, run] += weight[link, run] if passable[link, run] >= 1.0 else 0.0
    for at in range(len(whole)):
        for run in range(runs):
            whole[at, run] = ratio(remainder(whole[at, run], usable[at, run]), free[at, run])
    for link in range(len(weight)):
        at = slot[link]
        for run in range(runs):
            own = weight[link, run] if passable[link, run] >= 1.0 else 0.0
            share = weight[link, run] * passable[link, run] + own * whole[at, run]
            orders[link, run] = share * wanted[at, run]


@loop(types.void(INDEX, TABLE, TABLE, TABLE, FILLED))
def _place_elsewhere(slot, wanted, weight, passable, orders):
    if weight.shape[1] == 1:
        _place_elsewhere_runs(slot, wanted, weight, passable, orders, 1)
    else:
        _place_elsewhere_runs(slot, wanted, weight, passable, orders, weight.shape[1])
