"""An export quota: no more than a part of the start's exports may leave a region."""

from datetime import date
from typing import Literal

import numpy as np

from abm.policies.instrument import Goods, Instrument, Region, dose, places
from abm.policies.levers import Levers, Signals
from abm.world import World


class ExportQuota(Instrument):
    """A cap on what may leave a region in a month; with several quotas the tightest holds.

    government  exporting region
    goods       goods under quota, each with its own cap
    cut         share of the start's export volume that may not leave; 0 sets no cap at all
    evaded      share of the cut that leaves all the same, past the customs
    """

    kind: Literal["export_quota"]
    government: Region
    goods: Goods
    cut: float = dose(
        ...,
        unit="share of start exports",
        low=0.0,
        high=1.0,
        sentence="How far the quota lies below the exports of the start.",
        source="by definition",
    )
    evaded: float = dose(
        0.0,
        unit="share of the cut",
        low=0.0,
        high=1.0,
        sentence="Part of the cut that is smuggled out.",
        source="by definition",
    )

    def act(self, world: World, levers: Levers, month: date, signals: Signals) -> None:
        """Lower the quota of the government's goods to the part of the start's exports that leaves."""
        if self.holds(month):
            kept = self.cut * (1.0 - self.evaded)
            place = places(world, self.goods, (self.government,))
            left = signals.exports.reshape(-1)[place][:, None] * (1.0 - kept)
            cap = np.where(np.greater(kept, 0.0), left, np.inf)
            levers.quota[place] = np.minimum(levers.quota[place], cap)
