"""Final demand: what the people and other industries of a region buy."""

import numpy as np

from abm.agents.actor import Actor
from abm.agents.columns import Column, Rows
from abm.arithmetic import exp, log
from abm.axes import Floats


class Household(Actor):
    """Final demand of one region: one slot per good it buys.

    The two kinds of car share one pool; buyers split it between them.
    """

    slots: Rows
    rows: Rows

    base_demand = Column("state", "slots")
    backlog = Column("state", "slots")
    landed = Column("state", "slots")
    landed_start = Column("traits", "slots")
    elasticity = Column("traits", "slots")
    demand_factor = Column("flow", "slots")
    credit = Column("flow", "slots")

    electric_share = Column("state")
    electric_taste = Column("flow")
    electric_premium = Column("flow")

    @property
    def name(self) -> str:
        """Return the region buyers live in, in words."""
        title: str = self.books.frame.world.region_titles[self.rows]
        return title

    @property
    def owner(self) -> str:
        """Return its own name: no firm owns it."""
        return self.name

    @property
    def region(self) -> str:
        """Return the code of the region."""
        code: str = self.books.frame.world.regions[self.rows]
        return code

    def purchases(self) -> Floats:
        """Return orders of final goods, units/month (slot): trend x shocks x price response, and what waits.

        Buyers see prices less what the government adds.
        """
        dearer = log(np.maximum(self.landed - self.credit, 1e-12) / self.landed_start)
        return self.base_demand * self.demand_factor * exp(-self.elasticity * dearer) + self.backlog

    def electric_choice(self) -> Floats:
        """Return the electric share of car orders (region): a logit on price and taste, approached with inertia."""
        p = self.parameters
        pull = self.electric_taste - p.ev_price_sensitivity * self.electric_premium
        chosen = p.ev_saturation / (1.0 + exp(-pull))
        return self.electric_share + (chosen - self.electric_share) / p.ev_inertia
