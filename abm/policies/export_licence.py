"""An export licence: exporters must ask, wait, and are refused in part."""

from datetime import date
from typing import Literal, Self

import numpy as np
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
    months_until,
)
from abm.policies.levers import Levers, Signals
from abm.world import World


class ExportLicence(Instrument):
    """A duty to ask before exporting: nothing leaves until the first licences are out, then all but what is refused.

    government    exporting region
    goods         goods that need a licence
    inputs        critical inputs that need a licence
    destinations  buying regions; all others if none is named
    coverage      share of the orders that needs a licence
    delay_months  months from the start until the first licences are out
    refused       share of the applications that is never granted
    """

    kind: Literal["export_licence"]
    government: Region
    goods: AnyGoods = ()
    inputs: Inputs = ()
    destinations: Regions = ()
    coverage: float = dose(
        1.0,
        unit="share of orders",
        low=0.0,
        high=1.0,
        sentence="Share of the corridor's orders that needs a licence.",
        source="by definition",
    )
    delay_months: float = dose(
        ...,
        unit="months",
        low=0.0,
        high=24.0,
        sentence="Months from the start until the first licences are out; until then nothing that needs one leaves.",
        source="assumed: more than any licence took",
    )
    refused: float = dose(
        ...,
        unit="share of orders",
        low=0.0,
        high=1.0,
        sentence="Share of the orders in need of a licence that never gets one.",
        source="by definition",
    )

    @model_validator(mode="after")
    def _covers_something(self) -> Self:
        """Refuse a licence for nothing."""
        if not (self.goods or self.inputs):
            raise ValueError("it names neither goods nor inputs. Name at least one of the two.")
        return self

    def act(self, world: World, levers: Levers, month: date, signals: Signals) -> None:  # noqa: ARG002
        """Block what waits for a licence or is refused one, of what earlier measures left open."""
        if not self.holds(month):
            return
        waited = months_until(self.start, month) - months_until(self.start, self.start)
        stopped = self.coverage * np.where(np.less(waited, self.delay_months), 1.0, self.refused)
        if self.goods:
            struck = cells(world, self.goods, self.destinations, (self.government,))
            levers.blocked[struck] = either(levers.blocked[struck], stopped)
        if self.inputs:
            struck = corridors(world, world.critical_inputs.name, self.inputs, self.destinations, (self.government,))
            levers.input_stop[struck] = either(levers.input_stop[struck], stopped)
