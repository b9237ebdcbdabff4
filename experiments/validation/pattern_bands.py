"""The patterns a model must show, with their bands: what patterns.toml says, fixed before anything was fitted."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import numpy as np
from pydantic import BaseModel, Field, field_validator, model_validator

from abm.outline import STRICT
from abm.policies.instrument import Text
from experiments.validation.pattern_sums import Array

FILE = Path(__file__).parent / "patterns.toml"
NINE_OF_TEN = (0.05, 0.95)


class Check(BaseModel):
    """One number and the band it must lie in.

    told    what the number is;  plan  that is played;  series  what is read
    window  of which months: one, from one to another, or two joined by and
    low     least that it may be;  high  most;  source  of the band
    points  dated figures that are told again, by month or year
    """

    model_config = STRICT

    told: Text
    plan: Text
    series: Text
    window: Text
    low: float = -np.inf
    high: float = np.inf
    source: Text
    points: dict[str, float] = Field(default_factory=dict)

    @field_validator("low", "high", mode="before")
    @classmethod
    def _whole(cls, value: object) -> object:
        """Take whole numbers too."""
        return float(value) if isinstance(value, int) else value

    @model_validator(mode="after")
    def _bounded(self) -> "Check":
        """Refuse a band in which everything lies, or nothing."""
        if np.isinf(self.low) and np.isinf(self.high):
            raise ValueError("needs low or high.")
        if self.low > self.high:
            raise ValueError("low is above high.")
        return self

    def holds(self, measured: Array) -> bool:
        """Return whether the mean over runs lies in the band; what is not a number does not."""
        return bool(self.low <= float(measured.mean()) <= self.high)

    @property
    def band(self) -> str:
        """The band in words."""
        if np.isinf(self.high):
            return f"at least {self.low:g}"
        return f"at most {self.high:g}" if np.isinf(self.low) else f"{self.low:g} to {self.high:g}"


class Pattern(BaseModel):
    """A pattern of the world, and the checks that all must hold.

    known_miss  whether it is known that the model does not show it
    if_missed   what is behind a miss, with names of figures in braces that ``pattern_evidence`` works out
    """

    model_config = STRICT

    title: Text
    sentence: Text
    known_miss: bool = False
    if_missed: str = ""
    checks: Annotated[dict[str, Check], Field(min_length=1)]


def patterns_told(path: Path = FILE) -> Mapping[str, Pattern]:
    """Return the patterns of a file by code."""
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    return {code: Pattern.model_validate(told) for code, told in document.items()}


def spread(measured: Array) -> tuple[float, float]:
    """Return the range of nine runs in ten."""
    low, high = np.quantile(measured, NINE_OF_TEN)
    return float(low), float(high)
