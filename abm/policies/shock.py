"""What every shock has in common: how it passes once it is over."""

from datetime import date
from typing import Literal

import numpy as np

from abm.arithmetic import power
from abm.axes import Floats
from abm.policies.instrument import Instrument, dose, months_until


class Shock(Instrument):
    """Something that befalls the world from one date to another and is then recovered from.

    recovery_months  months after the end in which part of it is still felt
    recovery         linear (in even steps), fast (half of what is left each month) or late (in the last third)
    """

    recovery_months: float = dose(
        0.0,
        unit="months",
        low=0.0,
        high=120.0,
        sentence="Months after the end until nothing of it is felt.",
        source="assumed: ten years at most; the slowest rebuilding on record took less",
    )
    recovery: Literal["linear", "fast", "late"] = "linear"

    def felt(self, month: date) -> Floats:
        """Return the share of the full dose that is felt in a month: 1 in force, then falling to 0 (run,)."""
        if self.holds(month):
            return np.ones(1)
        if self.end is None or month < self.start:
            return np.zeros(1)
        passed = months_until(self.end, month) - months_until(self.end, self.end) + 1.0
        left = 1.0 - passed / (np.atleast_1d(self.recovery_months) + 1.0)
        shape = {"linear": left, "fast": power(0.5, passed), "late": np.minimum(3.0 * left, 1.0)}[self.recovery]
        return np.where(left > 0.0, shape, 0.0)
