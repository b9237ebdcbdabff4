"""Answer one question: run, keep what is finished, and show what differs."""

import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event
from typing import Any

import polars as pl
from rich.console import Console
from rich.progress import BarColumn, Progress, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from abm import world as worlds
from abm.composition import name_of
from abm.scenario import Scenario
from abm.world import World
from experiments.chart_data import PICTURES, clear, story
from experiments.digest import SERIES, Spoken, Tally, periods, series_of
from experiments.effects import Effects, Setting
from experiments.layout import WIDEST
from experiments.painters import Painters
from experiments.posterior import Draws
from experiments.rivals import headlines
from experiments.run import Batch, ask, batches, play
from experiments.show import show
from experiments.stopping import StoppedError, listening
from experiments.store import Store
from experiments.summary import summarise, with_cost
from experiments.versions import versions

STOPPED = 130
CENTRAL, POSTERIOR = "central", "posterior"
# How finished runs are shown; what it returns goes into summary.csv.
Telling = Callable[[Tally, Sequence[Scenario], World], pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: the options of ``friendshore run`` and ``friendshore compare``."""

    scenarios: tuple[str, ...]
    runs: int = 64
    seed: int = 1
    start: str | None = None
    until: str | None = None
    assignments: tuple[str, ...] = ()
    out: str | None = None
    alone: bool = False
    pictures: bool = True
    svg: bool = False
    parameters: str = CENTRAL
    verb: str = "run"

    @property
    def overrides(self) -> tuple[str, ...]:
        """All replaced values as KEY=VALUE."""
        window = [f"{key}={value}" for key, value in (("start", self.start), ("until", self.until)) if value]
        return (*self.assignments, *window)

    @property
    def command(self) -> str:
        """The command that asks the same again."""
        words = ["friendshore", self.verb, *self.scenarios, "--runs", str(self.runs), "--seed", str(self.seed)]
        words += [word for each in self.overrides for word in ("--set", each)]
        words += ["--parameters", self.parameters] * (self.parameters != CENTRAL)
        return shlex.join(words + ["--alone"] * self.alone)

    @property
    def draws(self) -> Draws | None:
        """Draws of the parameters, if they are asked for."""
        return Draws.read() if self.parameters == POSTERIOR else None


def answer(request: Request, painters: Painters) -> int:
    """Run a scenario and its baseline, show the summary and write the results folder; return the exit code."""
    scenarios = ask(request.scenarios[0], request.overrides, alone=request.alone)
    return settle(request, scenarios, _tell, painters)


def settle(request: Request, scenarios: Sequence[Scenario], tell: Telling, painters: Painters) -> int:
    """Run scenarios over the same months under the same luck, show and keep what is finished; return the exit code.

    scenarios  the first is what the others are compared with; pictures are of the last
    painters   who draws them, if anybody does
    """
    world = worlds.read(scenarios[-1].start)
    for each in scenarios:
        each.check(world)
    folder = Path(request.out or f"results/{'_vs_'.join(map(name_of, request.scenarios))}")
    tally = _tally(scenarios, world)
    todo = list(batches(scenarios, request.runs, request.draws))
    painters.complete()
    # Ctrl-C is heard before anything is written, so that it always tells what is kept.
    with listening() as stop, closing(Store(folder)) as store:
        _play_all(todo, (request.seed, world), (store, tally), stop)
        finished = {each.name: len(tally.runs(each.name)) for each in scenarios}
        kept = "Nothing is kept."
        if any(finished.values()):
            with _drawing(request, scenarios, (world, tally), (store, painters)):
                figures = tell(tally, scenarios, world)
                store.keep({"kpi": _runs(tally, scenarios, world)})
                store.finish(_manifest(request, scenarios, world, finished), figures)
            drawn = f", pictures in {folder / PICTURES}" if request.pictures else ""
            kept = f"All tables are in {folder}{drawn}."
    if stop.is_set():
        told = " and ".join(f"{runs} of {request.runs} runs of {name}" for name, runs in finished.items())
        Console(stderr=True).print(f"Stopped with {told} finished. {kept}", soft_wrap=True)
        return STOPPED
    Console().print(kept, soft_wrap=True)
    return 0


@contextmanager
def _drawing(
    request: Request, scenarios: Sequence[Scenario], found: tuple[World, Tally], keepers: tuple[Store, Painters]
) -> Iterator[None]:
    """Draw pictures, if they are wanted, while something else is done; those of an earlier result are removed.

    found  the world at the start, and what finished runs say
    """
    (world, tally), (store, painters) = found, keepers
    if request.pictures:
        told = story(tally, scenarios, world, request.seed, store.table("regions"), request.assignments)
        drawing = painters.draw(store.folder, told, vector=request.svg)
        yield
        drawing.finish()
    else:
        yield
        clear(store.folder)


def _tell(tally: Tally, scenarios: Sequence[Scenario], world: World) -> pl.DataFrame:
    """Print the summary of a scenario beside its baseline, and return its figures."""
    summary = summarise(tally, scenarios)
    show(Console(width=WIDEST), summary, world, [*tally.spans])
    return summary.figures


def _tally(scenarios: Sequence[Scenario], world: World) -> Tally:
    """Return an empty digest that will hold what the headlines, and a comparison, need."""
    scenario, spoken = scenarios[-1], _spoken(scenarios, world)
    parameters = replace(world.parameters, **scenario.parameters)
    setting = Setting(scenarios[0].name, world, parameters, scenario.start, spoken)
    series = {each.code: each for each in (*SERIES, *(each.series for each in spoken.values()))}
    followed = tuple(dict.fromkeys(each for each in spoken.values() if each.measure != "share"))
    effects = Effects(setting) if len(scenarios) > 1 else None
    return Tally(periods(scenario), tuple(series.values()), followed, effects=effects)


def _spoken(scenarios: Sequence[Scenario], world: World) -> dict[str, Spoken]:
    """Return what is told of every scenario but that the others are compared with, by its name."""
    told = headlines(scenarios)
    names = [each.name for each in scenarios[1:] or scenarios if each.name in told]
    return {name: Spoken(series_of(told[name], world.goods), told[name].region, told[name].measure) for name in names}


def _play_all(todo: Sequence[Batch], setting: tuple[int, World], keepers: tuple[Store, Tally], stop: Event) -> None:
    """Play all batches with a progress bar, keeping each as it is finished, until somebody asks to stop.

    setting  seed of all luck, and the world at the start
    """
    store, tally = keepers
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), Speed(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=sum(batch.months for batch in todo))

        def advance(months: int) -> None:
            """Move the bar, and end the batch if somebody asked to stop."""
            progress.advance(task, months)
            if stop.is_set():
                raise StoppedError

        for batch in todo:
            progress.update(task, description=batch.name)
            try:
                tables = play(batch, *setting, advance)
            except StoppedError:
                return
            store.keep({name: table for name, table in tables.items() if name != "kpi"})
            tally.take(tables)


class Speed(TextColumn):
    """How many months are lived through each second, all runs counted."""

    def __init__(self) -> None:
        """Show nothing until there is something to show."""
        super().__init__("")

    def render(self, task: Task) -> Text:
        """Return the speed of a task."""
        self.text_format = f"{task.finished_speed or task.speed or 0.0:,.0f} months/s"
        return super().render(task)


def _runs(tally: Tally, scenarios: Sequence[Scenario], world: World) -> pl.DataFrame:
    """Return the table of runs, with the cost of a point of the share that each headline speaks of."""
    return with_cost(pl.concat(tally.kpi), scenarios, _spoken(scenarios, world))


def _manifest(
    request: Request, scenarios: Sequence[Scenario], world: World, finished: Mapping[str, int]
) -> dict[str, Any]:
    """Return everything that is needed to ask the same again."""
    return {
        "command": request.command,
        "seed": request.seed,
        "runs_asked": request.runs,
        "overrides": list(request.overrides),
        "parameters": request.parameters,
        "scenarios": [
            {
                "name": each.name,
                "runs": finished[each.name],
                "start": f"{each.start:%Y-%m}",
                "until": f"{each.until:%Y-%m}",
                "text": each.text,
            }
            for each in scenarios
        ],
        "data": world.digest,
        "versions": versions(),
    }
