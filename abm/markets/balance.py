"""The still start: quantities, trade shares and costs at which nothing wants to move."""

from dataclasses import dataclass, replace

import numpy as np

from abm.arithmetic import LN2, log, power
from abm.axes import Floats
from abm.errors import InputError
from abm.markets.network import Network, connect, totals
from abm.markets.orders import share_of
from abm.markets.parts import balance_of_parts
from abm.markets.pattern import final_demand
from abm.markets.ras import balanced, fitted
from abm.scale import Parts, parts_of
from abm.world import World

_ABOVE_HURDLE = 1.05


@dataclass(frozen=True, slots=True, eq=False)
class Balance:
    """A start at which every order is filled and every price covers its cost with the usual markup.

    sales        units/month (row)
    output       sales and what growing stocks and pipelines take up, units/month (row)
    capacity     units/month (row)
    weight       share of a slot's orders that goes down the link, sums to 1 per slot (link)
    purchases    units/month (slot)
    price        M USD per unit, the same at home and for export (row)
    cost         M USD per unit (row)
    other_cost   operating cost without inputs before experience, M USD per unit (row)
    landed       mean price a slot pays with tariff and freight, M USD per unit (slot)
    growth       trend growth of the good's world demand, 1/month (good)
    experience   cumulative output, units (row)
    known        experience, own and shared, at which the cost factor is 1, units (row)
    """

    sales: Floats
    output: Floats
    capacity: Floats
    weight: Floats
    purchases: Floats
    price: Floats
    cost: Floats
    other_cost: Floats
    landed: Floats
    growth: Floats
    experience: Floats
    known: Floats


def still(world: World, network: Network, tariff: Floats) -> Balance:
    """Return the still start of a world.

    tariff  in force at the start, share of value (cell,)
    Source of the method: hallegatte2008 (quantities), RAS balancing (trade).
    """
    parts = parts_of(world)
    if parts is not None:
        return _cut(parts, (world, network), tariff)
    still_need = np.ones(network.slots)
    _, weight = _shares(world, network, still_need)
    _, purchases = _quantities(world, network, weight, still_need)
    growth = _growth(world, network, purchases)
    need = _need_when_growing(world, network, growth)
    capacity, weight = _shares(world, network, need)
    sales, purchases = _quantities(world, network, weight, need)
    made = world.plants.good
    goods = world.goods
    output = sales * (1.0 + growth * (goods.stock_cover + goods.production_lag))[made]
    capacity = np.where(capacity > 0.0, output / goods.utilisation[made], 0.0)
    experience, known, learned = _experience(world, network, output, growth)
    price, cost, other_cost, landed = _costs(world, network, (weight, output), (tariff, learned))
    return Balance(
        sales, output, capacity, weight, purchases, price, cost, other_cost, landed, growth, experience, known
    )


def _cut(parts: Parts, split: tuple[World, Network], tariff: Floats) -> Balance:
    """Return the still start of a split world and its network: the start of the whole, shared out."""
    (world, network), whole = split, connect(parts.whole)
    start = still(parts.whole, whole, tariff)
    found = balance_of_parts(parts, (whole, network), start)
    # A part is as far down the learning curve as the whole was, and has its share of what the whole has learned.
    before = _shared(parts.whole, whole, start.experience)[parts.part_of]
    now = _shared(world, network, found.experience)
    return replace(found, known=np.where(before > 0.0, found.known * share_of(now, before), found.known))


def _need_when_growing(world: World, network: Network, growth: Floats) -> Floats:
    """Return purchases per unit of coefficient and sales when stocks and pipelines grow with sales (slot,)."""
    goods, inputs = world.goods, network.inputs
    made = world.plants.good[network.slot_row[:inputs]]
    making = 1.0 + growth[made] * (goods.stock_cover + goods.production_lag)[made]
    holding = 1.0 + growth[made] * (1.0 + goods.input_cover[network.slot_good[:inputs]])
    return np.concatenate([making * holding, np.ones(network.slots - inputs)])


def _experience(world: World, network: Network, output: Floats, growth: Floats) -> tuple[Floats, Floats, Floats]:
    """Return experience, the reference of its good, and the factor on other cost that follows, all (row).

    Experience is the output of the past, growing at the trend and slowly forgotten: what keeps its ratio to output.
    """
    goods, made = world.goods, world.plants.good
    forgotten = goods.forgetting + np.maximum(growth, -0.5 * goods.forgetting)
    experience = output / forgotten[made]
    shared = _shared(world, network, experience)
    sold = totals(made, output, len(goods.code))
    average = totals(made, shared * output, len(goods.code)) / np.where(sold > 0.0, sold, 1.0)
    known = np.where(average > 0.0, average, 1.0)[made]
    learned = power(np.maximum(shared / known, 1e-3), log(1.0 - goods.learning[made]) / LN2)
    return experience, known, learned


def _shared(world: World, network: Network, experience: Floats) -> Floats:
    """Return an owner's own experience in a good and the part of others' that spills over to it, units (row)."""
    made = world.plants.good
    total = totals(made, experience, len(world.goods.code))[made]
    own = network.row_to_division(experience[:, None])[network.division_of_row, 0]
    shared: Floats = own + world.parameters.learning_spillover * (total - own)
    return shared


def downstream_first(world: World) -> list[int]:
    """Return the goods ordered so that every good comes after all goods it is an input of."""
    recipes = world.recipes
    users = [set(recipes.good[recipes.user[recipes.input == good]].tolist()) for good in range(len(world.goods.code))]
    order: list[int] = []
    waiting = list(range(len(users)))
    while waiting:
        ready = [good for good in waiting if users[good] <= set(order)]
        if not ready:
            raise InputError("recipes.csv", f"goods feed each other in a circle: {waiting}", "Remove one input.")
        order += ready
        waiting = [good for good in waiting if good not in ready]
    return order


def _shares(world: World, network: Network, need: Floats) -> tuple[Floats, Floats]:
    """Return start capacities (row) and link weights from regional totals and balanced trade matrices.

    need  purchases per unit of coefficient and sales (slot,)
    """
    plants, regions = world.plants, len(world.regions)
    capacity = plants.capacity.copy()
    output = np.zeros(network.rows)
    weight = np.zeros(len(network.link_slot))
    final = final_demand(world)
    for good in downstream_first(world):
        rows = np.flatnonzero(plants.good == good)
        slots = np.flatnonzero(network.slot_good == good)
        bought = network.coefficient[slots, 0] * need[slots] * output[network.slot_row[slots]]
        bought = np.where(network.slot_row[slots] < 0, final[good, network.slot_region[slots]], bought)
        wanted = totals(network.slot_region[slots], bought, regions)
        if not capacity[rows].any():
            capacity[rows] = _collected(world, good, wanted.sum(), final)[plants.region[rows]]
        total = totals(plants.region[rows], capacity[rows], regions)
        supply = total / total.sum() * wanted.sum()
        output[rows] = capacity[rows] / total.sum() * wanted.sum()
        trade = balanced(world, good, supply, wanted)
        made = share_of(output, supply[plants.region])
        links = np.flatnonzero(network.slot_good[network.link_slot] == good)
        seller = network.link_row[links]
        prior = trade[network.slot_region[network.link_slot[links]], plants.region[seller]] * made[seller]
        weight[links] = fitted(network, links, prior, (slots, bought), output)
    return capacity, weight


def _collected(world: World, good: int, needed: float, final: Floats) -> Floats:
    """Return how the scrap that recyclers need is spread over regions: by what is sold there to last (region)."""
    electric, combustion = (world.goods.code.index(code) for code in ("car_electric", "car_combustion"))
    sold = (final[electric] + final[combustion]) / (final[electric] + final[combustion]).sum()
    collected: Floats = sold * needed / world.goods.utilisation[good]
    return collected


def _quantities(world: World, network: Network, weight: Floats, need: Floats) -> tuple[Floats, Floats]:
    """Return sales (row) and purchases (slot) that follow from final demand through the link weights."""
    output = np.zeros(network.rows)
    purchases = np.zeros(network.slots)
    final = final_demand(world)
    ends = np.arange(network.inputs, network.slots)
    purchases[ends] = final[network.slot_good[ends], network.slot_region[ends]]
    for good in downstream_first(world):
        slots = np.flatnonzero((network.slot_good == good) & (network.slot_row >= 0))
        purchases[slots] = network.coefficient[slots, 0] * need[slots] * output[network.slot_row[slots]]
        links = network.slot_good[network.link_slot] == good
        flow = np.where(links, weight * purchases[network.link_slot], 0.0)
        output += network.to_row(flow[:, None])[:, 0]
    return output, purchases


def _costs(
    world: World, network: Network, flows: tuple[Floats, Floats], factors: tuple[Floats, Floats]
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return price, cost and other cost (row) and landed price (slot), upstream goods first.

    Makers of a good ask one price; a dear site asks more where it must to earn what its owner requires.
    """
    (weight, output), (tariff, experience) = flows, factors
    goods, plants = world.goods, world.plants
    price, cost, other = np.zeros(network.rows), np.zeros(network.rows), np.zeros(network.rows)
    landed = np.zeros(network.slots)
    abroad = network.link_origin >= 0
    wedge = 1.0 + tariff[network.link_cell] + goods.freight[network.slot_good[network.link_slot]] * abroad
    local = world.sites.opex_factor[plants.good, plants.region]
    relative = local * experience
    for good in reversed(downstream_first(world)):
        rows = np.flatnonzero(plants.good == good)
        bill = network.slot_to_row((network.coefficient[:, 0] * landed)[:, None])[rows, 0]
        sold = output[rows] if output[rows].any() else np.ones(len(rows))
        allowed = goods.price[good] / (1.0 + goods.markup[good])
        level = (allowed * sold.sum() - (bill * sold).sum()) / (relative[rows] * sold).sum()
        if level <= 0.0:
            raise InputError(
                "goods.csv",
                f"inputs of {goods.code[good]} cost more than its price pays",
                "Raise price or lower markup.",
            )
        other[rows] = level * local[rows]
        cost[rows] = bill + level * relative[rows]
        price[rows] = np.maximum(goods.price[good], cost[rows] + _capital_charge(world, good)[plants.region[rows]])
        links = network.slot_good[network.link_slot] == good
        paid = np.where(links, weight * wedge * price[network.link_row], 0.0)
        landed += network.to_slot(paid[:, None])[:, 0]
    return price, cost, other, landed


def _capital_charge(world: World, good: int) -> Floats:
    """Return the margin per unit that pays wear and a little over the required return, M USD per unit (region)."""
    goods = world.goods
    yearly = _ABOVE_HURDLE * goods.hurdle[good] / 12.0 + goods.depreciation[good]
    used = max(float(goods.utilisation[good]), float(world.parameters.planning_utilisation))
    charge: Floats = yearly * goods.capex[good] * world.sites.capex_factor[good] / used
    return charge


def _growth(world: World, network: Network, purchases: Floats) -> Floats:
    """Return trend growth of each good's world demand, 1/month (good), from final demand upstream."""
    final, ends = world.demand.growth.copy(), np.arange(network.inputs, network.slots)
    electric, combustion = (world.goods.code.index(code) for code in ("car_electric", "car_combustion"))
    rise = world.demand.ev_policy * (1.0 - world.demand.ev_share)
    final[electric] = world.demand.car_growth + rise
    final[combustion] = world.demand.car_growth - rise * world.demand.ev_share / (1.0 - world.demand.ev_share)
    growth = np.zeros(len(world.goods.code))
    slot_growth = np.zeros(network.slots)
    slot_growth[ends] = final[network.slot_good[ends], network.slot_region[ends]]
    for good in downstream_first(world):
        slots = np.flatnonzero(network.slot_good == good)
        inputs = slots[network.slot_row[slots] >= 0]
        slot_growth[inputs] = growth[world.plants.good[network.slot_row[inputs]]]
        total = purchases[slots].sum()
        growth[good] = (slot_growth[slots] * purchases[slots]).sum() / total if total > 0.0 else 0.0
    return growth
