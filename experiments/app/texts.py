"""Every word of the app that does not come out of a run, in one place: texts.toml."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

FILE = "texts.toml"


def text(*path: str) -> str:
    """Return a text by its place in the file; one that is not there is our own mistake."""
    found = section(*path)
    assert isinstance(found, str), f"{FILE}: {'.'.join(path)} is no text"
    return found.strip()


def section(*path: str) -> Any:  # noqa: ANN401
    """Return a part of the file by its place."""
    found: Any = texts()
    for step in path:
        assert step in found, f"{FILE}: nothing at {'.'.join(path)}"
        found = found[step]
    return found


@cache
def texts() -> Mapping[str, Any]:
    """Return the whole file."""
    return tomllib.loads(files("experiments.app").joinpath(FILE).read_text(encoding="utf-8"))


def glossary() -> dict[str, str]:
    """Return the words of the field and what they mean, in the order of the alphabet."""
    return dict(
        sorted(((str(word), str(meaning).strip()) for word, meaning in section("glossary").items()), key=_first)
    )


def _first(pair: tuple[str, str]) -> str:
    """Return what a word is sorted by."""
    return pair[0].casefold()
