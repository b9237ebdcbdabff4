"""What runs cost in processes of their own: a cold start, one worker beside two, memory, and a sweep."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import polars as pl

from abm.model import Model
from abm.scenario import Scenario
from abm.world import World
from experiments.run import Batch, batches, play
from experiments.store import Store

SEED = 1
MANY = 100_000
_STATUS = Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class Sweep:
    """A sweep through worker processes that keeps what sweeps keep, headline figures, firms and money; wall seconds.

    runs       of the scenario;  months  of each;  processes  workers
    starting   until every worker has lived through a month
    seconds    from then on
    megabytes  of Parquet
    per_core   runs a second and worker
    many       what 100,000 runs would take, starting included
    """

    scenario: str
    runs: int
    months: int
    processes: int
    starting: float
    seconds: float
    megabytes: float
    per_core: float
    many: float


def pool(processes: int) -> ProcessPoolExecutor:
    """Return workers that start from nothing, as they must where a process cannot be forked."""
    return ProcessPoolExecutor(processes, mp_context=get_context("spawn"))


def first_month(scenario: Scenario, world: World) -> None:
    """Live through the first month of one run."""
    Model(scenario, world=world).step()


def ready(workers: ProcessPoolExecutor, processes: int, scenario: Scenario, world: World) -> None:
    """Wait until every worker has lived through a month."""
    for started in [workers.submit(first_month, scenario, world) for _ in range(processes)]:
        started.result()


def played(batch: Batch, world: World, folder: str, series: Sequence[str] | None = None) -> int:
    """Play a batch and write its tables to a folder of their own; return their size, bytes.

    series  kept for the table of regions, all if none are named; without any there is no such table
    """
    tables = play(batch, SEED, world, lambda _: None, series)
    if series is not None and not series:
        tables = {name: table for name, table in tables.items() if name != "regions"}
    path = Path(folder) / f"{batch.first}"
    with closing(Store(path)) as store:
        store.keep(tables)
        store.finish({}, pl.DataFrame())
    return sum(each.stat().st_size for each in path.iterdir() if each.is_file())


def peak(scenario: Scenario, world: World, runs: int, series: Sequence[str] | None) -> int | None:
    """Return the most memory this process has held after some runs, KiB; none where the system does not tell."""
    Model(scenario, runs=runs, world=world, series=series).run()
    told = _STATUS.read_text(encoding="utf-8").splitlines() if _STATUS.is_file() else []
    return next((int(line.split()[1]) for line in told if line.startswith("VmHWM:")), None)


def memory(scenario: Scenario, world: World, runs: tuple[int, int]) -> dict[str, float] | None:
    """Return what a further run adds to the most memory that a process holds, KiB, by what is kept.

    runs  fewer and more, each number in a process of its own
    """
    added = {}
    for kept, series in {"all series kept": None, "headline figures alone": ()}.items():
        held: list[int] = []
        for many in runs:
            with pool(1) as workers:
                found = workers.submit(peak, scenario, world, many, series).result()
            if found is None:
                return None
            held.append(found)
        added[kept] = (held[1] - held[0]) / (runs[1] - runs[0])
    return added


def cold(scenario: Scenario, world: World) -> float:
    """Return the wall seconds from the start of a new process to the end of its first month."""
    begin = perf_counter()
    with pool(1) as workers:
        workers.submit(first_month, scenario, world).result()
        return perf_counter() - begin


def shared(
    workers: ProcessPoolExecutor, todo: Sequence[Batch], world: World, series: Sequence[str] | None = None
) -> tuple[float, int]:
    """Return the wall seconds in which workers play and write some batches, and how many bytes those are."""
    with TemporaryDirectory() as folder:
        begin = perf_counter()
        sizes = [each.result() for each in [workers.submit(played, batch, world, folder, series) for batch in todo]]
        return perf_counter() - begin, sum(sizes)


def in_turn(workers: ProcessPoolExecutor, todo: Sequence[Batch], world: World) -> tuple[float, int]:
    """Return the same where one worker at a time plays, the others waiting."""
    seconds, sizes = zip(*(shared(workers, [batch], world) for batch in todo), strict=True)
    return sum(seconds), sum(sizes)


def sweep(scenario: Scenario, world: World, runs: int, processes: int) -> Sweep:
    """Return how long a sweep takes whose chunks of runs are shared out among workers."""
    begin = perf_counter()
    with pool(processes) as workers:
        ready(workers, processes, scenario, world)
        starting = perf_counter() - begin
        seconds, size = shared(workers, list(batches((scenario,), runs)), world, ())
    per_core, many = runs / seconds / processes, starting + seconds * MANY / runs
    return Sweep(scenario.name, runs, scenario.months, processes, starting, seconds, size / 1e6, per_core, many)
