"""What a page asks of one firm: a year of one run, watched month by month."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from abm import world as worlds
from abm.errors import InputError, nearest
from experiments.app.questions import Play, Question

if TYPE_CHECKING:
    from experiments.app.firm_year import FirmYear


@dataclass(frozen=True, slots=True)
class Year:
    """A year of a firm that a worker watches.

    play  the run;  firm  its name
    """

    play: Play
    firm: str
    year: int

    @property
    def months(self) -> int:
        """Months to be lived through: those before, and the year."""
        start, last = self.play.scenario.start, min(self.play.scenario.until, date(self.year, 12, 1))
        return 12 * (last.year - start.year) + last.month - start.month + 1

    @property
    def key(self) -> str:
        """Equal for years whose figures are equal."""
        return sha256(repr(("year", self.play.key, self.firm, self.year)).encode()).hexdigest()

    def played(self, progress: Callable[[int], None]) -> "FirmYear":
        """Play in a worker and return what the firm did and why.

        progress  told how many months have just been lived through
        """
        from experiments.app.firm_year import watched

        return watched(self, progress)


@dataclass(frozen=True)
class Watch:
    """What a page asks of one firm.

    question  whose scenario and seed are watched, in its first run;  firm  its name
    """

    question: Question
    firm: str
    year: int
    runs: int = 1

    @cached_property
    def plays(self) -> tuple[tuple[Year, ...], ...]:
        """What a worker has to play; people's mistakes are told as an InputError."""
        scenario = self.question.scenarios[-1]
        known = worlds.read(scenario.start).owners.name
        if self.firm not in known:
            raise InputError("firm", f"no firm is called {self.firm[:80]!r}.", nearest(self.firm[:80], known))
        if not scenario.start.year <= self.year <= scenario.until.year:
            told = f"{scenario.name} runs from {scenario.start.year} to {scenario.until.year}."
            raise InputError("year", f"{self.year} is not lived through.", told)
        return ((Year(Play(scenario, self.question.seed, 0, 1), self.firm, self.year),),)

    @property
    def key(self) -> str:
        """Equal for whatever has the same answer."""
        return self.plays[0][0].key

    @property
    def shared(self) -> tuple[Year, ...]:
        """Nothing that other answers hold."""
        return ()

    def told(self, parts: "Sequence[Sequence[FirmYear]]", *, both: bool) -> "FirmYear":
        """Return what was watched."""
        del both
        return parts[0][0]
