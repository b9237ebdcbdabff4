"""An outage: plants of a region stand still for a while, and come back step by step: fire, freeze, strike, disaster."""

from datetime import date
from typing import Literal

from abm.policies.instrument import AnyGoods, Firms, Region, among, dose, either
from abm.policies.levers import Levers, Signals
from abm.policies.shock import Shock
from abm.world import World


class Outage(Shock):
    """A fire, a freeze, a strike, a disaster: part of the capacity of a region cannot run.

    region  where it strikes
    goods   goods whose plants it strikes; all if none is named
    firms   owners it strikes; all if none is named
    depth   share of the capacity that cannot run
    """

    kind: Literal["outage"]
    region: Region
    goods: AnyGoods = ()
    firms: Firms = ()
    depth: float = dose(
        ...,
        unit="share of capacity",
        low=0.0,
        high=1.0,
        sentence="Share of the capacity that cannot run.",
        source="by definition",
    )

    def act(self, world: World, levers: Levers, month: date, signals: Signals) -> None:  # noqa: ARG002
        """Take the depth of what earlier outages left running."""
        plants, depth = world.plants, self.depth * self.felt(month)
        if not depth.any():
            return
        struck = (
            (plants.region == world.regions.index(self.region))
            & among(plants.good, self.goods, world.goods.code)
            & among(plants.owner, self.firms, world.owners.name)
        )
        levers.outage[struck] = either(levers.outage[struck], depth)
