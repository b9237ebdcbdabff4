"""What never changes about a row or a slot during a run: its good's and its site's constants."""

from dataclasses import dataclass

import numpy as np

from abm.arithmetic import exp, log
from abm.axes import Floats, Ints
from abm.markets.balance import Balance
from abm.markets.network import Network
from abm.world import World


@dataclass(frozen=True, slots=True, eq=False)
class Traits:
    """Constants of rows (row, 1) and slots (slot, 1); months and M USD.

    Rows
    label             owner, region and good in words (row,)
    stock_cover       months of orders kept as finished stock
    production_lag    months from start to finished good
    markup            of price over unit cost
    price_tension     monthly pull of tension on the log price;  price_cost  monthly pull of cost plus markup
    log_price_start   log of the start price
    other_cost        operating cost without inputs before experience, M USD per unit
    learning          fall of cost per doubling;  experience_start  experience at which the factor is 1, units
    forgetting        monthly decay of experience
    depreciation      monthly wear of capacity
    lag               months from ground-breaking to opening
    planning          utilisation planned for;  contraction  utilisation under which plants shrink
    capex             M USD per unit/month of capacity at the site
    annuity           months of margin that a new plant is worth;  life  its economic life, months
    site_bias         value of home less hazard, in units of the logit
    hurdle            required return on capital, 1/month
    qualification     months until buyers accept a new plant in full
    upstream          1 where makers buy the good, 0 where final buyers alone do
    substitution      long-run elasticity between suppliers
    project_size      smallest new plant, units/month
    scrap_collected   share of retired goods collected, collectors only
    investable        1 where owners may build, 0 for collectors
    home              owner's home region (row,);  place  good x region (row,)

    Slots
    input_cover       months of use kept as input stock
    thrift_speed      monthly fall of the coefficient while the input is dear
    landed_start      landed price at the start, M USD per unit
    elasticity        own-price elasticity of final demand
    patience          share of unmet final demand that waits
    trend             growth of final demand at constant price, 1/month
    place_of_slot     good x region (slot,)
    """

    label: tuple[str, ...]
    stock_cover: Floats
    production_lag: Floats
    markup: Floats
    price_tension: Floats
    price_cost: Floats
    log_price_start: Floats
    other_cost: Floats
    learning: Floats
    experience_start: Floats
    forgetting: Floats
    depreciation: Floats
    lag: Floats
    planning: Floats
    contraction: Floats
    capex: Floats
    annuity: Floats
    life: Floats
    site_bias: Floats
    hurdle: Floats
    qualification: Floats
    upstream: Floats
    substitution: Floats
    project_size: Floats
    scrap_collected: Floats
    investable: Floats
    home: Ints
    place: Ints
    input_cover: Floats
    thrift_speed: Floats
    landed_start: Floats
    elasticity: Floats
    patience: Floats
    trend: Floats
    place_of_slot: Ints


_OF_GOODS = (
    "stock_cover",
    "production_lag",
    "price_tension",
    "price_cost",
    "learning",
    "forgetting",
    "depreciation",
    "life",
    "substitution",
    "project_size",
)


def traits(world: World, network: Network, balance: Balance, collected: Floats) -> Traits:
    """Return the constants of every row and slot.

    collected  share of retired goods that a collector's row takes in, 0 for makers (row,)
    """
    plants, regions = world.plants, len(world.regions)
    places = zip(plants.owner, plants.region, plants.good, strict=True)
    return Traits(
        label=tuple(f"{world.owners.name[o]} {world.regions[r]} {world.goods.code[g]}" for o, r, g in places),
        home=world.owners.region[plants.owner],
        place=plants.good * regions + plants.region,
        place_of_slot=network.slot_good * regions + network.slot_region,
        scrap_collected=_column(collected),
        **_of_rows(world, balance),
        **_of_slots(world, network, balance),
    )


def _of_rows(world: World, balance: Balance) -> dict[str, Floats]:
    """Return the constants of rows that are numbers (row, 1)."""
    goods, plants, p = world.goods, world.plants, world.parameters
    row = plants.good
    lag = world.sites.construction[row, plants.region]
    # Whoever is paid back in so many months earns this on top of the wear.
    payback = p.payback_months
    hurdle = 1.0 / payback - goods.depreciation[row] if payback else goods.hurdle[row] / 12.0
    usual = _column(goods.utilisation[row])
    same = {name: _column(getattr(goods, name)[row]) for name in _OF_GOODS}
    return same | {
        "markup": _column(balance.price / balance.cost - 1.0),
        "log_price_start": _column(log(balance.price)),
        "other_cost": _column(balance.other_cost),
        "experience_start": _column(balance.known),
        "lag": _column(lag),
        "planning": np.maximum(usual, p.planning_utilisation),
        "contraction": p.contraction_band * np.minimum(usual, p.planning_utilisation),
        "capex": _column(np.maximum(goods.capex[row] * world.sites.capex_factor[row, plants.region], 1e-9)),
        "annuity": _column(annuity(hurdle, lag, goods.life[row], payback)),
        "site_bias": _column(_site_bias(world)),
        "hurdle": _column(hurdle),
        "qualification": _column(np.maximum(goods.qualification[row], 1.0)),
        "upstream": _column(np.isin(row, world.recipes.input).astype(np.float64)),
        "investable": _column(np.where(goods.project_size[row] > 0.0, 1.0, 0.0)),
    }


def _of_slots(world: World, network: Network, balance: Balance) -> dict[str, Floats]:
    """Return the constants of slots (slot, 1)."""
    goods, slot = world.goods, network.slot_good
    return {
        "input_cover": _column(goods.input_cover[slot]),
        "thrift_speed": _column(goods.thrift[slot]),
        "landed_start": _column(balance.landed),
        "elasticity": _column(goods.elasticity[slot]),
        "patience": _column(goods.backlog[slot]),
        "trend": _column(_trend(world, network)),
    }


def _column(values: Floats) -> Floats:
    """Return constants as a column that spreads over runs (row, 1)."""
    return np.ascontiguousarray(values, dtype=np.float64)[:, None]


def annuity(rate: Floats, lag: Floats, life: Floats, payback: float) -> Floats:
    """Return the value today of one unit of margin a month from opening to the end of life, months (row, ...).

    rate     required return, 1/month;  lag  months until opening;  life  months of economic life
    payback  months whose margin alone counts, whenever they come and undiscounted; 0 counts all at the rate
    """
    if payback:
        return np.minimum(np.maximum(life, 1.0), payback)
    return (exp(-rate * lag) - exp(-rate * (lag + np.maximum(life, 1.0)))) / rate


def _site_bias(world: World) -> Floats:
    """Return the value of home less the region's hazard (row,)."""
    p, plants = world.parameters, world.plants
    home = p.home_site_bias * (plants.region == world.owners.region[plants.owner])
    hazard = world.sites.hazard[plants.good, plants.region] / p.site_scale
    bias: Floats = np.asarray(home - hazard)
    return bias


def _trend(world: World, network: Network) -> Floats:
    """Return the growth of final demand at constant price, 0 for inputs, 1/month (slot,)."""
    growth = world.demand.growth.copy()
    for code in ("car_electric", "car_combustion"):
        growth[world.goods.code.index(code)] = world.demand.car_growth
    trend: Floats = np.where(network.slot_row < 0, growth[network.slot_good, network.slot_region], 0.0)
    return trend
