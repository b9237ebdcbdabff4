"""A production standard: making a good decently costs more at home, and what is made otherwise is less welcome."""

from datetime import date
from typing import Literal

from abm.policies.instrument import Goods, Instrument, Region, Regions, cells, dose, places
from abm.policies.levers import Levers, Signals
from abm.world import World


class ProductionStandard(Instrument):
    """An environmental or social standard for makers at home, and for what is imported.

    government      region that sets it
    goods           goods whose making it rules
    coverage        share of the goods that must meet it
    cost_rise       rise of operating cost of a plant that must meet it
    exempt          other regions that have such a standard, whose goods come in freely
    import_premium  extra log cost that buyers see in goods from regions without it
    """

    kind: Literal["production_standard"]
    government: Region
    goods: Goods
    coverage: float = dose(
        1.0,
        unit="share",
        low=0.0,
        high=1.0,
        sentence="Share of what is made at home or imported that must meet the standard.",
        source="by definition",
    )
    cost_rise: float = dose(
        ...,
        unit="share of operating cost",
        low=0.0,
        high=2.0,
        sentence="Rise of operating cost that the standard brings to a plant at home.",
        source="assumed: three times the usual cost is beyond any standard",
    )
    exempt: Regions = ()
    import_premium: float = dose(
        0.0,
        unit="log cost",
        low=0.0,
        high=3.0,
        sentence="Extra cost that buyers see in goods from regions without the standard.",
        source="assumed: at 3 they look twenty times as dear",
    )

    def act(self, world: World, levers: Levers, month: date, signals: Signals) -> None:  # noqa: ARG002
        """Raise operating cost at home and the premium on goods from regions without the standard."""
        if not self.holds(month):
            return
        levers.running_cost[places(world, self.goods, (self.government,))] *= 1.0 + self.coverage * self.cost_rise
        others = tuple(code for code in world.regions if code not in self.exempt)
        if others:
            ruled = cells(world, self.goods, (self.government,), others)
            levers.friend_premium[ruled] += self.coverage * self.import_premium
