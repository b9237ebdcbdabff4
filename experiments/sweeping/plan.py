"""A plan: which values of which keys are tried in which scenarios, how often, and what is kept; read from TOML."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from math import prod
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Field

from abm.errors import InputError, nearest
from abm.outline import STRICT
from abm.policies.instrument import Text
from abm.problems import Problems
from abm.scenario import Scenario
from abm.series import asked
from abm.toml_lines import read
from experiments.options import LARGEST_SEED, MOST_RUNS

Mistake = tuple[tuple[str, ...], str, str]
Value = int | float | bool | str | date | list[str]
Designs = Literal["grid", "list", "latin_hypercube", "sobol", "saltelli", "morris", "one_at_a_time"]
# Those that draw points out of ranges.
DRAWN = frozenset({"latin_hypercube", "sobol", "saltelli", "morris"})
# How many points those make whose keys have lists so long.
COUNTED: Mapping[str, Callable[[Sequence[int]], int]] = {
    "grid": prod,
    "one_at_a_time": lambda lengths: 1 + sum(length - 1 for length in lengths),
}
MOST_POINTS = 1_000_000


class Span(BaseModel):
    """The values from low to high, evenly spread, or evenly in their logarithm."""

    model_config = STRICT

    low: float
    high: float
    log: bool = False


class Until(BaseModel):
    """Runs are added until the difference to the baseline is known well enough.

    series      column of the table ``kpi`` whose difference is meant
    half_width  of its 90 % interval, in units of the column
    most        runs after which a point is given up
    """

    model_config = STRICT

    series: str
    half_width: Annotated[float, Field(gt=0.0)]
    most: Annotated[int, Field(ge=64, le=MOST_RUNS)] = 1024


class Keep(BaseModel):
    """What is kept besides the headline figures.

    regions  series by month, good and region
    goods    that series are kept of;  places  regions that they are kept of; all if none are named
    tables   whole tables
    """

    model_config = STRICT

    regions: Annotated[tuple[str, ...], Field(strict=False)] = ()
    goods: Annotated[tuple[str, ...], Field(strict=False)] = ()
    places: Annotated[tuple[str, ...], Field(strict=False)] = ()
    tables: Annotated[tuple[Literal["firms", "trade", "programmes", "events"], ...], Field(strict=False)] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the tables, headline figures first."""
        return ("kpi", *(["regions"] if self.regions else []), *self.tables)

    @property
    def series(self) -> tuple[str, ...]:
        """What a model is asked to keep."""
        return (*self.regions, *(["trade"] if "trade" in self.tables else []))


class Plan(BaseModel):
    """Which values are tried, how often, and what is kept.

    scenario  that is asked, or several; names, or files as seen from the plan
    runs      of every point, or when they are enough
    seed      of all luck: every point meets the same
    alone     whether baselines are left out
    design    how points are made of what varies
    points    how many are drawn, where a design draws them
    set       values replaced in every point, by dotted key
    vary      values that are tried, by dotted key: a list, or low and high
              a key of a measure holds in the scenarios that have it
    text      what the file says
    """

    model_config = STRICT

    title: Text
    question: str = ""
    scenario: Annotated[tuple[Text, ...], Field(strict=False, min_length=1, max_length=100)]
    runs: Annotated[int, Field(ge=1, le=MOST_RUNS)] | Until
    seed: Annotated[int, Field(ge=0, le=LARGEST_SEED)] = 1
    alone: bool = False
    design: Designs = "grid"
    points: Annotated[int, Field(ge=1, le=MOST_POINTS)] | None = None
    set: dict[str, Value] = Field(default_factory=dict)
    vary: dict[str, list[Value] | Span] = Field(default_factory=dict)
    keep: Keep = Keep()
    text: str = Field(default="", repr=False)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Return the plan of a file, every mistake in it told at once."""
        file = read(path)
        problems, said = Problems(file), dict(file.document)
        if isinstance(said.get("scenario"), str):
            said["scenario"] = [said["scenario"]]
        if isinstance(said.get("scenario"), list):
            said["scenario"] = [_beside(path, each) for each in said["scenario"]]
        for table in ("vary", "set"):
            if isinstance(said.get(table), Mapping):
                said[table] = dict(_flat(said[table]))
        plan = problems.validated(cls, said | {"text": file.text}, ())
        for place, what, remedy in () if plan is None else plan.mistakes():
            problems.add(place, what, remedy)
        problems.settle()
        assert plan is not None
        return plan

    def mistakes(self) -> Iterator[Mistake]:
        """Yield place, mistake and remedy of whatever does not go together."""
        yield from self._of_design()
        for key, values in self.vary.items():
            if values == []:
                yield ("vary", *key.split(".")), "is empty.", "Write at least one value."
            if isinstance(values, Span) and (values.low >= values.high or (values.log and values.low <= 0.0)):
                remedy = "Give low below high, and more than 0 with log."
                yield ("vary", *key.split(".")), f"{values.low:g} to {values.high:g} is no such range.", remedy
            if key in self.set:
                yield ("vary", *key.split(".")), "is set and varied.", "Leave it out of one of them."
        try:
            asked(self.keep.regions)
        except InputError as error:
            yield ("keep", "regions"), error.what, error.remedy
        try:
            scenarios = [Scenario.load(each) for each in self.scenario]
        except InputError as error:
            yield ("scenario",), f"{error.where}: {error.what}".removeprefix(": "), error.remedy
            return
        yield from self._kept(scenarios)
        yield from self._unknown(scenarios)

    def _kept(self, scenarios: Sequence[Scenario]) -> Iterator[Mistake]:
        """Yield goods and regions to keep that there are not."""
        if self.keep.goods or self.keep.places:
            from abm.world import read as world_at

            world = world_at(scenarios[0].start)
            for field, words, known in (
                ("goods", self.keep.goods, world.goods.code),
                ("places", self.keep.places, world.regions),
            ):
                for word in (each for each in words if each not in known):
                    yield ("keep", field), f"the world has no {word!r}.", nearest(word, known)

    def _of_design(self) -> Iterator[Mistake]:
        """Yield what is wrong with the design."""
        drawn, spans = self.design in DRAWN, [key for key, values in self.vary.items() if isinstance(values, Span)]
        if drawn and self.points is None:
            yield ("design",), f"{self.design} draws points and is not told how many.", "Write points = 64."
        if self.design in {"sobol", "saltelli"} and self.points and self.points & (self.points - 1):
            low = 1 << (self.points.bit_length() - 1)
            yield ("points",), f"{self.points} is not a power of 2.", f"Write {low} or {2 * low}."
        if drawn and not self.vary:
            yield ("design",), f"{self.design} needs something to vary.", "Write a table [vary]."
        if not drawn and self.points is not None:
            yield ("points",), f"a {self.design} has as many points as its lists say.", "Leave it out."
        if not drawn and spans:
            yield ("vary", *spans[0].split(".")), f"{self.design} needs a list of values.", "Write it like [0.1, 0.2]."
        if drawn and len(spans) < len(self.vary):
            listed = next(key for key in self.vary if key not in spans)
            yield (
                ("vary", *listed.split(".")),
                f"{self.design} needs a range.",
                "Write it like { low = 0.1, high = 0.2 }.",
            )
        lengths = {len(values) for values in self.vary.values() if isinstance(values, list)}
        if self.design == "list" and len(lengths) > 1:
            yield ("vary",), "lists of different lengths cannot be read side by side.", "Make them equally long."
        if self.design in COUNTED and not spans:
            many = COUNTED[self.design]([len(values) for values in self.vary.values() if isinstance(values, list)])
            if many > MOST_POINTS:
                yield ("vary",), f"makes {many} points.", f"Let there be at most {MOST_POINTS}."

    def _unknown(self, scenarios: Sequence[Scenario]) -> Iterator[Mistake]:
        """Yield mistakes in names and values of what is asked of the scenarios."""
        known = set[str]().union(*map(heads, scenarios))
        for table, keys in (("set", self.set), ("vary", self.vary)):
            for key in keys:
                if key.partition(".")[0] not in known:
                    what = f"no scenario of the plan has a policy or shock called {key.partition('.')[0]!r}."
                    yield (table, *key.split(".")), what, nearest(key.partition(".")[0], known)
        if isinstance(self.runs, Until) and (self.alone or any(each.baseline is None for each in scenarios)):
            yield ("runs",), "until compares with a baseline, and there is none.", "Name scenarios that have one."
        for scenario in scenarios:
            yield from self._refused(scenario)

    def _refused(self, scenario: Scenario) -> Iterator[Mistake]:
        """Yield the values that a scenario refuses, one at a time; what does not go together fails when played."""
        mine, base = heads(scenario), scenario
        for key, value in self.set.items():
            if key.partition(".")[0] in mine:
                base, wrong = _tried(base, key, value)
                yield from [(("set", *key.split(".")), *each) for each in wrong]
        for key in (each for each in self.vary if each.partition(".")[0] in mine):
            values = self.vary[key]
            for value in [values.low, values.high] if isinstance(values, Span) else values:
                yield from [(("vary", *key.split(".")), *each) for each in _tried(base, key, value)[1]]


def heads(scenario: Scenario) -> set[str]:
    """Return what the keys begin with that a scenario knows."""
    return {*(each.name for each in scenario.measures), "parameters", "governments", "start", "until"}


def _beside(plan: Path, scenario: object) -> object:
    """Return a scenario of a plan; one that is a file lies where it does as seen from the plan."""
    if isinstance(scenario, str) and scenario.endswith(".toml"):
        return str((plan.parent / scenario).absolute())
    return scenario


def _tried(scenario: Scenario, key: str, value: Value) -> tuple[Scenario, list[tuple[str, str]]]:
    """Return a scenario with a value replaced, and mistake and remedy if it refuses."""
    try:
        return scenario.override(written(key, value)), []
    except InputError as error:
        return scenario, [(f"{error.where}: {error.what}", error.remedy)]


def _flat(table: Mapping[str, Any], head: str = "") -> Iterator[tuple[str, Any]]:
    """Yield dotted keys and values of tables within tables."""
    for key, value in table.items():
        dotted = f"{head}{key}"
        if isinstance(value, Mapping) and not {*value} <= {*Span.model_fields}:
            yield from _flat(value, f"{dotted}.")
        else:
            yield dotted, value


def written(key: str, value: Value) -> str:
    """Return KEY=VALUE as ``--set`` takes it."""
    return f"{key}={value if isinstance(value, date) else json.dumps(value, ensure_ascii=False)}"
