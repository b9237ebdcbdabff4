"""An array that grows month by month."""

from typing import Any

import numpy as np
import numpy.typing as npt

from abm.axes import Floats


class Months:
    """What is kept of every month, in one piece (month, ..., run); 0 where nothing was put."""

    def __init__(self, expected: int, shape: tuple[int, ...], kind: npt.DTypeLike = np.float64) -> None:
        """Make room for the months that are expected, each of a shape; more may come."""
        self._values: npt.NDArray[Any] = np.zeros((expected, *shape), kind)

    def put(self, month: int, values: Floats) -> npt.NDArray[Any]:
        """Keep a month's values, and return them as they are kept."""
        self._reach(month + 1)
        kept: npt.NDArray[Any] = self._values[month]
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
