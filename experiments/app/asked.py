"""What the engine takes: something that is asked, what workers play for it, and how the answer is put together."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar, runtime_checkable

Told_co = TypeVar("Told_co", covariant=True)


class Playable(Protocol):
    """What a worker plays in one go."""

    @property
    def months(self) -> int:
        """Months to be lived through, all runs counted."""

    @property
    def key(self) -> str:
        """Equal for plays whose figures are equal."""

    def played(self, progress: Callable[[int], None]) -> object:
        """Play in a worker and return what is kept.

        progress  told how many months, all runs counted, have just been lived through
        """


@runtime_checkable
class Alike(Playable, Protocol):
    """What may be played side by side with others of its kind."""

    @property
    def likeness(self) -> str:
        """Equal for what can be played side by side; nothing where none can."""

    def abreast(self, others: Sequence[Any], progress: Callable[[int], None]) -> Sequence[object]:
        """Play in a worker, with others that are alike by its side, and return what is kept of each.

        progress  told how many months, all runs of all plays counted, have just been lived through
        """


class Asked(Protocol[Told_co]):
    """What a page asks the engine."""

    @property
    def runs(self) -> int:
        """1 for what goes before everything that has more."""

    @property
    def key(self) -> str:
        """Equal for whatever has the same answer."""

    @property
    def plays(self) -> Sequence[Sequence[Playable]]:
        """What workers have to play, in groups."""

    @property
    def shared(self) -> Sequence[Playable]:
        """Plays whose outcome is ``theirs`` of the answers to many questions; nothing where there is none."""

    def told(self, parts: Sequence[Sequence[Any]], *, both: bool) -> Told_co:
        """Put the answer together in a worker.

        parts  what is kept of every play, in groups
        both   whether the outcome that is shared is wanted too
        """
