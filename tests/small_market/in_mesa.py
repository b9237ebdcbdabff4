"""The small market with Mesa, one agent at a time."""

import mesa

from abm.axes import Floats
from small_market import FIRMS, MONTHS, WIDE, Start
from small_market.rules import House, Works, introduce, recorded, tiers


class Firm(Works, mesa.Agent):  # type: ignore[misc]
    """A firm."""


class Household(House, mesa.Agent):  # type: ignore[misc]
    """A household."""


class Market(mesa.Model):  # type: ignore[misc]
    """The market."""

    def __init__(self, start: Start) -> None:
        super().__init__(rng=1)
        firms, houses = [Firm(self) for _ in range(FIRMS)], [Household(self) for _ in range(WIDE)]
        introduce(start, firms, houses)
        self.start, self.record = start, list[list[list[float]]]()
        self.firms, self.houses = self.agents_by_type[Firm], self.agents_by_type[Household]
        self.buyers = self.agents.select(lambda agent: bool(agent.makers))

    def step(self) -> None:
        """Let a month happen."""
        self.houses.set("season", float(self.start.season[len(self.record), 0]))
        self.buyers.do("choose")
        self.firms.do("begin")
        self.buyers.do("order")
        self.firms.do("ration")
        self.buyers.do("receive")
        self.firms.do("produce")
        self.firms.do("adapt")
        self.record.append(tiers(list(self.firms)))


def run(start: Start) -> Floats:
    """Return output, mean price and lowest fill of every tier (month, tier, series)."""
    market = Market(start)
    for _ in range(MONTHS):
        market.step()
    return recorded(market.record)
