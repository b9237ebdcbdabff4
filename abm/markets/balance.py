"""The still start: quantities, trade shares and costs at which nothing wants to move."""

from dataclasses import dataclass

import numpy as np

from abm.axes import Floats, Ints
from abm.errors import InputError
from abm.markets.network import Network
from abm.markets.pattern import final_demand
from abm.world import World

_SWEEPS = 20_000
_CLOSE = 1e-10
_TRACE = 1e-3
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
    experience, known, learned = _experience(world, output, growth)
    price, cost, other_cost, landed = _costs(world, network, (weight, output), (tariff, learned))
    return Balance(
        sales, output, capacity, weight, purchases, price, cost, other_cost, landed, growth, experience, known
    )


def _need_when_growing(world: World, network: Network, growth: Floats) -> Floats:
    """Return purchases per unit of coefficient and sales when stocks and pipelines grow with sales (slot,)."""
    goods, inputs = world.goods, network.inputs
    made = world.plants.good[network.slot_row[:inputs]]
    making = 1.0 + growth[made] * (goods.stock_cover + goods.production_lag)[made]
    holding = 1.0 + growth[made] * (1.0 + goods.input_cover[network.slot_good[:inputs]])
    return np.concatenate([making * holding, np.ones(network.slots - inputs)])


def _experience(world: World, output: Floats, growth: Floats) -> tuple[Floats, Floats, Floats]:
    """Return experience, the reference of its good, and the factor on other cost that follows, all (row).

    Experience is the output of the past, growing at the trend and slowly forgotten: what keeps its ratio to output.
    """
    goods, made = world.goods, world.plants.good
    forgotten = goods.forgetting + np.maximum(growth, -0.5 * goods.forgetting)
    experience = output / forgotten[made]
    total = np.bincount(made, experience, len(goods.code))
    shared = experience + world.parameters.learning_spillover * (total[made] - experience)
    sold = np.bincount(made, output, len(goods.code))
    average = np.bincount(made, shared * output, len(goods.code)) / np.where(sold > 0.0, sold, 1.0)
    known = np.where(average > 0.0, average, 1.0)[made]
    learned = np.power(np.maximum(shared / known, 1e-3), np.log2(1.0 - goods.learning[made]))
    return experience, known, learned


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
        wanted = np.bincount(network.slot_region[slots], bought, regions)
        if not capacity[rows].any():
            capacity[rows] = _collected(world, good, wanted.sum(), final)[plants.region[rows]]
        total = np.bincount(plants.region[rows], capacity[rows], regions)
        supply = total / total.sum() * wanted.sum()
        output[rows] = capacity[rows] / total.sum() * wanted.sum()
        trade = _balanced(world, good, supply, wanted)
        made = np.divide(output, supply[plants.region], out=np.zeros_like(output), where=supply[plants.region] > 0.0)
        links = np.flatnonzero(network.slot_good[network.link_slot] == good)
        seller = network.link_row[links]
        prior = trade[network.slot_region[network.link_slot[links]], plants.region[seller]] * made[seller]
        weight[links] = _fitted(network, links, prior, (slots, bought), output)
    return capacity, weight


def _fitted(network: Network, links: Ints, prior: Floats, demand: tuple[Ints, Floats], output: Floats) -> Floats:
    """Return link weights near the prior at which every slot buys its need and every row sells its output (link,).

    prior  link weights that suit the trade between regions (link,);  demand  slots and what they buy, units/month
    """
    slots, bought = demand
    slot, row = np.searchsorted(slots, network.link_slot[links]), network.link_row[links]
    # A small trace keeps every known maker of the good reachable however the trade between regions looks.
    flow = (prior + _TRACE * output[row] / output.sum()) * bought[slot]
    for _ in range(_SWEEPS):
        sold = np.bincount(row, flow, network.rows)
        if np.abs(sold - output)[row].max() <= _CLOSE * bought.sum():
            break
        flow = flow * np.divide(output, sold, out=np.zeros_like(output), where=sold > 0.0)[row]
        total = np.bincount(slot, flow, len(slots))
        flow = flow * np.divide(bought, total, out=np.zeros_like(total), where=total > 0.0)[slot]
    free = (prior + _TRACE * output[row] / output.sum()) * (bought[slot] <= 0.0)
    weight = flow + free
    return weight / np.bincount(slot, weight, len(slots))[slot]


def _collected(world: World, good: int, needed: float, final: Floats) -> Floats:
    """Return how the scrap that recyclers need is spread over regions: by what is sold there to last (region)."""
    electric, combustion = (world.goods.code.index(code) for code in ("car_electric", "car_combustion"))
    sold = (final[electric] + final[combustion]) / (final[electric] + final[combustion]).sum()
    return sold * needed / world.goods.utilisation[good]


def _balanced(world: World, good: int, supply: Floats, wanted: Floats) -> Floats:
    """Return the share of each buyer region's purchases from each supplier region (buyer, supplier), rows sum to 1.

    The prior is the supplier's weight in the world, with known import shares and a bias towards home; it is scaled
    by rows and columns in turn until supply and purchases both hold (RAS).
    """
    known = world.import_share[good]
    prior = np.tile(supply / supply.sum(), (len(supply), 1))
    prior[np.diag_indices_from(prior)] *= world.goods.home_bias[good]
    prior = _with_known(prior / prior.sum(axis=1, keepdims=True), known)
    flow = prior * wanted[:, None]
    for _ in range(_SWEEPS):
        sold = flow.sum(axis=0)
        flow = flow * np.divide(supply, sold, out=np.zeros_like(supply), where=sold > 0.0)
        bought = flow.sum(axis=1)
        flow = flow * np.divide(wanted, bought, out=np.zeros_like(wanted), where=bought > 0.0)[:, None]
        if np.abs(flow.sum(axis=0) - supply).max() <= _CLOSE * supply.sum():
            break
    else:
        code = world.goods.code[good]
        raise InputError("trade.csv", f"trade in {code} cannot be balanced", "Relax an import_share of that good.")
    share: Floats = np.where(wanted[:, None] > 0.0, flow / np.where(wanted > 0.0, wanted, 1.0)[:, None], prior)
    return share / share.sum(axis=1, keepdims=True)


def _with_known(prior: Floats, known: Floats) -> Floats:
    """Return the prior with known import shares put in and the others scaled to fill each row."""
    fixed = np.where(np.isnan(known), 0.0, known)
    free = np.where(np.isnan(known), prior, 0.0)
    left = free.sum(axis=1, keepdims=True)
    scaled = free * np.divide(1.0 - fixed.sum(axis=1, keepdims=True), left, out=np.zeros_like(left), where=left > 0.0)
    return fixed + scaled


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
                "goods.csv", f"inputs of {goods.code[good]} cost more than its price pays", "Raise price or lower markup."
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
