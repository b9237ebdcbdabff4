"""What comes back from the workers: small, and the same object for everyone who asked the same."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from abm.scenario import Scenario

BAND = (0.1, 0.9)
Array = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """How something went on month by month, by item and region.

    unit     of the values
    items    goods, or codes of the series that shares are shown of
    values   (line, month, item x region): 10 in 100 runs lie below the first, 90 below the last, and their mean is
             between; a single run is one line
    """

    unit: str
    items: tuple[str, ...]
    regions: tuple[str, ...]
    values: Array

    def of(self, item: str, region: str) -> Array:
        """Return the lines (line, month) of an item in a region."""
        return self.values[:, :, self.items.index(item) * len(self.regions) + self.regions.index(region)]

    def mean(self, item: str, region: str) -> Array:
        """Return the mean of the runs (month,) of an item in a region."""
        lines = self.of(item, region)
        middle: Array = lines[len(lines) // 2]
        return middle


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What came out of one scenario.

    runs    how many were played;  months  that were lived through
    curves  by name: share, and each of SHOWN
    firms   by year's end, good, firm and hq: capacity, output, cash, debt and defaults, means over the runs
    money   by year, government and programme, M USD: means over the runs
    kpi     the headline figures, one row per run
    market  prices, shortages and sales lost by good and month, all runs in one row
    trade   who bought how much of what from whom in every year, in units and M USD, means over the runs
    events  what governments that follow rules did in the first run, and why
    """

    scenario: Scenario
    runs: int
    months: tuple[date, ...]
    curves: Mapping[str, Curves]
    firms: pl.DataFrame
    money: pl.DataFrame
    kpi: pl.DataFrame
    market: pl.DataFrame
    trade: pl.DataFrame
    events: pl.DataFrame


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """The answer to a question.

    sentence  what happened, in one sentence
    figures   every figure of the summary, with the difference to the baseline and how sure it is
    gains     how much larger shares are than in the baseline, run by run; none if there is no baseline
    """

    mine: Outcome
    theirs: Outcome | None
    sentence: str
    figures: pl.DataFrame
    gains: Curves | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work on a question is.

    ahead         questions that are played before it; 0 once it is being played
    lived         months lived through so far, all runs counted;  months  to be lived through
    seconds_left  until the answer, where that can be told
    """

    ahead: int = 0
    lived: int = 0
    months: int = 0
    seconds_left: float | None = None

    @property
    def part(self) -> float:
        """How much of the work is done, 0 to 1."""
        return self.lived / self.months if self.months else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What a worker keeps of the runs it has played, until all runs of a question are there.

    values  by name of the curve (month, item x region, run)
    shares, goods, worst, programmes, kpi  as a Tally has them
    money, market  by run;  firms, trade  sums over the runs;  events  of the first run
    """

    values: Mapping[str, Array]
    shares: list[pl.DataFrame]
    goods: list[pl.DataFrame]
    worst: list[pl.DataFrame]
    programmes: list[pl.DataFrame]
    kpi: list[pl.DataFrame]
    firms: pl.DataFrame
    money: pl.DataFrame
    market: pl.DataFrame
    trade: pl.DataFrame
    events: pl.DataFrame
    months: tuple[date, ...] = field(default=())
