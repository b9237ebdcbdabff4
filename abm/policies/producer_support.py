"""Producer support: a grant for a maker's new plant and a price the state guarantees for what it makes."""

from datetime import date
from typing import Literal

import numpy as np

from abm.policies.instrument import dose
from abm.policies.levers import Levers, Signals
from abm.policies.programme import Programme, rows
from abm.world import World


class ProducerSupport(Programme):
    """A grant and a price floor for named makers, such as the Pentagon's for Lynas and MP Materials.

    amount_musd  budget of the grants
    cap_share    largest grant as a share of a project's cost
    price_floor  price below which the treasury makes up the difference while it is in force
    """

    kind: Literal["producer_support"]
    amount_musd: float = dose(
        0.0,
        unit="M USD",
        low=0.0,
        high=1_000_000.0,
        sentence="Budget of the grants.",
        source="assumed: above every programme announced",
    )
    cap_share: float = dose(
        0.0,
        unit="share of project cost",
        low=0.0,
        high=1.0,
        sentence="Largest grant to one project.",
        source="by definition",
    )
    price_floor: float = dose(
        0.0,
        unit="M USD per unit of the good",
        low=0.0,
        high=1_000_000.0,
        sentence="Price guaranteed to the maker.",
        source="assumed: above the price of any good",
    )

    def act(self, world: World, levers: Levers, month: date, signals: Signals) -> None:  # noqa: ARG002
        """Guarantee the price to the makers; of several guarantees the highest holds."""
        if self.holds(month):
            chosen = rows(world, self.goods, self.regions or (self.government,), self.firms)
            levers.price_floor[chosen] = np.maximum(levers.price_floor[chosen], self.price_floor)
