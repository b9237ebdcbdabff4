"""The first month: books at which nothing moves unless something grows, shocks or governs."""

from dataclasses import dataclass

import numpy as np

from abm.axes import Floats
from abm.flow import PURPOSES, zeros
from abm.markets.balance import Balance, still
from abm.markets.network import Network, connect, summed, totals
from abm.markets.orders import friction, share_of
from abm.markets.pattern import final_demand
from abm.policies.levers import Levers, Pots, Signals
from abm.state import State
from abm.traits import Traits, traits
from abm.world import World

_OLD = 1200.0


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What stays fixed for a batch of runs.

    quality   of each link, fitted so that buyers prefer the shares they have (link, 1)
    freight   share of value, 0 at home (cell, 1);  elasticity  between suppliers of the cell's good (cell, 1)
    contents  (good that lasts, good it is sold in, units per unit)
    taste     logit of the electric share at the start (region, 1)
    """

    world: World
    network: Network
    balance: Balance
    traits: Traits
    quality: Floats
    freight: Floats
    elasticity: Floats
    contents: tuple[tuple[int, int, float], ...]
    taste: Floats


def frame(world: World, levers: Levers) -> Frame:
    """Return the fixed part of a batch; levers are those in force at the start."""
    network = connect(world)
    tariff = levers.tariff[:, :1]
    balance = still(world, network, tariff[:, 0])
    contents = _contents(world)
    regions = len(world.regions)
    cell = np.arange(len(levers.tariff))
    abroad = cell % regions != cell // regions % regions
    good = cell // (regions * regions)
    freight = (world.goods.freight[good] * abroad)[:, None]
    elasticity = world.goods.substitution[good][:, None]
    corridor = friction(1.0 + tariff + freight, np.zeros_like(tariff), elasticity)
    saturation = world.parameters.ev_saturation
    share = world.demand.ev_share[:, None] / saturation
    return Frame(
        world=world,
        network=network,
        balance=balance,
        traits=traits(world, network, balance, _collection_rate(world, balance, contents)),
        quality=_quality(world, network, balance, corridor[:, 0])[:, None],
        freight=freight,
        elasticity=elasticity,
        contents=contents,
        taste=np.log(share / (1.0 - share)),
    )


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


def _in_use(world: World, balance: Balance, contents: tuple[tuple[int, int, float], ...]) -> Floats:
    """Return goods in use at the start: what growing sales have left there, units (good, region)."""
    life = world.goods.in_use_life
    leaving = np.divide(1.0, life, out=np.ones_like(life), where=life > 0.0) + np.maximum(balance.growth, 0.0)
    in_use: Floats = lasting_sales(final_demand(world), contents) / leaving[:, None]
    return in_use


def _collection_rate(world: World, balance: Balance, contents: tuple[tuple[int, int, float], ...]) -> Floats:
    """Return the share of retired goods that each collector's row can take in, 0 for other rows (row,)."""
    rate = np.zeros(len(world.plants.good))
    in_use = _in_use(world, balance, contents)
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
        dependence=share_of(traded, bought).reshape(-1),
        under_cost=np.zeros((goods * regions, runs)),
    )


def sizes(frame: Frame, pots: int, runs: int) -> dict[str, int]:
    """Return the length of every axis of the books."""
    world, network = frame.world, frame.network
    regions, goods = len(world.regions), len(world.goods.code)
    return {
        "run": runs,
        "row": network.rows,
        "slot": network.slots,
        "link": len(network.link_slot),
        "cell": goods * regions * regions,
        "owner": len(world.owners.name),
        "division": network.divisions,
        "region": regions,
        "good": goods,
        "place": goods * regions,
        "pot": pots,
        "purpose": len(PURPOSES),
        "input": len(world.critical_inputs.name) * regions,
        "lag": int(frame.traits.lag.max()) + 1,
        "stage": int(world.goods.production_lag.max()) + 1,
    }


def first_books(frame: Frame, pots: Pots, runs: int) -> State:
    """Return the state at the start, every run alike."""
    world, balance = frame.world, frame.balance
    state = zeros(State, sizes(frame, len(pots.name), runs))
    growth = balance.growth[world.plants.good]
    _fill_plants(state, frame, growth)
    _fill_slots_and_links(state, frame)
    _fill_accounts(state, frame)
    state.priority[:] = 1.0
    state.in_use[:] = _in_use(world, balance, frame.contents).reshape(-1, 1)
    state.electric_share[:] = world.demand.ev_share[:, None]
    state.pot_left[:] = pots.amount
    state.reserve[:] = np.repeat(world.critical_inputs.stock, len(world.regions))[:, None]
    return state


def _fill_plants(state: State, frame: Frame, growth: Floats) -> None:
    """Write the columns of plants: expected orders are output, stocks are at target, the pipeline is full."""
    balance, traits, p = frame.balance, frame.traits, frame.world.parameters
    sales, goods = balance.sales[:, None], frame.world.goods
    made = frame.world.plants.good
    state.capacity[:] = balance.capacity[:, None]
    state.expected[:] = sales / (1.0 + growth[:, None] / p.order_smoothing)
    state.usual[:] = state.expected / (1.0 + growth[:, None] * p.growth_memory)
    state.trend[:] = growth[:, None]
    state.experience[:] = balance.experience[:, None]
    state.stock[:] = traits.stock_cover * sales
    state.log_price_home[:] = state.log_price_export[:] = traits.log_price_start
    state.cost[:] = balance.cost[:, None]
    state.age[:] = np.where(state.capacity > 0.0, _OLD, 0.0)
    for stage in range(len(state.making)):
        coming = sales * (1.0 + growth[:, None]) ** stage * (1.0 + growth[:, None] * traits.stock_cover)
        state.making[stage] = np.where(stage < traits.production_lag, coming, 0.0)
    rate = goods.depreciation[made] + np.maximum(growth, -goods.depreciation[made])
    for ahead in range(len(state.ring)):
        opening = balance.capacity * np.exp(growth * ahead) * rate * (ahead < traits.lag[:, 0])
        state.ring[ahead] = opening[:, None]
    state.ramping[:] = (p.ramp_months - 1.0) * (rate * balance.capacity)[:, None]
    state.building[:] = summed(state.ring) + state.ramping
    state.due[:] = (traits.lag - 1.0) * rate[:, None] * balance.capacity[:, None] * traits.capex
    margin = traits.planning * (np.exp(traits.log_price_start) - state.cost) / traits.capex - traits.depreciation
    state.earning[:] = margin * traits.investable


def _fill_slots_and_links(state: State, frame: Frame) -> None:
    """Write the columns of buyers and of their relationships."""
    balance, network, traits = frame.balance, frame.network, frame.traits
    flow = balance.weight * balance.purchases[network.link_slot]
    inputs = slice(0, network.inputs)
    growth = balance.growth[frame.world.plants.good[network.slot_row[inputs]]][:, None]
    held = balance.purchases[inputs, None] / (1.0 + growth * (1.0 + traits.input_cover[inputs]))
    # What was ordered last month lands before the first month's production.
    state.input_stock[inputs] = traits.input_cover[inputs] * held
    state.transit[inputs] = held
    state.thrift[:] = 1.0
    state.fill[:] = 1.0
    state.landed[:] = state.landed_year[:] = traits.landed_start
    state.base_demand[network.inputs :] = balance.purchases[network.inputs :, None]
    state.weight[:] = balance.weight[:, None]
    state.memory[:] = flow[:, None]


def _fill_accounts(state: State, frame: Frame) -> None:
    """Write the owners' cash and debt and what the bank is owed."""
    world, network, balance = frame.world, frame.network, frame.balance
    p = world.parameters
    sales = (balance.sales * balance.price)[:, None]
    state.cash[:] = p.cash_months * network.row_to_owner(sales)
    plant = balance.capacity[:, None] * frame.traits.capex
    state.debt[:] = p.start_leverage * network.row_to_owner(plant)
    state.claims[:] = summed(state.debt)
