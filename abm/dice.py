"""All luck, keyed by (seed, run) and counted by (purpose, month, row), never by the order of calls.

A run therefore meets the same luck alone or in company, on any number of workers, and under any scenario.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from abm.axes import CellRun, Floats, GoodRegionRun, Ints, PairRun, RowRun, Words
from abm.draws import gumbel, normal, uniform, words

_PURPOSES = ("site", "outage", "demand", "drift", "view", "answer", "patience")
_MIDDLE = 0.5


@dataclass(slots=True, eq=False)
class Dice:
    """The luck of a batch of runs, drawn when it is asked for.

    seed      of the experiment
    numbers   of the batch's runs (run,); runs of one number meet the same luck
    identity  number of each row's own stream, so that luck follows a row wherever it stands (row,)
    places    goods x regions
    goods     number of goods
    fair      False gives every run the expected month: no noise, no accidents
    """

    seed: int
    numbers: Sequence[int]
    identity: Ints
    places: int
    goods: int
    fair: bool = True

    @property
    def runs(self) -> int:
        """Number of runs in the batch."""
        return len(self.numbers)

    def site(self, month: date) -> RowRun:
        """Return the unobserved part of every site's value, standard Gumbel (row, run)."""
        if not self.fair:
            return np.zeros((len(self.identity), self.runs))
        return gumbel(self._words("site", month, len(self.identity)).take(self.identity, axis=0))

    def outage(self, month: date) -> RowRun:
        """Return a uniform draw per row that decides on accidents, in [0, 1) (row, run)."""
        if not self.fair:
            return np.ones((len(self.identity), self.runs))
        return uniform(self._words("outage", month, len(self.identity)).take(self.identity, axis=0))

    def demand(self, month: date) -> GoodRegionRun:
        """Return standard normal shocks to final demand (good x region, run)."""
        return normal(self._words("demand", month, self.places)) if self.fair else np.zeros((self.places, self.runs))

    def drift(self, month: date) -> Floats:
        """Return standard normal changes of the trend of a good's world demand (good, run)."""
        return normal(self._words("drift", month, self.goods)) if self.fair else np.zeros((self.goods, self.runs))

    def view(self, month: date) -> CellRun:
        """Return standard normal errors of governments about what their region buys where (cell, run)."""
        cells = self.places * self._regions
        return normal(self._words("view", month, cells)) if self.fair else np.zeros((cells, self.runs))

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
        return uniform(self._words(purpose, month, pairs)) if self.fair else np.full((pairs, self.runs), _MIDDLE)

    def _words(self, purpose: str, month: date, size: int) -> Words:
        """Return one month of a purpose's random words (word, run)."""
        counter = (12 * month.year + month.month - 1, _PURPOSES.index(purpose))
        return words(self.seed, self.numbers, counter, size)
