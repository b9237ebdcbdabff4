"""An energy price: for a while making goods in a region costs more, or less, than usual."""

from datetime import date
from typing import Literal

from abm.policies.instrument import AnyGoods, Region, dose, places
from abm.policies.levers import Levers, Signals
from abm.policies.shock import Shock
from abm.world import World


class EnergyPrice(Shock):
    """Dear or cheap energy, as it is felt in operating cost; shocks multiply.

    region  where energy is dear
    goods   goods whose makers feel it; all if none is named
    factor  factor on operating cost without inputs; 1 leaves it alone
    """

    kind: Literal["energy_price"]
    region: Region
    goods: AnyGoods = ()
    factor: float = dose(
        ...,
        unit="factor",
        low=0.1,
        high=10.0,
        sentence="Factor on operating cost without inputs while energy is dear.",
        source="assumed: energy is at most a third of operating cost and never rose thirtyfold",
    )

    def act(self, world: World, levers: Levers, month: date, signals: Signals) -> None:  # noqa: ARG002
        """Multiply operating cost by the factor as far as it is felt in the month."""
        rise = (self.factor - 1.0) * self.felt(month)
        levers.running_cost[places(world, self.goods, (self.region,))] *= 1.0 + rise
