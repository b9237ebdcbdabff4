"""All luck, keyed by (seed, run, purpose, year) and never by the order of calls.

A run therefore meets the same luck alone or in company, on any number of workers, and under any scenario.
"""

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from abm.axes import CellRun, Floats, GoodRegionRun, Ints, PairRun, RowRun

_PURPOSES = ("site", "outage", "demand", "drift", "view", "answer", "patience")
_UNIFORM = ("outage", "answer", "patience")
_MIDDLE = 0.5


@dataclass(slots=True, eq=False)
class Dice:
    """The luck of a batch of runs, drawn a year at a time.

    seed      of the experiment
    first     number of the batch's first run
    runs      number of runs in the batch
    identity  number of each row's own stream, so that luck follows a row wherever it stands (row,)
    places    goods x regions
    goods     number of goods
    fair      False gives every run the expected month: no noise, no accidents
    """

    seed: int
    first: int
    runs: int
    identity: Ints
    places: int
    goods: int
    fair: bool = True
    _year: dict[str, tuple[int, Floats]] = field(default_factory=dict)

    def site(self, month: date) -> RowRun:
        """Return the unobserved part of every site's value, standard Gumbel (row, run)."""
        if not self.fair:
            return np.zeros((len(self.identity), self.runs))
        return self._month("site", month, len(self.identity))[self.identity]

    def outage(self, month: date) -> RowRun:
        """Return a uniform draw per row that decides on accidents, in [0, 1) (row, run)."""
        if not self.fair:
            return np.ones((len(self.identity), self.runs))
        return self._month("outage", month, len(self.identity))[self.identity]

    def demand(self, month: date) -> GoodRegionRun:
        """Return standard normal shocks to final demand (good x region, run)."""
        return self._month("demand", month, self.places) if self.fair else np.zeros((self.places, self.runs))

    def drift(self, month: date) -> Floats:
        """Return standard normal changes of the trend of a good's world demand (good, run)."""
        return self._month("drift", month, self.goods) if self.fair else np.zeros((self.goods, self.runs))

    def view(self, month: date) -> CellRun:
        """Return standard normal errors of governments about what their region buys where (cell, run)."""
        cells = self.places * self._regions
        return self._month("view", month, cells) if self.fair else np.zeros((cells, self.runs))

    def answer(self, month: date) -> PairRun:
        """Return a uniform draw per pair of governments that decides whether a hit is answered (pair, run)."""
        return self._of_pairs("answer", month)

    def patience(self, month: date) -> PairRun:
        """Return a uniform draw per pair of governments that decides when a hit is answered (pair, run)."""
        return self._of_pairs("patience", month)

    @property
    def _regions(self) -> int:
        """Number of regions."""
        return self.places // self.goods

    def _of_pairs(self, purpose: str, month: date) -> PairRun:
        """Return a uniform draw per pair of governments, the middle one where luck is fair (pair, run)."""
        pairs = self._regions**2
        return self._month(purpose, month, pairs) if self.fair else np.full((pairs, self.runs), _MIDDLE)

    def _month(self, purpose: str, month: date, size: int) -> Floats:
        """Return one month of a purpose's draws (size, run)."""
        year, block = self._year.get(purpose, (0, np.empty(0)))
        if year != month.year:
            drawn = [self._draw(purpose, month.year, run, size) for run in range(self.first, self.first + self.runs)]
            block = np.stack(drawn, axis=-1)
            self._year[purpose] = (month.year, block)
        drawn_month: Floats = block[month.month - 1]
        return drawn_month

    def _draw(self, purpose: str, year: int, run: int, size: int) -> Floats:
        """Return a year of draws of one run (month, size)."""
        key = np.array([self.seed, (run << 24) + (_PURPOSES.index(purpose) << 16) + year], np.uint64)
        stream = np.random.Generator(np.random.Philox(key=key))
        shape = (12, size)
        if purpose == "site":
            return stream.gumbel(size=shape)
        if purpose in _UNIFORM:
            return stream.random(size=shape)
        return stream.standard_normal(size=shape)
