"""How a sweep goes: runs done, runs a second, time left, failures; a bar on a terminal, a line a minute elsewhere."""

from time import monotonic
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as Bar

from experiments.sweeping import provenance
from experiments.sweeping.dataset import Dataset

_MINUTE = 60.0


class Progress:
    """What is told while a sweep is going on."""

    def __init__(self, runs: int, done: int) -> None:
        """Begin.

        runs  there are in all;  done  before
        """
        self._runs, self._done, self._before = runs, done, done
        self._played = self._failed = self.receipts = 0
        self._began = self._told = monotonic()
        self._console = Console(stderr=True)
        self._bar = Bar(
            BarColumn(),
            TextColumn("{task.description}"),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
        self._task = self._bar.add_task("", total=max(runs, 1), completed=done)

    def __enter__(self) -> Self:
        """Show the bar."""
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bar away."""
        self._bar.stop()

    def advance(self, runs: int, played: int, failed: int) -> None:
        """Count a receipt.

        runs  that were to be played, at the most;  played  of them;  failed  of them
        """
        self.receipts += 1
        self._done, self._played, self._failed = self._done + runs, self._played + played, self._failed + failed

    def show(self) -> None:
        """Tell how it goes by now."""
        if not self._bar.disable:
            self._bar.update(self._task, completed=self._done, description=self.sentence())
        elif monotonic() - self._told > _MINUTE:
            self._told = monotonic()
            self._console.print(self.sentence(), soft_wrap=True)

    def sentence(self) -> str:
        """Return how it goes by now."""
        seconds = monotonic() - self._began
        said = f"{self._done} of {self._runs} runs"
        if self._played and self._done > self._before:
            left = seconds * (self._runs - self._done) / (self._done - self._before)
            said += f", {self._played / seconds:.1f} runs/s, {lasting(left)} left"
        return said + (f", {self._failed} failed" if self._failed else "")


def lasting(seconds: float) -> str:
    """Return a time in words."""
    for unit, size in (("days", 86_400.0), ("h", 3600.0), ("min", 60.0)):
        if seconds >= 1.5 * size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} s"


def told(dataset: Dataset, count: int, tasks: int, *, stopped: bool) -> None:
    """Say how a sweep ended.

    count  tasks that are done
    """
    aside, folder = Console(stderr=True), dataset.folder
    classes = provenance.processors(folder)
    if len(classes) > 1:
        named = "; ".join(f"{kind}: {', '.join(sorted(models))}" for kind, models in sorted(classes.items()))
        aside.print(
            f"Processors of {len(classes)} classes worked on it, whose last bits may differ: {named}.", soft_wrap=True
        )
    failures = dataset.counted("failures")
    if failures:
        failed = dataset.scan("failures").select("point", "reason").collect()
        aside.print(
            f"{len(failed)} runs failed; the first: {failed['reason'][0].strip()}", soft_wrap=True, markup=False
        )
        aside.print(f"Every failure is in {folder / 'failures'}; friendshore replay plays it again.", soft_wrap=True)
    if count == tasks:
        Console().print(f"All {tasks} batches are done. Results are in {folder}.", soft_wrap=True)
    elif stopped:
        aside.print(
            f"Stopped with {count} of {tasks} batches done. Start the same line again to go on.", soft_wrap=True
        )
    else:
        aside.print(f"{count} of {tasks} batches are done. Start the same line again for the rest.", soft_wrap=True)
