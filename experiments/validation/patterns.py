"""Does the model show what the world shows? Twelve patterns and a decade that lives, each check beside its band."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from experiments.validation.pattern_bands import FILE, Check, Pattern, patterns_told, spread
from experiments.validation.pattern_charts import charts
from experiments.validation.pattern_evidence import why
from experiments.validation.pattern_measures import MEASURES
from experiments.validation.pattern_sums import Array, Seen
from experiments.validation.plays import Plays
from experiments.validation.section import Finding, Section

PATTERNS = FILE
DECADE = "decade"
LEAD = """\
Twelve patterns of the world and a decade that lives, each as numbers with a band that was written down before anything
was fitted. A number is the mean of all runs; a pattern holds where every one of its checks does."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A check and what came out.

    value  of every run, or a single one that is of all of them
    """

    check: Check
    value: Array

    @property
    def holds(self) -> bool:
        """Whether the mean lies in the band."""
        return self.check.holds(self.value)

    @property
    def words(self) -> str:
        """What came out, with range and band."""
        low, high = spread(self.value)
        runs = f"; nine runs in ten {shown(low)} to {shown(high)}" if len(self.value) > 1 else ""
        verdict = "" if self.holds else ", missed"
        return f"{self.check.told}: {shown(float(self.value.mean()))} ({self.check.band}{verdict}{runs})"


Found = Mapping[str, Mapping[str, Measured]]


def patterns(plays: Plays) -> Section:
    """Return what the patterns are found to be."""
    told, seen = patterns_told(), Seen.of(plays)
    found = measured(seen, told)
    findings = [_finding(seen, code, told[code], mine) for code, mine in found.items()]
    many = sum(finding.holds is True for code, finding in zip(found, findings, strict=True) if code != DECADE)
    return Section(
        "patterns",
        "The twelve patterns",
        f"{LEAD} {many} of {len(told) - 1} patterns hold.".replace("\n", " "),
        findings,
        {"Every check": _table(told, found)},
        charts(seen, {code: pattern.checks for code, pattern in told.items()}),
    )


def measured(seen: Seen, told: Mapping[str, Pattern]) -> Found:
    """Return every check of every pattern, measured."""
    return {
        code: {name: Measured(check, MEASURES[code, name](seen, check)) for name, check in pattern.checks.items()}
        for code, pattern in told.items()
    }


def holding(found: Found) -> set[str]:
    """Return the codes of the patterns that hold: those all of whose checks do."""
    return {code for code, mine in found.items() if all(each.holds for each in mine.values())}


def _finding(seen: Seen, code: str, pattern: Pattern, mine: Mapping[str, Measured]) -> Finding:
    """Return what is found of a pattern."""
    holds = all(each.holds for each in mine.values())
    told = f"{pattern.sentence} In the model: {'; '.join(each.words for each in mine.values())}."
    name = pattern.title if code == DECADE else f"{code} {pattern.title}"
    return Finding(name, told, holds, "" if holds else why(seen, code, pattern))


def _table(told: Mapping[str, Pattern], found: Found) -> pl.DataFrame:
    """Return one row per check."""
    rows = []
    for code, mine in found.items():
        for each in mine.values():
            low, high = spread(each.value)
            rows.append(
                {
                    "code": code,
                    "pattern": told[code].title,
                    "check": each.check.told,
                    "months": each.check.window,
                    "measured": shown(float(each.value.mean())),
                    "nine runs in ten": f"{shown(low)} to {shown(high)}" if len(each.value) > 1 else "",
                    "band": each.check.band,
                    "holds": "yes" if each.holds else "no",
                }
            )
    return pl.DataFrame(rows)


def shown(value: float) -> str:
    """Return a number with three figures that count, and no more after the point than two."""
    if not np.isfinite(value):
        return "not a number"
    places = 2 if abs(value) < 10.0 else 1 if abs(value) < 100.0 else 0
    # Rounding may leave a negative nothing.
    return f"{round(value, places) + 0.0:,.{places}f}"
