"""What the bench measures, and what it found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from abm.month import PHASES
from experiments.bench_growth import MILLI, Growth
from experiments.bench_timing import Pass
from experiments.bench_workers import Sweep
from experiments.versions import versions


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured.

    repeats   turns, in each of which everything is measured once
    batches   numbers of runs
    compared  numbers of runs for which numba stands beside NumPy
    chunk     runs that a worker process plays side by side
    months    that runs go on for, all if none; the cost of months is then scaled to all
    short     the same of other back ends and worlds
    oracle    the same of the oracle
    sizes     of worlds: plants, suppliers a slot knows, and runs side by side
    """

    repeats: int
    batches: tuple[int, ...]
    compared: tuple[int, ...]
    chunk: int
    months: int | None
    short: int
    oracle: int
    sizes: tuple[tuple[int, int, int], ...]


FULL = Plan(
    repeats=5,
    batches=(1, 16, 64, 256),
    compared=(1, 64),
    chunk=64,
    months=None,
    short=12,
    oracle=3,
    sizes=(
        (300, 10, 64),
        (808, 10, 64),
        (808, 30, 64),
        (1_600, 10, 64),
        (3_000, 10, 64),
        (5_500, 10, 64),
        (30_000, 10, 8),
    ),
)
QUICK = Plan(
    repeats=5,
    batches=(1, 16, 64),
    compared=(1, 64),
    chunk=64,
    months=24,
    short=6,
    oracle=1,
    sizes=((300, 10, 64), (808, 10, 64), (808, 30, 64), (3_000, 10, 64)),
)


@dataclass(frozen=True, slots=True)
class Speed:
    """How long one run of a batch takes, ms of CPU time per run; medians over the turns.

    batch       runs, in chunks of 64 where they are more;  total  all in, lowest and highest beside it
    setting_up  until the first month; a model may share what an earlier one of its world has worked out
    phases      by name;  luck  drawn within them
    recording   month by month;  writing  tables to Parquet
    repeats     every total but writing, which the oracle does not do, in the order taken
    """

    batch: int
    total: float
    lowest: float
    highest: float
    setting_up: float
    phases: Mapping[str, float]
    luck: float
    recording: float
    writing: float
    repeats: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Backends:
    """What a run of a batch takes in either arithmetic, ms of CPU time.

    ratio  how many times as long NumPy takes, median over the turns
    """

    batch: int
    numba: float
    numpy: float
    ratio: float


@dataclass(frozen=True, slots=True)
class Bench:
    """What was measured; CPU times are for all months of the scenario, those of fewer months scaled.

    oracle     what the oracle takes for the months of one run, ms of CPU time, in every turn; none without it
    ratio      how many times as long that is as a run takes, by batch; median over the turns; none without the oracle
    backends   numba beside NumPy; none where numba is not installed
    processes  wall ms per run, tables written, by number of worker processes
    speedup    how many times as fast the most processes are as one, median over the turns
    cold       wall seconds of a new process until its first month is over
    memory     KiB that a further run adds to the most a process holds, by what is kept; none if the system is silent
    sweep      if one was asked for
    seconds    that measuring took
    """

    scenario: str
    months: int
    rows: int
    links: int
    speeds: tuple[Speed, ...]
    oracle: tuple[float, ...] | None
    ratio: Mapping[int, float] | None
    backends: tuple[Backends, ...] | None
    growth: Growth
    processes: Mapping[int, float]
    speedup: float
    cold: float
    memory: Mapping[str, float] | None
    sweep: Sweep | None
    seconds: float
    plan: Plan
    machine: Mapping[str, str]
    versions: Mapping[str, str] = field(default_factory=versions)


def speed(batch: int, passes: Sequence[Pass]) -> Speed:
    """Return the medians of some passes of a batch, ms per run."""
    each = MILLI / batch
    totals = tuple(one.total * each for one in passes)
    return Speed(
        batch=batch,
        total=median(totals),
        lowest=min(totals),
        highest=max(totals),
        setting_up=median(one.setting_up for one in passes) * each,
        phases={name: median(one.phases[name] for one in passes) * each for name, _ in PHASES},
        luck=median(one.luck for one in passes) * each,
        recording=median(one.recording for one in passes) * each,
        writing=median(one.writing for one in passes) * each,
        repeats=tuple(_lived(one) * each for one in passes),
    )


def backends(batch: int, numba: Sequence[Pass], numpy: Sequence[Pass]) -> Backends:
    """Return how numba compares with NumPy for a batch."""
    fast, slow = ([_lived(one) * MILLI / batch for one in passes] for passes in (numba, numpy))
    return Backends(batch, median(fast), median(slow), times(slow, fast))


def times(slow: Sequence[float], fast: Sequence[float]) -> float:
    """Return how many times as long the slow one takes, the median of the turns."""
    return median(one / other for one, other in zip(slow, fast, strict=True))


def _lived(one: Pass) -> float:
    """Return what setting up and the months took, seconds."""
    return one.setting_up + one.months
