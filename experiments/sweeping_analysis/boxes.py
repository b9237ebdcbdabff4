"""PRIM, the patient rule induction method of Friedman and Fisher (1999): under which values a condition is met."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
# Lowest and highest value of a key, both inside, or the words that are not.
Side = tuple[float, float] | frozenset[str]
# A box is one, and what it says of a key is said, if luck alone does as well with less than this chance.
LUCK = 0.05
# How often the hits are dealt to other points to see what luck does: for a whole search, and for one side of a box.
SEARCHED, DEALT = 59, 999
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

    def balance(self, inside: Mask) -> float:
        """Return the harmonic mean of density and coverage."""
        density, coverage = self.density(inside), self.coverage(inside)
        return 2.0 * density * coverage / max(density + coverage, 1e-300)

    def only(self, kept: Mask) -> "Cases":
        """Return some of the points."""
        return Cases({key: values[kept] for key, values in self.values.items()}, self.runs[kept], self.hits[kept])

    def dealt(self, order: npt.NDArray[np.int64]) -> "Cases":
        """Return the points with the hits of others."""
        return Cases(self.values, self.runs[order], self.hits[order])


@dataclass(frozen=True, slots=True)
class Box:
    """What is said of some keys."""

    sides: Mapping[str, Side] = field(default_factory=dict)

    def inside(self, cases: Cases) -> Mask:
        """Return which points are inside."""
        found = np.ones(len(cases.runs), bool)
        for key, side in self.sides.items():
            values = cases.values[key]
            if isinstance(side, frozenset):
                found &= ~np.isin(values, [*side])
            else:
                found &= (values >= side[0]) & (values <= side[1])
        return found

    def saying(self, key: str, side: Side) -> "Box":
        """Return the box that says this of a key instead, nothing where it is no limit."""
        rest = {name: said for name, said in self.sides.items() if name != key}
        return Box(rest if side in (frozenset(), (-np.inf, np.inf)) else {**rest, key: side})

    def freed(self, key: str) -> "Box":
        """Return the box without what it says of a key."""
        return self.saying(key, frozenset())


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
        side = box.sides.get(key)
        if len(known) < 2:
            continue
        if not np.issubdtype(values.dtype, np.number):
            gone = side if isinstance(side, frozenset) else frozenset[str]()
            yield from (box.saying(key, gone | {word}) for word in known.tolist())
            continue
        low, high = side if isinstance(side, tuple) else (-np.inf, np.inf)
        lower, upper = np.quantile(mine, [PEEL, 1.0 - PEEL], method="nearest")
        yield box.saying(key, (float(known[max(1, np.searchsorted(known, lower))]), high))
        yield box.saying(key, (low, float(known[min(len(known) - 2, np.searchsorted(known, upper))])))


def pasted(box: Box, cases: Cases) -> Box:
    """Return a box widened wherever it then meets the conditions at least as often, value by value."""
    while True:
        inside = box.inside(cases)
        wider = [each for key in box.sides for each in _pastes(box, key, cases)]
        sizes = [(cases.density(now), cases.mass(now)) for now in (each.inside(cases) for each in wider)]
        grown = [
            place
            for place, (density, mass) in enumerate(sizes)
            if density >= cases.density(inside) and mass > cases.mass(inside)
        ]
        if not grown:
            return box
        box = wider[max(grown, key=lambda place: sizes[place])]


def _pastes(box: Box, key: str, cases: Cases) -> Iterator[Box]:
    """Yield a box a thin slice or a single value wider at either end of a key, or with one word more."""
    side = box.sides[key]
    if isinstance(side, frozenset):
        yield from (box.saying(key, side - {word}) for word in sorted(side))
        return
    low, high = side
    around = np.unique(cases.values[key][box.freed(key).inside(cases)])
    below, above = around[around < low], around[around > high]
    many = max(1, int(PEEL * (len(around) - len(below) - len(above))))
    for step in (1, many):
        if len(below):
            yield box.saying(key, (float(below[-step]) if len(below) > step else -np.inf, high))
        if len(above):
            yield box.saying(key, (low, float(above[step - 1]) if len(above) > step else np.inf))


def chance(box: Box, key: str, cases: Cases) -> float:
    """Return how likely as many hits would be by luck if what the box says of a key did not matter.

    As often as points drawn blindly from the box without it, as many as are inside, meet the conditions as often.
    """
    without = cases.only(box.freed(key).inside(cases))
    inside = box.inside(without)
    draw = np.random.default_rng(0)
    dealt = (without.dealt(draw.permutation(len(inside))).density(inside) for _ in range(DEALT))
    as_good = sum(density >= without.density(inside) for density in dealt)
    return (1 + as_good) / (1 + DEALT)


def pruned(box: Box, cases: Cases) -> Box:
    """Return a box that says nothing that may well be luck."""
    while box.sides:
        lucky = {key: chance(box, key, cases) for key in box.sides}
        worst = max(lucky, key=lambda key: lucky[key])
        if lucky[worst] <= LUCK:
            break
        box = box.freed(worst)
    return box


def _best(way: list[Box], cases: Cases) -> Box:
    """Return the box of a way whose harmonic mean of density and coverage is highest."""
    return max(way, key=lambda each: cases.balance(each.inside(cases)))


def _lucky(cases: Cases) -> bool:
    """Return whether a search finds boxes as good where the hits are dealt blindly to the points."""
    best = cases.balance(_best(peeled(cases), cases).inside(cases))
    draw, as_good = np.random.default_rng(0), 0
    for _ in range(SEARCHED):
        dealt = cases.dealt(draw.permutation(len(cases.runs)))
        as_good += dealt.balance(_best(peeled(dealt), dealt).inside(dealt)) >= best
        if 1 + as_good > LUCK * (1 + SEARCHED):
            return True
    return False


def found(cases: Cases) -> list[tuple[Box, list[Box]]]:
    """Return boxes one after the other, each with the way to it; every one is looked for outside those before."""
    boxes: list[tuple[Box, list[Box]]] = []
    rest = np.ones(len(cases.runs), bool)
    while len(boxes) < MOST_BOXES:
        left = cases.only(rest)
        if not 0.0 < left.hits.sum() < left.runs.sum() or _lucky(left):
            break
        way = peeled(left)
        box = pruned(pasted(_best(way, left), left), left)
        if not box.sides or left.density(box.inside(left)) <= cases.density(np.ones_like(rest)):
            break
        boxes.append((box, way))
        rest = rest & ~box.inside(cases)
    return boxes
