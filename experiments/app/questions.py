"""What a page asks: a scenario with values replaced, beside its baseline, so many runs; checked before it is played."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from abm import world as worlds
from abm.abreast import likeness
from abm.errors import InputError
from abm.outline import NAME
from abm.scenario import Scenario
from abm.toml_lines import LARGEST_FILE
from experiments.digest import SERIES, Spoken, series_of
from experiments.options import LARGEST_SEED
from experiments.rivals import headlines
from experiments.run import ask

if TYPE_CHECKING:
    from experiments.app.results import Answer, Part

MOST_RUNS = 256
# A run may be stretched over fifty years, but a server is shared.
MOST_MONTHS = 240
MOST_ASSIGNMENTS = 100
LARGEST_TEXT = LARGEST_FILE
# Of a band of 64 the first worker plays some more than half, as the other begins once it has played the single run.
CHUNK = 35
_FILE = " Or give the path of a file."
_COMPOSED = re.compile(rf"{NAME.pattern}(?:[+-]{NAME.pattern})*")


@dataclass(frozen=True)
class Play:
    """Some runs of one scenario that a worker plays in one go.

    spoken  what headlines speak of, where that is not among the shares that are always kept
    """

    scenario: Scenario
    seed: int
    first: int
    runs: int
    spoken: tuple[Spoken, ...] = ()

    @property
    def months(self) -> int:
        """Months to be lived through, all runs counted."""
        return self.scenario.months * self.runs

    @cached_property
    def key(self) -> str:
        """Equal for plays whose figures are equal."""
        untold = {"text", "file", "places"}
        # Every measure with the fields of its own kind, not only with those that all kinds have.
        said = self.scenario.model_dump_json(exclude=untold, serialize_as_any=True)
        told = (said, self.seed, self.first, self.runs, [each.place for each in self.spoken])
        return sha256(repr(told).encode()).hexdigest()

    @cached_property
    def likeness(self) -> str:
        """Equal for single runs under the same luck that differ in doses; nothing for more runs."""
        told = (likeness(self.scenario), self.seed, self.first, [each.place for each in self.spoken])
        return sha256(repr(told).encode()).hexdigest() if self.runs == 1 else ""

    def played(self, progress: Callable[[int], None]) -> "Part":
        """Play in a worker and return what is kept of the runs.

        progress  told how many months, all runs counted, have just been lived through
        """
        return self.abreast((), progress)[0]

    def abreast(self, others: Sequence["Play"], progress: Callable[[int], None]) -> "list[Part]":
        """Play in a worker, with others that are alike by its side, and return what is kept of the runs of each.

        progress  told how many months, all runs of all plays counted, have just been lived through
        """
        from experiments.app.playing import played

        return played((self, *others), progress)


@dataclass(frozen=True)
class Question:
    """What a page asks the engine.

    scenario     name of a bundled scenario, or of several put together with + and -; never a path
    assignments  values replaced, KEY=VALUE, as ``--set`` takes them
    seed         of all luck
    runs         1 for a single run, which goes before everything that has more
    alone        whether the baseline is left out
    text         TOML of a scenario that is not bundled; ``scenario`` is then what it is called
    """

    scenario: str
    assignments: tuple[str, ...] = ()
    seed: int = 1
    runs: int = 1
    alone: bool = False
    text: str = ""

    @cached_property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The scenarios to play, the baseline first if there is one; people's mistakes are told as an InputError."""
        self._bounded()
        found = self._written() if self.text else self._bundled()
        for each in found:
            if each.months > MOST_MONTHS:
                raise InputError("until", f"{each.months} months are too many.", f"Ask for at most {MOST_MONTHS}.")
            each.check(worlds.read(each.start))
        return found

    def _bounded(self) -> None:
        """Refuse what is larger than a server that others share should take."""
        name = NAME if self.text else _COMPOSED
        if not name.fullmatch(self.scenario):
            raise InputError("scenario", f"{self.scenario[:80]!r} is no name.", "Use small letters, digits and _.")
        for what, number, least, most in (
            ("runs", self.runs, 1, MOST_RUNS),
            ("seed", self.seed, 0, LARGEST_SEED),
            ("number of replaced values", len(self.assignments), 0, MOST_ASSIGNMENTS),
            ("number of letters in a scenario", len(self.text), 0, LARGEST_TEXT),
        ):
            if not least <= number <= most:
                raise InputError(what, f"{number} is out of range.", f"Give {least} to {most}.")

    def _bundled(self) -> tuple[Scenario, ...]:
        """Return the scenarios of a name; who asks over the network is not told that a file would do."""
        try:
            return ask(self.scenario, self.assignments, alone=self.alone)
        except InputError as error:
            raise InputError(error.where, error.what, error.remedy.removesuffix(_FILE)) from None

    def _written(self) -> tuple[Scenario, ...]:
        """Return the scenarios of a text, read as a file in a folder where nothing else is."""
        with TemporaryDirectory(prefix="friendshore-") as folder:
            path = Path(folder) / f"{self.scenario}.toml"
            path.write_text(self.text, encoding="utf-8")
            try:
                return ask(str(path), self.assignments, alone=self.alone)
            except InputError as error:
                told = (part.replace(f"{folder}/", "") for part in (error.where, error.what, error.remedy))
                raise InputError(*told) from None

    @cached_property
    def plays(self) -> tuple[tuple[Play, ...], ...]:
        """What workers have to play, by scenario."""
        return tuple(tuple(self._chunks(each)) for each in self.scenarios)

    def _chunks(self, scenario: Scenario) -> Iterator[Play]:
        """Yield the runs of a scenario, chunk by chunk."""
        for first in range(0, self.runs, CHUNK):
            yield Play(scenario, self.seed, first, min(CHUNK, self.runs - first), self._apart)

    @property
    def shared(self) -> tuple[Play, ...]:
        """What is played of the baseline, if there is one."""
        return self.plays[0] if len(self.plays) > 1 else ()

    def told(self, parts: "Sequence[Sequence[Part]]", *, both: bool) -> "Answer":
        """Put the answer together in a worker.

        parts  of the baseline, if there is one, and of the scenario;  both  whether the baseline's outcome is wanted
        """
        from experiments.app.playing import told

        return told(self, parts[-1], parts[0] if len(parts) > 1 else (), both=both)

    @cached_property
    def spoken(self) -> Spoken | None:
        """What the headline speaks of, if there is one."""
        return spoken_of(self.scenarios)[-1]

    @cached_property
    def _apart(self) -> tuple[Spoken, ...]:
        """What the headline speaks of, unless its figures are kept of every run anyway."""
        return apart((self.spoken,))

    @cached_property
    def key(self) -> str:
        """Equal for questions with the same answer."""
        return sha256("".join(play.key for plays in self.plays for play in plays).encode()).hexdigest()


def spoken_of(scenarios: Sequence[Scenario]) -> tuple[Spoken | None, ...]:
    """Return what the headline of each scenario speaks of, if it has one or another lends it one."""
    known = headlines(scenarios)
    goods = worlds.read(scenarios[-1].start).goods
    found = [known.get(each.name) for each in scenarios]
    return tuple(Spoken(series_of(each, goods), each.region, each.measure) if each else None for each in found)


def apart(spoken: Iterable[Spoken | None]) -> tuple[Spoken, ...]:
    """Return what headlines speak of, but for figures that are kept of every run anyway."""
    asked = (each for each in spoken if each and not (each.measure == "share" and each.series in SERIES))
    return tuple(dict.fromkeys(asked))
