"""The frame: what stays fixed for a batch of runs, and what can be read off it."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from abm import backend
from abm.arithmetic import log
from abm.axes import Floats, Ints
from abm.markets.balance import Balance, still
from abm.markets.network import Network, connect, totals
from abm.markets.orders import friction, share_of
from abm.markets.pattern import final_demand
from abm.markets.pipeline import Pipeline
from abm.markets.requirements import requirements
from abm.policies.levers import Levers, Signals
from abm.traits import Traits, traits
from abm.world import World, freeze


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What stays fixed for a batch of runs.

    quality   of each link, fitted so that buyers prefer the shares they have (link, 1)
    freight   share of value, 0 at home (cell, 1);  elasticity  between suppliers of the cell's good (cell, 1)
    contents  (good that lasts, good it is sold in, units per unit)
    cars      final demand for electric cars and for others, region by region (slot)
    scrap     (rows that collect it, good it is left of)
    taste     logit of the electric share at the start (region, 1)
    required  units of a good that a unit of another needs as final demand, itself and all tiers upstream (good, good)
    pipeline  where capacity under construction stands
    """

    world: World
    network: Network
    balance: Balance
    traits: Traits
    quality: Floats
    freight: Floats
    elasticity: Floats
    contents: tuple[tuple[int, int, float], ...]
    cars: tuple[Ints, Ints]
    scrap: tuple[tuple[Ints, int], ...]
    taste: Floats
    required: Floats
    pipeline: Pipeline


def frame(world: World, levers: Levers, delay: int = 0) -> Frame:
    """Return the fixed part of a batch; models that ask for the same one share it, and nothing in it can be written.

    levers  in force at the start;  delay  months that shocks may add to a construction lag
    """
    tariff = np.ascontiguousarray(levers.tariff[:, 0])
    return _frame(world, tariff.tobytes(), delay, backend.name())


@lru_cache(maxsize=4)
def _frame(world: World, tariffs: bytes, delay: int, _: str) -> Frame:
    """Return the frame of a world, worked out by the back end that is named.

    tariffs  at the start, share of value (cell,)
    """
    network = connect(world)
    tariff = np.frombuffer(tariffs)[:, None]
    balance = still(world, network, tariff[:, 0])
    contents = _contents(world)
    regions = len(world.regions)
    cell = np.arange(len(tariff))
    abroad = cell % regions != cell // regions % regions
    good = cell // (regions * regions)
    freight = (world.goods.freight[good] * abroad)[:, None]
    elasticity = world.goods.substitution[good][:, None]
    corridor = friction(1.0 + tariff + freight, np.zeros_like(tariff), elasticity)
    saturation = world.parameters.ev_saturation
    share = world.demand.ev_share[:, None] / saturation
    constants = traits(world, network, balance, _collection_rate(world, balance, contents))
    fixed = Frame(
        world=world,
        network=network,
        balance=balance,
        traits=constants,
        quality=_quality(world, network, balance, corridor[:, 0])[:, None],
        freight=freight,
        elasticity=elasticity,
        contents=contents,
        cars=_cars(world, network),
        scrap=tuple((np.flatnonzero(world.plants.good == good), of) for good, of in scrap_of(world).items()),
        taste=log(share / (1.0 - share)),
        required=requirements(world, balance.output),
        pipeline=Pipeline.of(constants.lag[:, 0] + delay),
    )
    freeze(fixed)
    return fixed


def _contents(world: World) -> tuple[tuple[int, int, float], ...]:
    """Return which goods that last are sold in which final goods, and how much of them."""
    recipes = world.recipes
    lasting = np.flatnonzero(world.goods.in_use_life > 0.0).tolist()
    direct = [(good, good, 1.0) for good in lasting]
    inside = [
        (int(part), int(recipes.good[user]), float(amount))
        for user, part, amount in zip(recipes.user, recipes.input, recipes.coefficient, strict=True)
        if int(part) in lasting and final_demand(world)[recipes.good[user]].any()
    ]
    return tuple(direct + inside)


def _cars(world: World, network: Network) -> tuple[Ints, Ints]:
    """Return the slots of final demand for electric cars and for others."""
    final = network.slot_row < 0
    electric, others = (
        np.flatnonzero(final & (network.slot_good == world.goods.code.index(code)))
        for code in ("car_electric", "car_combustion")
    )
    return electric, others


def lasting_sales(delivered: Floats, contents: tuple[tuple[int, int, float], ...]) -> Floats:
    """Return goods that last as they reach their users, inside other goods too, units/month (good, region, ...)."""
    sales = np.zeros_like(delivered)
    for part, sold_in, amount in contents:
        sales[part] += amount * delivered[sold_in]
    return sales


def scrap_of(world: World) -> dict[int, int]:
    """Return the good that lasts behind every scrap good."""
    codes = world.goods.code
    return {
        good: codes.index(code.removeprefix("scrap_")) for good, code in enumerate(codes) if code.startswith("scrap_")
    }


def in_use_at_start(world: World, balance: Balance, contents: tuple[tuple[int, int, float], ...]) -> Floats:
    """Return goods in use at the start: what growing sales have left there, units (good, region)."""
    life = world.goods.in_use_life
    leaving = np.divide(1.0, life, out=np.ones_like(life), where=life > 0.0) + np.maximum(balance.growth, 0.0)
    held: Floats = lasting_sales(final_demand(world), contents) / leaving[:, None]
    return held


def _collection_rate(world: World, balance: Balance, contents: tuple[tuple[int, int, float], ...]) -> Floats:
    """Return the share of retired goods that each collector's row can take in, 0 for other rows (row,)."""
    rate = np.zeros(len(world.plants.good))
    in_use = in_use_at_start(world, balance, contents)
    for scrap, lasting in scrap_of(world).items():
        rows = np.flatnonzero(world.plants.good == scrap)
        retired = in_use[lasting, world.plants.region[rows]] / world.goods.in_use_life[lasting]
        rate[rows] = np.divide(balance.capacity[rows], retired, out=np.zeros(len(rows)), where=retired > 0.0)
    return rate


def _quality(world: World, network: Network, balance: Balance, corridor: Floats) -> Floats:
    """Return link qualities at which the preferred share is the start's share (link,).

    A row without output at the start is as good as its region's others, or as the slot's average maker;
    in the buyer's own region it then has the good's home bias.
    """
    pull = balance.capacity[network.link_row] * corridor[network.link_cell]
    fitted = np.divide(balance.weight, pull, out=np.zeros_like(pull), where=pull > 0.0)
    seller = world.plants.region[network.link_row]
    group = network.link_slot * len(world.regions) + seller
    groups = network.slots * len(world.regions)
    regional = share_of(totals(group, balance.weight, groups), totals(group, pull, groups))[group]
    slot = network.link_slot
    overall = share_of(totals(slot, balance.weight, network.slots), totals(slot, pull, network.slots))[slot]
    at_home = np.where(network.link_origin < 0, world.goods.home_bias[network.slot_good[slot]], 1.0)
    usual = np.where(regional > 0.0, regional, overall * at_home)
    return np.where(fitted > 0.0, fitted, usual)


def signals_at_start(frame: Frame, runs: int) -> Signals:
    """Return what measures may look at in the first month."""
    network, balance = frame.network, frame.balance
    goods, regions = len(frame.world.goods.code), len(frame.world.regions)
    flow = (balance.weight * balance.purchases[network.link_slot])[:, None]
    traded = network.to_cell(flow).reshape(goods, regions, regions)
    bought = traded.sum(axis=2, keepdims=True)
    return Signals(
        exports=network.to_origin(flow).reshape(goods, regions),
        purchases=bought.reshape(goods, regions),
        dependence=share_of(traded, bought).reshape(-1),
        under_cost=np.zeros((goods * regions, runs)),
        added=np.zeros((goods * regions, runs)),
        held={},
    )
