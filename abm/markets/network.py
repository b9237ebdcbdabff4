"""Who can buy from whom: slots, links and the sums over them; fixed for a whole run."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from abm.axes import Bools, CellRun, Floats, Ints, LinkRun, RowRun, SlotRun
from abm.backend import twin
from abm.markets.parts import links_of_parts
from abm.markets.pattern import final_demand, links
from abm.scale import parts_of
from abm.world import World

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclass(frozen=True, eq=False)
class Sums:
    """Sums of rows of an array into groups.

    group   that row i is added to, negative for none (row,)
    groups  number of groups
    """

    group: Ints
    groups: int

    def __call__(self, values: Floats) -> Floats:
        """Return the sums (group, run) of values (row, run)."""
        return added(self, values)

    @cached_property
    def matrix(self) -> "csr_array":
        """The sum as a sparse product."""
        # Only where nothing is compiled: the import takes long.
        from scipy.sparse import csr_array  # noqa: PLC0415

        kept = np.flatnonzero(self.group >= 0)
        return csr_array((np.ones(len(kept)), (self.group[kept], kept)), shape=(self.groups, len(self.group)))


@twin("abm.lanes.network")
def added(sums: Sums, values: Floats) -> Floats:
    """Return sums of rows into groups (group, run), added one after the other in row order.

    A sparse product and not ``add.reduce``: its last bits do not depend on how many runs stand side by side.
    """
    total: Floats = sums.matrix @ values
    return total


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Slots and links of a world, with the sums that the markets need.

    slot_row      buyer's row, -1 for final demand (slot)
    slot_good     good wanted (slot)
    slot_region   buyer's region (slot)
    coefficient   units of input per unit of the buyer's output at the start, 0 for final demand (slot, 1)
    critical      whether output stops without the input (slot)
    inputs        number of input slots; final demand slots come after them
    slot_ranks    the first input slots of all rows with their rows, then the second ones, and so on
    link_slot     buying slot (link), ascending
    link_row      supplying row (link)
    link_cell     corridor (link)
    link_offer    index into domestic prices stacked on export prices (link)
    link_origin   good x supplier region of an export link, -1 at home (link)
    """

    slot_row: Ints
    slot_good: Ints
    slot_region: Ints
    coefficient: Floats
    critical: Bools
    inputs: int
    slot_ranks: tuple[tuple[Ints, Ints], ...]
    link_slot: Ints
    link_row: Ints
    link_cell: Ints
    link_offer: Ints
    link_origin: Ints
    to_slot: Sums
    to_row: Sums
    to_row_abroad: Sums
    to_cell: Sums
    to_origin: Sums
    slot_to_row: Sums
    slot_to_region: Sums
    slot_to_good_region: Sums
    row_to_owner: Sums
    owner_to_region: Sums
    row_to_good_region: Sums
    row_to_region: Sums
    cell_to_buyer: Sums
    division_of_row: Ints
    row_to_division: Sums

    @property
    def slots(self) -> int:
        """Number of slots."""
        return len(self.slot_row)

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.division_of_row)

    @property
    def cells(self) -> int:
        """Number of corridors."""
        return self.to_cell.groups

    @property
    def divisions(self) -> int:
        """Number of divisions."""
        return int(self.division_of_row.max()) + 1


@twin("abm.lanes.network")
def summed(values: Floats, axis: int = 0) -> Floats:
    """Return sums over an axis before the last, added one after the other.

    ``sum`` adds pairwise where a single run makes the axis contiguous, which gives other last bits than in company.
    """
    if values.shape[axis] == 0:
        return np.zeros(values.shape[:axis] + values.shape[axis + 1 :])
    # Adding to 0, as sums over links begin, makes the zeros alike.
    return np.asarray(0.0 + np.add.accumulate(values, axis=axis).take(-1, axis=axis))


@twin("abm.lanes.network")
def tally(network: Network, values: LinkRun) -> tuple[CellRun, RowRun, SlotRun]:
    """Return sums over links by corridor, by supplier and by buyer."""
    return network.to_cell(values), network.to_row(values), network.to_slot(values)


@twin("abm.lanes.network")
def booked(network: Network, orders: LinkRun) -> tuple[CellRun, RowRun, RowRun]:
    """Return sums of orders by corridor, by supplier and, of those from abroad, by supplier."""
    return network.to_cell(orders), network.to_row(orders), network.to_row_abroad(orders)


def totals(group: Ints, values: Floats, groups: int) -> Floats:
    """Return sums of values by group (group,), added one after the other."""
    return np.bincount(group, values, groups).astype(np.float64)


def connect(world: World) -> Network:
    """Return the network of a world."""
    plants = world.plants
    regions, rows = len(world.regions), len(plants.good)
    places, cells = len(world.goods.code) * regions, len(world.goods.code) * regions * regions
    slots = _slots(world)
    link_slot, link_row = _links(world, slots)
    buyer, seller, good = slots.region[link_slot], plants.region[link_row], slots.good[link_slot]
    abroad = buyer != seller
    cell = (good * regions + buyer) * regions + seller
    origin = np.where(abroad, good * regions + seller, -1)
    division_of_row, divisions = _divisions(world)
    return Network(
        slot_row=slots.row,
        slot_good=slots.good,
        slot_region=slots.region,
        coefficient=slots.coefficient,
        critical=slots.critical,
        inputs=slots.inputs,
        slot_ranks=_ranks(slots.row[: slots.inputs]),
        link_slot=link_slot,
        link_row=link_row,
        link_cell=cell,
        link_offer=link_row + rows * abroad,
        link_origin=origin,
        division_of_row=division_of_row,
        to_slot=Sums(link_slot, len(slots.row)),
        to_row=Sums(link_row, rows),
        to_row_abroad=Sums(np.where(abroad, link_row, -1), rows),
        to_cell=Sums(cell, cells),
        to_origin=Sums(origin, places),
        row_to_good_region=Sums(plants.good * regions + plants.region, places),
        slot_to_good_region=Sums(slots.good * regions + slots.region, places),
        **_account_sums(world, slots.row, slots.region, (division_of_row, divisions)),
    )


def _links(world: World, slots: "_Slots") -> tuple[Ints, Ints]:
    """Return slot and supplying row of every link."""
    parts = parts_of(world)
    if parts is None:
        return links(world, (slots.row, slots.good, slots.region))
    return links_of_parts(parts, connect(parts.whole), slots.row)[:2]


def _account_sums(world: World, slot_row: Ints, slot_region: Ints, division: tuple[Ints, int]) -> dict[str, Sums]:
    """Return the sums from rows, slots and corridors to owners, divisions and regions."""
    plants, regions = world.plants, len(world.regions)
    cells = np.arange(len(world.goods.code) * regions * regions)
    return {
        "slot_to_row": Sums(slot_row, len(plants.good)),
        "slot_to_region": Sums(slot_region, regions),
        "row_to_owner": Sums(plants.owner, len(world.owners.name)),
        "owner_to_region": Sums(world.owners.region, regions),
        "row_to_region": Sums(plants.region, regions),
        "row_to_division": Sums(*division),
        "cell_to_buyer": Sums(cells // regions % regions, regions),
    }


@dataclass(frozen=True, slots=True, eq=False)
class _Slots:
    """The slots of a world; fields as in Network."""

    row: Ints
    good: Ints
    region: Ints
    coefficient: Floats
    critical: Bools
    inputs: int


def _slots(world: World) -> _Slots:
    """Return the input slots of all rows, then a slot for every final good a region buys."""
    plants, recipes = world.plants, world.recipes
    entry, row = _input_slots(world)
    final_good, final_region = np.nonzero(final_demand(world) > 0.0)
    nothing = np.zeros(len(final_good))
    return _Slots(
        row=np.concatenate([row, np.full(len(final_good), -1)]),
        good=np.concatenate([recipes.input[entry], final_good]),
        region=np.concatenate([plants.region[row], final_region]),
        coefficient=np.concatenate([recipes.coefficient[entry], nothing])[:, None],
        critical=np.concatenate([recipes.critical[entry], nothing > 0]),
        inputs=len(entry),
    )


def _input_slots(world: World) -> tuple[Ints, Ints]:
    """Return for every input slot its recipe entry and its row, in row order."""
    recipes = world.recipes
    entries_of = [np.flatnonzero(recipes.user == process) for process in range(len(recipes.process))]
    per_row = [entries_of[process] for process in world.plants.process]
    entry = np.concatenate([np.empty(0, np.int64), *per_row])
    row = np.repeat(np.arange(len(per_row)), [len(entries) for entries in per_row])
    return entry.astype(np.int64), row.astype(np.int64)


def _ranks(slot_row: Ints) -> tuple[tuple[Ints, Ints], ...]:
    """Return input slots by their rank within the row, each rank with its rows."""
    first = np.searchsorted(slot_row, slot_row, side="left")
    rank = np.arange(len(slot_row)) - first
    return tuple((np.flatnonzero(rank == place), slot_row[rank == place]) for place in range(int(rank.max()) + 1))


def _divisions(world: World) -> tuple[Ints, int]:
    """Return the division (one owner's business in one good) of every row, and how many there are."""
    key = world.plants.owner * len(world.goods.code) + world.plants.good
    _, division = np.unique(key, return_inverse=True)
    return division.astype(np.int64), int(division.max()) + 1
