"""Workers of a Dask cluster: they play batches and write them, and only receipts come back."""

import secrets
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

from distributed import Client, Future, KilledWorker, as_completed

from abm.errors import InputError
from experiments.sweeping.alone import Alone
from experiments.sweeping.batches import Task
from experiments.sweeping.crew import TRIES, Receipt, deliver, give_up
from experiments.sweeping.plan import Plan

# How often it is looked how many workers there are, and between two looks for receipts, in seconds.
_COUNTED, _GLANCE = 2.0, 0.02


class Remote:
    """Batches in the hands of a cluster: a little more than its workers can play at once.

    client  that knows the scheduler;  keep  keeps the cluster as large as it should be
    """

    def __init__(self, client: Client, plan: Plan, folder: Path, keep: Callable[[], None]) -> None:
        """Take what is played and where it goes; nothing is handed out yet."""
        self._client, self._plan, self._folder, self._keep = client, plan, folder, keep
        self._hands: dict[Future, tuple[Task, int]] = {}
        self._again: deque[tuple[Task, int]] = deque()
        self._coming = as_completed(loop=client.loop, with_results=False)
        # Two drivers of one sweep must not take each other's batches for their own.
        self._mark = secrets.token_hex(4)
        self._counted, self._room = -_COUNTED, 1

    def play(self, todo: Iterable[Task]) -> Iterator[Receipt | None]:
        """Yield a receipt for everything there is to do, as it is done, and nothing now and then meanwhile."""
        coming, told = iter(todo), monotonic()
        while True:
            self._count()
            self._hand_out(coming)
            if not self._hands:
                return
            ready = self._coming.next_batch(block=False)
            for future in ready:
                receipt = self._taken(future)
                if receipt is not None:
                    yield receipt
            if not ready:
                sleep(_GLANCE)
            if monotonic() - told > 0.5:
                told = monotonic()
                yield None

    def _count(self) -> None:
        """See how many workers there are, and have lost ones replaced."""
        if monotonic() - self._counted < _COUNTED:
            return
        self._counted = monotonic()
        workers = self._workers() if self._client.status != "closed" else None
        if workers is None:
            raise InputError("--cluster", "its scheduler is gone.", "Start the same line again when there is one.")
        self._room = workers + 1 + workers // 4

    def _workers(self) -> int | None:
        """Return how many workers there are, none if the scheduler does not say, and have lost ones replaced."""
        try:
            self._keep()
            # Nothing is said while the client looks for a scheduler that it has lost.
            return len(self._client.scheduler_info(-1).get("workers", ()))
        except OSError:
            return None

    def _hand_out(self, coming: Iterator[Task]) -> None:
        """Hand out what there is room for."""
        while len(self._hands) < self._room:
            task, tries = self._again.popleft() if self._again else (next(coming, None), 0)
            if task is None:
                return
            future = self._client.submit(
                deliver, self._plan, self._folder, task, key=f"{task.name}-{self._mark}-{tries}", pure=False
            )
            self._hands[future] = task, tries
            self._coming.add(future)

    def _taken(self, future: Future) -> Receipt | None:
        """Return the receipt of a batch; one that killed its workers is tried again, or given up."""
        task, tries = self._hands.pop(future)
        with suppress(OSError):
            if future.status == "finished":
                receipt: Receipt = future.result()
                return receipt
        if future.status != "error":
            # Its receipt or the scheduler is lost, which says nothing against the batch; see whether there is one.
            self._counted = -_COUNTED
            self._again.append((task, tries))
            return None
        error = future.exception()
        if not isinstance(error, KilledWorker | MemoryError):
            raise error
        if tries + 1 >= TRIES:
            return give_up(self._folder, task, "Its workers died every time that it was tried.")
        self._again.append((task, tries + 1))
        return None

    def withdraw(self) -> None:
        """Take back what nobody plays yet."""
        if self._client.status == "running":
            self._client.cancel([*self._hands], force=True)


def remote(
    client: Client, keep: Callable[[], None], plan: Plan, folder: Path, todo: Iterable[Task]
) -> Generator[Receipt | None, None, None]:
    """Play on a cluster; what is left in its hands when nobody wants further receipts is taken back."""
    client.register_plugin(Alone())
    hands = Remote(client, plan, folder.absolute(), keep)
    try:
        yield from hands.play(todo)
    finally:
        hands.withdraw()
