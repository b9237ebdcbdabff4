"""Benchmarks of others: what counterfactuals.toml says, and a benchmark beside what the runs say."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field

from abm.outline import STRICT
from abm.policies.instrument import Text
from experiments.validation.pattern_sums import Array

FILE = Path(__file__).parent / "counterfactuals.toml"


class Response(BaseModel):
    """What public money was reckoned to bring.

    within             share by which a figure may be off;  if_missed  what is behind a miss
    fabs, investment   new fabs, and billion USD invested, by billion USD of public money
    """

    model_config = STRICT

    plan: Text
    window: Text
    within: Annotated[float, Field(gt=0.0)]
    source: Text
    if_missed: Text
    fabs: dict[str, float]
    investment: dict[str, float]


class Elasticity(BaseModel):
    """How far trade was observed to turn away, and the year to look at, by months since a tariff changed."""

    model_config = STRICT

    source: Text
    year_of: dict[str, str]
    observed: dict[str, float]


class Construction(BaseModel):
    """How long fabs take.

    law    month of the law;  build, with_permits  months until production
    moved  points of the world's capacity by which a share has moved
    """

    model_config = STRICT

    law: Text
    source: Text
    build: float
    with_permits: float
    moved: float


class Benchmarks(BaseModel):
    """What counterfactuals.toml says.

    known_misses  names of findings that are known to miss
    """

    model_config = STRICT

    known_misses: Annotated[tuple[str, ...], Field(strict=False)]
    response: Response
    elasticity: Elasticity
    construction: Construction


@dataclass(frozen=True, slots=True)
class Beside:
    """A benchmark by pot beside what the runs say.

    name   what is counted
    asked  the benchmark;  found  of the runs; both by billion USD of public money
    """

    name: str
    asked: Mapping[float, float]
    found: Mapping[float, Array]

    @property
    def means(self) -> dict[float, float]:
        """Means over runs by pot."""
        return {pot: float(each.mean()) for pot, each in self.found.items()}

    def off(self, pot: float) -> float:
        """Return by which share of the benchmark the mean is off."""
        return self.means[pot] / self.asked[pot] - 1.0


def benchmarks(path: Path = FILE) -> Benchmarks:
    """Return what a file of benchmarks says."""
    return Benchmarks.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
