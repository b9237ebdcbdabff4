"""A cost overrun: new plants of a region cost more and open later, until suppliers have followed them there."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar, Literal

import numpy as np

from abm.policies.instrument import Goods, Instrument, Region, dose, places
from abm.policies.levers import Levers, Signals
from abm.policies.shock import Shock
from abm.world import World


class CostOverrun(Shock):
    """Builders, suppliers and staff are missing where industry is new, as at TSMC's site in Arizona.

    It befalls what is begun while it is in force or still felt. The industry that has come to the region since the
    start stands for the suppliers that follow it: as its share in capacity grows, that part of the overrun vanishes.

    region        where the plants are built
    goods         goods they make
    factor        on the cost of new capacity
    delay_months  added to the construction lag
    cluster       how much of the overrun vanishes once all capacity there is new
    """

    looks_at: ClassVar[tuple[str, ...]] = ("added",)

    kind: Literal["cost_overrun"]
    region: Region
    goods: Goods
    factor: float = dose(
        ...,
        unit="ratio",
        low=1.0,
        high=10.0,
        sentence="Factor on the cost of new capacity.",
        source="assumed: no plant came to ten times its price",
    )
    delay_months: float = dose(
        0.0,
        unit="months",
        low=0.0,
        high=60.0,
        sentence="Months by which new plants open later, as long as they cost more.",
        source="assumed: five years late is given up",
    )
    cluster: float = dose(
        0.0,
        unit="share of the overrun",
        low=0.0,
        high=1.0,
        sentence="How much of the overrun vanishes once all capacity there has come since the start.",
        source="by definition",
    )

    def act(self, world: World, levers: Levers, month: date, signals: Signals) -> None:
        """Raise cost and lag of new capacity in the region by what of the overrun is left."""
        place = places(world, self.goods, (self.region,))
        left = self.felt(month) * (1.0 - self.cluster * signals.added[place])
        over = np.asarray(self.factor) - 1.0
        levers.capex_factor[place] *= 1.0 + over * left
        levers.fast_track[place] -= np.where(over > 0.0, self.delay_months, 0.0) * left


def longest_delay(measures: Iterable[Instrument]) -> int:
    """Return the months that overruns can add to a construction lag together."""
    overruns = [measure for measure in measures if isinstance(measure, CostOverrun)]
    delays = [np.max(np.where(np.asarray(each.factor) > 1.0, each.delay_months, 0.0)) for each in overruns]
    return int(np.ceil(sum(delays)))
