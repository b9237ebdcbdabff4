"""The posterior: a sample of parameters that the data allow, kept as a table, one draw a row."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from abm.facts import PACKAGE_DATA
from experiments.sweeping.plan import Value

POSTERIOR = PACKAGE_DATA / "posterior.csv"


@dataclass(frozen=True, slots=True)
class Draws:
    """Draws of behavioural parameters, equally likely.

    table  a column per parameter
    """

    table: pl.DataFrame

    @classmethod
    def read(cls, path: Path = POSTERIOR) -> "Draws":
        """Return the draws of a file."""
        return cls(pl.read_csv(path))

    @property
    def lists(self) -> Mapping[str, list[Value]]:
        """Values by key, side by side, as a plan tries them."""
        return {f"parameters.{name}": self.table[name].to_list() for name in self.table.columns}

    def of_run(self, run: int) -> tuple[str, ...]:
        """Return what a run replaces, KEY=VALUE: runs go through the draws in their order, and round again."""
        row = self.table.row(run % len(self.table), named=True)
        return tuple(f"parameters.{name}={value!r}" for name, value in row.items())
