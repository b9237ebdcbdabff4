"""The results folder: Parquet tables, a manifest and a summary, each whole or not there at all."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
from polars.io.plugins import register_io_source

from abm.errors import InputError
from experiments.units import units

ROWS_IN_GROUP, ROWS_IN_BATCH = 250_000, 10_000


class Store:
    """Tables on their way to a results folder: parts are kept hidden in it until the end."""

    def __init__(self, folder: Path) -> None:
        """Make the folder and see that it can be written."""
        self.folder = folder
        with _telling(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self._parts = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=folder))
        self._kept: dict[str, list[Path]] = {}

    def keep(self, tables: Mapping[str, pl.DataFrame]) -> None:
        """Keep the tables of a finished batch."""
        with _telling(self.folder):
            for name, table in tables.items():
                path = self._parts / f"{name}-{len(self._kept.get(name, ()))}.arrow"
                months = table["date"].n_unique() if "date" in table.columns else 1
                ordered = table.sort("date", maintain_order=True) if months > 1 else table
                size = max(len(table) // max(months, 1), ROWS_IN_BATCH)
                ordered.write_ipc(path, compression="lz4", record_batch_size=size)
                self._kept.setdefault(name, []).append(path)

    def table(self, name: str) -> pl.LazyFrame:
        """Return what is kept of a table so far, batch by batch; it can be read until the store is closed."""
        return pl.concat([pl.scan_ipc(part) for part in self._kept[name]])

    def finish(self, manifest: Mapping[str, Any], summary: pl.DataFrame) -> None:
        """Put all tables in place, the manifest last; without it a folder is not finished."""
        with _telling(self.folder):
            (self.folder / "manifest.json").unlink(missing_ok=True)
            for name, parts in self._kept.items():
                with _replacing(self.folder / f"{name}.parquet") as path:
                    _join(name, parts, path)
            with _replacing(self.folder / "summary.csv") as path:
                summary.write_csv(path, float_precision=6)
            with _replacing(self.folder / "manifest.json") as path:
                path.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

    def close(self) -> None:
        """Remove the hidden parts."""
        shutil.rmtree(self._parts, ignore_errors=True)


def _join(name: str, parts: Sequence[Path], path: Path) -> None:
    """Write the parts of a table as one, in the order of months where it has any, then of scenarios and runs."""
    schema = pl.read_ipc_schema(parts[0])
    whole = pl.concat([pl.scan_ipc(part) for part in parts])
    if "date" in schema:
        if whole.select(pl.len()).collect().item() <= ROWS_IN_GROUP:
            whole = whole.sort("date", "scenario", "run", maintain_order=True)
        else:
            # A plain sort, even of one year, would hold all runs at once.
            whole = register_io_source(lambda *_: _in_order(parts), schema=schema)
    told = {"units": json.dumps(units(name, schema))}
    whole.sink_parquet(path, compression_level=1, row_group_size=ROWS_IN_GROUP, metadata=told)


def _in_order(parts: Sequence[Path]) -> Iterator[pl.DataFrame]:
    """Yield the rows of some parts in the order of months, then of scenarios and runs, a month of a part at a time.

    parts  each in the order of months, with runs of one scenario that no other part has
    """
    tables = [pl.scan_ipc(part) for part in parts]
    firsts = [table.select("scenario", "run").head(1).collect().rows() for table in tables]
    ordered = [tables[place] for place in sorted(range(len(tables)), key=firsts.__getitem__)]
    sizes = [dict(table.group_by("date").len().collect().iter_rows()) for table in ordered]
    begun = [0] * len(ordered)
    for month in sorted({month for each in sizes for month in each}):
        for place, table in enumerate(ordered):
            size = sizes[place].get(month, 0)
            yield table.slice(begun[place], size).collect().sort("run", maintain_order=True)
            begun[place] += size


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """Give a hidden path beside the wanted one, and move it there once it is written and on the disk."""
    hidden = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield hidden
        with hidden.open("rb") as stream:
            os.fsync(stream.fileno())
        hidden.replace(path)
    finally:
        hidden.unlink(missing_ok=True)


@contextmanager
def _telling(folder: Path) -> Iterator[None]:
    """Turn an error of the file system into a message."""
    try:
        yield
    except (OSError, pl.exceptions.ComputeError) as error:
        what = f"cannot be written: {getattr(error, 'strerror', None) or error}."
        raise InputError(f"--out {folder}", what, "Choose another folder, or make room in it.") from error
