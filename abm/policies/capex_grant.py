"""A capex grant programme: a pot of money that pays part of the cost of new capacity until it is empty."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from abm.axes import Bools, PerRow
from abm.policies.instrument import Firms, Goods, Instrument, Region, Regions, codes, dose, months_until
from abm.policies.levers import Levers, Pots, Signals
from abm.world import World

UNENDING = 1_000_000
Weights = Annotated[
    dict[str, Annotated[float, Field(ge=0.0, le=1000.0)]], Field(json_schema_extra={"vocabulary": "good"})
]


class CapexGrant(Instrument):
    """A programme of grants; it moves no lever: its pot is opened with the first month of a run.

    government      region that pays
    goods           goods the new capacity makes
    regions         where the capacity may stand; the government's own region if none is named
    firms           owners that may ask; all if none is named
    amount_musd     budget
    cap_share       largest grant as a share of a project's cost
    floor_share     what a project asks that would come anyway, share of its cost
    weights         strategic weight by good, 1 if not named; projects are ranked by weight per money asked
    barred_regions  new capacity there makes an owner pay its grants back
    """

    kind: Literal["capex_grant"]
    government: Region
    goods: Goods
    regions: Regions = ()
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
        unit="share of project cost",
        low=0.0,
        high=1.0,
        sentence="Largest grant to one project.",
        source="by definition",
    )
    floor_share: float = dose(
        0.0,
        unit="share of project cost",
        low=0.0,
        high=1.0,
        sentence="What a project asks for even if it would come anyway.",
        source="by definition",
    )
    weights: Weights = Field(default_factory=dict)
    barred_regions: Regions = ()

    def act(self, world: World, levers: Levers, month: date, signals: Signals) -> None:
        """Write nothing: what a grant does goes through its pot."""

    def eligible(self, world: World) -> Bools:
        """Return the rows whose new capacity may be paid for (row)."""
        return self._rows(world, self.regions or (self.government,))

    def claws_back(self, world: World) -> Bools:
        """Return the rows whose new capacity makes their owner pay back (row)."""
        if not self.barred_regions:
            return np.zeros(len(world.plants.good), np.bool_)
        return self._rows(world, self.barred_regions)

    def weight(self, world: World) -> PerRow:
        """Return the strategic weight of every row's good (row)."""
        of_good = np.array([self.weights.get(code, 1.0) for code in world.goods.code])
        return of_good[world.plants.good]

    def _rows(self, world: World, regions: tuple[str, ...]) -> Bools:
        """Return the rows of the programme's goods and firms in some regions (row)."""
        plants = world.plants
        of_goods = np.isin(plants.good, codes(self.goods, world.goods.code))
        of_firms = np.isin(plants.owner, codes(self.firms, world.owners.name))
        return of_goods & of_firms & np.isin(plants.region, codes(regions, world.regions))


def pots(instruments: Iterable[Instrument], world: World, start: date, runs: int) -> Pots:
    """Return the pots of all grant programmes among some instruments, in their order.

    start  first month of the run; a programme takes in projects from the month counted from it
    """
    grants = [each for each in instruments if isinstance(each, CapexGrant)]
    shape = (len(grants), len(world.plants.good))
    return Pots(
        name=tuple(grant.name for grant in grants),
        region=tuple(world.regions.index(grant.government) for grant in grants),
        amount=_stacked([np.full(runs, grant.amount_musd) for grant in grants], (len(grants), runs)),
        cap_share=_stacked([np.full(runs, grant.cap_share) for grant in grants], (len(grants), runs)),
        floor_share=_stacked([np.full(runs, grant.floor_share) for grant in grants], (len(grants), runs)),
        eligible=_stacked([grant.eligible(world) for grant in grants], shape),
        weight=_stacked([grant.weight(world) for grant in grants], shape),
        barred=_stacked([grant.claws_back(world) for grant in grants], shape),
        first=tuple(max(0, months_until(start, grant.start)) for grant in grants),
        last=tuple(months_until(start, grant.end) - 1 if grant.end else UNENDING for grant in grants),
    )


def _stacked(rows: list[PerRow] | list[Bools], shape: tuple[int, int]) -> PerRow:
    """Return one array of the pots' rows, (0, ...) where there is no pot."""
    return np.array(rows, np.float64).reshape(shape)
