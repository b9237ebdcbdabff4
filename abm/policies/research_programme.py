"""A research programme: public money finds cheaper ways of making a good, at home and partly at allies'."""

from datetime import date
from typing import Literal

import numpy as np

from abm.axes import Floats
from abm.policies.instrument import Goods, Instrument, Region, Regions, dose, months_until, places
from abm.policies.levers import Levers, Signals
from abm.world import World


class ResearchProgramme(Instrument):
    """Research paid by the month; what it finds lowers operating cost for good, some months after the money is spent.

    The model has no nodes of chip making: a thousand wafers of leading-edge chips stand for the newest node there
    is. A node that comes sooner is the same function from fewer or cheaper wafers, so for ``chip_leading`` the gain
    is the fall of cost per function that would else have come later.

    government      region that pays, and whose makers gain in full
    goods           goods that become cheaper to make
    musd_per_month  spending
    gain            fall of log operating cost per billion dollars
    delay_months    from spending to gain
    allies          regions that share in what is found
    spillover       share of the gain that reaches allies
    """

    kind: Literal["research_programme"]
    government: Region
    goods: Goods
    musd_per_month: float = dose(
        ...,
        unit="M USD/month",
        low=0.0,
        high=5_000.0,
        sentence="Public money spent on research.",
        source="assumed: above every programme for one industry",
    )
    gain: float = dose(
        ...,
        unit="1 per billion USD",
        low=0.0,
        high=0.05,
        sentence="Fall of log operating cost per billion dollars spent.",
        source="assumed: ten billion dollars at most halve a cost",
    )
    delay_months: float = dose(
        24.0,
        unit="months",
        low=0.0,
        high=240.0,
        sentence="Months from spending to lower cost.",
        source="assumed: two years from laboratory to line",
    )
    allies: Regions = ()
    spillover: float = dose(
        0.0,
        unit="share of the gain",
        low=0.0,
        high=1.0,
        sentence="Share of the gain that makers in allied regions have too.",
        source="by definition",
    )

    def act(self, world: World, levers: Levers, month: date, signals: Signals) -> None:  # noqa: ARG002
        """Spend while in force, and gain as long, the delay later."""
        if self.holds(month):
            levers.research[world.regions.index(self.government)] += self.musd_per_month
        found = self.gain * self.musd_per_month / 1000.0 * self._felt(month)
        levers.know_how[places(world, self.goods, (self.government,))] += found
        others = tuple(ally for ally in self.allies if ally != self.government)
        if others:
            levers.know_how[places(world, self.goods, others)] += self.spillover * found

    def _felt(self, month: date) -> Floats:
        """Return 1 where the money of the month a delay earlier was spent by the programme, else 0 (run,)."""
        begun = months_until(self.start, month) - months_until(self.start, self.start)
        over = months_until(self.end, month) - months_until(self.end, self.end) if self.end else -np.inf
        delay = np.atleast_1d(self.delay_months)
        return np.where((begun >= delay) & (over < delay), 1.0, 0.0)
