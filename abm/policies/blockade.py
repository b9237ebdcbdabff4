"""A blockade: for a while nothing, or less, goes into a region or comes out of it."""

from datetime import date
from typing import Literal

from abm.policies.instrument import AnyGoods, Inputs, Region, Regions, cells, corridors, dose, either
from abm.policies.levers import Levers, Signals
from abm.policies.shock import Shock
from abm.world import World


class Blockade(Shock):
    """A region cut off from some or all others, both ways: a war, a closed strait, a closed port.

    region    region that is cut off; it still supplies itself
    partners  regions it cannot trade with; all others if none is named
    goods     goods that do not pass; all if none is named
    inputs    critical inputs that do not pass; all if none is named
    depth     share of orders that cannot be placed
    """

    kind: Literal["blockade"]
    region: Region
    partners: Regions = ()
    goods: AnyGoods = ()
    inputs: Inputs = ()
    depth: float = dose(
        ...,
        unit="share of orders",
        low=0.0,
        high=1.0,
        sentence="Share of the orders of and from the region that is blocked; 1 lets nothing pass.",
        source="by definition",
    )

    def act(self, world: World, levers: Levers, month: date, signals: Signals) -> None:  # noqa: ARG002
        """Block the depth of what earlier measures left open, both ways."""
        depth = self.depth * self.felt(month)
        inputs = world.critical_inputs.name
        for buyers, suppliers in ((self.partners, (self.region,)), ((self.region,), self.partners)):
            struck = cells(world, self.goods, buyers, suppliers)
            levers.blocked[struck] = either(levers.blocked[struck], depth)
            stopped = corridors(world, inputs, self.inputs, buyers, suppliers)
            levers.input_stop[stopped] = either(levers.input_stop[stopped], depth)
