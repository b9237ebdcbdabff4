"""Which buyers know which makers: a sparse pattern that leaves nobody out.

Every slot knows its most likely suppliers and the best one of every region; every maker knows its likeliest buyers.
"""

import numpy as np

from abm.axes import Bools, Floats, Ints
from abm.world import World

_CANDIDATE = 0.25


def final_demand(world: World) -> Floats:
    """Return final demand at the start, cars split by the start's electric share, units/month (good, region)."""
    demand = world.demand.final.copy()
    electric, combustion = (world.goods.code.index(code) for code in ("car_electric", "car_combustion"))
    demand[electric] = world.demand.cars * world.demand.ev_share
    demand[combustion] = world.demand.cars * (1.0 - world.demand.ev_share)
    return demand


def links(world: World, slots: tuple[Ints, Ints, Ints]) -> tuple[Ints, Ints]:
    """Return slot and supplying row of every link, by slot and then by row.

    slots  buyer's row (-1 for final demand), good and region of every slot (slot,)
    """
    slot_row, slot_good, slot_region = slots
    plants = world.plants
    promise = np.maximum(plants.capacity, _CANDIDATE * world.goods.project_size[plants.good])
    need = _need(world, slot_row, slot_good, slot_region)
    suppliers, customers = (int(count) for count in (world.parameters.known_suppliers, world.parameters.known_buyers))
    pairs = []
    for good in range(len(world.goods.code)):
        rows, buyers = np.flatnonzero(plants.good == good), np.flatnonzero(slot_good == good)
        home = np.where(slot_region[buyers][:, None] == plants.region[rows][None, :], world.goods.home_bias[good], 1.0)
        known = _likeliest(promise[rows][None, :] * home, suppliers)
        known |= _best_of_each_region(promise[rows], plants.region[rows])[None, :]
        known |= _likeliest((need[buyers][:, None] * home).T, customers).T
        slot, row = np.nonzero(known)
        pairs.append((buyers[slot], rows[row]))
    slot, row = (np.concatenate(side) for side in zip(*pairs, strict=True))
    order = np.lexsort((row, slot))
    return slot[order].astype(np.int64), row[order].astype(np.int64)


def _need(world: World, slot_row: Ints, slot_good: Ints, slot_region: Ints) -> Floats:
    """Return how much a slot may buy, by the size of the buyer, units of the buyer's good or of the slot's (slot,)."""
    final = final_demand(world)[slot_good, slot_region]
    return np.where(slot_row < 0, final, world.plants.capacity[slot_row] + 1e-9)


def _likeliest(score: Floats, count: int) -> Bools:
    """Return for every line of scores whether an entry is among its highest (line, entry)."""
    if score.shape[1] <= count:
        return np.ones(score.shape, np.bool_)
    order = np.argsort(-score, axis=1, kind="stable")[:, :count]
    chosen = np.zeros(score.shape, np.bool_)
    np.put_along_axis(chosen, order, True, axis=1)
    return chosen


def _best_of_each_region(promise: Floats, region: Ints) -> Bools:
    """Return whether a row is the largest of its region (row,)."""
    best = np.zeros(len(promise), np.bool_)
    for place in np.unique(region):
        rows = np.flatnonzero(region == place)
        best[rows[np.argmax(promise[rows])]] = True
    return best
