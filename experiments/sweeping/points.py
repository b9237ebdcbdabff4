"""Points: every play of a plan with its values, which baseline it is compared with, and who it is wherever it runs."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

import polars as pl

from abm.scenario import Scenario
from experiments.run import ask
from experiments.sweeping.designs import rows
from experiments.sweeping.plan import Plan, Value, heads, written
from experiments.sweeping.provenance import hashed, origin

# What is told about a scenario and does not move a figure.
_PROSE = {"title", "question", "story", "references", "baseline", "headline", "text", "file", "places"}
_OF_BOTH = ("parameters", "governments", "start", "until")
COLUMNS = ("number", "point", "scenario", "baseline", "against", "file", "values", "seed")


@dataclass(frozen=True, slots=True)
class Point:
    """What is played under some runs of luck.

    name      the same wherever and whenever it is played
    scenario  that is asked, by name or path;  baseline  whether its baseline is meant
    values    replaced, KEY=VALUE;  seed  of all luck
    varied    the values of the plan's keys, for people
    against   name of the point it is compared with, if any
    """

    name: str
    scenario: str
    baseline: bool
    values: tuple[str, ...]
    seed: int
    varied: Mapping[str, Value] = field(default_factory=dict)
    against: str | None = None

    def load(self) -> Scenario:
        """Return the scenario with its values replaced."""
        asked, rival = loaded(self.scenario)
        return (rival if self.baseline and rival else asked).override(*self.values)

    @property
    def true_name(self) -> str:
        """Name as this machine's model, data and scenario files give it."""
        return named(self.scenario, self.values, self.seed, baseline=self.baseline)


@lru_cache(maxsize=256)
def loaded(scenario: str) -> tuple[Scenario, Scenario | None]:
    """Return a scenario by name or path, and its baseline if there is one."""
    *rival, asked = ask(scenario)
    return asked, rival[0] if rival else None


@lru_cache(maxsize=512)
def _content(scenario: str, *, baseline: bool) -> str:
    """Return everything in a scenario, or in its baseline, that moves a figure."""
    asked, rival = loaded(scenario)
    said = rival if baseline and rival else asked
    measures = [each.model_dump_json(exclude={"source", "story"}) for each in said.measures]
    rest = said.model_dump_json(exclude={*_PROSE, "policies", "shocks"})
    return hashed(*origin().values(), rest, *measures)


def named(scenario: str, values: Sequence[str], seed: int, *, baseline: bool) -> str:
    """Return the name of a point: of model, data, scenario, values and seed, by their content."""
    return hashed(_content(scenario, baseline=baseline), str(seed), *values)


def points(plan: Plan) -> Iterator[Point]:
    """Yield all points, every baseline before the first that is compared with it, and none twice."""
    known: set[str] = set()
    for scenario in plan.scenario:
        asked, rival = loaded(scenario)
        mine = heads(asked)
        keys = [key for key in (*plan.set, *plan.vary) if key.partition(".")[0] in mine]
        for row in rows(plan):
            varied = dict(zip(plan.vary, row, strict=True))
            chosen = {key: value for key, value in {**plan.set, **varied}.items() if key in keys}
            against = None
            if rival and not plan.alone:
                other = _point(plan, scenario, {k: v for k, v in chosen.items() if k.partition(".")[0] in _OF_BOTH})
                against = other.name
                if against not in known:
                    known.add(against)
                    yield other
            point = _point(plan, scenario, chosen, against)
            if point.name not in known:
                known.add(point.name)
                yield point


def _point(plan: Plan, scenario: str, chosen: Mapping[str, Value], against: str | None = None) -> Point:
    """Return a point of some values by key."""
    values = tuple(written(key, value) for key, value in chosen.items())
    varied = {key: value for key, value in chosen.items() if key in plan.vary}
    baseline = against is None and not plan.alone and loaded(scenario)[1] is not None
    name = named(scenario, values, plan.seed, baseline=baseline)
    return Point(name, scenario, baseline, values, plan.seed, varied, against)


def run_id(point: str, run: int) -> str:
    """Return the name of one run of a point."""
    return hashed(point, str(run))


def table(all_points: Sequence[Point], plan: Plan) -> pl.DataFrame:
    """Return one row per point: what it is and a column per key that varies; `values` and the rest replay it."""
    told = {each: [scene for scene in loaded(each) if scene] for each in plan.scenario}
    scenes = [told[each.scenario][1 if each.baseline else 0] for each in all_points]
    columns: dict[str, Any] = {
        "number": pl.Series(range(len(all_points)), dtype=pl.Int32),
        "point": [each.name for each in all_points],
        "scenario": [scene.name for scene in scenes],
        "baseline": [each.baseline for each in all_points],
        "against": pl.Series([each.against for each in all_points], dtype=pl.String),
        "file": [each.scenario for each in all_points],
        "values": [json.dumps(each.values, ensure_ascii=False) for each in all_points],
        "seed": pl.Series([each.seed for each in all_points], dtype=pl.UInt64),
    }
    for key in plan.vary:
        columns[key] = _column([each.varied.get(key) for each in all_points])
    return pl.DataFrame(columns)


def read(told: pl.DataFrame) -> dict[str, Point]:
    """Return the points of such a table by name, all but their columns for people."""
    of = told.select("point", "file", "baseline", "values", "seed", "against").iter_rows()
    return {
        name: Point(name, file, baseline, tuple(json.loads(values)), seed, against=against)
        for name, file, baseline, values, seed, against in of
    }


def joined(before: pl.DataFrame | None, now: pl.DataFrame) -> pl.DataFrame:
    """Return the points of a grown plan after those that are there already; none is forgotten."""
    if before is None:
        return now
    new = now.join(before, on="point", how="anti", maintain_order="left")
    if new.is_empty() and {*now.columns} <= {*before.columns}:
        return before
    both = pl.concat([before, new], how="diagonal_relaxed")
    return both.with_columns(pl.int_range(pl.len(), dtype=pl.Int32).alias("number"))


def _column(values: Sequence[Value | None]) -> pl.Series:
    """Return values as numbers where all of them are, else as dates or as text."""
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {int, float}:
        return pl.Series([None if value is None else float(value) for value in values], dtype=pl.Float64)  # type: ignore[arg-type]
    if kinds in ({date}, {bool}):
        return pl.Series(values)
    return pl.Series([None if value is None else str(value) for value in values], dtype=pl.String)
