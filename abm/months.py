"""Arrays that grow month by month."""

import math
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt

from abm.axes import Floats


class Months:
    """What is kept of every month, in one piece (month, ..., run); 0 where nothing was put."""

    def __init__(self, expected: int, shape: tuple[int, ...], kind: npt.DTypeLike = np.float64) -> None:
        """Make room for the months that are expected, each of a shape; more may come."""
        self._values: npt.NDArray[Any] = np.zeros((expected, *shape), kind)
        self._put = 0

    def __getstate__(self) -> tuple[int, npt.NDArray[Any]]:
        """Return the room there is and the months put, so that a copy does not carry room for the rest."""
        return len(self._values), self._values[: self._put]

    def __setstate__(self, state: tuple[int, npt.NDArray[Any]]) -> None:
        """Make the same room again."""
        expected, put = state
        self.__init__(expected, put.shape[1:], put.dtype)  # type: ignore[misc]
        self.put(0, put)

    def put(self, first: int, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Keep some months' values (month, ..., run) from the first on, and return them as they are kept."""
        self._put = max(self._put, first + len(values))
        self._reach(self._put)
        kept: npt.NDArray[Any] = self._values[first : first + len(values)]
        kept[...] = values
        return kept

    def until(self, months: int) -> Floats:
        """Return the first months."""
        self._reach(months)
        return self._values[:months]

    def _reach(self, months: int) -> None:
        """Make room for more months than were expected."""
        missing = months - len(self._values)
        if missing > 0:
            more = np.zeros((max(missing, len(self._values)), *self._values.shape[1:]), self._values.dtype)
            self._values = np.concatenate([self._values, more])


def by_month(values: Floats, runs: int) -> Floats:
    """Return values (x, month x run) as (month, x, run)."""
    return values.reshape(len(values), values.shape[-1] // runs, runs).swapaxes(0, 1)


class Window:
    """The latest months of some columns: a few runs' months stand side by side like the runs of a wide batch.

    filled  number of months in it
    """

    def __init__(self, columns: Sequence[Floats], most: int) -> None:
        """Make room for as many months as have at most so many numbers, or for one.

        columns  (x, run) of a month
        """
        self.filled = 0
        self._alone: Sequence[Floats] = ()
        self._ends = list(accumulate(len(column) for column in columns))
        shape = self._ends[-1], columns[0].shape[-1]
        self._room = max(most // math.prod(shape), 1)
        self._values = np.empty((self._room if self._room > 1 else 0, *shape))

    @property
    def full(self) -> bool:
        """Whether there is no room for another month."""
        return bool(self.filled == self._room)

    def take(self, columns: Sequence[Floats]) -> None:
        """Take a month's columns; with room for one month alone they are not copied."""
        if self._room == 1:
            self._alone = columns
        else:
            np.concatenate(columns, out=self._values[self.filled])
        self.filled += 1

    def give(self) -> Sequence[Floats]:
        """Return the columns of the months taken (x, month x run), and begin anew."""
        months, alone = self._values[: self.filled], self._alone
        self.filled, self._alone = 0, ()
        if self._room == 1:
            return alone
        aside = months.swapaxes(0, 1).reshape(self._ends[-1], -1)
        return [aside[first:last] for first, last in zip([0, *self._ends], self._ends, strict=False)]
