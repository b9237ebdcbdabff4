"""A section of the report: what was looked at, what holds and what does not, tables and charts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from experiments.sweeping_analysis.charts import Chart


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked.

    name   what was checked, a few words
    told   what came out, a sentence with its figures
    holds  whether it is as it should be; None where there is nothing to hold
    why    of a miss: the evidence for what is behind it
    """

    name: str
    told: str
    holds: bool | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report.

    name    of its files: letters and dashes;  title  of the part;  lead  what was done, in a few sentences
    tables  by heading, figures as they are shown
    """

    name: str
    title: str
    lead: str
    findings: Sequence[Finding] = ()
    tables: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    charts: Sequence[Chart] = ()

    @property
    def misses(self) -> list[Finding]:
        """What does not hold."""
        return [each for each in self.findings if each.holds is False]
