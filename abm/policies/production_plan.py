"""A production plan: a government says how much of a good may be made, and licenses no more works than that takes."""

from datetime import date
from typing import ClassVar, Literal

import numpy as np

from abm.policies.instrument import Goods, Instrument, Region, codes, dose, either
from abm.policies.levers import Levers, Signals
from abm.world import World


class ProductionPlan(Instrument):
    """A cap on what plants of a region make, as on China's rare-earth mines; makers outside the plan run freely.

    government  region whose plants it rules
    goods       goods under plan, each with its own cap
    limit       output allowed, as a multiple of the region's output at the start
    coverage    share of the capacity that keeps to the plan; what is dug without a licence does not
    """

    looks_at: ClassVar[tuple[str, ...]] = ("added",)

    kind: Literal["production_plan"]
    government: Region
    goods: Goods
    limit: float = dose(
        ...,
        unit="multiple of start output",
        low=0.0,
        high=10.0,
        sentence="Output that the plan allows.",
        source="assumed: no plan ever allowed ten times as much within the years told",
    )
    coverage: float = dose(
        1.0,
        unit="share",
        low=0.0,
        high=1.0,
        sentence="Share of the capacity that keeps to the plan.",
        source="by definition",
    )

    def act(self, world: World, levers: Levers, month: date, signals: Signals) -> None:
        """Stop what could run beyond the plan, and bar new capacity where there is enough for it."""
        if not self.holds(month):
            return
        plants, region = world.plants, world.regions.index(self.government)
        for good in codes(self.goods, world.goods.code):
            rows = (plants.good == good) & (plants.region == region)
            # Capacity that the plan needs over what stands.
            kept = self.limit * (1.0 - signals.added[good * len(world.regions) + region])
            stopped = np.maximum(1.0 - kept * world.goods.utilisation[good], 0.0)
            levers.outage[rows] = either(levers.outage[rows], self.coverage * stopped)
            levers.barred[rows] = either(levers.barred[rows], self.coverage * (kept <= 1.0))
