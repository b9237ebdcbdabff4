"""What charts set beside a run: recorded shares up to 2021, and what newspapers claimed."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from abm.facts import PACKAGE_DATA, gather
from abm.tables import Row, number

# Nothing that happened later is drawn: the model does not know it either.
LAST = date(2021, 12, 31)
CLAIMS = Path(str(files("experiments.app").joinpath("data/claims.csv")))
# Names of the recorded shares on the same basis as the series; those of other goods are called after what they are of.
NAMES = MappingProxyType({"chips": "chip_capacity_share_semi", "chip_leading": "chip_capacity_share_leading"})
USUAL = ("capacity_share", "output_share")


@dataclass(frozen=True, slots=True)
class Dot:
    """One figure beside a run.

    value   share of the world, %;  day  in the middle of the time it speaks of
    source  key of sources.toml, derived or assumed
    words   what it is, for its label; empty for a recorded share
    """

    region: str
    day: date
    value: float
    source: str
    words: str = ""


@cache
def recorded(series: str) -> tuple[Dot, ...]:
    """Return the recorded shares of the world of a series, %, up to 2021.

    series  its code
    """
    wanted = (NAMES[series],) if series in NAMES else USUAL
    rows = [row for row in _history() if row["good"] == series and row["series"] in wanted]
    dots = (
        Dot(row["region"], middle(row["date"]), number(row, "value"), row["source"]) for row in rows if row["region"]
    )
    return tuple(dot for dot in dots if dot.day <= LAST)


@cache
def _history() -> Sequence[Row]:
    """Return what is recorded of the world; reading it takes a tenth of a second."""
    return gather(PACKAGE_DATA).rows["history.csv"]


@cache
def claimed(series: str) -> tuple[Dot, ...]:
    """Return what newspapers claimed of a series, shares of the world in %."""
    with CLAIMS.open(encoding="utf-8", newline="") as file:
        return tuple(_claims(csv.DictReader(file), series))


def _claims(rows: "csv.DictReader[str]", series: str) -> Iterator[Dot]:
    """Yield the claims of a series."""
    for row in rows:
        if row["good"] == series:
            words = f"{float(row['value']):g} % in the news of {row['published']}\n({row['basis']})"
            yield Dot(row["region"], middle(row["date"]), float(row["value"]), row["source"], words)


def middle(word: str) -> date:
    """Return the middle of a year, or the day or month that is told."""
    return date.fromisoformat(word + {4: "-07-01", 7: "-01"}.get(len(word), ""))
