"""An oracle for the month: plain Mesa, plain loops, plain numbers; slow and obvious. It is also what speed is measured
against."""

from time import perf_counter

from abm.model import Model
from abm.scenario import Scenario
from oracle.compare import columns, gaps
from oracle.month import Oracle

__all__ = ["Oracle", "columns", "gaps", "oracle_seconds_per_month"]


def oracle_seconds_per_month(scenario: Scenario, months: int = 3, seed: int = 1) -> float:
    """Return how long the oracle takes for a month of one run of a scenario, after one month to warm up."""
    oracle = Oracle(Model(scenario, runs=1, seed=seed))
    oracle.step()
    begun = perf_counter()
    for _ in range(months):
        oracle.step()
    return (perf_counter() - begun) / months
