"""What is analysed of a sweep: its plan, its points, and the figures of every run beside those of its baseline."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from abm.errors import InputError
from abm.toml_lines import read as read_toml
from experiments.sweeping.dataset import PLAN, POINTS, Dataset
from experiments.sweeping.plan import Plan, Span, _flat, written
from experiments.sweeping.points import _OF_BOTH, COLUMNS
from experiments.sweeping_analysis.condition import Condition, known

# A run alone, and the same run less its baseline.
LEVEL, GAIN = "level", "gain"


@dataclass(frozen=True, slots=True)
class Sample:
    """The runs of the points that a plan asks about.

    points   one row per point that is no baseline: point, scenario, against and a column per key
    runs     one row per run and outcome: point, run, outcome, level, and gain against the same luck without, if known
    keys     that vary
    met      one row per point: runs, and how many of them meet all conditions (hits); none without conditions
    """

    folder: Path
    plan: Plan
    points: pl.DataFrame
    runs: pl.DataFrame
    keys: tuple[str, ...]
    outcomes: tuple[str, ...]
    where: tuple[Condition, ...] = ()
    met: pl.DataFrame | None = None

    @property
    def paired(self) -> bool:
        """Whether there is a baseline to compare with."""
        return self.runs[GAIN].null_count() < len(self.runs)

    @property
    def kinds(self) -> tuple[str, ...]:
        """What there is to look at: the difference to the baseline first, where there is one."""
        return (GAIN, LEVEL) if self.paired else (LEVEL,)

    @property
    def scenarios(self) -> list[str]:
        """Names of the scenarios, in the order of the points."""
        return self.points["scenario"].unique(maintain_order=True).to_list()

    def means(self) -> pl.DataFrame:
        """Return the mean over the runs by scenario, point and outcome."""
        found = self.runs.group_by("point", "outcome", maintain_order=True).agg(pl.col(LEVEL, GAIN).mean())
        return self.points.select("scenario", "point").join(found, on="point", maintain_order="left")


def opened(folder: Path) -> tuple[Plan, pl.DataFrame, pl.LazyFrame]:
    """Return plan, its points with baselines, and the headline figures of a folder."""
    dataset = Dataset(folder)
    told = dataset.about(POINTS)
    if told is None:
        raise InputError(str(folder), "is no folder of a sweep.", "Give the --out of friendshore sweep.")
    if not dataset.counted("kpi"):
        raise InputError(str(folder), "has no finished run yet.", "Start the sweep again and let it finish a batch.")
    plan = plan_of(folder, told)
    return plan, told.filter(_asked(plan, told)), dataset.scan("kpi")


def plan_of(folder: Path, told: pl.DataFrame) -> Plan:
    """Return the plan that a folder was last played for; the scenario files themselves may be gone.

    told  the folder's table of points
    """
    path = folder / f"{PLAN}.toml"
    if not path.is_file():
        return Plan.model_validate_json((folder / f"{PLAN}.json").read_bytes())
    file = read_toml(path)
    said = {**file.document, "text": file.text, "scenario": told["file"].unique(maintain_order=True).to_list()}
    for table in ("vary", "set"):
        said[table] = dict(_flat(said.get(table, {})))
    return Plan.model_validate(said)


def _asked(plan: Plan, told: pl.DataFrame) -> pl.Series:
    """Return which points of a folder are of a plan: those of its seed with just its values set."""
    fixed = {written(key, value) for key, value in plan.set.items()}
    common = {each for each in fixed if each.partition(".")[0].partition("=")[0] in _OF_BOTH}

    def mine(values: str, seed: int) -> bool:
        """Return whether a point is the plan's."""
        rest = {each for each in json.loads(values) if each.partition("=")[0] not in plan.vary}
        return seed == plan.seed and common <= rest <= fixed

    return pl.Series([mine(*row) for row in told.select("values", "seed").iter_rows()], dtype=pl.Boolean)


def gathered(folder: Path, outcomes: Sequence[str], where: Sequence[Condition]) -> Sample:
    """Return what is analysed of a folder.

    outcomes  columns of the table ``kpi``
    """
    plan, told, kpi = opened(folder)
    columns = kpi.collect_schema()
    known(outcomes, columns, "--outcome")
    known([each.column for each in where], columns, "--where")
    asked = told.filter(~pl.col("baseline"))
    keys = [key for key in told.columns if key not in COLUMNS and key in plan.vary and asked[key].n_unique() > 1]
    figures = kpi.filter(pl.col("point").is_in(told["point"].to_list()))
    figures = figures.select("point", "run", *dict.fromkeys([*outcomes, *(each.column for each in where)]))
    runs = figures.collect(engine="streaming")
    points = asked.filter(pl.col("point").is_in(runs["point"].unique().to_list()))
    return Sample(
        folder,
        plan,
        points.select("scenario", "point", "against", *keys),
        paired(runs, points, outcomes),
        (*keys,),
        (*outcomes,),
        (*where,),
        _met(runs, points, where),
    )


def paired(runs: pl.DataFrame, points: pl.DataFrame, outcomes: Iterable[str]) -> pl.DataFrame:
    """Return every run of some points beside the same run of the point it is compared with.

    runs    point, run and a column per outcome;  points  point and against
    """
    long = runs.select("point", "run", *outcomes).unpivot(index=["point", "run"], variable_name="outcome")
    long = long.with_columns(pl.col("value").cast(pl.Float64).fill_nan(None))
    base = long.rename({"point": "against", "value": "base"})
    mine = points.select("point", "against").join(
        long.rename({"value": LEVEL}), on="point", maintain_order="left_right"
    )
    both = mine.join(base, on=["against", "run", "outcome"], how="left", maintain_order="left")
    return both.select("point", "run", "outcome", LEVEL, (pl.col(LEVEL) - pl.col("base")).alias(GAIN))


def _met(runs: pl.DataFrame, points: pl.DataFrame, where: Sequence[Condition]) -> pl.DataFrame | None:
    """Return how many runs of every point meet all conditions."""
    if not where:
        return None
    hits = pl.all_horizontal(each.met for each in where).sum().alias("hits")
    found = runs.group_by("point").agg(pl.len().alias("runs"), hits)
    return points.select("scenario", "point").join(found, on="point", maintain_order="left")


def spans(plan: Plan) -> Mapping[str, Span]:
    """Return the ranges that a plan draws from, by key."""
    return {key: values for key, values in plan.vary.items() if isinstance(values, Span)}


def numeric(points: pl.DataFrame, key: str) -> bool:
    """Return whether the values of a key are numbers."""
    kind: Any = points[key].dtype
    return bool(kind.is_numeric())
