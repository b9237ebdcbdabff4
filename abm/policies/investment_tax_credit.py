"""An investment tax credit: a region pays back part of the cost of new capacity, without a ceiling on the total."""

from datetime import date
from typing import Literal

import numpy as np

from abm.policies.instrument import Goods, Instrument, Region, dose, places
from abm.policies.levers import Levers, Signals
from abm.world import World

LARGEST_CREDIT = 0.8


class InvestmentTaxCredit(Instrument):
    """A credit on new capacity; credits add up to at most four fifths of the cost.

    government  region where the capacity is built, which also pays
    goods       goods the capacity makes
    share       share of the cost paid back
    """

    kind: Literal["investment_tax_credit"]
    government: Region
    goods: Goods
    share: float = dose(
        ...,
        unit="share of capex",
        low=0.0,
        high=LARGEST_CREDIT,
        sentence="Share of the cost of new capacity that the government pays back.",
        source="assumed: twice what any government has offered",
    )

    def act(self, world: World, levers: Levers, month: date, signals: Signals) -> None:  # noqa: ARG002
        """Add the share to the credit of the government's region."""
        if self.holds(month):
            place = places(world, self.goods, (self.government,))
            levers.tax_credit[place] = np.minimum(levers.tax_credit[place] + self.share, LARGEST_CREDIT)
