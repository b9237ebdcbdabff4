"""The patterns of minerals after the quota of 2010, measured run by run: prices, buyers, mines and refineries."""

from collections.abc import Mapping

import numpy as np
import polars as pl
from scipy.stats import kurtosis, skew

from experiments.validation.pattern_bands import Check
from experiments.validation.pattern_sums import Array, Lived, Seen, changes, first_over

EMBARGO = "rare_earth_embargo_2010"
MINE, REFINERY = "ree_concentrate", "ree_oxide"
# A share has risen when it stands so much above its start.
RISE = 0.05


def embargo(seen: Seen, check: Check) -> Lived:
    """Return the world with the quota of 2010."""
    return seen.lived(check.plan, EMBARGO)


def abroad_price(lived: Lived) -> Array:
    """Return what China's refineries ask for export (month, run)."""
    return lived.series("price_export", (REFINERY,), "CN")


def home_price(lived: Lived) -> Array:
    """Return what China's refineries ask at home (month, run)."""
    return lived.series("price_domestic", (REFINERY,), "CN")


def skewness(seen: Seen, check: Check) -> Array:
    """Return the skewness of changes of the oxide's price."""
    return np.asarray(skew(_moves(embargo(seen, check), check), axis=0))


def tails(seen: Seen, check: Check) -> Array:
    """Return the kurtosis of changes of the oxide's price, 3 for a normal law."""
    return np.asarray(kurtosis(_moves(embargo(seen, check), check), axis=0, fisher=False))


def _moves(lived: Lived, check: Check) -> Array:
    """Return changes of the oxide's price abroad that happened in the months of a window."""
    at = lived.at(check.window)
    return changes(abroad_price(lived)[max(at.start - 1, 0) : at.stop])


def flatness(seen: Seen, check: Check) -> Array:
    """Return how much prices of cars and medicines move beside that of oxide, the larger."""
    lived = embargo(seen, check)
    at = lived.at(check.window)
    told = [lived.series("price_domestic", (good,), "CN") for good in ("car_combustion", "medicine")]
    most: Array = np.max([changes(price[max(at.start - 1, 0) : at.stop]).std(axis=0) for price in told], axis=0)
    found: Array = most / _moves(lived, check).std(axis=0)
    return found


def tiers(seen: Seen, check: Check) -> Array:
    """Return the export price over the price at home."""
    lived = embargo(seen, check)
    found: Array = (abroad_price(lived) / home_price(lived))[lived.at(check.window)].mean(0)
    return found


def price_path(seen: Seen, check: Check) -> Mapping[str, Array]:
    """Return what the runs say at every dated point, in its unit: the first one is what all are measured by."""
    lived = embargo(seen, check)
    price = abroad_price(lived)
    found = {when: price[lived.at(when)].mean(0) for when in check.points}
    (first, told), *_ = check.points.items()
    return {when: told * each / found[first] for when, each in found.items()}


def farthest(seen: Seen, check: Check) -> Array:
    """Return the largest factor between a run's path and a dated point."""
    path = price_path(seen, check)
    apart: Array = np.exp(np.max([np.abs(np.log(path[when] / value)) for when, value in check.points.items()], axis=0))
    return apart


def from_china(seen: Seen, check: Check, year: str = "") -> Array:
    """Return the share of Japan's imports of oxide that comes from China in a year, %."""
    china, others = embargo(seen, check).traded(REFINERY, "JP", year or check.window)
    return 100.0 * china / (china + others)


def least(seen: Seen, check: Check) -> Array:
    """Return Japan's smallest share from China in any year of a window, %."""
    first, _, last = check.window.partition(" to ")
    fewest: Array = np.min([from_china(seen, check, str(year)) for year in range(int(first), int(last) + 1)], axis=0)
    return fewest


def mine_share(seen: Seen, check: Check) -> Array:
    """Return the US share of mine output, %."""
    lived = embargo(seen, check)
    here, world = (lived.series("output", (MINE,), region)[lived.at(check.window)].sum(0) for region in ("US", ""))
    found: Array = 100.0 * here / world
    return found


def head_start(seen: Seen, check: Check) -> Array:
    """Return the months from when mining outside China has risen to when separation has."""
    lived = embargo(seen, check)
    shares = [outside(lived, "output", good)[lived.at(check.window)] for good in (MINE, REFINERY)]
    mines, refineries = (first_over(share - share[0], RISE) for share in shares)
    return refineries - mines


def outside(lived: Lived, column: str, good: str) -> Array:
    """Return the share of the world that is outside China (month, run)."""
    china, world = (lived.series(column, (good,), region) for region in ("CN", ""))
    return 1.0 - china / world


def cells_cheaper(seen: Seen, check: Check) -> Array:
    """Return the price of cells in one year over that in another, before it."""
    lived = embargo(seen, check)
    price = lived.series("price_domestic", ("cell",), "CN")
    early, late = (price[lived.at(year)].mean(0) for year in check.window.split(" and "))
    found: Array = late / early
    return found


def overshoot(seen: Seen, check: Check) -> Array:
    """Return the months from the peak of the oxide's price to that of idle mines outside China."""
    lived = embargo(seen, check)
    at = lived.at(check.window)
    idle = np.subtract(*(_elsewhere(lived, column) for column in ("capacity", "output")))
    found: Array = idle[at].argmax(0).astype(np.float64) - abroad_price(lived)[at].argmax(0)
    return found


def _elsewhere(lived: Lived, column: str) -> Array:
    """Return what there is of mines outside China (month, run)."""
    world, china = (lived.series(column, (MINE,), region) for region in ("", "CN"))
    return world - china


def exits(seen: Seen, check: Check) -> Array:
    """Return in which runs a maker of rare earths whose home is not China defaults in a window, %."""
    first, _, last = check.window.partition(" to ")
    year = pl.col("date").dt.year()
    abroad = embargo(seen, check).firms.filter(pl.col("good").is_in((MINE, REFINERY)), pl.col("hq") != "CN")
    gone = (pl.col("bankrupt") > 0) & year.is_between(int(first), int(last))
    before = (pl.col("bankrupt") > 0) & (year < int(first))
    each = abroad.group_by("run", "firm").agg((gone.any() & ~before.any()).alias("gone"))
    runs = each.group_by("run").agg(pl.col("gone").any()).sort("run")
    return 100.0 * runs["gone"].cast(pl.Float64).to_numpy()
