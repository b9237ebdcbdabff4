"""What a page asks of several scenarios at once: how each differs from the first under the same luck."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from abm.errors import InputError
from abm.scenario import Scenario
from experiments.app.questions import CHUNK, Play, Question, apart, spoken_of
from experiments.rivals import LETTERS, refuse_other_months

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.app.compared import Compared
    from experiments.app.results import Part


@dataclass(frozen=True)
class Comparison:
    """Several scenarios under the same luck.

    questions  what each asks; its own seed and runs do not matter;  seed  of all luck;  runs  of each
    """

    questions: tuple[Question, ...]
    seed: int = 1
    runs: int = 1

    @cached_property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The scenarios, the reference first, each with a name of its own; people's mistakes are told as InputError."""
        if len(self.questions) < 2:
            raise InputError("compare", "one scenario alone cannot be compared.", "Add a second one.")
        found = [each.scenarios[-1] for each in self.questions]
        refuse_other_months(found)
        names = [each.name for each in found]
        alike = {name for name in names if names.count(name) > 1}
        return tuple(
            each.model_copy(update={"name": f"{each.name}_{LETTERS[place].lower()}"}) if each.name in alike else each
            for place, each in enumerate(found)
        )

    @cached_property
    def plays(self) -> tuple[tuple[Play, ...], ...]:
        """What workers have to play, by scenario."""
        spoken = apart(spoken_of(self.scenarios))
        return tuple(
            tuple(
                Play(scenario, self.seed, first, min(CHUNK, self.runs - first), spoken)
                for first in range(0, self.runs, CHUNK)
            )
            for scenario in self.scenarios
        )

    @property
    def shared(self) -> tuple[Play, ...]:
        """Nothing that other answers hold."""
        return ()

    @cached_property
    def key(self) -> str:
        """Equal for comparisons with the same answer."""
        told = ["compare", *(play.key for plays in self.plays for play in plays)]
        return sha256(repr(told).encode()).hexdigest()

    def told(self, parts: "Sequence[Sequence[Part]]", *, both: bool) -> "Compared":
        """Put the comparison together in a worker.

        parts  of every scenario
        """
        from experiments.app.compared import compared

        del both
        return compared(self, parts)
