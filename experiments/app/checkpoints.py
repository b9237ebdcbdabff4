"""Where a worker's batches stood when measures were about to begin: a lever of what comes later goes on from there."""

from collections.abc import Callable

from abm.abreast import likeness
from abm.checkpoint import checkpoint, milestones, restore
from abm.model import Model
from experiments.app.tickets import Shelf

# Bytes a worker keeps: half a band of 64 runs stands in some 50 million.
ROOM = 200_000_000


class Checkpoints:
    """The checkpoints of a worker, the latest that were of use."""

    def __init__(self, room: int = ROOM) -> None:
        """Begin with none.

        room  bytes for all of them
        """
        self._kept: Shelf[bytes] = Shelf(room, len)

    def live(self, model: Model, progress: Callable[[int], None]) -> None:
        """Let all months of a batch happen that have not happened in one that was alike until then.

        progress  told how many months, all runs counted, are done with
        """
        books, stops = model.books, milestones(model.plan)
        keys = {months: self._key(model, months) for months in stops}
        for months in reversed(stops):
            kept = self._kept.get(keys[months])
            if kept is not None:
                restore(model, kept)
                break
        progress(books.step * books.runs)
        while model.running:
            if books.step in keys:
                self._kept.put(keys[books.step], checkpoint(model))
            model.step()
            progress(books.runs)

    @staticmethod
    def _key(model: Model, months: int) -> str:
        """Return what is equal for batches that stand alike after some months."""
        dice, shapes = model.books.dice, [column.shape for column in model.books.columns()]
        return repr((likeness(model.plan, months), dice.seed, tuple(dice.numbers), shapes))
