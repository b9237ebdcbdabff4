"""Overseas investment: a state finances plants abroad, and its own buyers favour what they make."""

from dataclasses import replace
from datetime import date
from typing import Literal

import numpy as np
from pydantic import field_validator

from abm.policies.instrument import Regions, cells, dose
from abm.policies.levers import Levers, Signals
from abm.policies.programme import MONTHS, Pot, Programme, equity_equivalent, loan_equivalent
from abm.world import World


class OverseasInvestment(Programme):
    """Loans or equity for new capacity abroad, with offtake by buyers at home, such as Japan's JOGMEC.

    Whatever is built there takes the share offered while the money lasts, if it is cheaper than the market's.

    regions  where the capacity may stand
    form     loan or equity
    rate     interest of a loan, or return asked of equity
    years    until a loan is repaid
    offtake  extra log preference of the government's buyers for the goods of those regions while it is in force
    """

    kind: Literal["overseas_investment"]
    regions: Regions
    form: Literal["loan", "equity"]
    rate: float = dose(
        ...,
        unit="1/year",
        low=0.0,
        high=0.5,
        sentence="Interest a year on loans, or return a year asked of equity.",
        source="assumed: above every hurdle of the data",
    )
    years: float = dose(
        15.0,
        unit="years",
        low=1.0,
        high=40.0,
        sentence="Years until a loan is repaid.",
        source="assumed: longer than any programme's",
    )
    offtake: float = dose(
        0.0,
        unit="log cost",
        low=0.0,
        high=1.0,
        sentence="How much dearer a home buyer would take the goods of those regions for.",
        source="assumed: nobody pays three times the price",
    )

    @field_validator("regions")
    @classmethod
    def _abroad(cls, regions: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse an investment that names no place."""
        if not regions:
            raise ValueError("no region is named. Say where abroad the capacity may stand.")
        return regions

    def act(self, world: World, levers: Levers, month: date, signals: Signals) -> None:  # noqa: ARG002
        """Lower what home buyers see of the cost of buying there, as long as there is money behind it."""
        if self.holds(month):
            corridor = cells(world, self.goods, (self.government,), self.regions)
            levers.friend_premium[corridor] -= np.where(np.asarray(self.amount_musd) > 0.0, self.offtake, 0.0)

    def pot(self, world: World) -> Pot:
        """Return a pot of loans or of equity."""
        if self.form == "equity":
            return replace(super().pot(world), form="equity", grant_equivalent=equity_equivalent(world, self.rate))
        gift, years = loan_equivalent(world, self.rate, self.years), self.years
        return replace(
            super().pot(world), form="loan", grant_equivalent=gift, rate=self.rate / MONTHS, term=years * MONTHS
        )
