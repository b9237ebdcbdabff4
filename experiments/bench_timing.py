"""CPU time of a batch by what it is spent on: setting up, each phase, luck, recording and writing."""

import tempfile
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from types import SimpleNamespace
from typing import Any, cast

import polars as pl

from abm.dice import Dice
from abm.model import Model
from abm.month import PHASES, Phase
from abm.scenario import Scenario
from abm.world import World
from experiments.run import CHUNK, TABLES
from experiments.store import Store


@dataclass(frozen=True, slots=True)
class Pass:
    """CPU seconds of some runs.

    setting_up  until the first month
    phases      by name
    luck        drawn within the phases
    recording   what happened, month by month
    writing     tables of it to Parquet
    months      everything but setting up and writing
    """

    setting_up: float
    phases: Mapping[str, float]
    luck: float
    recording: float
    writing: float
    months: float

    @property
    def total(self) -> float:
        """All in."""
        return self.setting_up + self.months + self.writing

    def longer(self, factor: float) -> "Pass":
        """Return what as many times as many months take."""
        phases = {name: spent * factor for name, spent in self.phases.items()}
        others = (self.luck, self.recording, self.writing, self.months)
        return Pass(self.setting_up, phases, *(spent * factor for spent in others))


class _Clock:
    """CPU time by name."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = dict.fromkeys((name for name, _ in PHASES), 0.0)

    def of(self, name: str, act: Callable[..., Any]) -> Callable[..., Any]:
        """Return an act that adds its time to a name's."""

        def clocked(*args: Any) -> Any:  # noqa: ANN401 - whatever the act takes and returns
            """Act, and add the time."""
            begin = process_time()
            done = act(*args)
            self.spent[name] = self.spent.get(name, 0.0) + process_time() - begin
            return done

        return clocked

    def phase(self, name: str, phase: Phase) -> tuple[str, Phase]:
        """Return a phase against the clock."""
        return name, self.of(name, phase)


def _clocked(dice: Dice, clock: _Clock) -> Dice:
    """Return dice whose throws are made against the clock."""
    found = {name: getattr(dice, name) for name in dir(dice) if not name.startswith("_")}
    thrown = {name: clock.of("luck", each) if callable(each) else each for name, each in found.items()}
    return cast("Dice", SimpleNamespace(**thrown))


def timed(scenario: Scenario, world: World, runs: int, *, kept: bool = True) -> Pass:
    """Return the CPU time of some runs from nothing to their last month, and to their tables if those are kept.

    Runs beyond a chunk come in chunks one after the other, as ``friendshore run`` plays them.
    """
    chunks = [min(CHUNK, runs - first) for first in range(0, runs, CHUNK)]
    passes = [_chunk(scenario, world, many, kept=kept) for many in chunks]
    phases = {name: sum(each.phases[name] for each in passes) for name, _ in PHASES}
    of = {name: sum(getattr(each, name) for each in passes) for name in ("setting_up", "luck", "recording", "writing")}
    return Pass(phases=phases, months=sum(each.months for each in passes), **of)


def _chunk(scenario: Scenario, world: World, runs: int, *, kept: bool) -> Pass:
    """Return the CPU time of one chunk of runs."""
    clock, begin = _Clock(), process_time()
    model = Model(scenario, runs=runs, world=world)
    ready = process_time()
    model.phases = tuple(clock.phase(*each) for each in PHASES)
    model.books.dice = _clocked(model.books.dice, clock)
    vars(model.record)["keep"] = clock.of("recording", model.record.keep)
    model.run()
    lived = process_time()
    if kept:
        _write(model)
    end = process_time()
    let_go(model)
    phases = {name: clock.spent[name] for name, _ in PHASES}
    luck, recording = clock.spent.get("luck", 0.0), clock.spent["recording"]
    return Pass(ready - begin, phases, luck, recording, end - lived if kept else 0.0, lived - ready)


def _write(model: Model) -> None:
    """Write the tables of a model where they are at once thrown away."""
    with tempfile.TemporaryDirectory() as folder, closing(Store(Path(folder))) as store:
        store.keep({table: getattr(model, table) for table in TABLES})
        store.finish({}, pl.DataFrame())


def let_go(model: Model) -> None:
    """Take what is large out of a model, which Mesa 3.3 keeps alive."""
    del model.books, model.record
