"""Emergencies: public stock released at home and shared among allies."""

from dataclasses import dataclass

import numpy as np

from abm.axes import CellRun, Floats, GoodRegionRun, RegionRun
from abm.markets.orders import share_of


@dataclass(frozen=True, slots=True, eq=False)
class Release:
    """What public stocks give in a month of emergency, units (good x region, run).

    taken  from each region's stock;  given  to each region's buyers; equal in sum per good
    """

    taken: GoodRegionRun
    given: GoodRegionRun


def release(missing: GoodRegionRun, ready: GoodRegionRun, pooled: RegionRun, regions: int) -> Release:
    """Return releases: first each region helps itself, then pool members help each other pro rata.

    missing  orders short in regions with an emergency, else 0, units (good x region, run)
    ready    public stock that may be sold this month, units (good x region, run)
    pooled   1 for members of the pool (region, run)
    """
    own = np.minimum(missing, ready)
    member = np.tile(pooled, (len(missing) // regions, 1))
    short, spare = (missing - own) * member, (ready - own) * member
    total_short, total_spare = _per_good(short, regions), _per_good(spare, regions)
    moved = np.minimum(total_short, total_spare)
    given = own + short * share_of(moved, total_short)
    taken = own + spare * share_of(moved, total_spare)
    return Release(taken, given)


def priority(emergency: GoodRegionRun, pooled: RegionRun, strength: Floats | float, regions: int) -> CellRun:
    """Return the factor on allies' allocation memory for buyers in an emergency (cell, run).

    emergency  1 where a region's fill rate of a good is under the threshold (good x region, run)
    pooled     1 for members of the pool (region, run)
    strength   how much a member's spare capacity favours a member in need, at least 0
    """
    goods, runs = len(emergency) // regions, emergency.shape[1]
    need = (emergency * np.tile(pooled, (goods, 1))).reshape(goods, regions, 1, runs)
    helped = need * pooled[None, None, :, :]
    return (1.0 + strength * helped).reshape(goods * regions * regions, runs)


def _per_good(values: GoodRegionRun, regions: int) -> Floats:
    """Return sums over regions, repeated for every region of the good (good x region, run)."""
    total = values[::regions].copy()
    for region in range(1, regions):
        total += values[region::regions]
    return np.repeat(total, regions, axis=0)
