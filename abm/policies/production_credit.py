"""A production credit: makers are paid for every unit they make at home, less and less once it is phased out."""

from datetime import date
from typing import Literal

import numpy as np

from abm.axes import Floats
from abm.policies.instrument import Goods, Instrument, Region, dose, months_until, places
from abm.policies.levers import Levers, Signals
from abm.world import World


class ProductionCredit(Instrument):
    """Money per unit of output, without a ceiling on the total; credits add up.

    government        region where the good is made, which also pays
    goods             goods it is paid for
    amount            per unit of output
    phase_out_months  after the end in which it falls in even yearly steps
    """

    kind: Literal["production_credit"]
    government: Region
    goods: Goods
    amount: float = dose(
        ...,
        unit="M USD per unit",
        low=0.0,
        high=100.0,
        sentence="What a maker is paid for a unit it makes.",
        source="assumed: above the price of every good but devices",
    )
    phase_out_months: float = dose(
        0.0,
        unit="months",
        low=0.0,
        high=120.0,
        sentence="Months after the end over which the credit falls in even yearly steps.",
        source="assumed: ten years at most",
    )

    def act(self, world: World, levers: Levers, month: date, signals: Signals) -> None:  # noqa: ARG002
        """Add what is left of the amount to the credit of the government's region."""
        levers.production_credit[places(world, self.goods, (self.government,))] += self.amount * self._left(month)

    def _left(self, month: date) -> Floats:
        """Return the share of the amount that is paid in a month (run,): all in force, then less every year."""
        if self.holds(month):
            return np.ones(1)
        if self.end is None or month < self.start:
            return np.zeros(1)
        since = months_until(self.end, month) - months_until(self.end, self.end)
        phase_out = np.atleast_1d(self.phase_out_months)
        step = 1.0 - (since // 12 + 1.0) / (np.ceil(phase_out / 12.0) + 1.0)
        return np.where(since < phase_out, step, 0.0)
