"""Looking after the folder of a sweep: finding what the disk has damaged, and putting small files together."""

import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from abm.errors import InputError
from experiments.sweeping.dataset import DONE, SUMS, Dataset, File, digest
from experiments.sweeping.disk import clear, left_over
from experiments.sweeping.provenance import hashed
from experiments.sweeping.work import by_month

# How many bytes of parts are put together in one file: what a query of a month reads in one go, and fits in memory.
TOGETHER = 32_000_000


@dataclass(slots=True)
class Health:
    """What looking at every byte has found.

    damaged  files and why, of which some batches have to be played again: those receipts
    disputed batches that came out in two ways;  left  files of nobody, harmless
    """

    files: int = 0
    size: int = 0
    damaged: list[tuple[Path, str]] = field(default_factory=list)
    again: list[File] = field(default_factory=list)
    disputed: list[str] = field(default_factory=list)
    left: list[Path] = field(default_factory=list)


def health(dataset: Dataset) -> Health:
    """Read every file of a dataset, and return what is wrong."""
    dataset.refuse_nothing()
    found = Health(left=list(left_over(dataset.folder)))
    for path, why in _sums(dataset.folder, found):
        found.damaged.append((path, why))
    for path in sorted((dataset.folder / "env").glob("[0-9a-f]*.json")):
        _look(File(path, "env", "", path.stem), found)
    receipts = dataset.receipts()
    known = {each.path for each in receipts}
    every = list(dataset.files(DONE))
    found.disputed = sorted(
        {each.batch for each in every if each.kind == "part" and each.path not in known}
        & {each.batch for each in receipts if each.kind == "part"}
    )
    files = {each.path: each for table in dataset.tables() for each in dataset.files(table)}
    for receipt in receipts:
        if not _look(receipt, found):
            found.again.append(receipt)
            continue
        mine = [dataset.folder / table / str(told["file"]) for table, told in receipt.said()["tables"].items()]
        sound = [_there(path, files.pop(path, None), found) for path in mine]
        if not all(sound):
            found.again.append(receipt)
    found.left += [*files, *(each.path for each in every if each.path not in known)]
    return found


def _sums(folder: Path, found: Health) -> Iterator[tuple[Path, str]]:
    """Yield the files that tell what a dataset is about and are not what was written."""
    for line in (folder / SUMS).read_bytes().splitlines():
        wanted, _, name = line.decode("utf-8", "replace").partition("  ")
        path = folder / Path(name).name
        if not path.is_file():
            yield path, "is missing"
            continue
        content = path.read_bytes()
        found.files, found.size = found.files + 1, found.size + len(content)
        if hashlib.sha256(content).hexdigest() != wanted:
            yield path, "is not what was written"


def _there(path: Path, file: File | None, found: Health) -> bool:
    """Return whether a file of a receipt is there and what was written."""
    if file is None:
        found.damaged.append((path, "is missing"))
        return False
    return _look(file, found)


def _look(file: File, found: Health) -> bool:
    """Read a file, and return whether it is what was written."""
    content = file.path.read_bytes()
    found.files, found.size = found.files + 1, found.size + len(content)
    if digest(content) == file.digest:
        return True
    found.damaged.append((file.path, "is not what was written"))
    return False


def drop(dataset: Dataset, found: Health) -> None:
    """Remove what is damaged and its receipts, so that it is played again, and what is nobody's."""
    with dataset.locked():
        for receipt in found.again:
            receipt.path.unlink(missing_ok=True)
        for path in (*(path for path, _ in found.damaged), *found.left):
            path.unlink(missing_ok=True)


def compact(dataset: Dataset, together: int = TOGETHER) -> tuple[int, int]:
    """Put the parts of a dataset together in larger files, and return how many there were and are.

    together  bytes of parts in one file, about

    Parts go when the file that holds them is on the disk, whoever stops it when.
    """
    dataset.refuse_nothing()
    with dataset.locked():
        clear(dataset.folder)
        tables = dataset.tables()
        before = sum(1 for table in tables for _ in dataset.files(table))
        parts: dict[str, dict[str, File]] = {}
        for table in tables:
            for each in dataset.counted(table):
                if each.kind == "part":
                    parts.setdefault(each.batch, {})[table] = each
        receipts = [each for each in dataset.receipts() if each.kind == "part"]
        for group in _groups(receipts, parts, together):
            _merge(dataset, group, parts)
        _sweep_out(dataset, tables)
        return before, sum(1 for table in tables for _ in dataset.files(table))


def _groups(receipts: Sequence[File], parts: dict[str, dict[str, File]], together: int) -> Iterator[list[File]]:
    """Yield receipts by as many as belong in one file."""
    group, size = list[File](), 0
    for receipt in receipts:
        group.append(receipt)
        size += sum(each.path.stat().st_size for each in parts.get(receipt.batch, {}).values())
        if size >= together:
            yield group
            group, size = [], 0
    if len(group) > 1:
        yield group


def _merge(dataset: Dataset, group: Sequence[File], parts: dict[str, dict[str, File]]) -> None:
    """Put the parts of some receipts together; one that is damaged is refused, not passed on."""
    names = [each.batch for each in group]
    tables: dict[str, pl.DataFrame] = {}
    for table in sorted({table for name in names for table in parts.get(name, {})}):
        frames = [_intact(parts[name][table]) for name in names if table in parts.get(name, {})]
        tables[table] = by_month(pl.concat(frames))
    dataset.add(hashed(*names), tables, kind="whole", covers=names)


def _intact(part: File) -> pl.DataFrame:
    """Return a part; refuse it if it is damaged."""
    content = part.path.read_bytes()
    if digest(content) != part.digest:
        what = "is not what was written."
        raise InputError(str(part.path), what, "See friendshore verify --drop, and start the sweep again.")
    return pl.read_parquet(io.BytesIO(content))


def _sweep_out(dataset: Dataset, tables: Sequence[str]) -> None:
    """Remove the parts that a larger file holds, receipts last."""
    wholes = (each for each in dataset.files(DONE) if each.kind == "whole")
    covered = set[str]().union(*({*each.said()["batches"]} for each in wholes))
    for table in (*tables, DONE):
        for each in dataset.files(table):
            if each.kind == "part" and each.batch in covered:
                each.path.unlink(missing_ok=True)
