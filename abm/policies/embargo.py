"""An embargo: a region's exporters may not serve some or all buyers abroad, with goods or with critical inputs."""

from datetime import date
from typing import Literal, Self

from pydantic import model_validator

from abm.policies.instrument import (
    AnyGoods,
    Inputs,
    Instrument,
    Region,
    Regions,
    cells,
    corridors,
    dose,
    either,
)
from abm.policies.levers import Levers, Signals
from abm.world import World


class Embargo(Instrument):
    """A stop of exports, in full or in part.

    government    exporting region
    goods         goods that may not leave
    inputs        critical inputs that may not leave (gallium, photoresist, ...)
    destinations  buying regions; all others if none is named
    depth         share of orders that may not be placed
    """

    kind: Literal["embargo"]
    government: Region
    goods: AnyGoods = ()
    inputs: Inputs = ()
    destinations: Regions = ()
    depth: float = dose(
        ...,
        unit="share of orders",
        low=0.0,
        high=1.0,
        sentence="Share of the corridor's orders that is blocked; 1 is a full stop.",
        source="by definition",
    )

    @model_validator(mode="after")
    def _stops_something(self) -> Self:
        """Refuse an embargo on nothing."""
        if not (self.goods or self.inputs):
            raise ValueError("it names neither goods nor inputs. Name at least one of the two.")
        return self

    def act(self, world: World, levers: Levers, month: date, signals: Signals) -> None:  # noqa: ARG002
        """Block the depth of what earlier measures left open."""
        if not self.holds(month):
            return
        if self.goods:
            struck = cells(world, self.goods, self.destinations, (self.government,))
            levers.blocked[struck] = either(levers.blocked[struck], self.depth)
        if self.inputs:
            stopped = corridors(world, world.critical_inputs.name, self.inputs, self.destinations, (self.government,))
            levers.input_stop[stopped] = either(levers.input_stop[stopped], self.depth)
