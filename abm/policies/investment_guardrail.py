"""An investment guardrail: who takes a programme's money may not expand in some countries."""

from datetime import date
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from abm.policies.instrument import Goods, Instrument, Name, Region, Regions, dose, either
from abm.policies.levers import Levers, Signals
from abm.policies.programme import rows
from abm.world import World

Programmes = Annotated[
    tuple[Name, ...], Field(strict=False, min_length=1, json_schema_extra={"vocabulary": "programme"})
]


class InvestmentGuardrail(Instrument):
    """Owners that hold the money of some programmes, paid or promised, may not begin new capacity in some regions.

    government  region that sets the rule
    regions     where they may not build
    goods       goods the new capacity makes
    programmes  names of the measures whose money binds
    depth       share of the new capacity there that is barred
    """

    looks_at: ClassVar[tuple[str, ...]] = ("held",)

    kind: Literal["investment_guardrail"]
    government: Region
    regions: Annotated[Regions, Field(min_length=1)]
    goods: Goods
    programmes: Programmes
    depth: float = dose(
        1.0,
        unit="share of new capacity",
        low=0.0,
        high=1.0,
        sentence="Share of new capacity that those owners may not begin there.",
        source="by definition",
    )

    def act(self, world: World, levers: Levers, month: date, signals: Signals) -> None:
        """Bar the rows of whoever holds money of one of the programmes."""
        if not self.holds(month):
            return
        aimed = rows(world, self.goods, self.regions, ())
        owner = world.plants.owner[aimed]
        for name in self.programmes:
            if name in signals.held:
                bound = np.where(signals.held[name] > 0.0, self.depth, 0.0)[owner]
                levers.barred[aimed] = either(levers.barred[aimed], bound)
