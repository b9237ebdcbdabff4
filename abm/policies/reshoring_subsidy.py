"""A reshoring subsidy: a government pays its firms to move existing capacity out of a country."""

from datetime import date
from typing import Literal

import numpy as np

from abm.policies.instrument import Firms, Goods, Instrument, Region, Regions, dose
from abm.policies.levers import Levers, Signals
from abm.policies.programme import Pot, rows
from abm.world import World


class ReshoringSubsidy(Instrument):
    """Money for moving, such as Japan's in 2020: the old plant closes as the new one comes up to speed.

    Owners move at the pace, as long as there is money and the new site pays with the grant.

    government    region that pays
    origin        region that is left
    destinations  regions moved to; the government's own if none is named
    goods         goods whose plants may move
    firms         owners that may move; those at home in the government's region if none is named
    amount_musd   budget
    cap_share     share of the new plants' cost that is paid
    pace          share of what an owner has at the origin that it moves in a month
    """

    kind: Literal["reshoring_subsidy"]
    government: Region
    origin: Region
    goods: Goods
    destinations: Regions = ()
    firms: Firms = ()
    amount_musd: float = dose(
        ...,
        unit="M USD",
        low=0.0,
        high=1_000_000.0,
        sentence="Budget of the programme.",
        source="assumed: above every programme announced",
    )
    cap_share: float = dose(
        ...,
        unit="share of cost",
        low=0.0,
        high=1.0,
        sentence="Share of the new plants' cost that is paid.",
        source="by definition",
    )
    pace: float = dose(
        0.02,
        unit="share per month",
        low=0.0,
        high=0.2,
        sentence="Share of what an owner has at the origin that it moves in a month.",
        source="assumed: all within half a year is the fastest",
    )

    def act(self, world: World, levers: Levers, month: date, signals: Signals) -> None:
        """Write nothing: what the money does goes through its pot."""

    def pot(self, world: World) -> Pot:
        """Return a pot that pays for moves only, none where there is no money."""
        home = world.owners.region[world.plants.owner] == world.regions.index(self.government)
        movers = home | bool(self.firms)
        there = rows(world, self.goods, self.destinations or (self.government,), self.firms)
        left = world.plants.region == world.regions.index(self.origin)
        return Pot(
            government=self.government,
            amount=self.amount_musd,
            eligible=there & movers & ~left,
            move_share=self.cap_share,
            origin=rows(world, self.goods, (), self.firms) & movers & left,
            pace=np.where(np.asarray(self.amount_musd) > 0.0, self.pace, 0.0),
        )
