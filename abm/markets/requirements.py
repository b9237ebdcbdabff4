"""What final demand asks of every tier upstream."""

import numpy as np

from abm.axes import Floats
from abm.markets.balance import downstream_first
from abm.markets.network import totals
from abm.markets.orders import share_of
from abm.world import World


def requirements(world: World, output: Floats) -> Floats:
    """Return the units of a good that go into a unit of another, through all tiers; 1 of itself (good, good).

    output  units/month, by which the recipes of one good are averaged (row,)
    Source: leontief1936.
    """
    recipes, goods = world.recipes, len(world.goods.code)
    made = totals(world.plants.process, output, len(recipes.process))
    usual = share_of(made, totals(recipes.good, made, goods)[recipes.good])
    direct = np.zeros((goods, goods))
    np.add.at(direct, (recipes.input, recipes.good[recipes.user]), recipes.coefficient * usual[recipes.user])
    required = np.eye(goods)
    for good in downstream_first(world):
        for user in np.flatnonzero(direct[good]):
            required[good] += direct[good, user] * required[user]
    return required


def tiers(world: World, required: Floats, traced: int, good: int) -> list[int]:
    """Return a good and all goods that carry it into another, that one included, from upstream to downstream.

    required  units of a good in a unit of another, through all tiers (good, good)
    """
    carries = (required[traced] > 0.0) & (required[:, good] > 0.0)
    return [each for each in reversed(downstream_first(world)) if carries[each]]
