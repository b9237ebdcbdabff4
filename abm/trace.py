"""What each phase changes: every column of the books is looked at before and after it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Protocol

import numpy as np

from abm.axes import Floats
from abm.books import Books
from abm.month import Phase

TABLES = ("state", "flow", "levers")


class Phased(Protocol):
    """What lives through months by phases: the model."""

    phases: tuple[tuple[str, Phase], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What a phase did to one column of the books.

    table   state, flow or levers;  column  of it
    before  values before the phase;  after  values after it
    """

    phase: str
    table: str
    column: str
    before: Floats
    after: Floats

    def row(self) -> dict[str, str | int | float]:
        """Return the change in a row: how many values differ, of how many, the sum and the largest of differences."""
        before, after = np.broadcast_arrays(self.before, self.after)
        struck = before != after
        moved = after[struck] - before[struck]
        moved = moved[np.isfinite(moved)]
        return {
            "phase": self.phase,
            "table": self.table,
            "column": self.column,
            "changed": int(struck.sum()),
            "values": struck.size,
            "sum": float(moved.sum()),
            "largest": float(np.abs(moved).max(initial=0.0)),
        }


@contextmanager
def watching(model: Phased, seen: Callable[[Change], None]) -> Iterator[None]:
    """Tell of every column that a phase changes while months are lived through.

    seen  called with every change, in the order of phases
    """
    phases = model.phases
    model.phases = tuple((name, _watched(name, phase, seen)) for name, phase in phases)
    try:
        yield
    finally:
        model.phases = phases


def _watched(name: str, phase: Phase, seen: Callable[[Change], None]) -> Phase:
    """Return a phase that does the same and tells of every column it changes."""

    def run(books: Books) -> None:
        """Let the phase happen between two looks at the books."""
        before = {place: values.copy() for place, values in _columns(books)}
        phase(books)
        for place, after in _columns(books):
            if not np.array_equal(before[place], after):
                seen(Change(name, *place, before[place], after.copy()))

    return run


def _columns(books: Books) -> Iterator[tuple[tuple[str, str], Floats]]:
    """Yield table, column and values of every array that changes in a month."""
    for table in TABLES:
        columns = getattr(books, table)
        for column in fields(columns):
            values = getattr(columns, column.name)
            if isinstance(values, np.ndarray):
                yield (table, column.name), values
