"""A tariff: imports of some goods from some regions cost more, and the buyer's government takes the difference."""

from datetime import date
from typing import Literal

from abm.policies.instrument import Goods, Instrument, Region, Regions, cells, dose
from abm.policies.levers import Levers, Signals
from abm.world import World


class Tariff(Instrument):
    """A duty on imports, added to what is already in force.

    government  importing region that takes the duty
    goods       goods it is due on
    origins     supplying regions; all others if none is named
    rate        share of the import's value
    """

    kind: Literal["tariff"]
    government: Region
    goods: Goods
    origins: Regions = ()
    rate: float = dose(
        ...,
        unit="share of import value",
        low=0.0,
        high=10.0,
        sentence="Duty that is added to the price of an import.",
        source="assumed: wider than any duty in force",
    )

    def act(self, world: World, levers: Levers, month: date, signals: Signals) -> None:  # noqa: ARG002
        """Add the rate in the corridors from the origins to the government's region."""
        if self.holds(month):
            levers.tariff[cells(world, self.goods, (self.government,), self.origins)] += self.rate
