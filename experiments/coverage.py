"""What ``friendshore data check`` prints: how well the world's figures are sourced."""

from pathlib import Path

from rich.console import Console
from rich.table import Table

from abm import world as worlds
from abm.errors import InputError
from abm.facts import PACKAGE_DATA, Coverage, coverage, gather
from abm.world import World
from experiments.layout import WIDEST, ruled

FIELDS = ("entries", "sourced", "derived", "assumed")
SOURCING = "Entries by file, and how well they are sourced, %"


def report(folder: Path | None = None) -> None:
    """Check a data folder, the built-in one if none is given, and print how its figures are sourced."""
    where = folder or PACKAGE_DATA
    if not where.is_dir():
        raise InputError(f"--folder {where}", "is no folder.", "Give a folder with the files of abm/data.")
    entries = coverage(where)
    starts = gather(where).starts
    states = [worlds.read(start, where) for start in starts]
    for state in states:
        worlds.refuse_imbalance(state)
    console = Console(width=WIDEST)
    console.print(_coverage(entries))
    console.print(_bases(states[-1]))
    console.print(_scaled(states))
    console.print(f"Every figure is in order; start states: {', '.join(f'{start:%Y-%m}' for start in starts)}.")


def _coverage(entries: list[Coverage]) -> Table:
    """Return the table of entries by file and kind of source."""
    table = ruled(SOURCING, ["file"], FIELDS)
    for row in sourcing(entries):
        table.add_row(*row)
    return table


def sourcing(entries: list[Coverage]) -> list[tuple[str, ...]]:
    """Return a row for every file and one for all: its name, entries, and what part of them is of which kind, %."""
    total = Coverage("all", *(sum(getattr(each, field) for each in entries) for field in FIELDS))
    return [
        (
            each.file,
            f"{each.entries}",
            *(f"{100.0 * part / max(each.entries, 1):.1f}" for part in (each.sourced, each.derived, each.assumed)),
        )
        for each in [*entries, total]
    ]


def _bases(world: World) -> Table:
    """Return the table of what each good's start shares speak of."""
    table = ruled(f"What the start shares of {world.start:%Y-%m} are shares of", ["good", "basis"], [])
    for title, basis in zip(world.goods.title, world.share_basis, strict=True):
        table.add_row(title.split(" (")[0], basis)
    return table


def _scaled(states: list[World]) -> Table:
    """Return the table of named plants that stood above their regional total, with their factors by start state."""
    starts = [f"{world.start:%Y-%m}" for world in states]
    table = ruled("Named plants scaled down to their regional total, factor", ["good", "region"], starts)
    factors = [{(each.good, each.region): each.factor for each in world.scaled} for world in states]
    for place in dict.fromkeys(place for known in factors for place in known):
        found = (known.get(place) for known in factors)
        table.add_row(*map(str, place), *("" if factor is None else f"{factor:.3f}" for factor in found))
    return table
