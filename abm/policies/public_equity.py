"""Public equity: the state buys into firms that build, and asks a lower return than the market."""

from dataclasses import replace
from typing import Literal

from abm.policies.instrument import dose
from abm.policies.programme import Pot, Programme, equity_equivalent
from abm.world import World


class PublicEquity(Programme):
    """A fund that pays for new capacity with shares in its owner, such as China's Big Fund.

    It gets fewer shares than the market would ask for the money, and its part of the dividends goes to the treasury.
    Whatever is built there takes the share offered while the money lasts, if it is cheaper than the market's.

    required_return  return that the state asks, below the market's
    """

    kind: Literal["public_equity"]
    required_return: float = dose(
        ...,
        unit="1/year",
        low=0.0,
        high=0.5,
        sentence="Return a year that the state asks on its shares.",
        source="assumed: above every hurdle of the data",
    )

    def pot(self, world: World) -> Pot:
        """Return a pot of equity."""
        gift = equity_equivalent(world, self.required_return)
        return replace(super().pot(world), form="equity", grant_equivalent=gift)
