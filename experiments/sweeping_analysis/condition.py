"""Conditions on headline figures, such as share_chips_US>0.15: read strictly, never evaluated."""

import operator
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from abm.errors import InputError, nearest

_SIGNS = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}
_FORM = re.compile(
    r"\s*([A-Za-z]\w{0,79})\s*(<=|>=|<|>)\s*([-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?)\s*", re.ASCII
)
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Condition:
    """A figure of a run compared with a number.

    column  of the table ``kpi``;  sign  one of > >= < <=
    """

    column: str
    sign: str
    number: float

    @classmethod
    def read(cls, said: str) -> "Condition":
        """Return the condition that is written like share_chips_US>0.15."""
        found = _FORM.fullmatch(said) if len(said) <= _LONGEST else None
        if found is None:
            remedy = "Write a column of kpi, one of > >= < <= and a number, such as share_chips_US>0.15."
            raise InputError("--where", f"{said[:_LONGEST]!r} is no condition.", remedy)
        return cls(found[1], found[2], float(found[3]))

    @property
    def met(self) -> pl.Expr:
        """Whether a run meets it; a run without the figure does not."""
        compared: pl.Expr = _SIGNS[self.sign](pl.col(self.column), self.number)
        return compared.fill_null(value=False) & pl.col(self.column).is_not_nan()

    def __str__(self) -> str:
        return f"{self.column} {self.sign} {self.number:g}"


def known(columns: Sequence[str], kpi: Mapping[str, Any], option: str) -> None:
    """Refuse columns that are no figures of the table of runs.

    kpi     its columns and their types
    option  that named them
    """
    figures = [name for name, kind in kpi.items() if kind.is_numeric() and name != "run"]
    for column in columns:
        if column not in figures:
            raise InputError(option, f"the table kpi has no figures {column!r}.", nearest(column, figures))
