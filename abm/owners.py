"""Who owns which plant at a start: named firms scaled to the regional totals, and a fringe that carries the rest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from abm.axes import Bools, Floats, GoodRegion, Ints
from abm.errors import InputError
from abm.facts import Facts, serving
from abm.goods import RECYCLER, processes, standard, words_of
from abm.places import Footing, read_footing
from abm.tables import FRINGE, Row

RESIDUE, ROUNDING = 1e-9, 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class Owners:
    """Every firm, group of collectors and regional fringe.

    name    what it is called
    region  index of its home region (owner,)
    named   whether it is a public firm of firms.csv (owner,)
    """

    name: tuple[str, ...]
    region: Ints
    named: Bools


@dataclass(frozen=True, slots=True, eq=False)
class Plants:
    """Every plant row, sorted by process, owner and region.

    owner region good process  indices into owners, regions, goods and processes (row,)
    capacity                   units/month at the start (row,)
    fringe                     whether the row stands for the unnamed rest of a region (row,)
    part_of                    number of the plant that a row was cut from, its own where none was cut (row,)
    """

    owner: Ints
    region: Ints
    good: Ints
    process: Ints
    capacity: Floats
    fringe: Bools
    part_of: Ints


@dataclass(frozen=True, slots=True)
class Scaled:
    """Named capacity of a good in a region that stood above the regional total and was multiplied by a factor."""

    good: str
    region: str
    factor: float


@dataclass(frozen=True, slots=True)
class _Site:
    """A place where an owner makes or may make a good; region, good and process are indices."""

    owner: str
    region: int
    good: int
    process: int
    capacity: float
    fringe: bool = False


def settle(facts: Facts, start: date, ground: Footing) -> tuple[Owners, Plants, tuple[Scaled, ...]]:
    """Return owners and plants of a start whose capacities add up to the regional totals of the ground."""
    listed = _listed(facts, start, ground)
    factors = _factors(listed, ground.capacity)
    named = [replace(site, capacity=site.capacity * factors.get((site.good, site.region), 1.0)) for site in listed]
    rest = ground.capacity - _total(named, ground.capacity.shape)
    sites = [*named, *_fringe(facts, start, np.where(rest > RESIDUE * ground.capacity, rest, 0.0)), *_collectors(facts)]
    goods, regions = facts.words["goods"], facts.words["regions"]
    homes = {row["firm"]: regions.index(row["hq"]) for row in facts.rows["firms.csv"]}
    firms = len(homes)
    for site in sites:
        homes.setdefault(site.owner, site.region)
    owners = Owners(tuple(homes), np.array([*homes.values()], dtype=np.int64), np.arange(len(homes)) < firms)
    scaled = tuple(
        Scaled(goods[good], regions[region], factor)
        for (good, region), factor in factors.items()
        if factor < 1 - ROUNDING
    )
    return owners, _plants(sites, owners), scaled


def _listed(facts: Facts, start: date, ground: Footing) -> list[_Site]:
    """Return the named plants of plants.csv; a row of a later start is scaled by the growth of its region's total."""
    goods, regions, ways = facts.words["goods"], facts.words["regions"], facts.words["processes"]
    made, capacity = processes(facts), {start: ground.capacity}
    sites = []
    for row in serving(facts.rows["plants.csv"], start, "firm", "region", "good", "process").values():
        _refuse_misplaced(row, made)
        if row["firm"] == FRINGE:
            continue
        good, region, amount = goods.index(row["good"]), regions.index(row["region"]), row.amount
        then = row.start or start
        if then not in capacity:
            capacity[then] = read_footing(facts, then).capacity
        if amount > 0 and then != start:
            later = capacity[then][good, region]
            amount *= ground.capacity[good, region] / later if later > 0 else 0.0
        sites.append(_Site(row["firm"], region, good, ways.index(row["process"]), amount))
    busy = {site.owner for site in sites}
    for row in facts.rows["firms.csv"]:
        if row["firm"] not in busy:
            what = f"firm {row['firm']!r} has no row in plants.csv."
            raise InputError(row.where, what, "Give it a site, even with 0.")
    return sites


def _refuse_misplaced(row: Row, made: Mapping[str, tuple[str, str]]) -> None:
    """Refuse a plant whose process makes another good, and capacity of owners the reader makes itself."""
    good = made[row["process"]][0]
    if good != row["good"]:
        raise InputError(row.where, f"process {row['process']!r} makes {good!r}, not {row['good']!r}.", "Correct one.")
    if row["firm"] == FRINGE and row.amount > 0:
        raise InputError(
            row.where, "the fringe gets what named firms leave, not a capacity.", "Write 0 or name a firm."
        )


def _total(sites: Iterable[_Site], shape: tuple[int, ...]) -> GoodRegion:
    """Return the capacity of sites, units/month (good, region)."""
    total = np.zeros(shape)
    for site in sites:
        total[site.good, site.region] += site.capacity
    return total


def _factors(sites: Iterable[_Site], capacity: GoodRegion) -> dict[tuple[int, int], float]:
    """Return the factor by which named plants fit their region's capacity, by good and region that need one."""
    total = _total(sites, capacity.shape)
    above = np.argwhere(total > capacity * (1 + RESIDUE))
    return {(good, region): float(capacity[good, region] / total[good, region]) for good, region in above.tolist()}


def _fringe(facts: Facts, start: date, rest: GoodRegion) -> list[_Site]:
    """Return the fringe: the rest of every region's capacity, and sites of plants.csv where a fringe may enter."""
    goods, regions, ways = facts.words["goods"], facts.words["regions"], facts.words["processes"]
    names, titles, default = words_of(facts, "goods.csv"), words_of(facts, "regions.csv"), standard(facts)
    places = [(goods[good], regions[region], default[goods[good]]) for good, region in np.argwhere(rest > 0).tolist()]
    rows = serving(facts.rows["plants.csv"], start, "firm", "good", "region", "process")
    places += [(good, region, way) for firm, good, region, way in rows if firm == FRINGE]
    sites = []
    for good, region, way in dict.fromkeys(places):
        at = goods.index(good), regions.index(region)
        amount = float(rest[at]) if way == default[good] else 0.0
        name = f"Other {names[good]} makers, {titles[region]}"
        sites.append(_Site(name, at[1], at[0], ways.index(way), amount, fringe=True))
    return sorted(sites, key=lambda site: (site.good, site.region))


def _collectors(facts: Facts) -> list[_Site]:
    """Return one site per region for every good that is only collected; the start state sets its capacity."""
    names, titles = words_of(facts, "goods.csv"), words_of(facts, "regions.csv")
    made, ways = processes(facts), facts.words["processes"]
    return [
        _Site(f"Collectors of {names[good]}, {titles[code]}", region, index, ways.index(way), 0.0)
        for index, (good, way) in enumerate(standard(facts).items())
        if made[way][1] == RECYCLER
        for region, code in enumerate(facts.words["regions"])
    ]


def _plants(sites: Iterable[_Site], owners: Owners) -> Plants:
    """Return sites as rows sorted by process, owner and region."""
    order = {name: index for index, name in enumerate(owners.name)}
    rows = sorted(sites, key=lambda site: (site.process, order[site.owner], site.region))
    return Plants(
        owner=np.array([order[site.owner] for site in rows]),
        region=np.array([site.region for site in rows]),
        good=np.array([site.good for site in rows]),
        process=np.array([site.process for site in rows]),
        capacity=np.array([site.capacity for site in rows]),
        fringe=np.array([site.fringe for site in rows]),
        part_of=np.arange(len(rows)),
    )
