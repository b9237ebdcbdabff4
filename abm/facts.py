"""The data folder as checked rows: a figure without unit, date and source is refused with its file and row."""

import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from abm.axes import PerRegion
from abm.errors import InputError, nearest
from abm.tables import (
    COLUMNS,
    FIELDS,
    KEYS,
    POOL,
    POOLED,
    REGIONAL,
    WORDS,
    WORLD,
    WORLDWIDE,
    Row,
    day,
    lines,
    number,
    place,
    tables,
)

PACKAGE_DATA = Path(str(files("abm").joinpath("data")))
UNCITED = ("derived", "assumed")
_OBSERVED = "history.csv"
WHOLE = 0.0005 + 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """A whole data folder, every row checked.

    folder  where it was read
    rows    rows by file name, in the order of the file
    words   the vocabularies regions, goods, processes, firms, inputs, starts and chains, in the order of their files
    starts  start states, oldest first
    """

    folder: Path
    rows: Mapping[str, tuple[Row, ...]]
    words: Mapping[str, tuple[str, ...]]
    starts: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many entries of a file have a source, are derived or are assumed (counts)."""

    file: str
    entries: int
    sourced: int
    derived: int
    assumed: int


def gather(folder: Path) -> Facts:
    """Return the checked rows of a data folder, which holds every file of COLUMNS and sources.toml."""
    raw = {name: tuple(lines(folder / name)) for name in COLUMNS}
    book = _book(folder, raw)
    rows = {name: tuple(book.checked(name, raw[name])) for name in COLUMNS}
    starts = tuple(sorted({row.start for row in rows["capacity.csv"] if row.start}))
    return Facts(folder, rows, book.words, starts)


def observed(path: Path) -> tuple[Row, ...]:
    """Return the checked rows of a file that looks like history.csv, its sources being those of the package or its own.

    A source that the package does not know must be an address, so that a reader can find it.
    """
    raw = {name: tuple(lines(PACKAGE_DATA / name)) for name in COLUMNS if name != _OBSERVED}
    mine = tuple(lines(path.absolute(), _OBSERVED))
    book = _book(PACKAGE_DATA, raw)
    addresses = {line["source"] for line in mine if line["source"].startswith(("https://", "http://"))}
    return tuple(replace(book, sources=book.sources | addresses).checked(_OBSERVED, mine))


def _book(folder: Path, raw: Mapping[str, Iterable[Row]]) -> "_Book":
    """Return what the rows of a folder are checked against."""
    return _Book(
        words=_vocabularies(raw),
        units={line["unit"]: (line["base"], number(line, "factor")) for line in raw["units.csv"]},
        sources=frozenset(read_sources(folder)),
        measures=_measures(raw["goods.csv"]),
    )


def serving(rows: Iterable[Row], start: date, *columns: str) -> dict[tuple[str, ...], Row]:
    """Return the row that serves a start state, by the words in some columns.

    It is the row of that start, else of the next later one, else the row that serves all.
    """
    chosen: dict[tuple[str, ...], Row] = {}
    for row in rows:
        key = tuple(row[column] for column in columns)
        serves = row.start or date.max
        if serves >= start and (key not in chosen or serves < (chosen[key].start or date.max)):
            chosen[key] = row
    return chosen


def whole(rows: Sequence[Row], regions: Sequence[str], what: str) -> PerRegion:
    """Return the shares of a whole by region (region,), which must name every region and sum to 100 %."""
    of = {row["region"]: row.amount for row in rows}
    for region in regions:
        if region not in of:
            raise InputError(rows[0].where, f"{what} has no row for {region!r}.", "Add one; write 0 for nothing.")
    total = math.fsum(of[region] for region in regions)
    if abs(total - 1) > WHOLE:
        raise InputError(f"{rows[0].where} and below", f"{what} sums to {100 * total:.2f} %.", "Make it 100 %.")
    return np.array([of[region] / total for region in regions])


def missing(facts: Facts, file: str, what: str) -> InputError:
    """Return the refusal of a file in which no row gives a needed figure."""
    return InputError(
        f"{facts.folder.name}/{file}", f"no row gives {what}.", "Add it; a start needs it, or a later one."
    )


def coverage(folder: Path = PACKAGE_DATA) -> list[Coverage]:
    """Return the coverage of every file with entries; what countries.csv says counts as assumed."""
    rows = gather(folder).rows
    keys = {name: [row.cells.get("source", "assumed") for row in rows[name]] for name in COLUMNS if name != "units.csv"}
    if (folder / "parameters.toml").exists():
        keys["parameters.toml"] = [
            table.get("source", "assumed") for table in tables(folder / "parameters.toml").values()
        ]
    return [
        Coverage(name, len(of), sum(key not in UNCITED for key in of), of.count("derived"), of.count("assumed"))
        for name, of in keys.items()
    ]


def digest(folder: Path) -> str:
    """Return the sha256 over names and bytes of every file a world is read from, in name order."""
    total = hashlib.sha256()
    for name, path in _files(folder):
        total.update(name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def stamps(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Return name, time of the last change and size of every file a world is read from, in name order."""
    told = ((name, path.stat()) for name, path in _files(folder))
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in told)


def _files(folder: Path) -> list[tuple[str, Path]]:
    """Return name and path of every file a world is read from, in name order."""
    parameters = parameter_folder(folder) / "parameters.toml"
    paths = {path.name: path for path in (*folder.glob("*.csv"), folder / "sources.toml", parameters)}
    return sorted(paths.items())


def parameter_folder(folder: Path) -> Path:
    """Return the folder that holds parameters.toml: the given one, else the package's."""
    return folder if (folder / "parameters.toml").exists() else PACKAGE_DATA


@dataclass(frozen=True, slots=True)
class _Book:
    """What rows are checked against: vocabularies, units (base, factor), source keys and units of the goods."""

    words: Mapping[str, tuple[str, ...]]
    units: Mapping[str, tuple[str, float]]
    sources: frozenset[str]
    measures: Mapping[str, str]

    def checked(self, name: str, raw: Iterable[Row]) -> Iterator[Row]:
        """Yield the lines of a file as rows, every word, figure and source checked."""
        columns = COLUMNS[name].split()
        limits = {field: limit for joined, limit in FIELDS.get(name, {}).items() for field in joined.split(" ")}
        allowed = {column: known for column in columns if (known := self._allowed(name, column))}
        if "field" in columns:
            allowed["field"] = frozenset(limits)
        key = KEYS.get(name, " ".join(columns[:-5])).split()
        seen: dict[tuple[str, ...], str] = {}
        for line in raw:
            for column, known in allowed.items():
                if line[column] not in known:
                    raise InputError(line.where, f"no {column} {line[column]!r}.", nearest(line[column], known - {""}))
            earlier = seen.setdefault(tuple(line[column] for column in key), line.where)
            if earlier != line.where:
                raise InputError(line.where, f"says again what {earlier} says.", "Delete one of the two.")
            yield self._measured(line, limits) if limits else line

    def _allowed(self, name: str, column: str) -> frozenset[str]:
        """Return the words a column may hold; none where it may hold anything."""
        known = WORDS.get(f"{name} {column}", WORDS.get(column, ()))
        return frozenset(word for key in known for word in self.words.get(key, (key,)))

    def _measured(self, line: Row, limits: Mapping[str, tuple[str, float, float]]) -> Row:
        """Return a line with its amount in the base unit, once figure, date and source are in order."""
        field = line.cells.get("field", "")
        low, high = limits[field][1:]
        refuse_uncited(line.where, line["source"], line["note"], self.sources)
        days = {column: day(line, column) for column in ("date", "end", "start") if line.cells.get(column)}
        if not days.get("date"):
            raise InputError(line.where, "has no date.", "Write the date the figure speaks of.")
        region = line.cells.get("region")
        if (field in WORLDWIDE and region != WORLD) or (field in REGIONAL and region == WORLD):
            raise InputError(line.where, f"{field!r} is not given for {region!r}.", "See the other rows of that field.")
        base, factor = self._unit(line, limits[field][0])
        if base == "text" or (not limits[field][0] and not line["value"]):
            return Row(line.where, line.cells, start=days.get("start"))
        amount = number(line, "value") * factor
        if not low <= amount <= high:
            what = f"{field or 'value'} {line['value']} {line['unit']} is not between {low:g} and {high:g} {base}."
            raise InputError(line.where, what, "Correct the value or its unit.")
        return Row(line.where, line.cells, amount, days.get("start"))

    def _unit(self, line: Row, base: str) -> tuple[str, float]:
        """Return base and factor of a line's unit, which must be a unit of the wanted base."""
        if line["unit"] not in self.units:
            raise InputError(line.where, f"no unit {line['unit']!r}.", nearest(line["unit"], self.units))
        wanted = base.format(unit=self.measures.get(line.cells.get("good", ""), "?"))
        found, factor = self.units[line["unit"]]
        if wanted and found != wanted:
            fitting = " or ".join(repr(unit) for unit, (of, _) in self.units.items() if of == wanted)
            remedy = f"Write {fitting}." if fitting else f"Add a unit of {wanted!r} to units.csv."
            raise InputError(line.where, f"unit {line['unit']!r} counts {found!r}, not {wanted!r}.", remedy)
        return found, factor


def _measures(raw: Iterable[Row]) -> dict[str, str]:
    """Return the unit of every good; the pool of cars counts in that of its cars."""
    found = {line["good"]: line["value"] for line in raw if line["field"] == "unit"}
    for line in raw:
        if line["good"] not in found:
            raise InputError(line.where, f"good {line['good']!r} has no row with the field 'unit'.", "Add one.")
    return {POOL: found.get(POOLED[0], ""), **found}


def _vocabularies(raw: Mapping[str, Iterable[Row]]) -> dict[str, tuple[str, ...]]:
    """Return every code in the order it first appears in the file that defines it."""
    homes = {
        "regions": ("regions.csv", "region"),
        "goods": ("goods.csv", "good"),
        "processes": ("recipes.csv", "process"),
        "firms": ("firms.csv", "firm"),
        "inputs": ("critical_inputs.csv", "input"),
        "starts": ("capacity.csv", "start"),
    }
    found = {name: tuple(dict.fromkeys(line[of] for line in raw[file])) for name, (file, of) in homes.items()}
    chains = dict.fromkeys(line["value"] for line in raw["goods.csv"] if line["field"] == "chain")
    return {**found, "chains": tuple(chains)}


def read_sources(folder: Path) -> Mapping[str, Mapping[str, Any]]:
    """Return the sources by key; each has a title and an address."""
    path = folder / "sources.toml"
    found = tables(path)
    for key, table in found.items():
        for field in ("title", "address", "date"):
            if not isinstance(table.get(field), str):
                raise InputError(f"{place(path)} [{key}]", f"{field!r} is missing.", f'Write {field} = "...".')
    return found


def refuse_uncited(where: str, source: str, note: str, sources: Iterable[str]) -> None:
    """Refuse a figure without a source, or one of our own making without a note."""
    if source in UNCITED and not note.strip():
        remedy = {"derived": "Name the inputs in the note.", "assumed": "Say in the note why that value."}[source]
        raise InputError(where, f"is {source} and has no note.", remedy)
    if source not in UNCITED and source not in sources:
        raise InputError(where, f"no source {source!r}.", nearest(source, (*sources, *UNCITED)))
