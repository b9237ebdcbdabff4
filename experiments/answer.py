"""Answer one question: run, keep what is finished, and show what differs."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, Task, TextColumn, TimeRemainingColumn

from abm import world as worlds
from abm.scenario import Scenario
from abm.world import World
from experiments.digest import SERIES, Tally, periods, series_of
from experiments.run import Batch, ask, batches, play
from experiments.show import WIDEST, show
from experiments.store import Store, versions
from experiments.summary import summarise

STOPPED = 130


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: the options of ``friendshore run``."""

    scenario: str
    runs: int = 64
    seed: int = 1
    start: str | None = None
    until: str | None = None
    assignments: tuple[str, ...] = ()
    out: str | None = None
    alone: bool = False

    @property
    def overrides(self) -> tuple[str, ...]:
        """All replaced values as KEY=VALUE."""
        window = [f"{key}={value}" for key, value in (("start", self.start), ("until", self.until)) if value]
        return (*self.assignments, *window)

    @property
    def command(self) -> str:
        """The command that asks the same again."""
        words = ["friendshore", "run", self.scenario, "--runs", str(self.runs), "--seed", str(self.seed)]
        words += [word for each in self.overrides for word in ("--set", each)]
        return shlex.join(words + ["--alone"] * self.alone)
