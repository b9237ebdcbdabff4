"""Networks for the tests of markets: the tiny world's, another order of its rows, and amounts drawn on them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from worlds import tiny_world

from abm.axes import Floats, Ints
from abm.markets.network import Network, connect
from abm.world import World

RUNS = 3
WORLD = tiny_world()
NETWORK = connect(WORLD)
REGIONS = len(WORLD.regions)
PLACES = len(WORLD.goods.code) * REGIONS
CELLS = PLACES * REGIONS
LINKS = len(NETWORK.link_slot)


def permuted(world: World, order: Ints) -> World:
    """Return a world whose rows stand in another order.

    order  old row at each new place (row,)
    """
    plants = world.plants
    return replace(
        world, plants=replace(plants, **{each.name: getattr(plants, each.name)[order] for each in fields(plants)})
    )


@dataclass(frozen=True, slots=True)
class Shuffle:
    """The tiny world and its network with rows in another order; each axis names the old place of every new one."""

    world: World
    network: Network
    row: Ints
    slot: Ints
    link: Ints


def shuffle(seed: int = 0) -> Shuffle:
    """Return a random order of the tiny world's rows and what it does to slots and links."""
    row = np.random.default_rng(seed).permutation(NETWORK.rows)
    world = permuted(WORLD, row)
    network = connect(world)
    place = {key: slot for slot, key in enumerate(slot_keys(NETWORK, np.arange(NETWORK.rows)))}
    slot = np.array([place[key] for key in slot_keys(network, row)])
    links = {
        key: link for link, key in enumerate(zip(NETWORK.link_slot.tolist(), NETWORK.link_row.tolist(), strict=True))
    }
    pairs = zip(slot[network.link_slot].tolist(), row[network.link_row].tolist(), strict=True)
    return Shuffle(world, network, row, slot, np.array([links[pair] for pair in pairs]))


def slot_keys(network: Network, row: Ints) -> list[tuple[int, int, int]]:
    """Return what tells slots apart: the buyer's old row (-1 for final demand), good and region."""
    buyer = np.where(network.slot_row < 0, -1, row[network.slot_row])
    return [*zip(buyer.tolist(), network.slot_good.tolist(), network.slot_region.tolist(), strict=True)]


def draws(seed: int, *sizes: int, idle: float = 0.2) -> list[Floats]:
    """Return arrays (size, run) of positive amounts of very different sizes, some of them 0.

    idle  share of entries that are 0
    """
    luck = np.random.default_rng(seed)
    return [np.exp(luck.normal(0.0, 2.0, (size, RUNS))) * (luck.random((size, RUNS)) > idle) for size in sizes]


def column(*values: float) -> Floats:
    """Return values of one run (row, run)."""
    return np.array(values, np.float64)[:, None]


def link(good: str, buyer: int, supplier: str) -> int:
    """Return the link of a good's buyer, by its number, from the first maker in a region."""
    code = WORLD.goods.code.index(good)
    slot = np.flatnonzero(NETWORK.slot_good == code)[buyer]
    known = np.flatnonzero(NETWORK.link_slot == slot)
    home = WORLD.plants.region[NETWORK.link_row[known]]
    return int(known[home == WORLD.regions.index(supplier)][0])


def on(size: int, places: Sequence[int], *values: float) -> Floats:
    """Return amounts at some places and 0 at all others (place, run) of one run."""
    amounts = np.zeros((size, 1))
    amounts[list(places), 0] = values
    return amounts
