"""A demand shift: for a while final buyers want more or less than usual."""

from datetime import date
from typing import Literal

from abm.policies.instrument import Goods, Regions, dose, places
from abm.policies.levers import Levers, Signals
from abm.policies.shock import Shock
from abm.world import World


class DemandShift(Shock):
    """A surge or a slump of final demand; shifts multiply.

    goods    goods wanted more or less
    regions  regions of the buyers; all if none is named
    factor   factor on final demand; 1 leaves it alone
    """

    kind: Literal["demand_shift"]
    goods: Goods
    regions: Regions = ()
    factor: float = dose(
        ...,
        unit="factor",
        low=0.0,
        high=10.0,
        sentence="Factor on final demand while the shift lasts.",
        source="assumed: no good in the model ever sold ten times its usual volume",
    )

    def act(self, world: World, levers: Levers, month: date, signals: Signals) -> None:  # noqa: ARG002
        """Multiply demand by the factor as far as it is felt in the month."""
        levers.demand[places(world, self.goods, self.regions)] *= 1.0 + (self.factor - 1.0) * self.felt(month)
