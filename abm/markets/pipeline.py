"""Capacity under construction: for every plant a ring of months, as long as its own construction may take."""

from dataclasses import dataclass

import numpy as np

from abm.axes import Floats, Ints
from abm.markets.network import Sums


@dataclass(frozen=True, slots=True, eq=False)
class Pipeline:
    """Where in the books the months of every plant's construction stand, one row after the other.

    first    place of every row's ring (row,);  length  months in it, one more than the longest lag (row,)
    to_row   sums of places to rows
    """

    first: Ints
    length: Ints
    to_row: Sums

    @classmethod
    def of(cls, longest: Floats) -> "Pipeline":
        """Return the pipeline of plants.

        longest  lag there can be, months (row,)
        """
        length = longest.astype(np.int64) + 1
        row = np.repeat(np.arange(len(length)), length)
        return cls(np.cumsum(length) - length, length, Sums(row, len(length)))

    @property
    def row(self) -> Ints:
        """Row of every place (place,)."""
        return self.to_row.group

    @property
    def places(self) -> int:
        """Number of places."""
        return len(self.row)

    def opening(self, month: Ints, row: Ints) -> Ints:
        """Return where capacity of rows stands that opens in a month, counted from the start of the run."""
        return self.first[row] + month % self.length[row]

    def due(self, month: Ints | int) -> Ints:
        """Return where the capacity of every row stands that opens in a month, or each in its own (row,)."""
        return self.first + month % self.length
