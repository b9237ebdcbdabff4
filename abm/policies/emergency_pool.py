"""An emergency pool: allies share public stock and claims on output when one of them runs short."""

from datetime import date
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from abm.policies.instrument import Goods, Instrument, dose, places
from abm.policies.levers import Levers, Signals
from abm.world import World

Members = Annotated[tuple[str, ...], Field(strict=False, min_length=2, json_schema_extra={"vocabulary": "region"})]


class EmergencyPool(Instrument):
    """An agreement to help any member whose orders go unfilled; of several pools the larger share holds.

    allies   members
    goods    goods that are shared
    share    share of its stock and of its buyers' usual claims on output that a member puts at others' disposal
    release  share of the public stock that may be sold in a month of emergency

    What is promised: whoever else is in need, a member keeps the rest of its target stock, and its buyers keep the
    rest of their claims on what makers have.
    """

    kind: Literal["emergency_pool"]
    allies: Members
    goods: Goods
    share: float = dose(
        0.5,
        unit="share",
        low=0.0,
        high=0.9,
        sentence="Share of stock and of usual claims on output that a member puts at the disposal of one in need.",
        source="assumed: nobody gives all away",
    )
    release: float = dose(
        0.25,
        unit="share of stock/month",
        low=0.0,
        high=1.0,
        sentence="Share of a member's public stock that may be sold in a month of emergency.",
        source="by definition",
    )

    def act(self, world: World, levers: Levers, month: date, signals: Signals) -> None:  # noqa: ARG002
        """Raise what members share and may release to what the pool asks for."""
        if self.holds(month):
            place = places(world, self.goods, self.allies)
            freed = np.where(np.greater(self.share, 0.0), self.release, 0.0)
            levers.pooled[place] = np.maximum(levers.pooled[place], self.share)
            levers.stock_release[place] = np.maximum(levers.stock_release[place], freed)
