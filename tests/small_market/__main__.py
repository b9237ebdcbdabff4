"""Time the small market in every way it is written: CPU time per run, medians of turns taken one after the other."""

import sys
from collections.abc import Callable
from importlib.util import find_spec
from statistics import median
from time import process_time

import numpy as np

from abm.axes import Floats
from small_market import Start, in_mesa, in_numpy, in_polars, start

TURNS, BATCH = 5, 64


def ways() -> dict[str, tuple[Callable[[Start], Floats], int]]:
    """Return all ways by name, each with the runs it plays side by side; agentpy only where it is installed."""
    found: dict[str, tuple[Callable[[Start], Floats], int]] = {
        "plain Mesa": (in_mesa.run, 1),
        "polars": (in_polars.run, 1),
        "NumPy, one run": (in_numpy.run, 1),
        f"NumPy, {BATCH} runs": (in_numpy.run, BATCH),
    }
    if find_spec("agentpy"):
        from small_market import in_agentpy

        found["agentpy"] = (in_agentpy.run, 1)
    return found


def first_run(record: Floats) -> Floats:
    """Return the first run of a record, which may be of several (month, tier, series)."""
    return record if record.ndim == 3 else record[..., 0]


def main() -> None:
    """Check that all agree, and print what each takes."""
    spent: dict[str, list[float]] = {name: [] for name in ways()}
    for _ in range(TURNS):
        for name, (run, runs) in ways().items():
            begun = start(runs)
            begin = process_time()
            run(begun)
            spent[name].append(1000.0 * (process_time() - begin) / runs)
    agreed = [first_run(run(start())) for run, _ in ways().values()]
    gap = max(float(np.abs(one / agreed[0] - 1.0).max()) for one in agreed)
    sys.stdout.write(f"CPU time, ms per run of 132 months; all agree to {gap:.0e}\n")
    for name, took in sorted(spent.items(), key=lambda each: -median(each[1])):
        times = median(slow / fast for slow, fast in zip(spent["plain Mesa"], took, strict=True))
        sys.stdout.write(f"{name:20s}{median(took):10.1f}{times:8.1f} x\n")


if __name__ == "__main__":
    main()
