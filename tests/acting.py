"""Levers as measures leave them in one month of the tiny world, and how they are read and told apart."""

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date
from typing import Any

import numpy as np
from cases import START, Check, Exact

from abm.axes import Bools, Floats
from abm.policies.instrument import Instrument
from abm.policies.levers import ContentRule, Levers, Signals, idle
from abm.world import World

RUNS, EXPORTS, PURCHASES = 3, 50.0, 100.0
DEPENDENCE, UNDER_COST, ADDED = 0.4, 0.2, 0.5
Place = Check | Exact


def acted(
    world: World, *measures: Instrument, at: date = START, runs: int = RUNS, hidden: Iterable[str] = ()
) -> Levers:
    """Return the levers after some measures acted in a month where a region exports 50 and buys 80 of everything.

    hidden  signals that there are none of
    """
    levers = idle(world, runs)
    places = len(world.goods.code) * len(world.regions)
    signals = Signals(
        exports=np.full((len(world.goods.code), len(world.regions)), EXPORTS),
        purchases=np.full((len(world.goods.code), len(world.regions)), PURCHASES),
        dependence=np.full(places * len(world.regions), DEPENDENCE),
        under_cost=np.full((places, runs), UNDER_COST),
        added=np.full((places, runs), ADDED),
        held=dict.fromkeys(("pot", "capex_grant"), np.ones((len(world.owners.name), runs))),
    )
    blank: dict[str, Any] = dict.fromkeys(hidden)
    for measure in measures:
        measure.act(world, levers, at, replace(signals, **blank))
    return levers


def differing(first: object, second: object) -> set[str]:
    """Return the columns in which two tables of levers or of pots differ by a bit."""
    names = [column.name for column in fields(first)]  # type: ignore[arg-type]
    return {name for name in names if bits(getattr(first, name)) != bits(getattr(second, name))}


def bits(value: object) -> object:
    """Return what tells a column from another; a rule on content that offers nothing is none."""
    if isinstance(value, np.ndarray):
        return value.shape, value.tobytes()
    if isinstance(value, list):
        offers = [rule for rule in value if rule.amount.any()]
        return [[bits(getattr(rule, column.name)) for column in fields(rule)] for rule in offers]
    return value


def values(world: World, levers: Levers, check: Check) -> Floats:
    """Return the entries of a lever that a check of a case file speaks of."""
    name, _, field = check.lever.partition(".")
    found: Any = getattr(levers, name)
    if name == "content":
        return _of_rules(world, found, field, check)
    return entries(world, found, check)


def entries(world: World, found: Floats, place: Place) -> Floats:
    """Return the entries of a column, of plants, places, regions or corridors, at the place that is named."""
    regions, rows = len(world.regions), len(world.plants.good)
    known = (world.critical_inputs.name, place.input) if place.input else (world.goods.code, place.good)
    sizes = {"place": len(known[0]) * regions, "corridor": len(known[0]) * regions**2}
    if not place.input:
        sizes |= {"row": rows, "row and region": rows * regions, "region": regions}
    assert len({*sizes.values()}) == len(sizes), "columns could not be told apart by their size"
    axis = next(axis for axis, size in sizes.items() if size == len(found))
    if axis.startswith("row"):
        struck = found.reshape(rows, -1, found.shape[1])[plants(world, place)]
        chosen: Floats = struck if axis == "row" else struck[:, _region(world, place.buyer or place.supplier)]
        return chosen
    if axis == "region":
        return np.asarray(found[_region(world, place.region)])
    index = known[0].index(known[1])
    for word in (place.region,) if axis == "place" else (place.buyer, place.supplier):
        index = index * regions + _region(world, word)
    return np.asarray(found[index])


def _of_rules(world: World, rules: Iterable[ContentRule], field: str, check: Check) -> Floats:
    """Return a field of the rules on content of a buyer's good, or how many there are."""
    meant = [
        rule
        for rule in rules
        if check.buyer in {"", world.regions[rule.buyer]} and check.good in {"", world.goods.code[rule.good]}
    ]
    if not field:
        return np.array(float(len(meant)))
    assert meant, f"no rule on content fits {check}"
    found = [getattr(rule, field) for rule in meant]
    if field in {"makers", "allowed"}:
        return np.array([each[_region(world, check.region)] for each in found], np.float64)
    return np.array(found, np.float64)


def plants(world: World, place: Place) -> Bools:
    """Return the plants of the good, of the region and of the firm, as far as each is named."""
    chosen: Bools = np.full(len(world.plants.good), fill_value=True)
    if place.good:
        chosen = chosen & (world.plants.good == world.goods.code.index(place.good))
    if place.region:
        chosen = chosen & (world.plants.region == _region(world, place.region))
    if place.firm:
        chosen = chosen & (world.plants.owner == world.owners.name.index(place.firm))
    assert chosen.any(), place
    return chosen


def _region(world: World, code: str) -> int:
    """Return the index of a region."""
    return world.regions.index(code)
