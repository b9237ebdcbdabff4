"""The results folder: parts written batch by batch become one table in the order of months, scenarios and runs."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from experiments import store
from experiments.store import Store

KEYS = ["date", "scenario", "run"]
MONTHS, PLACES, CHUNK = 5, 3, 4


def part(scenario: str, first: int) -> pl.DataFrame:
    """Return a part of a table as a batch makes it: in the order of months, places and runs."""
    rows = [
        (scenario, first + run, date(2020, 1 + month, 1), place, 100.0 * month + 10.0 * run + place + first)
        for month in range(MONTHS)
        for place in range(PLACES)
        for run in range(CHUNK)
    ]
    return pl.DataFrame(rows, schema=["scenario", "run", "date", "place", "value"], orient="row")


def parts() -> Iterator[pl.DataFrame]:
    """Yield the parts of two scenarios in turns, twelve runs each."""
    for first in range(0, 3 * CHUNK, CHUNK):
        yield part("b", first)
        yield part("a", first)


def written(folder: Path) -> pl.DataFrame:
    """Return the table made of all parts."""
    with closing(Store(folder)) as kept:
        for table in parts():
            kept.keep({"regions": table, "kpi": table.drop("date")})
        kept.finish({}, pl.DataFrame({"a": [1]}))
    assert pl.read_parquet(folder / "kpi.parquet").equals(pl.concat(parts()).drop("date"))
    return pl.read_parquet(folder / "regions.parquet")


@pytest.mark.parametrize("most", [1, 12, 73, 500_000])
def test_parts_become_one_table_in_order_however_few_rows_a_group_has(
    most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "ROWS_IN_GROUP", most)
    assert written(tmp_path).equals(pl.concat(parts()).sort(KEYS, maintain_order=True))


def test_parts_may_lack_months_that_others_have_and_come_in_any_order_within_one(tmp_path: Path) -> None:
    full, late = part("a", 0), part("a", CHUNK).filter(pl.col("date").dt.month().is_in([2, 5])).sort("value")
    with closing(Store(tmp_path)) as kept:
        for table in (late, part("b", 0).clear(), full):
            kept.keep({"events": table})
        kept.finish({}, pl.DataFrame({"a": [1]}))
    expected = pl.concat([full, late]).sort(KEYS, maintain_order=True)
    assert pl.read_parquet(tmp_path / "events.parquet").equals(expected)


def test_a_table_without_a_row_is_written_with_its_columns(tmp_path: Path) -> None:
    with closing(Store(tmp_path)) as kept:
        kept.keep({"events": part("a", 0).clear()})
        kept.finish({}, pl.DataFrame({"a": [1]}))
    assert pl.read_parquet(tmp_path / "events.parquet").equals(part("a", 0).clear())


def test_no_more_rows_are_held_at_once_than_a_part_has_in_a_month(tmp_path: Path) -> None:
    for number, table in enumerate(parts()):
        table.write_ipc(tmp_path / f"{number}.arrow")
    assert {len(held) for held in store._in_order([*tmp_path.glob("*.arrow")])} == {PLACES * CHUNK}
