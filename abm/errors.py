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

    def __reduce__(self) -> tuple[type["InputError"], tuple[str, str, str]]:
        """Go from process to process: an exception is made anew of its arguments, and those are not its message."""
        return type(self), (self.where, self.what, self.remedy)


def nearest(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return a sentence that names the nearest known spelling, or lists what is known; capitals do not matter.

    word       what was written
    known      every spelling that would do
    otherwise  what to say where none is near, instead of a list
    """
    names = sorted(known)
    plain = {name.casefold(): name for name in reversed(names)}
    close = get_close_matches(word.casefold(), plain, n=1, cutoff=0.6) or _holding(word.casefold(), plain)
    if close:
        return f"Did you mean {' or '.join(repr(plain[name]) for name in close)}?"
    if otherwise:
        return otherwise
    listed = ", ".join(names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
    return f"Known: {listed}."


def _holding(word: str, names: Iterable[str]) -> list[str]:
    """Return up to three names of which one word begins with what was written."""
    return [name for name in names if word and any(part.startswith(word) for part in (name, *name.split()))][:3]
