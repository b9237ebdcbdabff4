"""What ``friendshore data check`` prints: how well the world's figures are sourced."""

from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from abm import world as worlds
from abm.errors import InputError
from abm.facts import PACKAGE_DATA, Coverage, coverage, gather
from abm.world import World

WIDEST = 80


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


def _table(title: str, words: int, columns: str) -> Table:
    """Return an empty table whose first columns hold words and whose others hold figures."""
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    for place, column in enumerate(columns.split(",")):
        table.add_column(column, justify="left" if place < words else "right")
    return table


def _coverage(entries: list[Coverage]) -> Table:
    """Return the table of entries by file and kind of source."""
    table = _table("Entries by file, and how many of them, %", 1, "file,entries,sourced,derived,assumed")
    total = Coverage("all", *(sum(getattr(each, field) for each in entries) for field in Coverage.__slots__[1:]))
    for each in [*entries, total]:
        shares = (100.0 * part / max(each.entries, 1) for part in (each.sourced, each.derived, each.assumed))
        table.add_row(each.file, f"{each.entries}", *(f"{share:.1f}" for share in shares))
    return table


def _bases(world: World) -> Table:
    """Return the table of what each good's start shares speak of."""
    table = _table(f"What start shares of {world.start:%Y-%m} speak of", 2, "good,basis")
    for title, basis in zip(world.goods.title, world.share_basis, strict=True):
        table.add_row(title, basis)
    return table


def _scaled(states: list[World]) -> Table:
    """Return the table of named plants that stood above their regional total."""
    table = _table("Named plants scaled down to their regional total", 3, "start,good,region,factor")
    for world in states:
        for each in world.scaled:
            table.add_row(f"{world.start:%Y-%m}", str(each.good), str(each.region), f"{each.factor:.2f}")
    return table
