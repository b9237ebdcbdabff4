"""A consumer credit: money off a final good for as much of what a maker sells as has content from the right places."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

import numpy as np
from pydantic import AfterValidator, Field

from abm.axes import Bools
from abm.policies.instrument import Goods, Instrument, Region, Regions, among, codes, dose
from abm.policies.levers import ContentRule, Levers, Signals
from abm.world import World


def _by_year(thresholds: Mapping[str, float]) -> Mapping[str, float]:
    """Refuse thresholds that no year is named for."""
    if not thresholds:
        raise ValueError('it names no year. Write it like { "2023" = 0.5, "2024" = 0.6 }.')
    for year in thresholds:
        if not re.fullmatch(r"(19|20)\d\d", year):
            raise ValueError(f'{year!r} is not a year. Write it like {{ "2023" = 0.5, "2024" = 0.6 }}.')
    return thresholds


Thresholds = Annotated[dict[str, Annotated[float, Field(ge=0.0, le=1.0)]], AfterValidator(_by_year)]


class ConsumerCredit(Instrument):
    """A credit for final buyers, one rule on content each; two rules on one good are two measures that add up.

    A maker whose content falls short sells as many qualifying units as its content reaches, as if it put all of it
    into some of its models. Each content is traced through all tiers along this month's relationships.

    government        region whose buyers get the credit, which also pays
    goods             final goods it is for
    makers            regions where the good must be made; all if none is named
    amount            per unit bought
    content           good whose origin counts, wherever upstream it went in
    allowed           regions it must come from
    thresholds        share of the content that must, by year; a year not named has that of the last one before
    foreign_entities  regions whose sites and owners may not have made any of the content
    """

    kind: Literal["consumer_credit"]
    government: Region
    goods: Goods
    makers: Regions = ()
    amount: float = dose(
        ...,
        unit="M USD per unit",
        low=0.0,
        high=100.0,
        sentence="What a buyer gets back for a unit that qualifies.",
        source="assumed: above the price of every final good but devices",
    )
    content: Annotated[str, Field(json_schema_extra={"vocabulary": "good"})]
    allowed: Annotated[tuple[str, ...], Field(strict=False, min_length=1, json_schema_extra={"vocabulary": "region"})]
    thresholds: Thresholds
    foreign_entities: Regions = ()

    def act(self, world: World, levers: Levers, month: date, signals: Signals) -> None:  # noqa: ARG002
        """Add a rule for every good."""
        amount = np.broadcast_to(np.asarray(self.amount, np.float64), levers.research.shape[1:])
        if not self.holds(month) or not amount.any():
            return
        for good in codes(self.goods, world.goods.code):
            levers.content.append(
                ContentRule(
                    buyer=world.regions.index(self.government),
                    good=int(good),
                    makers=_regions(world, self.makers),
                    traced=world.goods.code.index(self.content),
                    allowed=_regions(world, self.allowed),
                    barred=self._barred(world),
                    threshold=self._threshold(month),
                    amount=amount,
                )
            )

    def _barred(self, world: World) -> Bools:
        """Return the rows that a named foreign entity owns or hosts (row,)."""
        plants = world.plants
        entities = _regions(world, self.foreign_entities) & bool(self.foreign_entities)
        barred: Bools = entities[plants.region] | entities[world.owners.region[plants.owner]]
        return barred

    def _threshold(self, month: date) -> float:
        """Return the threshold of the latest year named that is not after the month's, else of the first."""
        years = sorted(self.thresholds)
        past = [year for year in years if int(year) <= month.year]
        return self.thresholds[past[-1] if past else years[0]]


def _regions(world: World, named: tuple[str, ...]) -> Bools:
    """Return 1 for the regions named, for all if none is (region,)."""
    return among(np.arange(len(world.regions)), named, world.regions)
