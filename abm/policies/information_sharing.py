"""Information sharing: planners upstream see what final buyers order, not only what their own customers order."""

from datetime import date
from typing import Literal

from abm.policies.instrument import Instrument, Regions, codes, dose, either
from abm.policies.levers import Levers, Signals
from abm.world import World


class InformationSharing(Instrument):
    """An agreement to report final demand up the chain, and what is on the way.

    regions  where planners take part; all if none is named
    share    of planners who do
    """

    kind: Literal["information_sharing"]
    regions: Regions = ()
    share: float = dose(
        ...,
        unit="share of planners",
        low=0.0,
        high=1.0,
        sentence="Share of planners who see final demand as it is.",
        source="by definition",
    )

    def act(self, world: World, levers: Levers, month: date, signals: Signals) -> None:  # noqa: ARG002
        """Let the share of those who did not see yet see too."""
        if self.holds(month):
            region = codes(self.regions, world.regions)
            levers.information[region] = either(levers.information[region], self.share)
