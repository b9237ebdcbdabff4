"""How fast the month is: CPU time per run, by what it is spent on, beside the oracle, and how it grows."""

import json
import os
import platform
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median
from time import perf_counter, time

from rich.console import Console
from rich.progress import Progress

from abm import world as worlds
from abm.errors import InputError
from abm.model import Model
from abm.scenario import Scenario
from abm.world import World
from experiments.bench_found import FULL, QUICK, Bench, Plan, backends, speed, times
from experiments.bench_growth import MILLI, Growth, growth, resized, size_of
from experiments.bench_show import show_bench
from experiments.bench_turns import PROCESSES, Question, Taken, taken
from experiments.bench_workers import memory, sweep
from experiments.layout import WIDEST
from experiments.versions import version

PLANS = {"full": FULL, "quick": QUICK}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked: the options of ``friendshore bench``.

    runs  of a sweep of the scenario's baseline through worker processes; 0 for none
    """

    out: Path
    scenario: str
    until: str | None
    repeats: int | None
    plan: str | None
    runs: int


def bench(wanted: Wanted) -> None:
    """Measure, print the tables and write them to a file."""
    asked = Scenario.load(wanted.scenario).override(*([f"until={wanted.until}"] if wanted.until else []))
    world = worlds.read(asked.start)
    asked.check(world)
    plan = PLANS[wanted.plan or "full"]
    plan = replace(plan, repeats=wanted.repeats or plan.repeats)
    console = Console(stderr=True)
    with Progress(*Progress.get_default_columns()[:1], console=console, transient=True) as progress:
        task = progress.add_task("bench")
        found = measured(asked, world, plan, lambda what: progress.update(task, description=what))
        if wanted.runs:
            progress.update(task, description=f"a sweep of {wanted.runs:,} runs")
            found = replace(found, sweep=sweep(asked.rival() or asked, world, wanted.runs, PROCESSES))
    show_bench(Console(width=WIDEST, markup=False, highlight=False), found)
    try:
        wanted.out.parent.mkdir(parents=True, exist_ok=True)
        wanted.out.write_text(json.dumps(asdict(found), indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        what = f"cannot be written: {error.strerror}."
        raise InputError(f"--out {wanted.out}", what, "Choose another file.") from error
    Console().print(f"All figures are in {wanted.out}.", soft_wrap=True)


def measured(scenario: Scenario, world: World, plan: Plan, done: Callable[[str], None] = lambda _: None) -> Bench:
    """Return the speed of everything in a plan and, in a source checkout, how much slower the oracle is.

    done  told what is measured next

    Against the oracle count a few of its months, scaled to all, without its setting up; against a run everything but
    writing tables, which the oracle does not do: the ratio is never flattered.
    """
    begin, question = perf_counter(), Question(scenario, world, plan)
    found = taken(question, done)
    speeds = tuple(speed(batch, passes) for batch, passes in found.batches.items())
    done("memory")
    held = memory(scenario, world, (min(plan.batches), max(each for each in plan.batches if each <= plan.chunk)))
    network = Model(scenario, world=world).books.frame.network
    return Bench(
        scenario=scenario.name,
        months=scenario.months,
        rows=network.rows,
        links=len(network.link_slot),
        speeds=speeds,
        oracle=tuple(found.oracle) or None,
        ratio={one.batch: times(found.oracle, one.repeats) for one in speeds} if found.oracle else None,
        backends=tuple(
            backends(batch, found.backends["numba", batch], found.backends["numpy", batch]) for batch in plan.compared
        )
        if found.backends
        else None,
        growth=_growth(question, found),
        processes=_per_run(question, found),
        speedup=times(found.shared[1], found.shared[PROCESSES]),
        cold=median(found.cold),
        memory=held,
        sweep=None,
        seconds=perf_counter() - begin,
        plan=plan,
        machine=_machine(),
    )


def _per_run(question: Question, found: Taken) -> dict[int, float]:
    """Return the wall ms of a run by number of worker processes, those of fewer months scaled."""
    lived = question.lasting(question.plan.months).months * question.plan.chunk * PROCESSES
    return {many: median(waits) * MILLI * question.scenario.months / lived for many, waits in found.shared.items()}


def _growth(question: Question, found: Taken) -> Growth:
    """Return how cost grows with the world and with the number of runs."""
    plan = question.plan
    sizes = [
        size_of(question.scenario, resized(question.world, plants, known), batch, found.sizes[place])
        for place, (plants, known, batch) in enumerate(plan.sizes)
    ]
    costs = [(batch, median(one.setting_up + one.months for one in passes)) for batch, passes in found.batches.items()]
    return growth(sizes, costs)


def _machine() -> dict[str, str]:
    """Return what was measured on and when."""
    about = Path("/proc/cpuinfo")
    lines = about.read_text(encoding="utf-8").splitlines() if about.is_file() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    cores = f"{os.cpu_count()}"
    return {
        "processor": model or platform.machine(),
        "cores": cores,
        "system": platform.system(),
        "numba": version("numba"),
        "at": f"{time():.0f}",
    }
