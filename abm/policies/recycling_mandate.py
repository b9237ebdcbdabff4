"""A recycling mandate: more of what retires must be collected, whatever scrap is worth."""

from datetime import date
from typing import Annotated, Literal

import numpy as np
from pydantic import AfterValidator

from abm.policies.instrument import Goods, Instrument, Region, dose, places
from abm.policies.levers import Levers, Signals
from abm.world import World


def _scrap(goods: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse goods that nobody collects."""
    for good in goods:
        if not good.startswith("scrap_"):
            raise ValueError(f"{good!r} is not collected. Name scrap goods: scrap_magnet, scrap_cell.")
    return goods


class RecyclingMandate(Instrument):
    """A duty to take back goods at the end of their life; duties add up until all is collected.

    government  region where it holds
    goods       scrap goods that must be collected
    collection  share of retired goods collected on top of the usual
    """

    kind: Literal["recycling_mandate"]
    government: Region
    goods: Annotated[Goods, AfterValidator(_scrap)]
    collection: float = dose(
        ...,
        unit="share of retired goods",
        low=0.0,
        high=1.0,
        sentence="Share of retired goods collected on top of the usual.",
        source="by definition",
    )

    def act(self, world: World, levers: Levers, month: date, signals: Signals) -> None:  # noqa: ARG002
        """Add the share to what must be collected."""
        if self.holds(month):
            place = places(world, self.goods, (self.government,))
            levers.collection[place] = np.minimum(levers.collection[place] + self.collection, 1.0)
