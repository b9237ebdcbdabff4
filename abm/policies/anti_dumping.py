"""An anti-dumping duty: what is exported under cost is charged the difference at the border."""

from datetime import date
from typing import ClassVar, Literal

import numpy as np

from abm.policies.instrument import Goods, Instrument, Region, Regions, cells, dose
from abm.policies.levers import Levers, Signals
from abm.world import World


class AntiDumping(Instrument):
    """A duty that follows what last month's export prices of an origin lay under its unit cost.

    government      importing region that takes the duty
    goods           goods that are watched
    origins         supplying regions that are watched; all others if none is named
    pass_through    share of the margin that is charged
    subsidy_margin  margin found for subsidies, on top of the dumping margin
    ceiling         largest duty

    The dumping margin is cost less price, over price: a duty of that size brings the import back to cost.
    """

    looks_at: ClassVar[tuple[str, ...]] = ("under_cost",)

    kind: Literal["anti_dumping"]
    government: Region
    goods: Goods
    origins: Regions = ()
    pass_through: float = dose(
        1.0,
        unit="share of margin",
        low=0.0,
        high=1.0,
        sentence="Share of the dumping and subsidy margin that is charged as a duty.",
        source="by definition",
    )
    subsidy_margin: float = dose(
        0.0,
        unit="share of import value",
        low=0.0,
        high=5.0,
        sentence="Margin found for subsidies, added to the dumping margin.",
        source="assumed: wider than any margin found",
    )
    ceiling: float = dose(
        3.0,
        unit="share of import value",
        low=0.0,
        high=10.0,
        sentence="Largest duty, however far under cost an origin sells.",
        source="assumed: wider than any duty in force",
    )

    def act(self, world: World, levers: Levers, month: date, signals: Signals) -> None:
        """Add the duty in the corridors from the origins to the government's region."""
        if not self.holds(month):
            return
        watched, regions = cells(world, self.goods, (self.government,), self.origins), len(world.regions)
        under = signals.under_cost[watched // regions**2 * regions + watched % regions]
        # Nearer to nothing than this no price can come; the ceiling holds long before.
        margin = under / np.maximum(1.0 - under, 1e-6) + self.subsidy_margin
        levers.tariff[watched] += np.minimum(self.pass_through * margin, self.ceiling)
