"""What a plan will take, worked out before it is begun from a short trial on this machine."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from abm.errors import InputError
from experiments.sweeping.batches import Batch, Part
from experiments.sweeping.dataset import encoded
from experiments.sweeping.driver import Opened, Shard
from experiments.sweeping.plan import Until
from experiments.sweeping.progress import lasting
from experiments.sweeping.work import alike, work


@dataclass(frozen=True, slots=True)
class Trial:
    """What some runs of the plan's first points took.

    seconds  of one processor, per run;  size  bytes written, per run
    """

    seconds: float
    size: float


def trial(laid: Opened) -> Trial:
    """Play one run to warm up, then by the clock most of what the first batch plays side by side."""
    first = laid.tasks[0]
    batch = first if isinstance(first, Batch) else first.batches[0]
    parts = tuple(batch.parts[place] for place in max(alike(batch.parts), key=len))
    work(laid.plan.keep, Batch("", (Part(parts[0].point, 0, 1),)))
    begin = perf_counter()
    found = work(laid.plan.keep, Batch("", parts))
    runs = sum(part.runs for part in parts) - len(found.failures)
    if not runs:
        raise InputError("the plan's first points", found.failures[0][3], "Mend the plan.")
    size = sum(len(encoded(each)) for each in found.frames().values())
    return Trial((perf_counter() - begin) / runs, size / runs)


def foretold(laid: Opened, workers: int, shard: Shard) -> list[str]:
    """Return what a sweep will take, in lines; refuse one that would fill half the free disk."""
    mine, done = shard.of(laid.tasks), laid.dataset.done()
    left = sum(task.runs for task in mine if task.name not in done)
    until = isinstance(laid.plan.runs, Until)
    most = "at most " if until else ""
    lines = [
        laid.plan.title,
        f"{len(laid.points)} points, {sum(point.baseline for point in laid.points)} of them baselines; "
        f"{most}{laid.runs} runs in {len(laid.tasks)} {'pairs' if until else 'batches'}.",
    ]
    if len(mine) < len(laid.tasks):
        lines.append(f"Shard {shard.number}/{shard.count}: {len(mine)} of them.")
    if left < sum(task.runs for task in mine):
        lines.append(f"Done already: all but {left} runs.")
    if not left:
        return [*lines, "Nothing is left to do."]
    one = trial(laid)
    free = shutil.disk_usage(_there(laid.dataset.folder)).free
    lines += [
        f"Time: {most}{lasting(left * one.seconds / workers)} with {workers} workers "
        f"({one.seconds * 1000:.0f} ms a run on one processor of this machine).",
        f"Disk: {most}{_bytes(left * one.size)} ({one.size / 1000:.1f} kB a run); {_bytes(free)} are free.",
    ]
    if left * one.size > free / 2:
        what = f"needs {_bytes(left * one.size)} of {_bytes(free)}: over half the free disk."
        raise InputError(str(laid.dataset.folder), what, "Keep less, take fewer runs, or give a folder elsewhere.")
    return lines


def _there(folder: Path) -> Path:
    """Return a folder, or the nearest above it that is there."""
    path = folder.absolute()
    while not path.exists():
        path = path.parent
    return path


def _bytes(size: float) -> str:
    """Return a size in words."""
    for unit, scale in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if size >= scale:
            return f"{size / scale:.1f} {unit}"
    return f"{size / 1000:.0f} kB"
