"""What the bench found, as tables and sentences."""

from collections.abc import Iterator
from statistics import median

from rich.console import Console
from rich.table import Table

from abm.month import PHASES
from experiments.bench_found import Bench, Speed
from experiments.bench_growth import LINKS, MILLI
from experiments.bench_workers import MANY
from experiments.layout import ruled
from experiments.run import CHUNK

NO_ORACLE = "The oracle, the same month one agent at a time, is only in a source checkout: no ratio to it."
NO_NUMBA = "numba is not installed: all is NumPy."


def show_bench(console: Console, found: Bench) -> None:
    """Print what was measured."""
    plan = found.plan
    console.print(
        f"{found.scenario}, {found.months} months, {found.rows:,} plants, {found.links:,} links; "
        f"medians of {plan.repeats} turns, in each of which everything is measured once."
    )
    if plan.months is not None and plan.months < found.months:
        console.print(
            f"The first {plan.months} months are measured and scaled to {found.months}, but for setting up; "
            "tables of so few months cost more than their share."
        )
    console.print(_speeds(found))
    console.print(_sizes(found))
    console.print()
    for sentence in _sentences(found):
        console.print(sentence)


def _speeds(found: Bench) -> Table:
    """Return the table of what a run takes in company, by what it is spent on."""
    table = ruled("CPU time, ms per run", [""], [_company(speed) for speed in found.speeds])
    rows = {
        "all in": [f"{speed.total:,.1f}" for speed in found.speeds],
        "  lowest to highest": [f"{speed.lowest:,.0f}-{speed.highest:,.0f}" for speed in found.speeds],
        "setting up": [f"{speed.setting_up:,.1f}" for speed in found.speeds],
    }
    rows |= {f"  {name}": [f"{speed.phases[name]:,.2f}" for speed in found.speeds] for name, _ in PHASES}
    for name in ("recording", "writing"):
        rows[f"{name}{' tables' * (name == 'writing')}"] = [f"{getattr(speed, name):,.1f}" for speed in found.speeds]
    for name in ("luck", "recording", "writing"):
        rows[f"share of {name}, %"] = [f"{100 * getattr(speed, name) / speed.total:,.1f}" for speed in found.speeds]
    rows["all runs, s"] = [f"{speed.total * speed.batch / MILLI:,.2f}" for speed in found.speeds]
    if found.ratio is not None:
        rows["the oracle takes, times as long"] = [f"{found.ratio[speed.batch]:,.0f}" for speed in found.speeds]
    for name, figures in rows.items():
        table.add_row(name, *figures)
    return table


def _sizes(found: Bench) -> Table:
    """Return the table of what a run takes in worlds of other sizes."""
    heads = ["known", "links", "per slot", "abreast", "ms per run", "us per link", "set up, ms"]
    table = ruled("Worlds of other sizes, the months alone", ["plants"], heads)
    for size in found.growth.sizes:
        table.add_row(
            f"{size.plants:,}",
            f"{size.known}",
            f"{size.links:,}",
            f"{size.links / size.slots:,.0f}",
            f"{size.batch}",
            f"{size.per_run:,.1f}",
            f"{size.per_run * MILLI / size.links:,.1f}",
            f"{size.setting_up:,.0f}",
        )
    return table


def _sentences(found: Bench) -> Iterator[str]:
    """Yield what is told in sentences."""
    low, high = LINKS
    grown = found.growth
    if grown.links is not None:
        yield f"From {low:,} to {high:,} links a run costs links to the power of {grown.links:.2f}."
    if grown.runs is not None:
        yield f"From {CHUNK} runs on all runs cost their number to the power of {grown.runs:.2f}."
    if found.backends is None:
        yield NO_NUMBA
    for each in found.backends or ():
        company = "One run alone" if each.batch == 1 else f"Each of {each.batch} runs"
        yield f"{company}: {each.numba:,.1f} ms with numba, {each.numpy:,.1f} without, {each.ratio:.1f} times as long."
    if found.memory is not None:
        added = ", ".join(f"{held:,.0f} KiB with {kept}" for kept, held in found.memory.items())
        yield f"Memory: a further run adds to a batch {added}."
    yield _of_processes(found)
    yield f"A new process has its first month done after {found.cold:.1f} s."
    if found.sweep is not None:
        yield _of_sweep(found)
    yield _of_oracle(found)
    yield f"Measuring took {found.seconds / 60:.1f} minutes."


def _of_processes(found: Bench) -> str:
    """Return what several processes give, in a sentence."""
    waits = ", ".join(f"{wait:,.1f} ms with {many}" for many, wait in found.processes.items())
    return (
        f"Worker processes, tables written, wall time per run: {waits} side by side; {found.speedup:.2f} times as fast."
    )


def _of_sweep(found: Bench) -> str:
    """Return what many runs would take, in a sentence."""
    assert found.sweep is not None
    took = found.sweep
    return (
        f"{took.runs:,} runs of {took.scenario} in {took.processes} processes, with luck and all tables but regions, "
        f"took {took.seconds:,.1f} s after {took.starting:.1f} s to start: {took.per_core:.2f} runs a second and core. "
        f"{MANY:,} would take {took.many / 60:,.0f} minutes, {took.many * took.processes / 3600:,.1f} core hours, and "
        f"{took.megabytes * MANY / took.runs / 1000:,.0f} GB."
    )


def _of_oracle(found: Bench) -> str:
    """Return how the oracle compares, in a sentence."""
    if found.oracle is None or found.ratio is None:
        return NO_ORACLE
    ratios = " and ".join(
        f"{found.ratio[one.batch]:,.0f} times as long as a run {'alone' if one.batch == 1 else f'among {one.batch}'}"
        for one in found.speeds
    )
    return (
        f"The oracle, the same month one agent at a time, takes {median(found.oracle) / MILLI:,.1f} s a run "
        f"({found.plan.oracle} of its months, scaled to {found.months}), without tables: {ratios}."
    )


def _company(speed: Speed) -> str:
    """Return the heading of a number of runs."""
    if speed.batch == 1:
        return "1 run alone"
    return f"{speed.batch} abreast" if speed.batch <= CHUNK else f"{speed.batch} in {CHUNK}s"
