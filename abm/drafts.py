"""A scenario file on its way to a scenario: read, joined with what it extends, every mistake told at once."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from abm.composition import Shelf, compose, terms
from abm.errors import InputError, nearest
from abm.outline import FIRST, LAST, LISTS, NAME, RESERVED, UNLESS_TOLD, Outline, instrument
from abm.overrides import parameter_problem
from abm.policies.instrument import Instrument
from abm.problems import Problems
from abm.toml_lines import Place, TomlFile, read

MOST_MONTHS = 600
# A composition names the folder of its results.
LONGEST = 200


def locate(what: str | Path, library: Path) -> Path:
    """Return the file of a scenario.

    what     a name in the library, or the path of a file
    library  folder that holds NAME.toml
    """
    if isinstance(what, Path) or "/" in what or "\\" in what or what.endswith(".toml"):
        return Path(what)
    path = library / f"{what}.toml"
    if not NAME.fullmatch(what) or not path.is_file():
        known = [each.stem for each in library.glob("*.toml")]
        raise InputError("", f"no scenario is called {what!r}.", f"{nearest(what, known)} Or give the path of a file.")
    return path


def named(name: str, beside: Path, library: Path) -> Path | None:
    """Return the file of a scenario that another file names: next to it, else in the library."""
    both = (folder / f"{name}.toml" for folder in (beside.parent, library))
    return next((path for path in both if path.is_file()), None)


def ask(what: str | Path, library: Path) -> dict[str, Any]:
    """Return the fields of a scenario by name or path, or of several put together with + and -.

    library  folder of the scenarios known by name
    """
    if isinstance(what, Path):
        return draft(what, library)
    first, further = terms(what)
    if further and len(what) > LONGEST:
        raise InputError("", f"{what[:40]}... has over {LONGEST} characters.", "Write a file that extends them.")
    path = locate(first, library)
    return compose(draft(path, library), further, _shelf(path, library))


def _shelf(beside: Path, library: Path, trail: tuple[Path, ...] = ()) -> Shelf:
    """Return the scenarios that a file can name: those next to it, else those of the library.

    trail  files that extend what is read, directly or not
    """

    @cache
    def of(name: str) -> dict[str, Any]:
        """Return the fields of a scenario by name."""
        path = named(name, beside, library)
        assert path is not None, "a name on the shelf has a file"
        if path.resolve() in trail:
            raise InputError("", *_circle(name))
        return draft(path, library, trail)

    return Shelf(_names(beside, library), of)


def _circle(name: str) -> tuple[str, str]:
    """Return mistake and remedy where a file is extended by what it extends."""
    return f"{name!r} extends this one in turn.", "Break the circle."


def draft(path: Path, library: Path, trail: tuple[Path, ...] = ()) -> dict[str, Any]:
    """Return the fields of the scenario that a file describes.

    library  folder of the scenarios known by name
    trail    files that extend this one, directly or not
    """
    file = read(path)
    problems = Problems(file)
    outline = problems.validated(Outline, dict(file.document), ())
    own = [found for entry in LISTS for found in _measures(problems, file, entry)]
    if not NAME.fullmatch(path.stem):
        problems.add((), f"the file is called {path.name!r}.", "Use small letters, digits and _ before .toml.")
    parent: dict[str, Any] = {}
    if outline and outline.extends:
        parent = _parent(problems, outline.extends, library, (*trail, path.resolve()))
    _refuse_names(problems, own, parent)
    if outline:
        _refuse_values(problems, outline, path, library)
    window = _window(problems, outline, parent)
    problems.settle()
    assert outline is not None, "an outline that is not valid has left a problem"
    return _joined(parent, own, outline, file) | window | {"name": path.stem, "text": file.text, "file": str(path)}


def _measures(problems: Problems, file: TomlFile, entry: str) -> Iterator[tuple[Place, Instrument]]:
    """Yield place and instrument of every sound table of the list ``policy`` or ``shock``."""
    tables = file.document.get(entry)
    for number, table in enumerate(tables if isinstance(tables, list) else ()):
        measure = instrument(problems, (entry, number), table) if isinstance(table, dict) else None
        if measure:
            yield (entry, number), measure


def _parent(problems: Problems, what: str, library: Path, trail: tuple[Path, ...]) -> dict[str, Any]:
    """Return the fields of what is extended, one or several put together; a file next to this one goes first."""
    shelf, (first, further) = _shelf(trail[-1], library, trail), terms(what)
    for word in (first, *(word for _, word in further)):
        path = named(word, trail[-1], library)
        if path and path.resolve() in trail:
            problems.add(("extends",), *_circle(word))
            return {}
        if path:
            shelf.read(word)
        elif word == first:
            problems.add(("extends",), f"no scenario is called {first!r}.", nearest(first, shelf.names))
            return {}
    try:
        return compose(shelf.read(first), further, shelf)
    except InputError as error:
        problems.add(("extends",), f"{error.where}: {error.what}", error.remedy)
        return {}


def _refuse_names(problems: Problems, own: list[tuple[Place, Instrument]], parent: Mapping[str, Any]) -> None:
    """Note every name that is taken: by another measure, or by a key of the scenario itself."""
    taken = {each.name: "the scenario it extends" for each in (*parent.get("policies", ()), *parent.get("shocks", ()))}
    taken |= dict.fromkeys(RESERVED, "a key of every scenario")
    for place, measure in own:
        if measure.name in taken:
            what = f"{measure.name!r} is taken by {taken[measure.name]}."
            problems.add((*place, "name"), what, "Choose another name.")
        taken.setdefault(measure.name, f"{place[0]} {place[1] + 1}" if isinstance(place[1], int) else "")


def _refuse_values(problems: Problems, outline: Outline, path: Path, library: Path) -> None:
    """Note parameters out of range and a baseline that is not there."""
    for name, value in outline.parameters.items():
        wrong = parameter_problem(name, value)
        if wrong:
            problems.add(("parameters", name), *wrong)
    if outline.baseline == path.stem:
        problems.add(("baseline",), "a scenario cannot be compared with itself.", "Leave the key out.")
    elif outline.baseline and named(outline.baseline, path, library) is None:
        remedy = nearest(outline.baseline, _names(path, library))
        problems.add(("baseline",), f"no scenario is called {outline.baseline!r}.", remedy)


def _window(problems: Problems, outline: Outline | None, parent: Mapping[str, Any]) -> dict[str, date]:
    """Return first and last month: the file's own, else those of what it extends, else 2020 to 2030."""
    if outline is None:
        return {}
    start = outline.start or parent.get("start", FIRST)
    until = outline.until or parent.get("until", LAST)
    wrong = wrong_window(start, until)
    if wrong:
        problems.add(("until",), *wrong)
    return {"start": start, "until": until}


def wrong_window(start: date, until: date) -> tuple[str, str] | None:
    """Return mistake and remedy where a run would end before it starts or take over fifty years."""
    months = (until.year - start.year) * 12 + until.month - start.month + 1
    if 1 <= months <= MOST_MONTHS:
        return None
    what = f"from {start:%Y-%m} until {until:%Y-%m} is {months} months."
    return what, f"Let until be start or later, and at most {MOST_MONTHS} months away."


def _joined(
    parent: Mapping[str, Any], own: list[tuple[Place, Instrument]], outline: Outline, file: TomlFile
) -> dict[str, Any]:
    """Return what a file says, after the policies, shocks and parameters of what it extends."""
    said = outline.model_dump(include={"title", "question", "story", "references", "baseline"})
    lists: dict[str, tuple[Instrument, ...]] = {
        entry: tuple(measure for place, measure in own if place[0] == entry) for entry in LISTS
    }
    return said | {
        "headline": outline.headline,
        "governments": outline.governments or parent.get("governments", UNLESS_TOLD["governments"]),
        "policies": parent.get("policies", ()) + lists["policy"],
        "shocks": parent.get("shocks", ()) + lists["shock"],
        "parameters": {**parent.get("parameters", {}), **outline.parameters},
        "places": {**parent.get("places", {}), **_places(own, file)},
    }


def _places(own: list[tuple[Place, Instrument]], file: TomlFile) -> dict[str, str]:
    """Return file and line of every key of the measures, by dotted key, and of the headline."""
    fields = {
        f"{measure.name}.{field}": (*place, field) for place, measure in own for field in type(measure).model_fields
    }
    return {key: f"{file.where}:{file.line(place)}" for key, place in (fields | {"headline": ("headline",)}).items()}


def _names(beside: Path, library: Path) -> frozenset[str]:
    """Return the names of the scenarios next to a file and in the library."""
    paths = (path for folder in (beside.parent, library) for path in folder.glob("*.toml"))
    return frozenset(path.stem for path in paths if path.is_file())
