"""The small market with agentpy, one agent at a time."""

import agentpy

from abm.axes import Floats
from small_market import FIRMS, MONTHS, WIDE, Start
from small_market.rules import House, Works, introduce, recorded, tiers


class Firm(Works, agentpy.Agent):  # type: ignore[misc]
    """A firm."""


class Household(House, agentpy.Agent):  # type: ignore[misc]
    """A household."""


class Market(agentpy.Model):  # type: ignore[misc]
    """The market."""

    def setup(self) -> None:
        """Call everyone together."""
        self.firms, self.houses = agentpy.AgentList(self, FIRMS, Firm), agentpy.AgentList(self, WIDE, Household)
        introduce(self.p.start, list(self.firms), list(self.houses))
        self.buyers = agentpy.AgentList(self, [*list(self.firms)[WIDE:], *self.houses])
        self.rows = list[list[list[float]]]()

    def step(self) -> None:
        """Let a month happen."""
        self.houses.season = float(self.p.start.season[len(self.rows), 0])
        self.buyers.choose()
        self.firms.begin()
        self.buyers.order()
        self.firms.ration()
        self.buyers.receive()
        self.firms.produce()
        self.firms.adapt()
        self.rows.append(tiers(list(self.firms)))


def run(start: Start) -> Floats:
    """Return output, mean price and lowest fill of every tier (month, tier, series)."""
    market = Market({"start": start, "steps": MONTHS})
    market.run(display=False)
    return recorded(market.rows)
