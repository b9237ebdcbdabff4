"""The one exception for people's mistakes: where, what, nearest spelling, remedy."""

from collections.abc import Iterable
from difflib import get_close_matches


class InputError(ValueError):
    """A mistake in something a person wrote: a file, a key, a value or a command.

    where   file and line or row, or the option's name
    what    what is wrong, in a sentence
    remedy  what to do about it
    """

    def __init__(self, where: str, what: str, remedy: str = "") -> None:
        self.where, self.what, self.remedy = where, what, remedy
        super().__init__(": ".join(part for part in (where, what) if part) + (f" {remedy}" if remedy else ""))


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a sentence that names the nearest known spelling, or lists what is known.

    word   what was written
    known  every spelling that would do
    """
    names = sorted(known)
    close = get_close_matches(word, names, n=1, cutoff=0.6)
    if close:
        return f"Did you mean {close[0]!r}?"
    listed = ", ".join(names[:20]) + (", ..." if len(names) > 20 else "")
    return f"Known: {listed}."
