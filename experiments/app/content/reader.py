"""Reads tours and lessons; every mistake of a file is told at once, with its line."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from abm.facts import PACKAGE_DATA, read_sources
from abm.outline import NAME
from abm.problems import Problems
from abm.toml_lines import Place, TomlFile, read
from experiments.app.content.said import UNITS
from experiments.app.content.shapes import Fact, Figure, Lesson, Tour

CONTENT = Path(str(files("experiments.app").joinpath("content")))
Page = TypeVar("Page", bound=BaseModel)


@cache
def tours() -> Mapping[str, Tour]:
    """Return the tours by name, in their order."""
    found = {path.stem: tour(path) for path in sorted((CONTENT / "tours").glob("*.toml"))}
    return dict(sorted(found.items(), key=lambda pair: pair[1].order))


@cache
def lessons() -> Mapping[str, Lesson]:
    """Return the lessons by name."""
    return {path.stem: lesson(path) for path in sorted((CONTENT / "lessons").glob("*.toml"))}


def tour(path: Path) -> Tour:
    """Return the tour of a file."""
    return _checked(path, Tour)


def lesson(path: Path) -> Lesson:
    """Return the lesson of a file."""
    return _checked(path, Lesson)


def _checked(path: Path, shape: type[Page]) -> Page:
    """Return what a file says, in its shape."""
    file = read(path)
    problems = Problems(file)
    if not NAME.fullmatch(path.stem):
        problems.add((), f"the file is called {path.name!r}.", "Use small letters, digits and _ before .toml.")
    page = problems.validated(shape, dict(file.document), ())
    if page is not None:
        _refuse_unknown(problems, page, ())
    problems.settle()
    assert page is not None, "a page that is not valid has left a problem"
    return page


def _refuse_unknown(problems: Problems, page: object, place: Place) -> None:
    """Note sources that are not in the list of sources, and measures that no summary has."""
    if isinstance(page, Fact) and page.source not in _sources():
        problems.add((*place, "source"), f"no source {page.source!r}.", "Name a key of abm/data/sources.toml.")
    if isinstance(page, Figure) and page.measure not in UNITS:
        problems.add((*place, "measure"), f"no measure {page.measure!r}.", f"Write one of {', '.join(UNITS)}.")
    if isinstance(page, BaseModel):
        for name in type(page).model_fields:
            _refuse_unknown(problems, getattr(page, name), (*place, name))
    elif isinstance(page, tuple):
        for number, each in enumerate(page):
            _refuse_unknown(problems, each, (*place, number))
    elif isinstance(page, dict):
        for name, each in page.items():
            _refuse_unknown(problems, each, (*place, name))


@cache
def _sources() -> Mapping[str, object]:
    """Return the sources by key."""
    return read_sources(PACKAGE_DATA)


def source(key: str) -> str:
    """Return how a source is called, by its key."""
    found = read_sources(PACKAGE_DATA)[key]
    return f"{found['title']}, {found['date']}"


__all__ = ["CONTENT", "TomlFile", "lesson", "lessons", "source", "tour", "tours"]
