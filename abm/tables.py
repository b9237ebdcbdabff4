"""What every data file looks like: columns, key, words a column may hold, fields with unit and range."""

import csv
import io
import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from abm.errors import InputError

WORLD, FRINGE, EVERY_CHAIN = "WORLD", "fringe", "all"
POOL, POOLED = "car", ("car_electric", "car_combustion")
NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
DAY = re.compile(r"\d{4}(-\d\d){0,2}")
FIGURE = " value unit date source note"
COLUMNS: Mapping[str, str] = {
    "units.csv": "unit base factor note",
    "regions.csv": "region field chain" + FIGURE,
    "countries.csv": "country iso2 region stance",
    "goods.csv": "good field start" + FIGURE,
    "recipes.csv": "process good kind input critical start" + FIGURE,
    "firms.csv": "firm hq" + FIGURE,
    "capacity.csv": "good region field start" + FIGURE,
    "demand.csv": "good region field start" + FIGURE,
    "trade.csv": "good buyer supplier field start" + FIGURE,
    "plants.csv": "firm region good process start" + FIGURE,
    "lead_times.csv": "good region field start" + FIGURE,
    "critical_inputs.csv": "input user_good region field" + FIGURE,
    "history.csv": "series good region date value unit error role source note",
    "events.csv": "date end actor target kind good value unit source note",
}
KEYS: Mapping[str, str] = {
    "units.csv": "unit",
    "countries.csv": "country",
    "recipes.csv": "process input start",
    "firms.csv": "firm",
    "history.csv": "series good region date",
    "events.csv": "date end actor target kind good",
}
# The words a column may hold: the name of a vocabulary, or the word itself. A column not named here is free.
WORDS: Mapping[str, tuple[str, ...]] = {
    "good": ("goods",),
    "user_good": ("goods", ""),
    "region": ("regions",),
    "hq": ("regions",),
    "buyer": ("regions",),
    "supplier": ("regions",),
    "process": ("processes",),
    "firm": ("firms",),
    "chain": ("chains", EVERY_CHAIN),
    "start": ("starts", ""),
    "critical": ("0", "1"),
    "stance": ("ally", "neutral", "rival"),
    "role": ("fit", "check", "held"),
    "recipes.csv input": ("goods", ""),
    "capacity.csv region": ("regions", WORLD),
    "demand.csv good": ("goods", POOL),
    "demand.csv region": ("regions", WORLD),
    "plants.csv firm": ("firms", FRINGE),
    "lead_times.csv good": ("goods", "chains"),
    "lead_times.csv region": ("regions", WORLD),
    "critical_inputs.csv region": ("regions", WORLD, ""),
    "history.csv good": ("goods", "chains", "inputs", POOL, ""),
    "history.csv region": ("regions", WORLD, ""),
    "events.csv good": ("goods", "chains", "inputs", POOL, ""),
}
MOST = math.inf
# Base unit, lowest and highest value in it; {unit} is the unit of the row's good, and an empty base is any unit.
FIELDS: Mapping[str, Mapping[str, tuple[str, float, float]]] = {
    "regions.csv": {
        "name": ("text", 0, 0),
        "opex_factor capex_factor": ("share", 0.01, 10),
        "hazard": ("share", 0, 3),
    },
    "goods.csv": {
        "name unit chain": ("text", 0, 0),
        "price": ("M USD per {unit}", 1e-12, MOST),
        "capex": ("M USD per ({unit}/month)", 0, MOST),
        "project_size": ("{unit}/month", 0, MOST),
        "utilisation": ("share", 0.01, 1),
        "hurdle learning freight backlog": ("share", 0, 1),
        "markup elasticity substitution": ("share", 0, 20),
        "home_bias": ("share", 0, 1000),
        "depreciation forgetting price_tension price_cost thrift": ("1/month", 0, 1),
        "life": ("month", 1, MOST),
        "qualification in_use_life": ("month", 0, MOST),
        "stock_cover": ("month", 1.05, MOST),
        "input_cover": ("month", 0.3, MOST),
        "production_lag": ("month", 0, 4),
    },
    "recipes.csv": {"": ("ratio", 0, MOST)},
    "firms.csv": {"": ("named", 1, 1)},
    "plants.csv": {"": ("{unit}/month", 0, MOST)},
    "capacity.csv": {"capacity_share output_share": ("share", 0, 1), "world_output": ("{unit}/month", 0, MOST)},
    "demand.csv": {
        "final_demand": ("{unit}/month", 0, MOST),
        "final_demand_share ev_share": ("share", 0, 1),
        "growth": ("1/month", -0.1, 0.1),
        "ev_policy": ("1/month", -1, 1),
    },
    "trade.csv": {"import_share": ("share", 0, 1)},
    "lead_times.csv": {"construction": ("month", 6, 72)},
    "critical_inputs.csv": {
        "share criticality late": ("share", 0, 1),
        "stock_days": ("month", 0, MOST),
        "kinds": ("count", 1, 100),
    },
    "history.csv": {"": ("", -MOST, MOST)},
    "events.csv": {"": ("", -MOST, MOST)},
}
WORLDWIDE = ("world_output", "final_demand")
REGIONAL = ("capacity_share", "output_share", "final_demand_share", "ev_share", "share")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a data file.

    where   file and line as an editor counts it, the header being row 1
    cells   word by column
    amount  value in the base unit; nan where the file has a word or nothing
    start   start state the row serves; None where it serves all
    """

    where: str
    cells: Mapping[str, str]
    amount: float = math.nan
    start: date | None = None

    def __getitem__(self, column: str) -> str:
        """Return the word in a column."""
        return self.cells[column]


def place(path: Path) -> str:
    """Return a file's name as messages show it: folder and file."""
    return f"{path.parent.name}/{path.name}"


def lines(path: Path, kind: str | None = None) -> Iterator[Row]:
    """Yield the lines of a CSV file as rows of words; its header must be that of COLUMNS.

    kind  file whose columns it has, where its name is another
    """
    columns, file = COLUMNS[kind or path.name].split(), place(path)
    reader = csv.reader(io.StringIO(text(path), newline=""), strict=True)
    try:
        header = next(reader, [])
        if header != columns:
            raise InputError(f"{file} row 1", f"the header is {','.join(header)!r}.", f"Write {','.join(columns)!r}.")
        for cells in reader:
            where = f"{file} row {reader.line_num}"
            if len(cells) != len(columns):
                what = f"has {len(cells)} columns, the header has {len(columns)}."
                raise InputError(where, what, "Put a text that holds a comma in quotes.")
            yield Row(where, dict(zip(columns, cells, strict=True)))
    except csv.Error as error:
        raise InputError(f"{file} row {reader.line_num}", f"is not CSV: {error}.") from error


def tables(path: Path) -> Mapping[str, Mapping[str, Any]]:
    """Return the tables of a TOML file by name."""
    try:
        document = _parsed(text(path))
    except tomllib.TOMLDecodeError as error:
        raise InputError(place(path), f"is not TOML: {error}.") from error
    for key, table in document.items():
        if not isinstance(table, dict):
            raise InputError(place(path), f"{key!r} stands outside a table.", "Start a table with [name].")
    return document


@lru_cache(maxsize=4)
def _parsed(words: str) -> Mapping[str, Any]:
    """Return a TOML text as Python values; several readers ask for the same one."""
    return tomllib.loads(words)


def text(path: Path) -> str:
    """Return what a file says, which must be UTF-8."""
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(place(path), "is missing.", "A data folder holds every file of abm/data.") from error
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise InputError(f"{place(path)} row {row}", "is not UTF-8.", "Save the file as UTF-8.") from error


def number(line: Row, column: str) -> float:
    """Return the number in a column."""
    if not NUMBER.fullmatch(line[column]) or math.isinf(float(line[column])):
        raise InputError(line.where, f"{column} {line[column]!r} is not a number.", "Write it like 1234.5.")
    return float(line[column])


def day(line: Row, column: str) -> date:
    """Return the first day of the day, month or year in a column."""
    try:
        return _date(line[column])
    except ValueError as error:
        remedy = "Write it like 2020, 2020-01 or 2020-01-31."
        raise InputError(line.where, f"{column} {line[column]!r} is not a date.", remedy) from error


@lru_cache(maxsize=1024)
def _date(word: str) -> date:
    """Return the first day of a day, month or year as files write it."""
    return date.fromisoformat((word + "-01-01")[:10] if DAY.fullmatch(word) else "")
