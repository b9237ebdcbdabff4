"""Everything that the bench measures takes turns, so that a slow spell of the machine hits all alike."""

import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path

from abm import backend
from abm.scenario import Scenario
from abm.world import World
from experiments.bench_found import Plan
from experiments.bench_growth import MILLI, resized
from experiments.bench_timing import Pass, timed
from experiments.bench_workers import cold, in_turn, pool, ready, shared
from experiments.run import Batch

# The same month as plain loops stands beside the packages in a source checkout, and is not in the wheel.
ORACLE = Path(__file__).resolve().parents[1] / "tests" / "oracle"
PROCESSES = 2

OraclePace = Callable[[Scenario, int, int, World], float]


@dataclass(frozen=True, slots=True)
class Question:
    """What is measured of what: a scenario, its world, and the plan."""

    scenario: Scenario
    world: World
    plan: Plan

    def lasting(self, months: int | None) -> Scenario:
        """Return the scenario cut to a number of months, whole if none is given or it has no more."""
        if months is None or months >= self.scenario.months:
            return self.scenario
        year, month = divmod(self.scenario.start.year * 12 + self.scenario.start.month - 2 + months, 12)
        return self.scenario.model_copy(update={"until": self.scenario.start.replace(year=year, month=month + 1)})

    def pass_of(self, months: int | None, runs: int, *, kept: bool = False) -> Pass:
        """Return what some runs take, with their tables if those are kept, the cost of some months scaled to all."""
        asked = self.lasting(months)
        return timed(asked, self.world, runs, kept=kept).longer(self.scenario.months / asked.months)


@dataclass(frozen=True, slots=True)
class Taken:
    """What was measured in every turn.

    batches   by number of runs;  backends  by name and number of runs;  sizes  by place in the plan
    shared    wall seconds by number of worker processes;  cold  wall seconds;  oracle  ms of CPU time for a run
    """

    batches: dict[int, list[Pass]]
    backends: dict[tuple[str, int], list[Pass]]
    sizes: dict[int, list[Pass]]
    shared: dict[int, list[float]]
    cold: list[float]
    oracle: list[float]


def taken(question: Question, done: Callable[[str], None]) -> Taken:
    """Return what everything in a plan takes, turn by turn.

    done  told what is measured next
    """
    found, plan = Taken({}, {}, {}, {}, [], []), question.plan
    worlds = [resized(question.world, plants, known) for plants, known, _ in plan.sizes]
    pace = oracle()
    with pool(PROCESSES) as workers:
        _warm_up(question, workers)
        for turn in range(plan.repeats):
            where = f"turn {turn + 1} of {plan.repeats}: "
            for runs in plan.batches:
                done(f"{where}{runs} runs")
                found.batches.setdefault(runs, []).append(question.pass_of(plan.months, runs, kept=True))
            for name, runs in compared(plan):
                done(f"{where}{runs} runs with {name}")
                with backend.using(name):
                    found.backends.setdefault((name, runs), []).append(question.pass_of(plan.short, runs))
            for place, (world, (plants, _, runs)) in enumerate(zip(worlds, plan.sizes, strict=True)):
                done(f"{where}{plants:,} plants")
                sized = Question(question.scenario, world, plan)
                found.sizes.setdefault(place, []).append(sized.pass_of(plan.short, runs))
            done(f"{where}worker processes")
            for many, wait in _waits(question, workers).items():
                found.shared.setdefault(many, []).append(wait)
            done(f"{where}a cold start")
            found.cold.append(cold(question.lasting(1), question.world))
            if pace is not None:
                done(f"{where}the oracle")
                month = pace(question.scenario, plan.oracle, 1, question.world)
                found.oracle.append(month * question.scenario.months * MILLI)
    return found


def compared(plan: Plan) -> list[tuple[str, int]]:
    """Return names of back ends and numbers of runs for which they stand side by side, none without numba."""
    return [(name, runs) for runs in plan.compared for name in backend.NAMES] if find_spec("numba") else []


def _waits(question: Question, workers: ProcessPoolExecutor) -> dict[int, float]:
    """Return the wall seconds in which one worker, and all, play and write as many batches as there are workers."""
    asked, chunk = question.lasting(question.plan.months), question.plan.chunk
    todo = [Batch(asked, number * chunk, chunk) for number in range(PROCESSES)]
    acts = {1: in_turn, PROCESSES: shared}
    return {many: act(workers, todo, question.world)[0] for many, act in acts.items()}


def _warm_up(question: Question, workers: ProcessPoolExecutor) -> None:
    """Let a month happen in every worker and with every back end, so that nothing is loaded against the clock."""
    ready(workers, PROCESSES, question.lasting(1), question.world)
    timed(question.lasting(1), question.world, 1)
    for name, _ in compared(question.plan):
        with backend.using(name):
            timed(question.lasting(1), question.world, 1)


def oracle() -> OraclePace | None:
    """Return what measures the oracle, none where it is not beside the packages."""
    if not (ORACLE / "__init__.py").is_file():
        return None
    if ORACLE.name not in sys.modules:
        about = spec_from_file_location(ORACLE.name, ORACLE / "__init__.py", submodule_search_locations=[str(ORACLE)])
        assert about is not None
        assert about.loader is not None
        sys.modules[ORACLE.name] = module_from_spec(about)
        about.loader.exec_module(sys.modules[ORACLE.name])
    pace: OraclePace = sys.modules[ORACLE.name].oracle_seconds_per_month
    return pace
