"""A firm deal: one firm commits to build so much at one place, and is paid a grant for it."""

from datetime import date
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from abm.errors import InputError
from abm.policies.instrument import Instrument, Region, dose
from abm.policies.levers import Levers, Signals
from abm.policies.programme import Pot, rows
from abm.world import World

Firm = Annotated[str, Field(json_schema_extra={"vocabulary": "firm"})]
Good = Annotated[str, Field(json_schema_extra={"vocabulary": "good"})]


class FirmDeal(Instrument):
    """A contract with a named firm, such as TSMC's for Kumamoto: begun in its month whatever it is worth by then.

    Nothing is begun if the owner is bankrupt or barred in that month; a deal from before the run is history.

    government  region that pays
    firm        owner that builds;  good  what the plant makes;  region  where it stands
    capacity    new capacity that is begun
    grant_musd  grant, paid as the plant is built, never more than it costs
    """

    kind: Literal["firm_deal"]
    government: Region
    firm: Firm
    good: Good
    region: Region
    capacity: float = dose(
        ...,
        unit="units of the good per month",
        low=0.0,
        high=100_000_000.0,
        sentence="New capacity that the firm begins.",
        source="assumed: above the world's capacity of any good",
    )
    grant_musd: float = dose(
        0.0,
        unit="M USD",
        low=0.0,
        high=1_000_000.0,
        sentence="Grant paid as the plant is built.",
        source="assumed: above every deal announced",
    )

    def act(self, world: World, levers: Levers, month: date, signals: Signals) -> None:
        """Write nothing: what is agreed goes through its pot."""

    def pot(self, world: World) -> Pot:
        """Return a pot for the one site; nothing is paid where nothing is begun."""
        site = rows(world, (self.good,), (self.region,), (self.firm,))
        if not site.any():
            sites = rows(world, (self.good,), (), (self.firm,))
            known = ", ".join(sorted({world.regions[region] for region in world.plants.region[sites]})) or "none"
            what = f"{self.firm} has no site for {self.good} in {self.region}."
            raise InputError(f"{self.name}: region", what, f"Its sites for it: {known}.")
        first = np.arange(len(site)) == np.flatnonzero(site)[0]
        amount = np.where(np.asarray(self.capacity) > 0.0, self.grant_musd, 0.0)
        return Pot(government=self.government, amount=amount, eligible=first, deal=self.capacity)
