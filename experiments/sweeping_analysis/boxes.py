"""PRIM, the patient rule induction method of Friedman and Fisher (1999): under which values a condition is met."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from experiments.sweeping_analysis.sample import Sample, numeric

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
# A box is one if what it says of some key is no luck.
LUCK = 0.05
# A peel takes about this share of what is left; no box holds less of all than the least.
PEEL, LEAST = 0.05, 0.05
MOST_BOXES = 3


@dataclass(frozen=True, slots=True)
class Cases:
    """Points with how often each met the conditions.

    values  of every key, numbers or words (point,);  runs, hits  (point,)
    """

    values: Mapping[str, npt.NDArray[Any]]
    runs: Array
    hits: Array

    def density(self, inside: Mask) -> float:
        """Return which share of the runs inside meets the conditions."""
        return float(self.hits[inside].sum() / max(self.runs[inside].sum(), 1.0))

    def mass(self, inside: Mask) -> float:
        """Return which share of all runs is inside."""
        return float(self.runs[inside].sum() / self.runs.sum())

    def coverage(self, inside: Mask) -> float:
        """Return which share of the runs that meet the conditions is inside."""
        return float(self.hits[inside].sum() / max(self.hits.sum(), 1.0))


@dataclass(frozen=True, slots=True)
class Box:
    """Limits of keys, both ends inside, and words that are left out."""

    limits: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    without: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def inside(self, cases: Cases) -> Mask:
        """Return which points are inside."""
        found = np.ones(len(cases.runs), bool)
        for key, (low, high) in self.limits.items():
            found &= (cases.values[key] >= low) & (cases.values[key] <= high)
        for key, words in self.without.items():
            found &= ~np.isin(cases.values[key], [*words])
        return found

    def limited(self, key: str, low: float, high: float) -> "Box":
        """Return the box with other limits of a key."""
        return replace(self, limits={**self.limits, key: (low, high)})

    def freed(self, key: str) -> "Box":
        """Return the box without what it says of a key."""
        limits = {name: ends for name, ends in self.limits.items() if name != key}
        return Box(limits, {name: words for name, words in self.without.items() if name != key})


def peeled(cases: Cases) -> list[Box]:
    """Return ever smaller boxes, from all there is on: each peel is that which gains most for what it takes."""
    boxes = [Box()]
    while True:
        inside = boxes[-1].inside(cases)
        density, mass = cases.density(inside), cases.mass(inside)
        best, most = None, 0.0
        for each in _peels(boxes[-1], cases, inside):
            left = each.inside(cases)
            size = cases.mass(left)
            if not LEAST <= size < mass:
                continue
            gain = (cases.density(left) - density) / (mass - size)
            if gain > most:
                best, most = each, gain
        if best is None:
            return boxes
        boxes.append(best)


def _peels(box: Box, cases: Cases, inside: Mask) -> Iterator[Box]:
    """Yield a box with a thin slice less, at either end of every key of numbers, and without every word."""
    for key, values in cases.values.items():
        mine = values[inside]
        known = np.unique(mine)
        if len(known) < 2:
            continue
        if not np.issubdtype(values.dtype, np.number):
            for word in known.tolist():
                yield replace(box, without={**box.without, key: box.without.get(key, frozenset()) | {word}})
            continue
        low, high = box.limits.get(key, (-np.inf, np.inf))
        lower, upper = np.quantile(mine, [PEEL, 1.0 - PEEL], method="nearest")
        yield box.limited(key, float(known[max(1, np.searchsorted(known, lower))]), high)
        yield box.limited(key, low, float(known[min(len(known) - 2, np.searchsorted(known, upper))]))


def pasted(box: Box, cases: Cases) -> Box:
    """Return a box widened wherever it then meets the conditions at least as often, value by value."""
    grown = True
    while grown:
        grown = False
        density = cases.density(box.inside(cases))
        for key in (*box.limits, *box.without):
            wider = max(_pastes(box, key, cases), key=lambda each: _better(each, cases))
            size = cases.mass(wider.inside(cases))
            if cases.density(wider.inside(cases)) >= density and size > cases.mass(box.inside(cases)):
                box, grown = wider, True
                break
    return box


def _pastes(box: Box, key: str, cases: Cases) -> Iterator[Box]:
    """Yield a box a thin slice or a single value wider at either end of a key, or with one word more."""
    yield box
    if key in box.without:
        for word in sorted(box.without[key]):
            yield replace(box, without={**box.without, key: box.without[key] - {word}})
        return
    low, high = box.limits[key]
    around = np.unique(cases.values[key][box.freed(key).inside(cases)])
    slice_ = max(1, int(PEEL * ((around >= low) & (around <= high)).sum()))
    below, above = around[around < low], around[around > high]
    for many in {slice_, 1}:
        if len(below):
            yield box.limited(key, float(below[-many]) if len(below) > many else -np.inf, high)
        if len(above):
            yield box.limited(key, low, float(above[many - 1]) if len(above) > many else np.inf)


def _better(box: Box, cases: Cases) -> tuple[float, float]:
    """Return by what boxes are compared: density, then mass."""
    inside = box.inside(cases)
    return cases.density(inside), cases.mass(inside)


def found(cases: Cases) -> list[tuple[Box, list[Box]]]:
    """Return boxes one after the other, each with the way to it; every one is looked for outside those before.

    Of the boxes on the way that is taken whose harmonic mean of density and coverage is highest.
    """
    boxes: list[tuple[Box, list[Box]]] = []
    rest = np.ones(len(cases.runs), bool)
    while len(boxes) < MOST_BOXES:
        left = Cases({key: values[rest] for key, values in cases.values.items()}, cases.runs[rest], cases.hits[rest])
        if not left.hits.sum() or left.hits.sum() == left.runs.sum():
            break
        way = peeled(left)
        box = _tight(pasted(max(way, key=lambda each: _balance(each, left)), left))
        inside = box.inside(left)
        luck = [chance(box, key, left) for key in (*box.limits, *box.without)]
        if min(luck, default=1.0) > LUCK or left.density(inside) <= cases.density(np.ones_like(rest)):
            break
        boxes.append((box, way))
        rest = rest & ~box.inside(cases)
    return boxes


def _balance(box: Box, cases: Cases) -> float:
    """Return the harmonic mean of density and coverage."""
    inside = box.inside(cases)
    density, coverage = cases.density(inside), cases.coverage(inside)
    return 2.0 * density * coverage / max(density + coverage, 1e-300)


def _tight(box: Box) -> Box:
    """Return a box that says nothing of keys that it does not limit."""
    for key in box.limits:
        if box.limits[key] == (-np.inf, np.inf):
            box = box.freed(key)
    for key, words in box.without.items():
        if not words:
            box = box.freed(key)
    return box


def chance(box: Box, key: str, cases: Cases) -> float:
    """Return how likely as many hits would be by luck if what the box says of a key did not matter."""
    from scipy.stats import binom

    inside, without = box.inside(cases), box.freed(key).inside(cases)
    return float(binom.sf(cases.hits[inside].sum() - 1.0, cases.runs[inside].sum(), cases.density(without)))


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


BOXES = {
    "scenario": pl.String,
    "box": pl.Int64,
    "key": pl.String,
    "low": pl.Float64,
    "high": pl.Float64,
    "without": pl.String,
    "chance": pl.Float64,
    "coverage": pl.Float64,
    "density": pl.Float64,
    "mass": pl.Float64,
    "overall": pl.Float64,
}


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
            for key in (*box.limits, *box.without):
                low, high = (end if np.isfinite(end) else None for end in box.limits.get(key, (-np.inf, np.inf)))
                words = " ".join(sorted(box.without.get(key, ()))) or None
                limits.append((scenario, number, key, low, high, words, chance(box, key, cases), *sizes, overall))
            ways += [
                (scenario, number, step, len(each.limits) + len(each.without), *_sizes(each, cases))
                for step, each in enumerate(way)
            ]
    names = ("scenario", "box", "step", "limited", "coverage", "density", "mass")
    return pl.DataFrame(limits, schema=BOXES, orient="row"), pl.DataFrame(ways, schema=names, orient="row")


def _sizes(box: Box, cases: Cases) -> Sequence[float]:
    """Return coverage, density and mass of a box."""
    inside = box.inside(cases)
    return cases.coverage(inside), cases.density(inside), cases.mass(inside)
