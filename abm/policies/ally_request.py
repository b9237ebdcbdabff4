"""A request to allies: buy less from a rival, which they do as far as they can afford to."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from abm.policies.instrument import Goods, Instrument, Region, cells, dose
from abm.policies.levers import Levers, Signals
from abm.world import World

SomeRegions = Annotated[tuple[str, ...], Field(strict=False, min_length=1, json_schema_extra={"vocabulary": "region"})]


class AllyRequest(Instrument):
    """A government asks allies to treat a rival's goods as dearer than they are.

    government  region that asks
    allies      regions that are asked
    origins     rivals to buy less from
    goods       goods it is about
    premium     log cost asked for
    compliance  share of it that an ally without any dependence on the rival goes along with

    An ally that buys the share d of a good from the rival goes along with compliance x (1 - d).
    """

    kind: Literal["ally_request"]
    government: Region
    allies: SomeRegions
    origins: SomeRegions
    goods: Goods
    premium: float = dose(
        ...,
        unit="log cost",
        low=0.0,
        high=3.0,
        sentence="How much dearer than it is buyers of allies are asked to see the rival's goods.",
        source="assumed: at 3 a rival's goods look twenty times as dear",
    )
    compliance: float = dose(
        ...,
        unit="share",
        low=0.0,
        high=1.0,
        sentence="Share of the request that an ally without own dependence on the rival goes along with.",
        source="by definition",
    )

    def act(self, world: World, levers: Levers, month: date, signals: Signals) -> None:
        """Add to the premium of the corridors from the rivals to the allies, less where an ally depends on them."""
        if self.holds(month):
            asked = cells(world, self.goods, self.allies, self.origins)
            exposed = signals.dependence[asked][:, None]
            levers.friend_premium[asked] += self.premium * self.compliance * (1.0 - exposed)
