"""Public stocks: bought from what makers have left, released in emergencies and shared among allies."""

from dataclasses import dataclass

import numpy as np

from abm.axes import CellRun, Floats, GoodRegionRun, Ints, RowRun
from abm.markets.network import Network, summed
from abm.markets.orders import share_of


@dataclass(frozen=True, slots=True, eq=False)
class Release:
    """What public stocks give in a month of emergency, units (good x region, run).

    taken  from each region's stock;  given  to each region's buyers; equal in sum per good
    """

    taken: GoodRegionRun
    given: GoodRegionRun


@dataclass(frozen=True, slots=True, eq=False)
class Stocks:
    """What regions lack and what public stocks hold in a month, units (good x region, run).

    missing   orders short in regions with an emergency, else 0
    ready     public stock that may be sold this month
    lendable  public stock beyond what a member keeps for itself
    """

    missing: GoodRegionRun
    ready: GoodRegionRun
    lendable: GoodRegionRun


def release(stocks: Stocks, pooled: GoodRegionRun, regions: int) -> Release:
    """Return releases: first each region helps itself, then pool members help each other pro rata.

    pooled  share of what it does not need itself that a member shares, 0 for others (good x region, run)
    A member gives others no more than that share, and nothing of what it keeps for itself.
    """
    own = np.minimum(stocks.missing, stocks.ready)
    short = (stocks.missing - own) * (pooled > 0.0)
    spare = np.minimum((stocks.ready - own) * pooled, np.maximum(stocks.lendable - own, 0.0))
    total_short, total_spare = _per_good(short, regions), _per_good(spare, regions)
    moved = np.minimum(total_short, total_spare)
    given = own + short * share_of(moved, total_short)
    taken = own + spare * share_of(moved, total_spare)
    return Release(taken, given)


def priority(emergency: GoodRegionRun, pooled: GoodRegionRun, regions: int) -> CellRun:
    """Return the factor on allies' allocation memory for buyers in an emergency (cell, run).

    emergency  1 where a region's fill rate of a good is under the threshold (good x region, run)
    pooled     share of claims on its makers' output that a member puts at others' disposal, under 1 (same axes)
    With a factor of 1 / (1 - share) nobody else's claim on a maker shrinks by more than that share, however many
    members are in need.
    """
    goods, runs = len(emergency) // regions, emergency.shape[1]
    need = (emergency * (pooled > 0.0)).reshape(goods, regions, 1, runs)
    lent = need * pooled.reshape(goods, 1, regions, runs)
    return (1.0 / (1.0 - lent)).reshape(goods * regions * regions, runs)


def stock_up(
    network: Network, place: Ints, wanted: GoodRegionRun, left: RowRun, pull: Floats, room: GoodRegionRun
) -> Floats:
    """Return what every state buys for stock from every maker, units (region, row, run).

    place   good x region of every maker (row,)
    wanted  what states would buy, units (good x region, run)
    left    stock that makers have left, units (row, run)
    pull    part of it that a state may buy (region, row, run)
    room    most that may still leave a region, units (good x region, run)
    States turn to makers by what they have left; those who are asked for more than that share it out pro rata.
    """
    regions, _, runs = pull.shape
    asked, by_good = np.empty_like(pull), wanted.reshape(-1, regions, runs)
    good, region = place // regions, place % regions
    for buyer in range(regions):
        total = summed(network.row_to_good_region(pull[buyer]).reshape(-1, regions, runs), 1)
        asked[buyer] = pull[buyer] * np.minimum(share_of(by_good[:, buyer], total), 1.0)[good]
    abroad = (np.arange(regions)[:, None] != region)[:, :, None]
    leaving = network.row_to_good_region(summed(asked * abroad))
    allowed = np.divide(room, leaving, out=np.ones_like(leaving), where=leaving > room)
    asked *= np.where(abroad, allowed[place], 1.0)
    return asked * np.minimum(share_of(left, summed(asked)), 1.0)


def _per_good(values: GoodRegionRun, regions: int) -> Floats:
    """Return sums over regions, repeated for every region of the good (good x region, run)."""
    total = values[::regions].copy()
    for region in range(1, regions):
        total += values[region::regions]
    return np.repeat(total, regions, axis=0)
