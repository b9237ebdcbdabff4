"""A public stockpile: the state buys a reserve of goods and sells from it in an emergency."""

from datetime import date
from typing import Literal

import numpy as np

from abm.axes import Floats
from abm.policies.instrument import Goods, Instrument, Region, dose, places
from abm.policies.levers import Levers, Signals
from abm.world import World

DAYS_OF_MONTH = 365.25 / 12.0


class PublicStockpile(Instrument):
    """A reserve of so many days, bought from what makers have left over; targets of several stockpiles add up.

    government  region that buys, keeps and pays
    goods       goods that are kept
    days        size of the reserve
    basis       what a day is measured by: the region's imports of the start, or all its purchases (use)
    pace        share of the gap to the target that is bought in a month
    release     share of the stock that may be sold in a month of emergency

    In a month of emergency the state sells to buyers left short and buys nothing.
    """

    kind: Literal["public_stockpile"]
    government: Region
    goods: Goods
    days: float = dose(
        ...,
        unit="days",
        low=0.0,
        high=360.0,
        sentence="Size of the reserve in days of the region's imports or use at the start.",
        source="assumed: twice the largest reserve named in the articles, 60 to 180 days",
    )
    basis: Literal["imports", "use"] = "imports"
    pace: float = dose(
        0.05,
        unit="share of gap/month",
        low=0.0,
        high=1.0,
        sentence="Share of the gap to the target that the state tries to buy in a month.",
        source="by definition",
    )
    release: float = dose(
        0.25,
        unit="share of stock/month",
        low=0.0,
        high=1.0,
        sentence="Share of the stock that may be sold in a month of emergency.",
        source="by definition",
    )

    def act(self, world: World, levers: Levers, month: date, signals: Signals) -> None:
        """Add to the target; the fastest pace and the freest release of several stockpiles hold."""
        if self.holds(month):
            place = places(world, self.goods, (self.government,))
            levers.stock_target[place] += self._daily(world, signals)[place] * self.days
            keeps = np.greater(self.days, 0.0)
            levers.stock_pace[place] = np.maximum(levers.stock_pace[place], np.where(keeps, self.pace, 0.0))
            levers.stock_release[place] = np.maximum(levers.stock_release[place], np.where(keeps, self.release, 0.0))

    def _daily(self, world: World, signals: Signals) -> Floats:
        """Return what a day is measured by, units/day (good x region, 1)."""
        goods, regions = len(world.goods.code), np.arange(len(world.regions))
        bought = signals.purchases
        if self.basis == "imports":
            shares = signals.dependence.reshape(goods, len(regions), len(regions))
            bought = bought * (1.0 - shares[:, regions, regions])
        return bought.reshape(-1, 1) / DAYS_OF_MONTH
