"""Episodes that are told again: which figures of history the model is asked for, and what it says of them."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from abm.scenario import Scenario
from experiments.posterior import Draws
from experiments.sweeping.points import points
from experiments.validation.measured import measured
from experiments.validation.observed import HISTORY, KEY, PLACE, history, tellable
from experiments.validation.plays import Plays
from experiments.validation.scores import figures

EARLY, LATE, OUTLOOK = "backcast_2009", "backcast_2015", "outlook_2020"
# The model is fitted to figures up to that year, and what came after is told without them.
FITTED = 2018


@dataclass(frozen=True)
class Episode:
    """A bundled plan that plays some years again, and the figures of those years.

    files  like history.csv;  draws  of the parameters, or none for the central ones
    """

    plays: Plays
    name: str
    files: tuple[Path, ...] = (HISTORY,)
    draws: Draws | None = None

    @cached_property
    def scenario(self) -> Scenario:
        """What is played."""
        return scenario_of(self.plays, self.name)

    @cached_property
    def folder(self) -> Path:
        """The sweep's folder, all of it played."""
        if self.draws is None:
            return self.plays.of(self.name)
        return self.plays.of(self.name, self.plays.some(self.draws.lists), "-posterior")

    @cached_property
    def rows(self) -> pl.DataFrame:
        """Figures of history that the model has something to say of."""
        return tellable(history(*self.files))[0]

    @cached_property
    def runs(self) -> pl.DataFrame:
        """Every figure in every run, as ``measured`` returns them."""
        return measured(self.folder, self.rows.filter(pl.col("year").is_between(*self.years)))

    @cached_property
    def figures(self) -> pl.DataFrame:
        """Every figure beside what the runs say, as ``figures`` returns them."""
        return figures(self.runs)

    @cached_property
    def start(self) -> pl.DataFrame:
        """What the model starts from, by series, good and region: the mean of its first year."""
        places = self.rows.unique(PLACE, maintain_order=True).with_columns(
            year=pl.lit(self.years[0], pl.Int32), month=pl.lit(None, pl.Date)
        )
        found = measured(self.folder, places, based=False)
        return found.group_by(PLACE, maintain_order=True).agg(pl.col("model").mean().alias("start"))

    @property
    def years(self) -> tuple[int, int]:
        """First and last year."""
        return window(self.plays, self.name)


def scenario_of(plays: Plays, name: str) -> Scenario:
    """Return the scenario of a bundled plan."""
    return next(points(plays.plan(name))).load()


def window(plays: Plays, name: str) -> tuple[int, int]:
    """Return first and last year of a bundled plan."""
    scenario = scenario_of(plays, name)
    return scenario.start.year, scenario.until.year


def told(early: Episode, late: Episode) -> pl.DataFrame:
    """Return every figure once, by the episode that tells it, without those that the model was given."""
    return pl.concat(
        [each.figures.filter(~pl.col("given")).with_columns(episode=pl.lit(each.name)) for each in (early, late)]
    ).unique([*KEY], keep="last", maintain_order=True)
