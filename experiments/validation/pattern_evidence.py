"""What is behind a miss: the figures that patterns.toml puts into its words, worked out of the same runs."""

from collections.abc import Callable, Mapping

import numpy as np

from experiments.validation import pattern_decade as decade
from experiments.validation import pattern_minerals as minerals
from experiments.validation.pattern_bands import Check, Pattern
from experiments.validation.pattern_sums import CHIPS, Array, Lived, Seen, first_over, swing

Checks = Mapping[str, Check]
Figures = Mapping[str, float]
PER_YEAR = 12.0


def of_bullwhip(seen: Seen, checks: Checks) -> Figures:
    """Return swings, %, of cars, of carmakers' orders for cells, and what tiers above and sharing make of them."""
    check = checks["upstream"]
    tiers = {good: decade.swings(seen, check, decade.BASE, good).mean() for good in decade.TIERS}
    told = list(tiers.values())
    lived = seen.lived(check.plan, decade.BASE)
    every, final = (lived.series(column, ("cell",))[lived.at(check.window)] for column in ("demand", "consumption"))
    at = {
        good: [
            decade.swings(seen, checks["shared"], scenario, good).mean() for scenario in (decade.SHARED, decade.BASE)
        ]
        for good in ("battery_chemical", "key_starting_material")
    }
    return {
        "cars": 100.0 * tiers["car_electric"],
        "cells": 100.0 * tiers["cell"],
        "makers": 100.0 * float(swing(every - final).mean()),
        "final": 100.0 * float((final / every).mean()),
        "least": min(up / down for up, down in zip(told[2:], told[1:-1], strict=True)),
        "chemicals": 100.0 * (1.0 - at["battery_chemical"][0] / at["battery_chemical"][1]),
        "materials": 100.0 * (1.0 - at["key_starting_material"][0] / at["key_starting_material"][1]),
    }


def _over_start(lived: Lived, price: Array) -> Array:
    """Return a price over its mean in the year before the quota."""
    found: Array = price / price[lived.at("2009")].mean(0)
    return found


def of_spike(seen: Seen, checks: Checks) -> Figures:
    """Return the path at its points, and how near the price abroad is to that at home at the last of them."""
    check = checks["points"]
    lived = minerals.embargo(seen, check)
    path = minerals.price_path(seen, check)
    last = [*check.points][-1]
    home, abroad = minerals.home_price(lived), minerals.abroad_price(lived)
    at = lived.at(last)
    factors = {when: float(np.exp(np.abs(np.log(path[when].mean() / value)))) for when, value in check.points.items()}
    return {
        "within": sum(factor <= check.high for factor in factors.values()),
        "points": len(factors),
        "worst": max(factors.values()),
        "gap": 100.0 * float((abroad / home)[at].mean() - 1.0),
        "home": float(_over_start(lived, home)[at].mean()),
        "told": check.points[last],
        "model": float(path[last].mean()),
    }


def of_japan(seen: Seen, checks: Checks) -> Figures:
    """Return what there was to buy elsewhere: separation outside China and Japan, and Japan's imports, t a year."""
    check = checks["in_2012"]
    lived = minerals.embargo(seen, check)
    china, others = lived.traded(minerals.REFINERY, "JP", check.window)
    before = sum(each.mean() for each in lived.traded(minerals.REFINERY, "JP", "2009"))
    output = {region: lived.series("output", (minerals.REFINERY,), region) for region in ("", "CN", "JP")}
    elsewhere = (output[""] - output["CN"] - output["JP"])[lived.at(check.window)].sum(0)
    first = first_over(
        minerals.outside(lived, "output", minerals.REFINERY) - minerals.outside(lived, "output", minerals.REFINERY)[0],
        minerals.RISE,
    )
    return {
        "elsewhere": float(elsewhere.mean()),
        "imports": float((china + others).mean()),
        "fewer": 100.0 * float(1.0 - (china + others).mean() / before),
        "year": np.floor(lived.months[0].year + float(first.mean()) / PER_YEAR),
        "least_possible": 100.0 * float(1.0 - elsewhere.mean() / (china + others).mean()),
    }


def of_mines(seen: Seen, checks: Checks) -> Figures:
    """Return when mining and separation outside China rise, and how much of the world's mines is there at the end."""
    check = checks["lag"]
    lived = minerals.embargo(seen, check)
    start, told = lived.months[0].year, dict[str, float]()
    for name, good in {"mines": minerals.MINE, "refineries": minerals.REFINERY}.items():
        share = minerals.outside(lived, "output", good)
        told[name] = np.floor(start + float(first_over(share - share[0], minerals.RISE).mean()) / PER_YEAR)
    share = minerals.outside(lived, "output", minerals.MINE)[lived.at(checks["mine_share"].window)]
    here = float(minerals.mine_share(seen, checks["mine_share"]).mean())
    told |= {"outside": 100.0 * float(share.mean()), "here": here}
    return told


def of_shortage(seen: Seen, checks: Checks) -> Figures:
    """Return the fullest month of each kind of fab, %, and the cars lost in the shortage's first two years, million."""
    check = checks["utilisation"]
    lived = seen.lived(check.plan, decade.SHORT)
    full = {}
    for good in CHIPS:
        share = lived.series("output", (good,)) / lived.series("capacity", (good,))
        full[good.removeprefix("chip_")] = 100.0 * float(share[lived.at(check.window)].max(0).mean())
    lost = {
        f"lost_{year}": float(decade.cars_lost(seen, checks["lost"].model_copy(update={"window": year})).mean())
        for year in ("2020", "2021", "2022")
    }
    return full | lost


def of_money(seen: Seen, checks: Checks) -> Figures:
    """Return fabs and billions invested with each pot, and how much of the fabs make mature chips and memory."""
    check = checks["concave"]
    fabs, money = (decade.built(seen, check, column) for column in ("new_plants", "capex"))
    told = {f"fabs_{pot:.0f}": float(each.mean()) for pot, each in fabs.items()}
    told |= {f"capex_{pot:.0f}": float(each.mean()) / 1000.0 for pot, each in money.items()}
    for pot, scenario in decade.POTS.items():
        lived = seen.lived(check.plan, scenario)
        told[f"size_{pot:.0f}"] = told[f"capex_{pot:.0f}"] / told[f"fabs_{pot:.0f}"]
        told[f"mature_{pot:.0f}"] = float(
            lived.series("new_plants", ("chip_mature",), "US")[lived.at(check.window)].sum(0).mean()
        )
    means = {pot: told[f"capex_{pot:.0f}"] for pot in money}
    return told | {"money": decade.marginal_ratio(means)}


def of_learning(seen: Seen, checks: Checks) -> Figures:
    """Return doublings of cells ever made, how dear their materials become, and the growth of output from 2010 on."""
    check = checks["learning"]
    lived = seen.lived(check.plan, decade.BASE)
    at = lived.at(check.window)
    made = decade.ever_made(lived.series("output", decade.CELL)[at])
    prices = {
        good: lived.series("price_domestic", (good,), "CN")[at] for good in ("cell_component", "battery_chemical")
    }
    early = minerals.embargo(seen, checks["decade"])
    first, last = (
        early.series("output", decade.CELL)[early.at(year)].sum(0) for year in checks["decade"].window.split(" and ")
    )
    return {
        "doublings": float(np.log2(made[-1] / made[0]).mean()),
        "components": float((price_end(prices["cell_component"])).mean()),
        "chemicals": float((price_end(prices["battery_chemical"])).mean()),
        "grown": float((last / first).mean()),
    }


def price_end(price: Array) -> Array:
    """Return the last year's price over the first's (run,)."""
    late, early = price[-12:].mean(0), price[:12].mean(0)
    return np.asarray(late / early)


EVIDENCE: Mapping[str, Callable[[Seen, Checks], Figures]] = {
    "P1": of_bullwhip,
    "P5": of_spike,
    "P6": of_japan,
    "P7": of_mines,
    "P8": of_shortage,
    "P10": of_money,
    "P11": of_learning,
}


def why(seen: Seen, code: str, pattern: Pattern) -> str:
    """Return what is behind a miss, in words with their figures."""
    figures = EVIDENCE[code](seen, pattern.checks) if code in EVIDENCE else {}
    return pattern.if_missed.format(**figures) if pattern.if_missed else "Not yet explained."
