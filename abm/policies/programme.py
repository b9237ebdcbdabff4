"""What programmes of public money have in common: a pot, who may draw on it, and on what terms."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Protocol, runtime_checkable

import numpy as np
from pydantic import Field

from abm.arithmetic import power
from abm.axes import Bools, Floats
from abm.policies.instrument import Firms, Goods, Instrument, Region, Regions, among, dose, months_until
from abm.policies.levers import Form, Levers, Pots, Signals
from abm.world import World

UNENDING = 1_000_000
MONTHS = 12.0
Weights = Annotated[
    dict[str, Annotated[float, Field(ge=0.0, le=1000.0)]], Field(json_schema_extra={"vocabulary": "good"})
]


@dataclass(frozen=True, slots=True, eq=False)
class Pot:
    """The pot of one measure; fields as in Pots, without the axis pot, as scalars or as arrays that spread."""

    government: str
    amount: Floats | float
    eligible: Bools
    form: Form = "grant"
    cap_share: Floats | float = 0.0
    floor_share: Floats | float = 0.0
    weight: Floats | float = 1.0
    barred: Bools | float = 0.0
    grant_equivalent: Floats | float = 1.0
    rate: Floats | float = 0.0
    term: Floats | float = 1.0
    deal: Floats | float = 0.0
    origin: Bools | float = 0.0
    pace: Floats | float = 0.0
    move_share: Floats | float = 0.0


@runtime_checkable
class Paying(Protocol):
    """A measure that pays for new capacity from a pot."""

    def pot(self, world: World) -> Pot:
        """Return the pot it opens."""


class Programme(Instrument):
    """Public money for which projects of new capacity compete until the pot is empty.

    Of grants a project asks what it lacks to be begun there, at least the floor. Cheap loans and shares every project
    takes in full, as cheaper money than the market's; the part of them that is a gift counts for what it lacks. Grants
    are served first, and all programmes together never pay more than its cost.

    government   region that pays
    goods        goods the new capacity makes
    regions      where the capacity may stand; the government's own region if none is named
    firms        owners that may ask; all if none is named
    amount_musd  budget
    cap_share    largest share of a project's cost that is paid, or the share that is offered as a loan or for shares
    floor_share  what a project asks that would come anyway, share of its cost; of loans and shares, where no cheaper
    weights      strategic weight by good, 1 if not named; projects are ranked by weight per money asked
    """

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
        sentence="Largest share of one project's cost that is paid.",
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

    def act(self, world: World, levers: Levers, month: date, signals: Signals) -> None:
        """Write nothing: what the money does goes through its pot."""

    def pot(self, world: World) -> Pot:
        """Return the pot it opens: grants, unless a programme says otherwise."""
        of_good = np.array([self.weights.get(code, 1.0) for code in world.goods.code])
        return Pot(
            government=self.government,
            amount=self.amount_musd,
            eligible=rows(world, self.goods, self.regions or (self.government,), self.firms),
            cap_share=self.cap_share,
            floor_share=self.floor_share,
            weight=of_good[world.plants.good],
        )


def rows(world: World, goods: tuple[str, ...], regions: tuple[str, ...], firms: tuple[str, ...]) -> Bools:
    """Return the plants and sites of some goods and firms in some regions (row); none named means all."""
    plants = world.plants
    of_goods = among(plants.good, goods, world.goods.code)
    of_firms = among(plants.owner, firms, world.owners.name)
    return of_goods & of_firms & among(plants.region, regions, world.regions)


def loan_equivalent(world: World, rate: Floats | float, years: Floats | float) -> Floats:
    """Return the grant equivalent of a loan repaid in equal instalments, share of its face value (row, run).

    rate   interest, 1/year (run);  years  until it is repaid (run)
    It is what the firm gains against money at its required return, never less than nothing. Source: oecd2021.
    """
    hurdle, term = _hurdle(world) / MONTHS, np.maximum(np.atleast_1d(years) * MONTHS, 1.0)
    principal = (1.0 - power(1.0 + hurdle, -term)) / (hurdle * term)
    gift: Floats = np.maximum((1.0 - np.atleast_1d(rate) / MONTHS / hurdle) * (1.0 - principal), 0.0)
    return gift


def equity_equivalent(world: World, required_return: Floats | float) -> Floats:
    """Return the grant equivalent of public equity, share of what is paid in (row, run).

    required_return  return that the state asks, 1/year (run)
    """
    gift: Floats = np.maximum(1.0 - np.atleast_1d(required_return) / _hurdle(world), 0.0)
    return gift


def _hurdle(world: World) -> Floats:
    """Return the return the market asks of every row's good, 1/year (row, 1)."""
    return world.goods.hurdle[world.plants.good][:, None]


def pots(instruments: Iterable[Instrument], world: World, start: date, runs: int) -> Pots:
    """Return the pots of all programmes among some instruments, in their order.

    start  first month of the run; a programme takes in projects from the month counted from it
    What was agreed before the start is under construction there already: such a deal is not begun again.
    """
    payers = [each for each in instruments if isinstance(each, Paying)]
    opened = [payer.pot(world) for payer in payers]
    began = [months_until(start, payer.start) for payer in payers]
    ended = [payer.end for payer in payers]
    plants = len(world.plants.good)
    spread = {
        name: _spread([getattr(pot, name) for pot in opened], shape)
        for shape, names in (((runs,), _OF_RUN), ((plants,), _OF_ROW))
        for name in names
    }
    spread["deal"] *= np.array([month >= 0 for month in began], np.float64).reshape(-1, 1)
    return Pots(
        name=tuple(payer.name for payer in payers),
        region=tuple(world.regions.index(pot.government) for pot in opened),
        form=tuple(pot.form for pot in opened),
        grant_equivalent=_spread([pot.grant_equivalent for pot in opened], (plants, runs)),
        first=tuple(max(0, month) for month in began),
        last=tuple(months_until(start, end) - 1 if end else UNENDING for end in ended),
        **spread,
    )


_OF_RUN = ("amount", "cap_share", "floor_share", "rate", "term", "deal", "pace", "move_share")
_OF_ROW = ("eligible", "weight", "barred", "origin")


def _spread(values: list[Floats | float], shape: tuple[int, ...]) -> Floats:
    """Return values of pots, each spread over a shape (pot, ...)."""
    spread = np.zeros((len(values), *shape))
    for pot, value in enumerate(values):
        spread[pot] = value
    return spread
