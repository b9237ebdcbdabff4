"""The boxes of a sweep as tables: their limits, how much they hold, and the way to them."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from experiments.sweeping_analysis.boxes import Box, Cases, chance, found
from experiments.sweeping_analysis.sample import Sample, numeric

# What stands between words that are left out.
BETWEEN = "; "
_SIZES = {"coverage": pl.Float64, "density": pl.Float64, "mass": pl.Float64}
_LIMITS = {
    "scenario": pl.String,
    "box": pl.Int64,
    "key": pl.String,
    "low": pl.Float64,
    "high": pl.Float64,
    "without": pl.String,
    "chance": pl.Float64,
    **_SIZES,
    "overall": pl.Float64,
}
_WAYS = {"scenario": pl.String, "box": pl.Int64, "step": pl.Int64, "limited": pl.Int64, **_SIZES}


def cases_of(sample: Sample, scenario: str) -> Cases:
    """Return the points of a scenario with how often each met the conditions."""
    assert sample.met is not None
    points = sample.points.filter(scenario=scenario)
    keys = [key for key in sample.keys if points[key].null_count() == 0 and points[key].n_unique() > 1]
    values = {
        key: points[key].cast(pl.Float64).to_numpy()
        if numeric(points, key)
        else points[key].cast(pl.String).to_numpy().astype(str)
        for key in keys
    }
    met = sample.met.filter(scenario=scenario)
    return Cases(values, met["runs"].to_numpy().astype(float), met["hits"].to_numpy().astype(float))


def prim(sample: Sample) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the limits of every box, one row per key that it limits, and the way to each, one row per peel.

    coverage  share of the runs that meet the conditions that are inside;  density  share of those inside that do
    mass      share of all runs inside;  chance  as ``chance`` says;  overall  share of all runs that meet them
    """
    limits: list[tuple[object, ...]] = []
    ways: list[tuple[object, ...]] = []
    for scenario in sample.scenarios:
        cases = cases_of(sample, scenario)
        for number, (box, way) in enumerate(found(cases), 1):
            sizes = _sizes(box, cases)
            overall = cases.density(np.ones(len(cases.runs), bool))
            limits += [
                (scenario, number, key, *_side(box, key), chance(box, key, cases), *sizes, overall) for key in box.sides
            ]
            ways += [(scenario, number, step, len(each.sides), *_sizes(each, cases)) for step, each in enumerate(way)]
    return pl.DataFrame(limits, schema=_LIMITS, orient="row"), pl.DataFrame(ways, schema=_WAYS, orient="row")


def _side(box: Box, key: str) -> tuple[float | None, float | None, str | None]:
    """Return the lowest and the highest value, and the words that are left out; none where there is no limit."""
    side = box.sides[key]
    if isinstance(side, frozenset):
        return None, None, BETWEEN.join(sorted(side))
    low, high = (end if np.isfinite(end) else None for end in side)
    return low, high, None


def _sizes(box: Box, cases: Cases) -> Sequence[float]:
    """Return coverage, density and mass of a box."""
    inside = box.inside(cases)
    return cases.coverage(inside), cases.density(inside), cases.mass(inside)
