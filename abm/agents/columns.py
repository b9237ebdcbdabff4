"""How an agent reads its own numbers in the books."""

from operator import attrgetter
from typing import TYPE_CHECKING, Protocol, overload

import numpy as np

from abm.axes import Floats, Ints
from abm.parameters import Parameters

if TYPE_CHECKING:
    import mesa

Rows = int | slice | Ints


class Books(Protocol):
    """What agents need of the books: tables of columns and the parameters."""

    parameters: Parameters


class Column:
    """One column of a table of the books, seen as an attribute of whoever owns rows of it.

    For a single agent in a single run the attribute is a float, for many runs an array (run,),
    for an ensemble of agents an array (row, run). What the state holds can be set, in all runs at once.
    """

    def __init__(self, table: str, place: str = "rows") -> None:
        """Read from ``books.<table>``; ``place`` names the agent's attribute that holds its rows in that table."""
        self._table, self._place = table, place
        self._name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        """Take the column's name from the attribute's."""
        self._name = name
        self._column = attrgetter(f"model.books.{self._table}.{name}")

    @overload
    def __get__(self, agent: None, owner: type) -> "Column": ...
    @overload
    def __get__(self, agent: "mesa.Agent", owner: type) -> Floats: ...
    def __get__(self, agent: "mesa.Agent | None", owner: type) -> "Column | Floats":
        """Return the agent's rows of the column."""
        if agent is None:
            return self
        own: Floats = self._column(agent)[getattr(agent, self._place)]
        if not agent.alone:
            return own
        if own.ndim == 1 and own.shape[0] == 1:
            number: Floats = own[0]
            return number
        # Whoever collects what an agent says keeps it; the books are written over.
        return own.copy()

    def __set__(self, agent: "mesa.Agent", value: Floats | float) -> None:
        """Write the agent's rows of the column."""
        if self._table != "state":
            message = f"{self._name} is worked out anew or fixed; only what the state holds can be set"
            raise AttributeError(message)
        self._column(agent)[getattr(agent, self._place)] = value


def as_rows(rows: Ints) -> Rows:
    """Return consecutive row numbers as a slice, which reads without copying, others as they are."""
    if len(rows) and np.array_equal(rows, np.arange(rows[0], rows[0] + len(rows))):
        return slice(int(rows[0]), int(rows[0]) + len(rows))
    return rows
