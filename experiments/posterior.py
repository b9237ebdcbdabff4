"""The posterior: a sample of parameters that the data allow, kept as a table, one draw a row."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from abm.errors import InputError
from abm.facts import PACKAGE_DATA
from abm.scenario import Scenario

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
        if not path.is_file():
            raise InputError("posterior", f"{path.name} is missing.", "Play friendshore calibrate, and copy it there.")
        return cls(pl.read_csv(path))

    @property
    def lists(self) -> Mapping[str, list[float]]:
        """Values by key, side by side, as a plan tries them."""
        return {f"parameters.{name}": self.table[name].to_list() for name in self.table.columns}

    def applied(self, scenario: Scenario, run: int) -> Scenario:
        """Return a scenario with the parameters of a run: runs go through the draws in their order, and round again.

        What the scenario sets itself stays.
        """
        row = self.table.row(run % len(self.table), named=True)
        free = {name: value for name, value in row.items() if name not in scenario.parameters}
        return scenario.override(*(f"parameters.{name}={value!r}" for name, value in free.items()))
