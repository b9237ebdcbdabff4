"""What C's library is told of memory: nothing that decides a figure, and nothing where it is another library."""

import ctypes
from contextlib import suppress

# What glibc calls the memory it gives back, asks for beyond what is needed, and takes apart from its heap; and heaps.
_TRIM, _PAD, _APART, _ARENAS = -1, -2, -3, -8
HEAPS, ROOM, LARGEST, ALL = 2, 64 << 20, 32 << 20, 2**31 - 1


def share_heaps() -> None:
    """Let all threads share heaps, where each would have its own; asked before there are any."""
    _tell(_ARENAS, HEAPS)


def keep_heap() -> None:
    """Keep the memory of arrays for the next: fresh pages every month are a twentieth of the time of half a band."""
    for what, value in ((_APART, LARGEST), (_TRIM, ALL), (_PAD, ROOM)):
        _tell(what, value)


def _tell(what: int, value: int) -> None:
    """Set a value of glibc's."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(what, value)
