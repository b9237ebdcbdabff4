"""Public procurement: the state pays for part of what its people use, more of it, from whom it prefers, and first."""

from datetime import date
from typing import Literal

import numpy as np

from abm.policies.instrument import Goods, Instrument, Region, Regions, cells, dose, places, supplies
from abm.policies.levers import Levers, Signals
from abm.world import World


class PublicProcurement(Instrument):
    """Purchases by a state, for defence or of essential medicines.

    government    region that buys
    goods         goods it buys; of goods that only makers buy nothing is paid, but orders are rated and steered
    share         share of purchases that is public
    extra_demand  how much more of them the public part buys than it would have
    suppliers     regions it prefers; its own if none is named
    preference    extra log cost it sees in goods from elsewhere
    priority      factor on how much makers in the preferred regions favour public orders when goods are short

    Preference, priority and extra demand weigh as much as the share that is public.
    """

    kind: Literal["public_procurement"]
    government: Region
    goods: Goods
    share: float = dose(
        ...,
        unit="share of purchases",
        low=0.0,
        high=1.0,
        sentence="Share of final purchases that the treasury pays for.",
        source="by definition",
    )
    extra_demand: float = dose(
        0.0,
        unit="share",
        low=0.0,
        high=5.0,
        sentence="How much more the state orders than was bought before in its place.",
        source="assumed: six times the usual is more than any state has ordered",
    )
    suppliers: Regions = ()
    preference: float = dose(
        0.0,
        unit="log cost",
        low=0.0,
        high=3.0,
        sentence="Extra cost that public buyers see in goods from regions they do not prefer.",
        source="assumed: at 3 they look twenty times as dear",
    )
    priority: float = dose(
        1.0,
        unit="factor",
        low=1.0,
        high=20.0,
        sentence="How much makers in preferred regions favour public orders over others when goods are short.",
        source="assumed: at 20 others wait for nearly all that is ordered",
    )

    def act(self, world: World, levers: Levers, month: date, signals: Signals) -> None:  # noqa: ARG002
        """Take over a share of the bill, of what others leave; add demand, rate orders and steer them."""
        if not self.holds(month):
            return
        place, here = places(world, self.goods, (self.government,)), (self.government,)
        paid = levers.procurement[place]
        levers.procurement[place] = np.minimum(paid + self.share, 1.0)
        levers.demand[place] *= 1.0 + self.share * self.extra_demand
        preferred = self.suppliers or here
        others = tuple(code for code in world.regions if code not in preferred)
        if others:
            levers.friend_premium[cells(world, self.goods, here, others)] += self.share * self.preference
        rated = supplies(world, world.goods.code, self.goods, here, preferred)
        levers.rated[rated] *= 1.0 + self.share * (self.priority - 1.0)
