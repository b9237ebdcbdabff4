"""What a Dask worker is told before its first batch; imports neither polars nor numba, which it comes before."""

import os

from distributed import WorkerPlugin
from distributed.worker import Worker

from experiments.sweeping.surroundings import surroundings


class Alone(WorkerPlugin):  # type: ignore[misc]
    """Gives a worker one thread and a store of its own for what is compiled."""

    name = "friendshore"

    def setup(self, worker: Worker) -> None:  # noqa: ARG002
        """Set its environment."""
        os.environ.update(surroundings())
