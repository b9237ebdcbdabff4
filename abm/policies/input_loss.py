"""A loss of critical inputs: what a region supplies of them is missing for a while, at home and abroad."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from abm.policies.instrument import Region, dose, either, supplies
from abm.policies.levers import Levers, Signals
from abm.policies.shock import Shock
from abm.world import World

SomeInputs = Annotated[tuple[str, ...], Field(strict=False, min_length=1, json_schema_extra={"vocabulary": "input"})]


class InputLoss(Shock):
    """A mine, a gas works or a chemical plant fails: part of a region's supply of critical inputs reaches nobody.

    region  supplying region
    inputs  critical inputs that are missing
    depth   share of the region's supply that is missing
    """

    kind: Literal["input_loss"]
    region: Region
    inputs: SomeInputs
    depth: float = dose(
        ...,
        unit="share of supply",
        low=0.0,
        high=1.0,
        sentence="Share of the region's supply of the inputs that is missing; 1 is all of it.",
        source="by definition",
    )

    def act(self, world: World, levers: Levers, month: date, signals: Signals) -> None:  # noqa: ARG002
        """Take the depth of what earlier measures left to every buyer, at home too."""
        struck = supplies(world, world.critical_inputs.name, self.inputs, (), (self.region,))
        levers.input_stop[struck] = either(levers.input_stop[struck], self.depth * self.felt(month))
