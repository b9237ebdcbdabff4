"""The levers: every number that a government or a shock can move, as the month reads them."""

from dataclasses import dataclass

import numpy as np

from abm.axes import CellRun, Floats, GoodRegionRun, PerRow, PotRun, RowRun
from abm.world import World


@dataclass(slots=True, eq=False)
class Levers:
    """What policies and shocks ask for this month.

    tariff           share of the import's value (cell, run)
    blocked          share of a corridor's orders that may not be placed, 0 to 1 (cell, run)
    input_stop       share of a critical input's supply that may not reach a buyer (input x buyer x supplier, run)
    friend_premium   extra log cost that buyers are asked to see in a corridor (cell, run)
    quota            most that may leave the region, units/month, infinite if free (good x region, run)
    tax_credit       share of the cost of new capacity paid back (good x region, run)
    demand           factor on final demand (good x region, run)
    outage           share of capacity that cannot run (row, run)
    barred           1 where the owner may not start new capacity (row, run)
    stock_release    share of the public stock that may be sold in a month of emergency (good x region, run)
    pooled           1 where a region shares stock and spare capacity in an emergency (region, run)
    """

    tariff: CellRun
    blocked: CellRun
    input_stop: Floats
    friend_premium: CellRun
    quota: GoodRegionRun
    tax_credit: GoodRegionRun
    demand: GoodRegionRun
    outage: RowRun
    barred: RowRun
    stock_release: GoodRegionRun
    pooled: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Pots:
    """The capex grant programmes of a scenario; the axis pot comes first.

    name         programme (pot)
    region       paying government (pot)
    amount       budget, M USD (pot, run)
    cap_share    largest grant as a share of a project's cost (pot, run)
    floor_share  what a project asks that would come anyway, share of cost (pot, run)
    eligible     1 where a row's new capacity may be paid for (pot, row)
    weight       strategic weight of a row's good, used to rank projects (pot, row)
    barred       1 where new capacity makes the owner pay its grants back (pot, row)
    first, last  months in which projects are taken in, both counted, from 0 at the start of the run (pot)
    """

    name: tuple[str, ...]
    region: tuple[int, ...]
    amount: PotRun
    cap_share: PotRun
    floor_share: PotRun
    eligible: PerRow
    weight: PerRow
    barred: PerRow
    first: tuple[int, ...]
    last: tuple[int, ...]


def idle(world: World, runs: int) -> Levers:
    """Return levers at rest: no tariff, nothing blocked, no quota, no credit, usual demand."""
    regions, goods, rows = len(world.regions), len(world.goods.code), len(world.plants.good)
    cells, places = (goods * regions * regions, runs), (goods * regions, runs)
    return Levers(
        tariff=np.zeros(cells),
        blocked=np.zeros(cells),
        input_stop=np.zeros((len(world.critical_inputs.name) * regions * regions, runs)),
        friend_premium=np.zeros(cells),
        quota=np.full(places, np.inf),
        tax_credit=np.zeros(places),
        demand=np.ones(places),
        outage=np.zeros((rows, runs)),
        barred=np.zeros((rows, runs)),
        stock_release=np.zeros(places),
        pooled=np.zeros((regions, runs)),
    )
