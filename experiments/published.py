"""What DESIGN.md and the app show of the last validation that was published: findings, tables and charts."""

import csv
import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl
    from starlette.staticfiles import StaticFiles

FOLDER = Path(__file__).parent / "validation" / "published"
# Where the app serves it.
PLACE = "validation"
FINDINGS, CHARTS, TABLE = "findings.csv", "charts.csv", "table-"


def files() -> "StaticFiles":
    """Return what serves the folder to browsers."""
    from starlette.staticfiles import StaticFiles

    return StaticFiles(directory=FOLDER)


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart as it is published.

    title  the finding;  file  of the folder
    """

    title: str
    file: str


@cache
def findings() -> "pl.DataFrame":
    """Return one row per finding: section, name, told, holds (empty: nothing to hold) and why."""
    import polars as pl

    return pl.read_csv(FOLDER / FINDINGS, schema_overrides={"holds": pl.Boolean})


@cache
def pictures() -> tuple[Picture, ...]:
    """Return the charts, in the order of the report."""
    _, *rows = _read(FOLDER / CHARTS)
    return tuple(Picture(*row) for row in rows)


@cache
def tables() -> dict[str, tuple[tuple[str, ...], list[tuple[str, ...]]]]:
    """Return heads and rows of the first table of every section, by the name of the section."""
    found = {}
    for path in sorted(FOLDER.glob(f"{TABLE}*.csv")):
        heads, *rows = _read(path)
        found[path.stem.removeprefix(TABLE)] = (tuple(heads), [tuple(row) for row in rows])
    return found


def _read(path: Path) -> list[list[str]]:
    """Return the rows of a CSV file, heads first."""
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
