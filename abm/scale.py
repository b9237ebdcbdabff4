"""The same world with more plants or fewer: what a fringe makes shared among more firms, or small makers put together.

Capacity, prices and shares at the start stay what they are. It is for measuring how the cost of a run grows, and for
asking whether an answer hangs on how finely the unnamed makers are cut.
"""

from dataclasses import dataclass, fields, replace

import numpy as np

from abm.axes import Ints
from abm.errors import InputError
from abm.owners import Owners, Plants
from abm.world import World


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """How the plants of a split world make up those of the whole.

    whole    world before it was split
    part_of  plant of the whole that a plant is part of (row,)
    count    number of parts (plant of the whole,)
    """

    whole: World
    part_of: Ints
    count: Ints


def scale(world: World, plants: int) -> World:
    """Return a world of about so many plants, alike at the start.

    world   as it was read
    plants  number of plants wanted

    For more, every running plant of a fringe is cut into equal parts, each with an owner of its own. For fewer, the
    smallest plants of a process in a region go to its fringe, or where it has none to its largest plant; measures
    that name a plant which is gone are then refused.
    """
    if parts_of(world) is not None:
        raise InputError("scale", "the world has been scaled before.", "Scale the world as it was read.")
    if plants >= len(world.plants.good):
        return _split(world, plants)
    return _merged(world, plants)


def parts_of(world: World) -> Parts | None:
    """Return how a world was split, none where no plant was."""
    _, first, part_of, count = np.unique(
        world.plants.part_of, return_index=True, return_inverse=True, return_counts=True
    )
    if len(first) == len(part_of):
        return None
    whole = _rows(world.plants, first)
    capacity = np.bincount(part_of, world.plants.capacity, len(first)).astype(np.float64)
    return Parts(replace(world, plants=replace(whole, capacity=capacity)), part_of.astype(np.int64), count)


def _split(world: World, plants: int) -> World:
    """Return the world with every running plant of a fringe cut into as many parts as make up the number."""
    cut = world.plants.fringe & (world.plants.capacity > 0.0)
    count = np.where(cut, max(round((plants - int((~cut).sum())) / int(cut.sum())), 1), 1)
    row = np.repeat(np.arange(len(cut)), count)
    turn = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    owner, first = world.plants.owner[row], len(world.owners.name)
    pairs, place = np.unique(np.stack([owner, turn])[:, turn > 0], axis=1, return_inverse=True)
    new = [f"{world.owners.name[of]} ({number + 1})" for of, number in pairs.T.tolist()]
    owner[turn > 0] = first + place
    owners = Owners(
        (*world.owners.name, *new),
        np.concatenate([world.owners.region, world.owners.region[pairs[0]]]),
        np.concatenate([world.owners.named, np.zeros(len(new), np.bool_)]),
    )
    split = replace(_rows(world.plants, row), owner=owner, capacity=world.plants.capacity[row] / count[row])
    return replace(world, owners=owners, plants=replace(split, part_of=row))


def _merged(world: World, plants: int) -> World:
    """Return the world with the smallest plants gone, and what they make in the hands of one that is left there."""
    old = world.plants
    total = np.bincount(old.good, old.capacity, len(world.goods.code))[old.good]
    share = np.divide(old.capacity, total, out=np.zeros(len(total)), where=total > 0.0)
    place = old.process * len(world.regions) + old.region
    # The fringe of a place comes first in it, else its largest plant.
    order = np.lexsort((-share, ~old.fringe, place))
    heads = order[np.unique(place[order], return_index=True)[1]]
    if plants < len(heads):
        what = f"{plants} plants are fewer than processes and the regions they are at home in."
        raise InputError("scale", what, f"Ask for {len(heads)} or more.")
    rank = share.copy()
    rank[heads] = np.inf
    kept = np.sort(np.argsort(-rank, kind="stable")[:plants])
    head_of = heads[np.searchsorted(place[heads], place)]
    goes_to = np.where(np.isin(np.arange(len(place)), kept), np.arange(len(place)), head_of)
    capacity = np.bincount(goes_to, old.capacity, len(place)).astype(np.float64)[kept]
    left = replace(_rows(old, kept), capacity=capacity, part_of=np.arange(len(kept)))
    return replace(world, plants=left)


def _rows(plants: Plants, row: Ints) -> Plants:
    """Return some rows of the plants, in the order asked for."""
    return Plants(**{each.name: getattr(plants, each.name)[row] for each in fields(plants)})
