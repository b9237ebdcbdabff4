"""A permit fast track: new plants open sooner because permits take less time."""

from datetime import date
from typing import Literal

from abm.policies.instrument import Goods, Instrument, Region, dose, places
from abm.policies.levers import Levers, Signals
from abm.world import World


class PermitFastTrack(Instrument):
    """Months off the construction of new capacity begun while it is in force; a plant still takes one at least.

    government  region where the capacity is built
    goods       goods the capacity makes
    months      taken off
    """

    kind: Literal["permit_fast_track"]
    government: Region
    goods: Goods
    months: float = dose(
        ...,
        unit="months",
        low=0.0,
        high=60.0,
        sentence="Months by which new plants open sooner.",
        source="assumed: longer than permits take anywhere",
    )

    def act(self, world: World, levers: Levers, month: date, signals: Signals) -> None:  # noqa: ARG002
        """Take the months off the lag of the government's region."""
        if self.holds(month):
            levers.fast_track[places(world, self.goods, (self.government,))] += self.months
