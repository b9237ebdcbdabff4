"""What a page asks of two scenarios: how much of their difference each policy accounts for, by Shapley value."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

import numpy as np

from abm import world as worlds
from abm.axes import Floats
from abm.errors import InputError
from abm.scenario import Scenario
from experiments.app.questions import Play, Question
from experiments.attribution import EXACT, Chosen, differences, grouped, mixed, split
from experiments.attribution_told import Account
from experiments.explain_change import BY, SHARE, Change, Figure, asked
from experiments.rivals import refuse_other_months
from experiments.run import Batch, play

# Runs of every combination, and orders that are drawn where there are too many of them.
RUNS, ORDERS = 16, 8
# A server is shared: no more scenarios between the two are played than these.
MOST = 400


@dataclass(frozen=True, slots=True)
class Mixture:
    """A scenario between two others that a worker plays.

    runs    of it;  figure  that is read of every run
    taken   differences that are made
    """

    runs: Play
    figure: Figure
    taken: Chosen

    @property
    def months(self) -> int:
        """Months to be lived through, all runs counted."""
        return self.runs.months

    @property
    def key(self) -> str:
        """Equal for mixtures with the same figures."""
        return sha256(repr(("mixture", self.runs.key, self.figure)).encode()).hexdigest()

    def played(self, progress: Callable[[int], None]) -> Floats:
        """Play in a worker and return the figure of every run.

        progress  told how many months, all runs counted, have just been lived through
        """
        batch = Batch(self.runs.scenario, self.runs.first, self.runs.runs)
        world = worlds.read(self.runs.scenario.start)
        return self.figure.read(play(batch, self.runs.seed, world, progress, [self.figure.series])["regions"])


@dataclass(frozen=True)
class Attribution:
    """Which policies account for the difference between two scenarios.

    first, second  the scenarios;  by  policy, kind or government;  chain, region  of the share that is explained
    """

    first: Question
    second: Question
    by: str
    chain: str
    region: str
    seed: int = 1
    runs: int = RUNS

    @cached_property
    def ends(self) -> tuple[Scenario, Scenario]:
        """Both scenarios; people's mistakes are told as an InputError."""
        first, second = (each.scenarios[-1] for each in (self.first, self.second))
        refuse_other_months((first, second))
        if not differences(first, second):
            raise InputError("compare", f"{first.name} and {second.name} do not differ.", "Choose two that do.")
        return first, second

    @cached_property
    def groups(self) -> Mapping[str, Chosen]:
        """Differences that count together."""
        assert self.by in BY, "the page offers no other way"
        return grouped(*self.ends, self.by)

    @cached_property
    def figure(self) -> Figure:
        """What is explained."""
        first, second = self.ends
        change = Change(
            first.name,
            second.name,
            self.by,
            SHARE,
            self.chain,
            self.region,
            when=None,
            runs=self.runs,
            seed=self.seed,
            orders=ORDERS,
            assignments=(),
            out=None,
        )
        return asked(change, second, worlds.read(second.start))

    @cached_property
    def plays(self) -> tuple[tuple[Mixture, ...], ...]:
        """What workers have to play: every mixture that is asked for when the difference is split."""
        wanted: dict[Chosen, None] = {}

        def note(taken: Chosen) -> Floats:
            """Note that a mixture is wanted."""
            wanted[taken] = None
            return np.zeros(self.runs)

        split(self.groups, note, ORDERS, self.seed)
        if len(wanted) > MOST:
            told = f"{len(self.groups)} differences would take {len(wanted)} scenarios."
            raise InputError("compare", told, "Put them together by kind or by government.")
        note(frozenset())
        note(frozenset(differences(*self.ends)))
        return (tuple(self._mixture(taken) for taken in wanted),)

    def _mixture(self, taken: Chosen) -> Mixture:
        """Return what is played for some of the differences."""
        return Mixture(Play(mixed(*self.ends, taken), self.seed, 0, self.runs), self.figure, taken)

    @property
    def shared(self) -> tuple[Mixture, ...]:
        """Nothing that other answers hold."""
        return ()

    @cached_property
    def key(self) -> str:
        """Equal for attributions with the same answer."""
        told = ["credit", self.by, *(each.key for each in self.plays[0])]
        return sha256(repr(told).encode()).hexdigest()

    def told(self, parts: Sequence[Sequence[Floats]], *, both: bool) -> Account:
        """Put the account together in a worker.

        parts  the figure of every run of every mixture
        """
        del both
        known = {each.taken: values for each, values in zip(self.plays[0], parts[0], strict=True)}
        shares = split(self.groups, known.__getitem__, ORDERS, self.seed)
        levels = (known[frozenset()], known[frozenset(differences(*self.ends))])
        means = (float(levels[0].mean()), float(levels[1].mean()))
        sampled = len(self.groups) > EXACT
        return Account(self.ends, means, shares, self.figure.title, self.figure.unit, self.runs, sampled)
