"""An embargo: a region's exporters may not serve some or all buyers abroad."""

from datetime import date
from typing import Literal

from abm.axes import GoodRegion
from abm.policies.instrument import Goods, Instrument, Region, Regions, cells, dose, either
from abm.policies.levers import Levers
from abm.world import World


class Embargo(Instrument):
    """A stop of exports, in full or in part.

    government    exporting region
    goods         goods that may not leave
    destinations  buying regions; all others if none is named
    depth         share of orders that may not be placed
    """

    kind: Literal["embargo"]
    government: Region
    goods: Goods
    destinations: Regions = ()
    depth: float = dose(
        ...,
        unit="share of orders",
        low=0.0,
        high=1.0,
        sentence="Share of the corridor's orders that is blocked; 1 is a full stop.",
        source="by definition",
    )

    def act(self, world: World, levers: Levers, month: date, exports: GoodRegion) -> None:  # noqa: ARG002
        """Block the depth of what earlier measures left open."""
        if self.holds(month):
            struck = cells(world, self.goods, self.destinations, (self.government,))
            levers.blocked[struck] = either(levers.blocked[struck], self.depth)
