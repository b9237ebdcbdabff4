"""One run of a sweep played again: what it did, or why it failed, and whether it is the same to the bit."""

import io
import traceback
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from abm.errors import InputError
from experiments.sweeping.batches import Part
from experiments.sweeping.dataset import POINTS, Dataset
from experiments.sweeping.plan import Keep
from experiments.sweeping.points import Point, loaded, read
from experiments.sweeping.work import FAILURES, played


def find(dataset: Dataset, wanted: str) -> tuple[Point, int, pl.DataFrame | None]:
    """Return point and number of a run by its name, and its headline figures, none if it failed."""
    dataset.refuse_nothing()
    told = dataset.about(POINTS)
    if told is None:
        raise InputError(str(dataset.folder / POINTS), "is missing.", "See friendshore verify.")
    known = read(told)
    for table in ("kpi", FAILURES):
        if dataset.counted(table):
            row = dataset.scan(table).filter(run_id=wanted).head(1).collect()
            if len(row):
                return known[row["point"][0]], row["run"][0], row if table == "kpi" else None
    remedy = "Take one of the column run_id of kpi or failures."
    raise InputError("RUN_ID", f"no run of {dataset.folder} is called {wanted!r}.", remedy)


def replay(dataset: Dataset, wanted: str, out: Path | None) -> tuple[list[str], bool]:
    """Play a run again; return what to tell of it, and whether it came out as it did before.

    out  folder for all its tables, if they are wanted
    """
    point, run, before = find(dataset, wanted)
    asked, rival = loaded(point.scenario)
    known = rival if point.baseline and rival else asked
    lines = [
        f"Run {run} of {known.name}, seed {point.seed}, point {point.name}{':' if point.values else '.'}",
        *(f"  {each}" for each in point.values),
    ]
    if point.true_name != point.name:
        lines.append("Model, data or scenario files have changed since: it will come out differently.")
    keep = Keep(regions=_every_series(), tables=("firms", "trade", "programmes", "events"))
    try:
        (tables,) = played(keep, [Part(point, run, 1)], lambda _: None)
    except Exception as error:  # noqa: BLE001 - what went wrong is what was asked for
        why = [str(error)] if isinstance(error, InputError) else traceback.format_exc().splitlines()
        return [*lines, "It fails:", *(f"  {each}" for each in why)], before is None
    if out is not None:
        _write(out, tables)
        lines.append(f"All its tables are in {out}.")
    now = tables["kpi"]
    lines += [f"  {name} = {value}" for name, value in now.row(0, named=True).items() if value is not None]
    if before is None:
        return [*lines, "It failed in the sweep, and does not fail now."], False
    other = [name for name in now.columns if name in before.columns and not now[name].equals(before[name])]
    if other:
        return [*lines, f"Not the same as in the sweep: {', '.join(other)}."], False
    return [*lines, "The same as in the sweep, to the bit."], True


def _every_series() -> tuple[str, ...]:
    """Return the names of all series."""
    from abm.series import SERIES

    return tuple(each.name for each in SERIES)


def _write(out: Path, tables: Mapping[str, pl.DataFrame]) -> None:
    """Write tables to a folder."""
    from experiments.sweeping.disk import put

    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"--out {out}", f"cannot be made: {error.strerror}.", "Choose another folder.") from error
    for name, table in tables.items():
        buffer = io.BytesIO()
        table.write_parquet(buffer)
        put(out / f"{name}.parquet", buffer.getvalue())
