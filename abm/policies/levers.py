"""The levers: every number that a government or a shock can move, as the month reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Literal

import numpy as np

from abm.axes import Bools, CellRun, Floats, GoodRegion, GoodRegionRun, OwnerRun, PerRow, PotRun, RowRun
from abm.world import World

Form = Literal["grant", "loan", "equity"]


@dataclass(frozen=True, slots=True, eq=False)
class Signals:
    """What a measure may look at besides the calendar.

    exports     exports at the start, units/month (good, region)
    purchases   purchases at the start, units/month (good, region)
    dependence  share of a region's start purchases that comes through each corridor (cell,)
    under_cost  how far last month's export prices lay under unit cost, share of cost (good x region, run)
    added       share of a place's capacity that has come since the start (good x region, run)
    held        money that owners had or were promised, M USD (owner, run), by programme
    """

    exports: GoodRegion
    purchases: GoodRegion
    dependence: Floats
    under_cost: GoodRegionRun
    added: GoodRegionRun
    held: Mapping[str, OwnerRun]


@dataclass(frozen=True, slots=True, eq=False)
class ContentRule:
    """Money off a final good for as many of its makers' models as contain enough of an input from allowed regions.

    buyer      region that pays;  good  what is bought;  makers  regions where it may be made (region,)
    traced     good whose origin counts, anywhere upstream;  allowed  regions it may come from (region,)
    barred     1 for makers of the traced good whose content disqualifies (row,)
    threshold  share of it that must;  amount  M USD per unit (run,)
    """

    buyer: int
    good: int
    makers: Bools
    traced: int
    allowed: Bools
    barred: Bools
    threshold: float
    amount: Floats


@dataclass(slots=True, eq=False)
class Levers:
    """What policies and shocks ask for this month.

    Trade
    tariff             share of the import's value (cell, run)
    blocked            share of a corridor's orders that may not be placed, 0 to 1 (cell, run)
    denied             share of a row's orders on suppliers in a region that may not be placed (row x region, run)
    shunned            share of a region's orders on a row that may not be placed (row x region, run)
    input_stop         share of a critical input's supply that may not reach a buyer (input x buyer x supplier, run)
    friend_premium     extra log cost that buyers are asked to see in a corridor, negative where favoured (cell, run)
    rated              factor on suppliers' allocation memory for rated orders, at least 1 (cell, run)
    quota              most that may leave the region, units/month, infinite if free (good x region, run)

    Building
    tax_credit         share of the cost of new capacity paid back (good x region, run)
    capex_factor       factor on the cost of new capacity (good x region, run)
    fast_track         months taken off the construction lag, negative where it grows (good x region, run)
    barred             share of new capacity that the owner may not start, 1 where it may start none (row, run)
    unequipped         share of new capacity whose tools are denied, 0 to 1 (row, run)

    Making and selling
    running_cost       factor on operating cost (good x region, run)
    production_credit  paid to makers per unit of output, M USD (good x region, run)
    price_floor        price guaranteed to the maker, M USD per unit, 0 if none; the site's treasury pays (row, run)
    know_how           fall of log operating cost gained this month by public research, 1 (good x region, run)
    information        share of planners that see final demand as it is (region, run)
    outage             share of capacity that cannot run (row, run)
    collection         share of retired goods collected on top of the usual, by scrap good (good x region, run)

    Buying
    demand             factor on final demand (good x region, run)
    procurement        share of final purchases that the treasury pays for (good x region, run)
    content            rules for money off by origin of content

    Reserves
    stock_target       wanted public stock, units (good x region, run)
    stock_pace         share of the gap to the target that is bought in a month (good x region, run)
    stock_release      share of the public stock that may be sold in a month of emergency (good x region, run)
    pooled             share of stock and output at allies' disposal in an emergency, under 1 (good x region, run)

    research           public spending on research, M USD/month (region, run)

    Read by governments that follow rules, and by nobody else
    reviewed           how far a review has told the government what it buys, 0 to 1 (good x region, run)
    unlocked           how far a review has opened the way to programmes, 0 to 1 (good x region, run)
    """

    tariff: CellRun
    blocked: CellRun
    denied: Floats
    shunned: Floats
    input_stop: Floats
    friend_premium: CellRun
    rated: CellRun
    quota: GoodRegionRun
    tax_credit: GoodRegionRun
    capex_factor: GoodRegionRun
    fast_track: GoodRegionRun
    barred: RowRun
    unequipped: RowRun
    running_cost: GoodRegionRun
    production_credit: GoodRegionRun
    price_floor: RowRun
    know_how: GoodRegionRun
    information: Floats
    outage: RowRun
    collection: GoodRegionRun
    demand: GoodRegionRun
    procurement: GoodRegionRun
    content: list[ContentRule]
    stock_target: GoodRegionRun
    stock_pace: GoodRegionRun
    stock_release: GoodRegionRun
    pooled: GoodRegionRun
    research: Floats
    reviewed: GoodRegionRun
    unlocked: GoodRegionRun


@dataclass(frozen=True, slots=True, eq=False)
class Pots:
    """The programmes of a scenario that pay for new capacity; the axis pot comes first.

    name              programme (pot)
    region            paying government (pot)
    form              what the money is: grant, loan or equity (pot)
    amount            budget, M USD (pot, run)
    cap_share         largest payment as a share of a project's cost (pot, run)
    floor_share       what a project asks that would come anyway, share of cost (pot, run)
    grant_equivalent  share of the money that is a gift to the firm (pot, row, run)
    rate, term        interest, 1/month, and months until a loan is repaid (pot, run)
    eligible          1 where a row's new capacity may be paid for (pot, row)
    weight            strategic weight of a row's good, used to rank projects (pot, row)
    barred            1 where new capacity makes the owner pay its grants back (pot, row)
    deal              capacity the eligible row begins in the first month, units/month, 0 if none (pot, run)
    origin            1 where capacity stands that is paid to move to eligible rows of its owner (pot, row)
    pace              share of it that may move in a month (pot, run)
    move_share        share of a move's cost that is paid, 0 where projects compete for the money (pot, run)
    first, last       months in which projects are taken in, both counted, from 0 at the start of the run (pot)
    """

    name: tuple[str, ...]
    region: tuple[int, ...]
    form: tuple[Form, ...]
    amount: PotRun
    cap_share: PotRun
    floor_share: PotRun
    grant_equivalent: Annotated[Floats, "pot", "row", "run"]
    rate: PotRun
    term: PotRun
    eligible: PerRow
    weight: PerRow
    barred: PerRow
    deal: PotRun
    origin: PerRow
    pace: PotRun
    move_share: PotRun
    first: tuple[int, ...]
    last: tuple[int, ...]


def own(lever: Floats) -> Floats:
    """Return a lever that may be moved: itself, or a copy of one that stands at rest and is shared."""
    return lever if lever.flags.writeable else lever.copy()


def idle(world: World, runs: int) -> Levers:
    """Return levers at rest: no tariff, nothing blocked, no quota, no credit, usual demand and cost."""
    regions, goods, rows = len(world.regions), len(world.goods.code), len(world.plants.good)
    places = (goods * regions, runs)
    sizes = {
        "cell": goods * regions * regions,
        "good": goods * regions,
        "row": rows,
        "input": len(world.critical_inputs.name) * regions * regions,
        "region": regions,
    }
    zeros = {name: np.zeros((sizes[axis], runs)) for name, axis in _AXES.items()}
    nothing = _nothing(rows * regions, runs)
    ones = {name: np.ones((sizes[axis], runs)) for name, axis in _FACTORS.items()}
    lists = dict.fromkeys(_LISTS, nothing)
    return Levers(**zeros, **lists, **ones, quota=np.full(places, np.inf), content=[])


@lru_cache(maxsize=64)
def _nothing(size: int, runs: int) -> Floats:
    """Return zeros that take no memory: for levers large and seldom moved, until a policy makes them its ``own``."""
    return np.broadcast_to(0.0, (size, runs))


_LISTS = ("denied", "shunned")
_FACTORS = {"rated": "cell", "capex_factor": "good", "running_cost": "good", "demand": "good"}
_AXES = {
    "tariff": "cell",
    "blocked": "cell",
    "friend_premium": "cell",
    "input_stop": "input",
    "barred": "row",
    "unequipped": "row",
    "price_floor": "row",
    "outage": "row",
    "information": "region",
    "pooled": "good",
    "research": "region",
    "tax_credit": "good",
    "fast_track": "good",
    "production_credit": "good",
    "know_how": "good",
    "collection": "good",
    "procurement": "good",
    "stock_target": "good",
    "stock_pace": "good",
    "stock_release": "good",
    "reviewed": "good",
    "unlocked": "good",
}
