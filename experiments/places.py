"""What is known of the world's goods, chains, regions, firms and critical inputs."""

from collections.abc import Iterable, Iterator
from functools import partial

import numpy as np
from rich.table import Table

from abm.facts import serving
from abm.outline import FIRST
from abm.tables import WORLD, Row
from experiments.catalogue import Catalogue
from experiments.entries import Entry, Line, Named
from experiments.layout import worded

# Regions and firms below this share of the world are left out of a line.
SMALL = 0.005


def goods(catalogue: Catalogue) -> list[Named]:
    """Return the goods by code."""
    return [(code, partial(_good, catalogue, code)) for code in catalogue.world.goods.code]


def _good(catalogue: Catalogue, code: str) -> Entry:
    """Return what is known of a good."""
    world = catalogue.world
    index = world.goods.code.index(code)
    share = dict(zip(world.regions, world.share[index], strict=True))
    made = np.bincount(world.plants.owner, world.plants.capacity * (world.plants.good == index))
    makers = dict(zip(world.owners.name, made / max(float(made.sum()), 1e-300), strict=False))
    lines = (
        ("unit", world.goods.unit[index]),
        ("chain", world.goods.chain[index]),
        *_recipes(catalogue, index),
        ("regions", f"{_ranked(share)} ({world.share_basis[index]})"),
        ("makers", _ranked({name: part for name, part in makers.items() if part >= 0.02})),
    )
    rows = serving(catalogue.rows("goods.csv", good=code), FIRST, "field").values()
    figures = [row for row in rows if row["field"] not in {"name", "unit", "chain"}]
    return Entry(code, "a good", f"{world.goods.title[index].capitalize()}.", lines, (_figures(catalogue, figures),))


def _recipes(catalogue: Catalogue, good: int) -> Iterator[Line]:
    """Yield what a good is made from and what is made from it."""
    world, recipes = catalogue.world, catalogue.world.recipes
    for process in np.flatnonzero(recipes.good == good):
        needed = [
            f"{recipes.coefficient[entry]:.4g} {world.goods.unit[recipes.input[entry]]} of "
            f"{world.goods.code[recipes.input[entry]]}{'' if recipes.critical[entry] else ' (not critical)'}"
            for entry in np.flatnonzero(recipes.user == process)
        ]
        told = f"by {recipes.kind[process]} from {', '.join(needed) or 'no other good'} a {world.goods.unit[good]}"
        yield "made", told
    users = {world.goods.code[recipes.good[recipes.user[entry]]] for entry in np.flatnonzero(recipes.input == good)}
    yield "used in", ", ".join(sorted(users)) or "final demand only"


def chains(catalogue: Catalogue) -> list[Named]:
    """Return the supply chains by name."""
    found = catalogue.world.goods

    def entry(chain: str) -> Entry:
        """Return what is known of a chain."""
        own = [code for code, of in zip(found.code, found.chain, strict=True) if of == chain]
        return Entry(chain, "a supply chain", lines=(("goods", ", ".join(own)),))

    return [(chain, partial(entry, chain)) for chain in dict.fromkeys(found.chain)]


def regions(catalogue: Catalogue) -> list[Named]:
    """Return the regions by code and by name."""
    world = catalogue.world
    titles = zip(world.regions, world.region_titles, strict=True)
    return [(name, partial(_region, catalogue, code)) for code, title in titles for name in (code, title)]


def _region(catalogue: Catalogue, code: str) -> Entry:
    """Return what is known of a region."""
    world = catalogue.world
    index = world.regions.index(code)
    countries = catalogue.rows("countries.csv", region=code)
    at_home = [
        name
        for name, home, named in zip(world.owners.name, world.owners.region, world.owners.named, strict=True)
        if named and home == index
    ]
    table = worded("Share of the world at the start of 2020, %", ["good", "share", "of", "makers"])
    for good, name in enumerate(world.goods.code):
        if world.share[good, index] >= SMALL:
            here = (world.plants.good == good) & (world.plants.region == index) & (world.plants.capacity > 0.0)
            owners = [world.owners.name[owner] for owner in world.plants.owner[here] if world.owners.named[owner]]
            basis = world.share_basis[good].split()[0]
            table.add_row(name, f"{100.0 * world.share[good, index]:.1f}", basis, ", ".join(owners))
    lines = (
        ("countries", ", ".join(row["country"] for row in countries)),
        ("firms", ", ".join(sorted(at_home, key=str.casefold)) or "none by name"),
    )
    figures = [row for row in catalogue.rows("regions.csv", region=code) if row["field"] != "name"]
    return Entry(code, "a region", f"{world.region_titles[index]}.", lines, (table, _figures(catalogue, figures)))


def firms(catalogue: Catalogue) -> list[Named]:
    """Return all owners by name."""
    return [(name, partial(_firm, catalogue, name)) for name in catalogue.world.owners.name]


def _firm(catalogue: Catalogue, name: str) -> Entry:
    """Return what is known of an owner of plants."""
    world = catalogue.world
    plants, owner = world.plants, world.owners.name.index(name)
    known = serving(catalogue.rows("plants.csv", firm=name), FIRST, "region", "good", "process")
    table = worded("Plants at the start of 2020 (0: may build there)", ["good", "in", "a month", "world", "source"])
    total = np.bincount(plants.good, plants.capacity)
    for row in np.flatnonzero(plants.owner == owner):
        good, region = world.goods.code[plants.good[row]], world.regions[plants.region[row]]
        share = 100.0 * plants.capacity[row] / max(total[plants.good[row]], 1e-300)
        source = known.get((region, good, world.recipes.process[plants.process[row]]))
        told = catalogue.citation(source["source"], source["note"]) if source else "what named firms leave"
        amount = f"{plants.capacity[row]:,.4g} {world.goods.unit[plants.good[row]]}" if plants.capacity[row] else "0"
        table.add_row(good, region, amount, f"{share:.1f} %", told)
    about = next(iter(catalogue.rows("firms.csv", firm=name)), None)
    lines = (
        ("home", f"{world.regions[world.owners.region[owner]]}"),
        ("source", catalogue.citation(about["source"], about["note"]) if about else "carries what named firms leave"),
        ("acts in", "abm/agents/firm.py Firm, one agent for each plant"),
    )
    return Entry(name, "a firm" if about else "a group of unnamed makers", "", lines, (table,))


def inputs(catalogue: Catalogue) -> list[Named]:
    """Return the critical inputs by name."""
    return [(name, partial(_input, catalogue, name)) for name in catalogue.world.critical_inputs.name]


def _input(catalogue: Catalogue, name: str) -> Entry:
    """Return what is known of a critical input."""
    found, world = catalogue.world.critical_inputs, catalogue.world
    index = found.name.index(name)
    use = {code: part for code, part in zip(world.goods.code, found.use[index], strict=True) if part > 0.0}
    lines = (
        ("supply", _ranked(dict(zip(world.regions, found.share[index], strict=True)))),
        ("needed in", ", ".join(f"{code} ({100.0 * part:.0f} % of output is lost)" for code, part in use.items())),
        ("stock", f"{found.stock[index]:.2g} months of use"),
        ("acts in", "govern: abm/phases/governing.py _starved"),
    )
    figures = [row for row in catalogue.rows("critical_inputs.csv", input=name) if row.amount > 0.0]
    told = "An input that is not traded in the model; an embargo names it under inputs."
    return Entry(name, "a critical input", told, lines, (_figures(catalogue, figures),))


def _ranked(shares: dict[str, float]) -> str:
    """Return shares of the world in words, the largest first."""
    order = sorted(shares.items(), key=lambda share: -share[1])
    return ", ".join(f"{name} {100.0 * part:.1f} %" for name, part in order if part >= SMALL) or "none"


def _figures(catalogue: Catalogue, rows: Iterable[Row]) -> Table:
    """Return a table of figures with their sources."""
    table = worded("Figures", ["figure", "value", "date", "source"])
    for row in rows:
        words = [row[column] for column in ("field", "chain", "user_good") if row.cells.get(column)]
        if "field" in row.cells and row.cells.get("input"):
            words.append(row["region"].replace(WORLD, ""))
        told = catalogue.citation(row["source"], row["note"])
        table.add_row(" ".join(words).strip(), f"{row['value']} {row['unit']}", row["date"], told)
    return table
