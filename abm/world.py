"""The world at a start: read from the data folder, checked and frozen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from abm.axes import GoodBuyerSupplier, GoodRegion, PerGood
from abm.errors import InputError, nearest
from abm.facts import PACKAGE_DATA, digest, gather, parameter_folder, read_sources, refuse_uncited, stamps
from abm.goods import Goods, Recipes, read_goods, read_recipes, words_of
from abm.owners import Owners, Plants, Scaled, settle
from abm.parameters import Parameters
from abm.places import (
    CriticalInputs,
    Demand,
    Sites,
    read_critical_inputs,
    read_demand,
    read_footing,
    read_sites,
    read_stances,
    read_trade,
)
from abm.tables import POOLED, place, tables, text

__all__ = [
    "CriticalInputs",
    "Demand",
    "Goods",
    "Owners",
    "Plants",
    "Recipes",
    "Scaled",
    "Sites",
    "World",
    "balance",
    "read",
]

TOLERANCE = 0.02
PARAMETER = ("value", "unit", "low", "high", "sentence", "source", "note")


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """Everything the data say about a start; nothing in it changes.

    start         first month
    regions       codes, in the order of every region axis; region_titles are their names
    stances       ally, neutral or rival, as most of the region's countries are (region)
    share         share of the world's capacity or output (good, region); 0 for goods that are only collected
    share_basis   whether share speaks of capacity or output, of when and from where (good,)
    world_output  units/month (good,)
    import_share  share of the buyer region's purchases (good, buyer, supplier); nan where not known
    scaled        where named plants stood above the regional total
    digest        sha256 of the files
    """

    start: date
    regions: tuple[str, ...]
    region_titles: tuple[str, ...]
    stances: tuple[str, ...]
    goods: Goods
    recipes: Recipes
    owners: Owners
    plants: Plants
    sites: Sites
    demand: Demand
    critical_inputs: CriticalInputs
    share: GoodRegion
    share_basis: tuple[str, ...]
    world_output: PerGood
    import_share: GoodBuyerSupplier
    parameters: Parameters
    scaled: tuple[Scaled, ...]
    digest: str


def read(start: date, folder: Path | None = None) -> World:
    """Return the world at a start state, every figure of it checked.

    start   first month, one of the start states of capacity.csv
    folder  data folder; the package's own where none is given, which is read once as long as its files stay the same
    """
    return _packaged(start, stamps(PACKAGE_DATA)) if folder is None else _world(start, folder)


@lru_cache(maxsize=8)
def _packaged(start: date, _: tuple[tuple[str, int, int], ...]) -> World:
    """Return the world of the package's data at a start state; files with other stamps are read anew."""
    return _world(start, PACKAGE_DATA)


def _world(start: date, folder: Path) -> World:
    """Return the world of a data folder at a start state."""
    facts = gather(folder)
    if start not in facts.starts:
        known = ", ".join(f"{each:%Y-%m}" for each in facts.starts)
        raise InputError("start", f"no start state {start:%Y-%m-%d}.", f"Known: {known}.")
    ground = read_footing(facts, start)
    owners, plants, scaled = settle(facts, start, ground)
    world = World(
        start=start,
        regions=facts.words["regions"],
        region_titles=tuple(words_of(facts, "regions.csv").values()),
        stances=read_stances(facts),
        goods=read_goods(facts, start),
        recipes=read_recipes(facts, start),
        owners=owners,
        plants=plants,
        sites=read_sites(facts, start),
        demand=read_demand(facts, start),
        critical_inputs=read_critical_inputs(facts),
        share=ground.share,
        share_basis=ground.basis,
        world_output=ground.output,
        import_share=read_trade(facts, start),
        parameters=read_parameters(parameter_folder(folder)),
        scaled=scaled,
        digest=digest(folder),
    )
    freeze(world)
    return world


@lru_cache(maxsize=8)
def with_parameters(world: World, values: tuple[tuple[str, float], ...]) -> World:
    """Return the world with some behavioural parameters replaced, the same one whenever it is asked for again.

    values  name and value of each
    """
    return replace(world, parameters=replace(world.parameters, **dict(values))) if values else world


def balance(world: World) -> PerGood:
    """Return the output of every good that final demand needs through the recipes, units/month (good,).

    Several processes of one good share its output by their capacity at the start.
    """
    goods, recipes, demand = world.goods.code, world.recipes, world.demand
    final = demand.final.sum(axis=1)
    electric = float(demand.cars @ demand.ev_share)
    for code, cars in zip(POOLED, (electric, float(demand.cars.sum()) - electric), strict=True):
        final[goods.index(code)] += cars
    capacity = np.bincount(world.plants.process, world.plants.capacity, len(recipes.process))
    made = np.bincount(recipes.good, capacity, len(goods))[recipes.good]
    ways = np.bincount(recipes.good, minlength=len(goods))[recipes.good]
    mix = np.divide(capacity, made, out=1.0 / ways, where=made > 0)
    need = np.zeros((len(goods), len(goods)))
    np.add.at(need, (recipes.input, recipes.good[recipes.user]), recipes.coefficient * mix[recipes.user])
    return np.linalg.solve(np.eye(len(goods)) - need, final)


def refuse_imbalance(world: World) -> None:
    """Refuse world outputs of capacity.csv that differ by over 2 % from what final demand and recipes need."""
    for good, needed, said in zip(world.goods.code, balance(world), world.world_output, strict=True):
        if abs(needed - said) > TOLERANCE * said > 0:
            what = f"world_output of {good!r} is {said:g} a month, but demand and recipes need {needed:g}."
            raise InputError(f"capacity.csv, start {world.start:%Y-%m}", what, "Correct one of the three.")


def read_parameters(folder: Path) -> Parameters:
    """Return the parameters of a folder's parameters.toml: a number within its range for every field."""
    path, sources = folder / "parameters.toml", read_sources(folder)
    names = [field.name for field in fields(Parameters)]
    found = tables(path)
    row = {line.strip(): number for number, line in enumerate(text(path).splitlines(), 1)}
    where = {name: f"{place(path)} row {row.get(f'[{name}]', 1)}" for name in found}
    for name in found:
        if name not in names:
            raise InputError(where[name], f"no parameter {name!r}.", nearest(name, names))
    for name in names:
        if name not in found:
            raise InputError(place(path), f"parameter {name!r} is missing.", f"Add a table [{name}].")
    return Parameters(**{name: _parameter(found[name], where[name], sources) for name in names})


def _parameter(table: Mapping[str, Any], where: str, sources: Iterable[str]) -> float:
    """Return the value of one parameter's table, which names its unit, range, sentence and source."""
    for key in table:
        if key not in PARAMETER:
            raise InputError(where, f"no key {key!r}.", nearest(key, PARAMETER))
    for key in ("unit", "sentence", "source"):
        if not isinstance(table.get(key), str) or not table[key]:
            raise InputError(where, f"{key!r} is missing.", f'Write {key} = "...".')
    for key in ("value", "low", "high"):
        if not isinstance(table.get(key), float | int) or isinstance(table[key], bool):
            raise InputError(where, f"{key!r} is not a number.", f"Write {key} = 1.0.")
    if not table["low"] <= table["value"] <= table["high"]:
        raise InputError(
            where, f"{table['value']} is not between {table['low']} and {table['high']}.", "Correct value, low or high."
        )
    refuse_uncited(where, table["source"], table.get("note", ""), sources)
    return float(table["value"])


def freeze(noun: object) -> None:
    """Make every array of a dataclass or tuple, and of those it holds, read-only."""
    if isinstance(noun, np.ndarray):
        noun.setflags(write=False)
    elif isinstance(noun, tuple):
        for each in noun:
            freeze(each)
    elif is_dataclass(noun):
        for field in fields(noun):
            freeze(getattr(noun, field.name))
