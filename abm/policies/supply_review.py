"""A supply-chain review: officials find out what a region buys from whom, report, and report again after a year."""

from datetime import date
from typing import Literal

import numpy as np

from abm.axes import Floats
from abm.policies.instrument import Goods, Instrument, Region, dose, months_until, places
from abm.policies.levers import Levers, Signals
from abm.world import World

_MONTHS = 12.0


class SupplyReview(Instrument):
    """A review in two phases, as ordered in February 2021: 100 days for the most critical goods, then a year.

    Only governments that follow rules (``governments = "reactive"``) read what it finds. From the first report on
    their view of the goods errs less and they act at a lower dependence; from the second on they also open
    programmes at that lower dependence. Where governments do what is dated and no more, a review changes nothing
    but public money. What was found stays known; a review that ends before a report is due never gives it.

    government     region that reviews and pays
    goods          goods that are reviewed
    thoroughness   how much of the error and of the higher threshold it takes away
    days_first     days from the start to the first report
    months_second  months from the start to the second report, with which spending ends, after a month at least
    musd_per_year  spending of a thorough review, paid to those who count
    """

    kind: Literal["supply_review"]
    government: Region
    goods: Goods
    thoroughness: float = dose(
        1.0,
        unit="share",
        low=0.0,
        high=1.0,
        sentence="How far it takes a government from what it knows unasked to what a review can find out.",
        source="by definition",
    )
    days_first: float = dose(
        100.0,
        unit="days",
        low=0.0,
        high=1000.0,
        sentence="Days from the start to the first report.",
        source="assumed range; facts/minerals_policies.csv P026: 100 days by the order of 24 February 2021",
    )
    months_second: float = dose(
        12.0,
        unit="months",
        low=0.0,
        high=60.0,
        sentence="Months from the start to the second report.",
        source="assumed range; articles/004 (February 2021): a second phase of a year",
    )
    musd_per_year: float = dose(
        20.0,
        unit="M USD/year",
        low=0.0,
        high=1000.0,
        sentence="Spending until the second report, if the review is thorough.",
        source="assumed: a hundred people for a year",
    )

    def act(self, world: World, levers: Levers, month: date, signals: Signals) -> None:  # noqa: ARG002
        """Spend until the second report; let the government know what the reports say from then on."""
        reviewed, passed = places(world, self.goods, (self.government,)), self._months(month)
        working = self.holds(month) & np.less(passed, np.maximum(self.months_second, 1.0))
        home = world.regions.index(self.government)
        levers.research[home] += self.thoroughness * self.musd_per_year / _MONTHS * working
        first = self._given((month - self.start).days, self.days_first, self._end_days())
        second = self._given(passed, self.months_second, self._months(self.end) if self.end else np.inf)
        for lever, report in ((levers.reviewed, first), (levers.unlocked, first * second)):
            lever[reviewed] = np.maximum(lever[reviewed], self.thoroughness * report)

    def _given(self, passed: float, due: Floats | float, over: float) -> Floats:
        """Return 1 where a report is out: it was due while the review lasted, else 0 (run,)."""
        return np.where(np.less_equal(due, passed) & np.less_equal(due, over), 1.0, 0.0) * (passed >= 0)

    def _months(self, day: date) -> int:
        """Return the months in force from the start to a day."""
        return months_until(self.start, day) - months_until(self.start, self.start)

    def _end_days(self) -> float:
        """Return the days it lasts."""
        return (self.end - self.start).days if self.end else np.inf
