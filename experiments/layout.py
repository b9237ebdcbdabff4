"""How tables look on a terminal of 80 columns, or in a pipe."""

from collections.abc import Iterable

from rich.box import SIMPLE_HEAD
from rich.table import Table

WIDEST = 80


def ruled(title: str, words: Iterable[str], figures: Iterable[str]) -> Table:
    """Return an empty table: columns of words on the left, the first as wide as can be, and of figures on the right."""
    empty = Table(title=f"\n{title}", title_justify="left", title_style="bold", box=SIMPLE_HEAD, width=WIDEST)
    empty.show_edge, empty.pad_edge, empty.collapse_padding = False, False, True
    for place, column in enumerate(words):
        empty.add_column(column, ratio=None if place else 1, no_wrap=True)
    for column in figures:
        empty.add_column(column, justify="right", no_wrap=True)
    return empty


def worded(title: str, columns: Iterable[str]) -> Table:
    """Return an empty table of words whose last column is as wide as can be and breaks its lines."""
    table = ruled(title, columns, [])
    for column in table.columns[:-1]:
        column.ratio = None
    table.columns[-1].ratio, table.columns[-1].no_wrap = 1, False
    return table
