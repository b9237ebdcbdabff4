"""The folder of a sweep: what is in it is done, whoever did it and however it ended."""

import hashlib
import io
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from abm.errors import InputError
from experiments.sweeping.disk import locked, put
from experiments.sweeping.provenance import LETTERS

DONE, POINTS, LAID, PLAN, ORIGIN = "done", "points.parquet", "batches.parquet", "plan", "origin.json"
# As sha256sum writes and reads it, for the files whose names do not tell their content.
SUMS = "SHA256SUMS"
_NAME = re.compile(rf"(part|whole|lost)-([0-9a-f]{{{LETTERS}}})\.([0-9a-f]{{{LETTERS}}})\.(parquet|json)")
_GROUP_MONTHS = 12
_ASIDE = {DONE, "env"}


@dataclass(frozen=True, slots=True)
class File:
    """A file of a dataset by its name.

    kind   part of one batch, whole for several that were put together, lost for one whose worker died every time
    batch  name of the batch or of the set of them;  digest  of the content
    """

    path: Path
    kind: str
    batch: str
    digest: str

    @property
    def intact(self) -> bool:
        """Whether the content is what was written."""
        return digest(self.path.read_bytes()) == self.digest

    def said(self) -> dict[str, dict[str, dict[str, str | int]]]:
        """Return what a receipt says: the batches it speaks of, and file and rows of every table."""
        told: dict[str, dict[str, dict[str, str | int]]] = json.loads(self.path.read_text(encoding="utf-8"))
        return told


class Dataset:
    """The folder of a sweep."""

    def __init__(self, folder: Path) -> None:
        """Take a folder; nothing is read yet."""
        self.folder = folder

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Let nobody else change what the folder is about, or put its parts together, meanwhile."""
        (self.folder / DONE).mkdir(parents=True, exist_ok=True)
        with locked(self.folder):
            yield

    def refuse_nothing(self) -> None:
        """Refuse a folder in which no sweep was begun."""
        if not (self.folder / SUMS).is_file():
            raise InputError(str(self.folder), "is no folder of a sweep.", "Give the --out of friendshore sweep.")

    def refuse_others(self, origin: Mapping[str, str]) -> None:
        """Refuse a folder whose results come from another model or other data.

        origin  of the figures
        """
        told = self.folder / ORIGIN
        if told.exists():
            before = json.loads(told.read_text(encoding="utf-8"))
            other = sorted(key for key in {*before, *origin} if before.get(key) != origin.get(key))
            if other:
                what = f"holds results of another {' and '.join(other)}."
                raise InputError(f"--out {self.folder}", what, "Give another folder; results must not be mixed.")

    def prepare(self, plan: tuple[str, str], origin: Mapping[str, str], tables: Mapping[str, pl.DataFrame]) -> None:
        """Write down what the folder is about, and the checksums of that; what is the same is left alone.

        plan    name of its file and its text;  origin  of the figures
        tables  of points and of batches, by file
        """
        content = {plan[0]: plan[1].encode(), ORIGIN: (json.dumps(origin, indent=2, sort_keys=True) + "\n").encode()}
        for name, table in tables.items():
            buffer = io.BytesIO()
            table.write_parquet(buffer, compression_level=1)
            content[name] = buffer.getvalue()
        sums = "".join(f"{hashlib.sha256(each).hexdigest()}  {name}\n" for name, each in sorted(content.items()))
        for name, each in {**content, SUMS: sums.encode()}.items():
            path = self.folder / name
            if not path.is_file() or path.read_bytes() != each:
                put(path, each)

    def about(self, name: str) -> pl.DataFrame | None:
        """Return the table of points or of batches, if there is one."""
        path = self.folder / name
        return pl.read_parquet(path.read_bytes()) if path.is_file() else None

    def done(self) -> set[str]:
        """Return the names of the batches that are finished."""
        receipts = list(self.files(DONE))
        wholes = [{*each.said()["batches"]} for each in receipts if each.kind == "whole"]
        return {each.batch for each in receipts if each.kind == "part"}.union(*wholes)

    def files(self, table: str) -> Iterator[File]:
        """Yield the files of a table, or the receipts, in the order of their names."""
        folder = self.folder / table
        with os.scandir(folder) if folder.is_dir() else nullcontext(()) as entries:
            names = sorted(each.name for each in entries)
        for name in names:
            found = _NAME.fullmatch(name)
            if found:
                yield File(folder / name, found[1], found[2], found[3])

    def tables(self) -> list[str]:
        """Return the names of the tables."""
        return sorted(each.name for each in self.folder.iterdir() if each.is_dir() and each.name not in _ASIDE)

    def add(
        self, batch: str, tables: Mapping[str, pl.DataFrame], kind: str = "part", covers: Iterable[str] = ()
    ) -> int:
        """Write the tables of a batch, and its receipt last; without that it is not done. Return the bytes.

        covers  batches that the receipt speaks of, if they are others
        """
        written, size = {}, 0
        for name, table in tables.items():
            content = encoded(table)
            written[name] = {"file": self._write(name, f"{kind}-{batch}", "parquet", content), "rows": len(table)}
            size += len(content)
        said = {"batches": [*covers] or [batch], "tables": written}
        self._write(DONE, f"{kind}-{batch}", "json", (json.dumps(said, sort_keys=True) + "\n").encode())
        return size

    def scan(self, table: str) -> pl.LazyFrame:
        """Return a table, without parts of batches that are not done and those that were put together since."""
        return pl.scan_parquet([each.path for each in self.counted(table)])

    def receipts(self) -> list[File]:
        """Return the receipts that count: of parts not put together since, and of what was never finished."""
        every = list(self.files(DONE))
        wholes = [each for each in every if each.kind == "whole"]
        covered = set[str]().union(*({*each.said()["batches"]} for each in wholes))
        # Two of one batch would mean that machines disagree; the first by name counts, and `verify` tells.
        single = {each.batch: each for each in reversed(every) if each.kind == "part" and each.batch not in covered}
        lost = [each for each in every if each.kind == "lost" and each.batch not in covered.union(single)]
        return [*wholes, *sorted(single.values(), key=lambda each: each.path.name), *lost]

    def counted(self, table: str) -> list[File]:
        """Return the files of a table that count."""
        known: dict[tuple[str, str], list[File]] = {}
        for each in self.files(table):
            known.setdefault((each.kind, each.batch), []).append(each)
        found: list[File] = []
        for receipt in self.receipts():
            mine = known.get((receipt.kind, receipt.batch), [])
            if len(mine) > 1:
                told = receipt.said()["tables"].get(table, {}).get("file")
                mine = [each for each in mine if each.path.name == told]
            found += mine
        return found

    def forget_lost(self) -> None:
        """Forget the batches whose workers died, so that they are tried again."""
        for table in (DONE, *self.tables()):
            for each in self.files(table):
                if each.kind == "lost":
                    each.path.unlink(missing_ok=True)

    def note(self, content: bytes) -> None:
        """Leave a file that tells of a machine, unless there is one."""
        path = self.folder / "env" / f"{digest(content)}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            put(path, content)

    def _write(self, folder: str, name: str, ending: str, content: bytes) -> str:
        """Write a file whose name tells its content; return the name."""
        path = self.folder / folder / f"{name}.{digest(content)}.{ending}"
        path.parent.mkdir(exist_ok=True)
        put(path, content)
        return path.name


def encoded(table: pl.DataFrame) -> bytes:
    """Return a table as the bytes of a Parquet file, the same wherever they are made."""
    months = table["date"].n_unique() if "date" in table.columns else 0
    rows = len(table) // months * _GROUP_MONTHS if months else len(table)
    buffer = io.BytesIO()
    table.write_parquet(buffer, compression="zstd", compression_level=1, row_group_size=max(rows, 1), statistics=True)
    return buffer.getvalue()


def digest(content: bytes) -> str:
    """Return a short hash of some content."""
    return hashlib.sha256(content).hexdigest()[:LETTERS]
