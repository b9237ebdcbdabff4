"""What ``friendshore explain`` prints: everything known by a name."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from abm.composition import terms
from abm.errors import InputError, nearest
from experiments.catalogue import Catalogue
from experiments.entries import Entry, Finder, composition, kinds, measures, parameters, scenarios, series, sources
from experiments.headings import columns_of_results, fields, tables
from experiments.inside import agents, columns, phases, rule_entries
from experiments.layout import WIDEST
from experiments.places import chains, firms, goods, inputs, regions

FINDERS: tuple[Finder, ...] = (
    parameters,
    kinds,
    scenarios,
    measures,
    goods,
    chains,
    regions,
    firms,
    inputs,
    series,
    agents,
    rule_entries,
    phases,
    columns,
    tables,
    columns_of_results,
    fields,
    sources,
)
OTHERWISE = "See friendshore list."


def show_explanation(name: str) -> None:
    """Print what a name means, in every sense it has; refuse an unknown one with the nearest."""
    console = Console(width=WIDEST, markup=False, highlight=False)
    for entry in explained(name, Catalogue()):
        _print(console, entry)


def explained(name: str, catalogue: Catalogue) -> list[Entry]:
    """Return everything that goes by a name; capitals do not matter."""
    known = [named for finder in FINDERS for named in finder(catalogue)]
    found = [make() for word, make in known if word == name]
    found = found or [make() for word, make in known if word.casefold() == name.casefold()]
    if found:
        return found
    if terms(name)[1]:
        return [composition(name)]
    raise InputError("explain", f"nothing is called {name!r}.", nearest(name, {word for word, _ in known}, OTHERWISE))


def _print(console: Console, entry: Entry) -> None:
    """Print an entry: its name and kind, a sentence, what is known of it, and its tables."""
    console.print()
    console.print(Text.assemble((entry.name, "bold"), f", {entry.kind}"), width=WIDEST)
    if entry.sentence:
        console.print(Text(entry.sentence), width=WIDEST)
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True, style="dim")
    grid.add_column(overflow="fold")
    for label, told in entry.lines:
        grid.add_row(label, Text(told))
    console.print(grid, width=WIDEST)
    for table in entry.tables:
        console.print(table)
