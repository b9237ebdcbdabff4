"""How fast the month is: CPU time per run, alone and in company, by phase, memory per run, and beside the oracle."""

import json
import os
import platform
import sys
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from statistics import median
from time import process_time, time

from rich.console import Console
from rich.progress import Progress

from abm import world as worlds
from abm.books import Books
from abm.errors import InputError
from abm.model import Model
from abm.month import PHASES, Phase
from abm.scenario import Scenario
from abm.world import World
from experiments.layout import WIDEST, ruled
from experiments.versions import versions

BATCHES = (1, 64)
KILO, MILLI = 1024.0, 1000.0
# The same month as plain loops stands beside the packages in a source checkout, and is not in the wheel.
ORACLE = Path(__file__).resolve().parents[1] / "tests" / "oracle"
ORACLE_MONTHS = 3
NO_ORACLE = "The oracle, the same month one agent at a time, is only in a source checkout: no ratio to it."

OraclePace = Callable[[Scenario, int, int, World], float]


@dataclass(frozen=True, slots=True)
class Pass:
    """CPU seconds of one batch: in all, until the first month, and by phase."""

    total: float
    setting_up: float
    phases: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Speed:
    """How long one run of a batch takes, ms of CPU time per run; medians over the repeats.

    batch       runs side by side;  total  all in, lowest and highest beside it
    setting_up  until the first month;  phases  by name;  keeping  the record and everything else
    repeats     every total, in the order taken
    """

    batch: int
    total: float
    lowest: float
    highest: float
    setting_up: float
    keeping: float
    phases: Mapping[str, float]
    repeats: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Bench:
    """What was measured.

    memory  KiB that a further run adds to the highest use of a batch
    oracle  what the oracle takes for the months of one run, ms of CPU time, in every turn; none without it
    ratio   how many times as long that is as a run takes, by batch; median over the turns; none without the oracle
    """

    scenario: str
    months: int
    rows: int
    links: int
    speeds: tuple[Speed, ...]
    memory: float
    machine: Mapping[str, str]
    oracle: tuple[float, ...] | None = None
    ratio: Mapping[int, float] | None = None
    versions: Mapping[str, str] = field(default_factory=versions)


def bench(path: Path, scenario: str = "chips_act", repeats: int = 5, until: str | None = None) -> None:
    """Measure, print the tables and write them to a file."""
    asked = Scenario.load(scenario).override(*([f"until={until}"] if until else []))
    world = worlds.read(asked.start)
    asked.check(world)
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("bench", total=(repeats + 1) * sum(BATCHES))
        found = measured(asked, world, BATCHES, repeats, lambda runs: progress.advance(task, runs))
    show_bench(Console(width=WIDEST, markup=False, highlight=False), found)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(found), indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"--out {path}", f"cannot be written: {error.strerror}.", "Choose another file.") from error
    Console().print(f"All figures are in {path}.", soft_wrap=True)


def measured(
    scenario: Scenario, world: World, batches: Sequence[int], repeats: int, done: Callable[[int], None] = lambda _: None
) -> Bench:
    """Return speed and memory of some batch sizes and, in a source checkout, how much slower the oracle is.

    done  told the number of runs after every batch

    Batches and oracle take turns, so that a slow spell hits all alike. Against the oracle count a few of its months,
    scaled to all, without its setting up; against a run everything, its record too: the ratio is never flattered.
    """
    passes: dict[int, list[Pass]] = {batch: [] for batch in batches}
    pace, slow = _oracle(), list[float]()
    for _ in range(repeats):
        for batch in batches:
            passes[batch].append(_timed(scenario, world, batch))
            done(batch)
        if pace is not None:
            slow.append(pace(scenario, ORACLE_MONTHS, 1, world) * scenario.months * MILLI)
    peaks = {}
    for batch in (min(batches), max(batches)):
        peaks[batch] = _peak(scenario, world, batch)
        done(batch)
    more = max(batches) - min(batches)
    memory = (peaks[max(batches)] - peaks[min(batches)]) / KILO / more if more else peaks[max(batches)] / KILO
    network = Model(scenario, world=world).books.frame.network
    speeds = tuple(_speed(batch, found) for batch, found in passes.items())
    size = (scenario.months, network.rows, len(network.link_slot))
    found = Bench(scenario.name, *size, speeds, memory, _machine())
    return replace(found, oracle=tuple(slow), ratio={one.batch: _ratio(slow, one) for one in speeds}) if slow else found


def _oracle() -> OraclePace | None:
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


def _ratio(oracle: Sequence[float], speed: Speed) -> float:
    """Return how many times as long as a run the oracle takes, the median of the turns."""
    return median(slow / fast for slow, fast in zip(oracle, speed.repeats, strict=True))


def _timed(scenario: Scenario, world: World, batch: int) -> Pass:
    """Return the CPU time of one batch from nothing to its last month."""
    spent = dict.fromkeys((name for name, _ in PHASES), 0.0)
    begin = process_time()
    model = Model(scenario, runs=batch, world=world)
    ready = process_time()
    model.phases = tuple((name, _clocked(name, phase, spent)) for name, phase in PHASES)
    model.run()
    end = process_time()
    _let_go(model)
    return Pass(end - begin, ready - begin, spent)


def _clocked(name: str, phase: Phase, spent: dict[str, float]) -> Phase:
    """Return a phase that adds its CPU time to what is spent."""

    def run(books: Books) -> None:
        """Let the phase happen against the clock."""
        begin = process_time()
        phase(books)
        spent[name] += process_time() - begin

    return run


def _peak(scenario: Scenario, world: World, batch: int) -> int:
    """Return the most memory that a batch holds at once, bytes."""
    tracemalloc.start()
    try:
        model = Model(scenario, runs=batch, world=world).run()
        _let_go(model)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _let_go(model: Model) -> None:
    """Take what is large out of a model, which Mesa 3.3 keeps alive."""
    del model.books, model.record


def _speed(batch: int, passes: Sequence[Pass]) -> Speed:
    """Return the medians of some passes of a batch, ms per run."""
    each = MILLI / batch
    totals = tuple(one.total * each for one in passes)
    phases = {name: median(one.phases[name] for one in passes) * each for name, _ in PHASES}
    keeping = median(one.total - one.setting_up - sum(one.phases.values()) for one in passes) * each
    setting_up = median(one.setting_up for one in passes) * each
    return Speed(batch, median(totals), min(totals), max(totals), setting_up, keeping, phases, totals)


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
        "at": f"{time():.0f}",
    }


def show_bench(console: Console, found: Bench) -> None:
    """Print what was measured."""
    repeats = len(found.speeds[0].repeats)
    told = (
        f"{found.scenario}, {found.months} months, {found.rows:,} plants, {found.links:,} links; medians of {repeats}."
    )
    console.print(told)
    table = ruled("CPU time, ms per run", [""], [_company(speed) for speed in found.speeds])
    table.add_row(
        "all in", *(f"{speed.total:,.1f} ({speed.lowest:,.1f}-{speed.highest:,.1f})" for speed in found.speeds)
    )
    table.add_row("setting up", *(f"{speed.setting_up:,.1f}" for speed in found.speeds))
    for name, _ in PHASES:
        table.add_row(f"  {name}", *(f"{speed.phases[name]:,.2f}" for speed in found.speeds))
    table.add_row("keeping the record", *(f"{speed.keeping:,.1f}" for speed in found.speeds))
    table.add_row("the whole batch, s", *(f"{speed.total * speed.batch / MILLI:,.2f}" for speed in found.speeds))
    console.print(table)
    console.print(f"\nMemory: a further run adds {found.memory:,.0f} KiB to a batch.")
    console.print(_beside_the_oracle(found))


def _beside_the_oracle(found: Bench) -> str:
    """Return how the oracle compares, in a sentence."""
    if found.oracle is None or found.ratio is None:
        return NO_ORACLE
    ratios = " and ".join(
        f"{found.ratio[one.batch]:,.0f} times as long as a run {'alone' if one.batch == 1 else f'among {one.batch}'}"
        for one in found.speeds
    )
    return (
        f"The oracle, the same month one agent at a time, takes {median(found.oracle) / MILLI:,.1f} s a run "
        f"({ORACLE_MONTHS} months, scaled to {found.months}): {ratios}."
    )


def _company(speed: Speed) -> str:
    """Return the heading of a batch size."""
    return "1 run alone" if speed.batch == 1 else f"{speed.batch} runs abreast"
