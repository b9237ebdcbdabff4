"""The tables of DESIGN.md, made from code and data: `python -m experiments.design` writes them anew."""

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeAlias, get_type_hints

from abm import world as worlds
from abm.month import PHASES
from abm.series import SERIES
from abm.state import State
from experiments import published

DESIGN = Path(str(files("abm"))) / "DESIGN.md"
_START = date(2020, 1, 1)
_DESCRIBED = re.compile(r"^    (?P<names>[a-z_]+(?:, [a-z_]+)*)\s{2,}(?P<text>\S.*)$")
# Heads of the columns, and rows.
Grid: TypeAlias = tuple[tuple[str, ...], Sequence[tuple[object, ...]]]
_AXES = re.compile(r" \([a-z, ]+\)$")


def tables() -> dict[str, str]:
    """Return every generated table of DESIGN.md by its name."""
    return {name: _markdown(*grid) for name, grid in grids().items()}


def grids() -> dict[str, Grid]:
    """Return heads and rows of every table of the design by its name."""
    makers: dict[str, Callable[[], Grid]] = {
        "goods": _goods,
        "kinds": _kinds,
        "state": lambda: _columns(State),
        "phases": _phases,
        "series": _series,
        "parameters": _parameters,
    }
    validated = {f"validation-{name}": grid for name, grid in published.tables().items()}
    return {name: make() for name, make in makers.items()} | validated


def refreshed(text: str) -> str:
    """Return the text of DESIGN.md with its tables made anew."""
    for name, table in tables().items():
        head, mark, rest = text.partition(f"<!-- table {name} -->\n")
        _, end, tail = rest.partition("<!-- end -->")
        text = f"{head}{mark}{table}{end}{tail}" if mark else text
    return text


def chapter(title: str) -> str:
    """Return the text of a chapter of DESIGN.md, without its tables.

    title  with its number
    """
    _, found, rest = DESIGN.read_text(encoding="utf-8").partition(f"## {title}\n")
    assert found, f"DESIGN.md has a chapter {title!r}"
    return re.sub(r"<!-- table .*?<!-- end -->", "", rest.partition("\n## ")[0], flags=re.DOTALL).strip()


def described(table: type) -> Iterator[tuple[str, str]]:
    """Yield name and meaning of every column that the docstring of a table of the books describes."""
    for line in (table.__doc__ or "").splitlines():
        found = _DESCRIBED.match(line)
        if found:
            for part in re.split(r";\s{2,}", f"{found['names']}  {found['text']}"):
                names, _, text = re.sub(r"\s{2,}", "\t", part.strip()).partition("\t")
                for name in names.split(", "):
                    yield name, text


def _markdown(head: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> str:
    """Return a Markdown table."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join("| " + " | ".join(str(cell).replace("|", "/") for cell in line) + " |\n" for line in lines)


def _goods() -> Grid:
    """Return the goods with unit, chain and basis of the start shares."""
    world = worlds.read(_START)
    goods = world.goods
    rows = zip(goods.code, goods.title, goods.unit, goods.chain, world.share_basis, strict=True)
    return ("good", "name", "unit", "chain", "start shares of"), list(rows)


def _kinds() -> Grid:
    """Return the kinds of maker with their processes and number of rows."""
    world = worlds.read(_START)
    plants, recipes = world.plants, world.recipes
    rows: list[tuple[object, ...]] = []
    for kind in dict.fromkeys(recipes.kind):
        processes = [number for number, of in enumerate(recipes.kind) if of == kind]
        count = sum(int(process) in processes for process in plants.process)
        rows.append((kind, ", ".join(recipes.process[number] for number in processes), count))
    return ("agent", "processes", "rows at 2020-01"), rows


def _columns(table: type) -> Grid:
    """Return the columns of a table of the books with their axes and meaning."""
    hints: dict[str, Any] = get_type_hints(table, include_extras=True)
    meaning = dict(described(table))
    rows = [
        (column.name, ", ".join(hints[column.name].__metadata__), _AXES.sub("", meaning[column.name]))
        for column in fields(table)
    ]
    return ("column", "axes", "meaning and unit"), rows


def _phases() -> Grid:
    """Return the phases of the month in order."""
    rows = [
        (number, name, (phase.__doc__ or "").splitlines()[0], phase.__module__.rpartition(".")[2])
        for number, (name, phase) in enumerate(PHASES, 1)
    ]
    return ("", "phase", "what happens", "in abm/phases"), rows


def _series() -> Grid:
    """Return the series of the table of regions."""
    return ("series", "unit", "what it is"), [(one.name, one.unit, one.sentence) for one in SERIES]


def _parameters() -> Grid:
    """Return the behavioural parameters with value, range and source."""
    found = tomllib.loads((DESIGN.parent / "data" / "parameters.toml").read_text(encoding="utf-8"))
    rows = [
        (name, f"{one['value']:g}", one["unit"], f"{one['low']:g} to {one['high']:g}", one["source"], one["sentence"])
        for name, one in found.items()
    ]
    return ("parameter", "value", "unit", "range", "source", "what it is"), rows


if __name__ == "__main__":
    DESIGN.write_text(refreshed(DESIGN.read_text(encoding="utf-8")), encoding="utf-8")
