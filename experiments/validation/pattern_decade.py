"""The patterns of the decade from 2020, measured run by run: orders, trade, fabs, cells and cars."""

import numpy as np

from abm.policies.tariff import Tariff
from abm.scenario import Scenario
from abm.world import read
from experiments.validation.pattern_bands import Check
from experiments.validation.pattern_sums import CARS, CHIPS, Array, Lived, Seen, swing
from experiments.validation.plays import PLANS

BASE, SHORT, SHARED, ACT = "baseline", "chip_shortage_2021", "information_sharing", "chips_act"
PROBE = "probe_tariff"
PROBED = PLANS.parent / "probes" / f"{PROBE}.toml"
# Pots of grants by what is in them, billion USD.
POTS = {0.0: BASE, 20.0: "chips_act_20b", 50.0: "chips_act_50b"}
CELL = ("cell",)
SUPPLY_CHAINS = ("chips", "batteries", "rare_earths", "medicines")
TIERS = ("car_electric", "cell", "cell_component", "battery_chemical", "battery_ore")
RIVALS, MONOPOLY = "cell", "magnet"


def swings(seen: Seen, check: Check, scenario: str, good: str) -> Array:
    """Return how much the world's orders for a good swing."""
    lived = seen.lived(check.plan, scenario)
    return swing(lived.series("demand", (good,))[lived.at(check.window)])


def upstream(seen: Seen, check: Check) -> Array:
    """Return the smallest ratio of a tier's swing to that of the tier it supplies."""
    told = np.array([swings(seen, check, BASE, good) for good in TIERS])
    ratios: Array = (told[1:] / told[:-1]).min(0)
    return ratios


def shared(seen: Seen, check: Check) -> Array:
    """Return the swing of orders for auto-grade chips with shared information over that without."""
    with_, without = (swings(seen, check, scenario, "chip_auto") for scenario in (SHARED, BASE))
    return with_ / without


def elasticity(seen: Seen, check: Check, good: str, year: str) -> Array:
    """Return by how many log points US imports turn from China for each log point that a lasting tariff adds.

    Not a number where the US buys none from either side.
    """
    logs = []
    for scenario in (BASE, PROBE):
        china, others = seen.lived(check.plan, scenario).traded(good, "US", year)
        logs.append(np.log(china / others))
    found: Array = (logs[0] - logs[1]) / (_duty(PROBE, good) - _duty(BASE, good))
    return found


def _duty(scenario: str, good: str) -> float:
    """Return the log of 1 and the duties that a good from China pays at the US border once all have begun."""
    asked = Scenario.load(str(PROBED) if scenario == PROBE else scenario)
    duties = [each for each in asked.measures if isinstance(each, Tariff) and good in each.goods]
    return float(np.log1p(sum(each.rate for each in duties if each.government == "US" and "CN" in each.origins)))


def rivals(seen: Seen, check: Check) -> Array:
    """Return the elasticity of cells in a year."""
    return elasticity(seen, check, RIVALS, check.window)


def monopolised(seen: Seen, check: Check) -> Array:
    """Return the elasticity of magnets in a year over the mean of that of cells."""
    magnets, cells = (elasticity(seen, check, good, check.window) for good in (MONOPOLY, RIVALS))
    found: Array = magnets / cells.mean()
    return found


def fullest(seen: Seen, check: Check) -> Array:
    """Return the utilisation of all fabs in their fullest month, %."""
    lived = seen.lived(check.plan, SHORT)
    most: Array = 100.0 * used(lived)[lived.at(check.window)].max(0)
    return most


def used(lived: Lived) -> Array:
    """Return output started over capacity of all fabs (month, run)."""
    return lived.series("output", CHIPS) / lived.series("capacity", CHIPS)


def emptiest(seen: Seen, check: Check) -> Array:
    """Return carmakers' stock of auto-grade chips in the emptiest month, days."""
    lived = seen.lived(check.plan, SHORT)
    fewest: Array = lived.mean("stock_days", "demand", "chip_auto")[lived.at(check.window)].min(0)
    return fewest


def cars_lost(seen: Seen, check: Check) -> Array:
    """Return how many cars fewer are bought than in baseline, million."""
    bought = [seen.lived(check.plan, scenario) for scenario in (BASE, SHORT)]
    without, with_ = (lived.series("consumption", CARS)[lived.at(check.window)].sum(0) for lived in bought)
    found: Array = (without - with_) / 1000.0
    return found


def moved(seen: Seen, check: Check) -> Array:
    """Return the US share of chip capacity with the CHIPS Act less that without, points, in the window's last month."""
    lived = seen.lived(check.plan, ACT)
    found: Array = share_gain(seen, check)[lived.at(check.window)][-1]
    return found


def share_gain(seen: Seen, check: Check) -> Array:
    """Return the US share of chip capacity with the CHIPS Act less that without, points (month, run)."""
    with_, without = (us_share(seen.lived(check.plan, scenario)) for scenario in (ACT, BASE))
    return 100.0 * (with_ - without)


def us_share(lived: Lived) -> Array:
    """Return the US share of chip capacity (month, run)."""
    return lived.series("capacity", CHIPS, "US") / lived.series("capacity", CHIPS)


def built(seen: Seen, check: Check, column: str) -> dict[float, Array]:
    """Return what is built of fabs in the US by what the pot holds: new_plants, or capex in million USD (run,)."""
    asked = {pot: seen.lived(check.plan, scenario) for pot, scenario in POTS.items()}
    return {pot: lived.series(column, CHIPS, "US")[lived.at(check.window)].sum(0) for pot, lived in asked.items()}


def marginal(seen: Seen, check: Check) -> Array:
    """Return fabs per billion of the last billions over those of the first; of means, as single runs may gain none."""
    return np.array(
        [marginal_ratio({pot: float(each.mean()) for pot, each in built(seen, check, "new_plants").items()})]
    )


def marginal_ratio(told: dict[float, float]) -> float:
    """Return what the last billions bring over what the first do; infinity where the first bring nothing.

    told  by pot, three of them
    """
    (none, some, more), (at_none, at_some, at_more) = told, told.values()
    first, last = (at_some - at_none) / (some - none), (at_more - at_some) / (more - some)
    return last / first if first > 0.0 else np.inf


def learnt(seen: Seen, check: Check) -> Array:
    """Return the fall of the price of cells per doubling of all that was ever made, %."""
    lived = seen.lived(check.plan, BASE)
    at = lived.at(check.window)
    price, made = (
        np.log(lived.series("price_domestic", CELL, "CN")[at]),
        np.log(ever_made(lived.series("output", CELL)[at])),
    )
    slopes = [
        np.polynomial.Polynomial.fit(made[:, run], price[:, run], 1).convert().coef[1] for run in range(price.shape[1])
    ]
    return 100.0 * (1.0 - 2.0 ** np.array(slopes))


def ever_made(output: Array) -> Array:
    """Return cumulative output (month, run); what was made before is that of a steady growth like the first year's."""
    yearly = output[:24].reshape(2, 12, -1).sum(1)
    before: Array = yearly[0] / (yearly[1] / yearly[0] - 1.0)
    found: Array = before + output.cumsum(0)
    return found


def growth(seen: Seen, check: Check) -> Array:
    """Return the growth of the world's chip capacity, % a year."""
    lived = seen.lived(check.plan, BASE)
    capacity = lived.series("capacity", CHIPS)[lived.at(check.window)]
    found: Array = 100.0 * ((capacity[-1] / capacity[0]) ** (12.0 / (len(capacity) - 1)) - 1.0)
    return found


def electrified(seen: Seen, check: Check) -> Array:
    """Return the electric share of sales in one year over that in another, before it."""
    lived = seen.lived(check.plan, BASE)
    electric, every = (lived.series("consumption", goods) for goods in (CARS[:1], CARS))
    years = [lived.at(year) for year in check.window.split(" and ")]
    early, late = (electric[year].sum(0) / every[year].sum(0) for year in years)
    found: Array = late / early
    return found


def fewest_plants(seen: Seen, check: Check) -> Array:
    """Return the new plants of the chain with the fewest."""
    lived = seen.lived(check.plan, BASE)
    goods = read(lived.months[0]).goods
    pairs = list(zip(goods.code, goods.chain, strict=True))
    chains = [tuple(good for good, mine in pairs if mine == chain) for chain in SUPPLY_CHAINS]
    counted = [lived.series("new_plants", mine)[lived.at(check.window)].sum(0) for mine in chains]
    fewest: Array = np.min(counted, axis=0)
    return fewest


def largest_jump(seen: Seen, check: Check) -> Array:
    """Return the largest move of a region's share of chip capacity within a month, points."""
    lived = seen.lived(check.plan, BASE)
    at = lived.at(check.window)
    world = lived.series("capacity", CHIPS)[at]
    shares = np.array([lived.series("capacity", CHIPS, region)[at] / world for region in lived.regions])
    most: Array = 100.0 * np.abs(np.diff(shares, axis=1)).max((0, 1))
    return most
