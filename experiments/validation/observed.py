"""What was observed: the rows of history.csv, or of a file like it, that a series of the model stands for."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Literal

import polars as pl
from pydantic import BaseModel, Field

from abm.facts import PACKAGE_DATA, observed
from abm.kpi import CHAINS
from abm.outline import STRICT
from abm.tables import POOL, POOLED, day, number, tables

HISTORY = PACKAGE_DATA / "history.csv"
MEASURES = Path(__file__).parent / "measures.toml"
CHIPS = "chips"
PLACE = ("series", "good", "region")
KEY = (*PLACE, "date")
ROWS = {
    "series": pl.String,
    "good": pl.String,
    "region": pl.String,
    "date": pl.String,
    "year": pl.Int32,
    "month": pl.Date,
    "value": pl.Float64,
    "error": pl.Float64,
    "unit": pl.String,
    "role": pl.String,
    "source": pl.String,
}


class Measure(BaseModel):
    """How a series of history is measured in the model; measures.toml says what each word means."""

    model_config = STRICT

    title: str
    kind: Literal[
        "share",
        "total",
        "rate",
        "utilisation",
        "price",
        "from",
        "dependence",
        "exports",
        "share_of_pool",
        "firm_share",
        "firm_total",
    ]
    of: str = ""
    at: str = ""
    per: float = 1.0
    index: bool = False
    goods: Annotated[tuple[str, ...], Field(strict=False)] = ()
    since: int = 0


def measures() -> Mapping[str, Measure]:
    """Return the measures by name of the series, which may end in a star."""
    return {name: Measure.model_validate(table) for name, table in tables(MEASURES).items()}


def measure_of(series: str, good: str, known: Mapping[str, Measure]) -> tuple[str, Measure] | None:
    """Return what a series' star stands for, and its measure; nothing where the model has none."""
    for name, measure in known.items():
        if fnmatchcase(series, name) and (not measure.goods or good in measure.goods):
            return series.removeprefix(name.removesuffix("*")), measure
    return None


def goods_of(good: str) -> tuple[str, ...]:
    """Return the model's goods that a good of history stands for."""
    return {POOL: POOLED, CHIPS: CHAINS[CHIPS]}.get(good, (good,))


def history(*paths: Path) -> pl.DataFrame:
    """Return the rows of files like history.csv (columns of ROWS), of history.csv itself if none is named.

    A date within a year keeps its month; of a figure that several files give, the last is taken.
    """
    rows = []
    for row in (row for path in paths or (HISTORY,) for row in observed(path)):
        if not row["value"]:
            continue
        first = day(row, "date").replace(day=1)
        head = tuple(row[column] for column in KEY)
        figures = (number(row, "value"), number(row, "error"), row["unit"], row["role"], row["source"])
        rows.append((*head, first.year, first if len(row["date"]) > len("2020") else None, *figures))
    return pl.DataFrame(rows, schema=ROWS, orient="row").unique([*KEY], keep="last", maintain_order=True)


def tellable(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows that a measure of the model stands for, and the series that nothing can be said of, with why.

    A series of one date tells nothing about how the world moves.
    """
    known = measures()
    series = rows.group_by("series", "good", maintain_order=True).agg(
        pl.col("year").n_unique().alias("dates"), pl.len().alias("figures")
    )
    why = [
        "one dated figure only"
        if dates < 2
        else ""
        if measure_of(name, good, known)
        else "no series of the model counts the same"
        for name, good, dates in series.select("series", "good", "dates").iter_rows()
    ]
    told = series.with_columns(pl.Series("why", why, dtype=pl.String))
    mine = rows.join(told.filter(why="").select("series", "good"), on=["series", "good"], how="semi")
    return mine, told.filter(pl.col("why") != "").drop("dates")
