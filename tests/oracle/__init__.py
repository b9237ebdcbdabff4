"""An oracle for the month: plain Mesa, plain loops, plain numbers; slow and obvious. It is also what speed is measured
against."""

from time import process_time

from abm.model import Model
from abm.scenario import Scenario
from abm.world import World
from oracle.compare import columns, gaps
from oracle.month import Oracle

__all__ = ["Oracle", "columns", "gaps", "oracle_seconds_per_month"]


def oracle_seconds_per_month(scenario: Scenario, months: int = 3, seed: int = 1, world: World | None = None) -> float:
    """Return the CPU time the oracle takes for a month of one run of a scenario, after one month to warm up."""
    oracle = Oracle(Model(scenario, runs=1, seed=seed, world=world))
    oracle.step()
    begun = process_time()
    for _ in range(months):
        oracle.step()
    return (process_time() - begun) / months
