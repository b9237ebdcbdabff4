"""Tables of the command line as a page shows them."""

from dataclasses import dataclass

from rich.table import Table


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as text.

    rows  the first cell of each is its name
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def plain(table: Table) -> Sheet:
    """Return a table of the command line as text."""
    rows = zip(*(map(str, column.cells) for column in table.columns), strict=True)
    heads = (str(column.header).replace("\n", ", ") for column in table.columns)
    return Sheet(str(table.title).strip(), tuple(heads), tuple(rows))
