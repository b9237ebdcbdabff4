"""Public loans: the state lends to firms that build at less than the return they must earn on other money."""

from dataclasses import replace
from typing import Literal

from abm.policies.instrument import dose
from abm.policies.programme import MONTHS, Pot, Programme, loan_equivalent
from abm.world import World


class PublicLoan(Programme):
    """A programme of loans for new capacity, repaid in equal instalments with interest; default writes them off.

    Whatever is built there takes the share offered while the money lasts, if it is cheaper than the market's.

    rate   interest
    years  until it is repaid
    """

    kind: Literal["public_loan"]
    rate: float = dose(
        ...,
        unit="1/year",
        low=0.0,
        high=0.5,
        sentence="Interest a year on the loans.",
        source="assumed: above every hurdle of the data",
    )
    years: float = dose(
        ...,
        unit="years",
        low=1.0,
        high=40.0,
        sentence="Years until a loan is repaid.",
        source="assumed: longer than any programme's",
    )

    def pot(self, world: World) -> Pot:
        """Return a pot of loans."""
        return replace(
            super().pot(world),
            form="loan",
            grant_equivalent=loan_equivalent(world, self.rate, self.years),
            rate=self.rate / MONTHS,
            term=self.years * MONTHS,
        )
