"""What the tests know of a kind of measure, all of it from tests/cases/<kind>.toml, read strictly."""

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import numpy as np
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from abm.axes import Floats
from abm.outline import Month
from abm.policies import INSTRUMENTS, SHOCKS
from abm.policies.instrument import Instrument
from abm.policies.levers import Levers

FOLDER = Path(__file__).parent / "cases"
KINDS: Mapping[str, type[Instrument]] = {**INSTRUMENTS, **SHOCKS}
FILES = sorted(path.stem for path in FOLDER.glob("*.toml"))
TOLD = [kind for kind in KINDS if kind in FILES]
START = date(2020, 1, 1)
LEVERS = {column.name for column in fields(Levers)}


def _ended(text: str) -> str:
    if not text.endswith("."):
        raise ValueError(f"{text!r} is not a sentence. End it with a full stop.")
    return text


Sentence = Annotated[str, AfterValidator(_ended)]
Tables = Annotated[tuple[dict[str, Any], ...], Field(strict=False)]


class Strict(BaseModel):
    """A table in which every key is known."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class Check(Strict):
    """What a lever holds in some months for a place, or what a pot holds from the start.

    lever   a lever, ``content.FIELD`` of a rule on content, or ``pots.FIELD``;  months  those looked at
    good, region, firm  of a place or of plants;  buyer, supplier  of a corridor, or the other side of a plant
    input   critical input of a corridor;  pot  name of a programme, the first if none is named
    """

    lever: str
    value: float
    months: Annotated[tuple[Month, ...], Field(strict=False)] = ()
    good: str = ""
    region: str = ""
    firm: str = ""
    buyer: str = ""
    supplier: str = ""
    input: str = ""
    pot: str = ""

    @model_validator(mode="after")
    def _looks_somewhere(self) -> Self:
        lever, _, field = self.lever.partition(".")
        if (lever != "pots" or not field) and lever not in LEVERS:
            raise ValueError(f"no lever {self.lever!r}. Known: {sorted(LEVERS)}.")
        if (lever == "pots") == bool(self.months):
            raise ValueError(f"{self.lever}: levers are looked at in months, pots in none.")
        return self


class Outcome(Strict):
    """What a run of the tiny world must show, at a month, or summed over all months where none is named.

    programme, column, government  of the table of programmes
    series, good, region, firm     of the table of regions, or of firms; no region means the sum over them
    state                          a column of the state at the end, by good and region or by region alone
    """

    programme: str = ""
    column: str = ""
    government: str = ""
    series: str = ""
    state: str = ""
    good: str = ""
    region: str = ""
    firm: str = ""
    month: Month | None = None
    at_most: float | None = None
    at_least: float | None = None
    equals: float | None = None
    compared: Literal["more", "less", "same"] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if sum(map(bool, (self.programme and self.column, self.series, self.state))) != 1:
            raise ValueError("an outcome reads programme and column, or a series, or a column of the state.")
        if all(each is None for each in (self.at_most, self.at_least, self.equals, self.compared)):
            raise ValueError("an outcome claims nothing. Add at_most, at_least, equals or compared.")
        return self


class Story(Strict):
    """A sentence that a non-programmer can check, the measures it speaks of and what they come to.

    until       last month of the runs of the tiny world, with the measures and without, that outcomes speak of
    amid        measures and shocks of both runs;  parameters  of both runs
    governments  dated, or reactive where they follow rules in both runs
    """

    text: Sentence
    governments: Literal["dated", "reactive"] = "dated"
    until: Month | None = None
    policy: Tables = ()
    shock: Tables = ()
    amid: Tables = ()
    parameters: dict[str, float] = Field(default_factory=dict)
    check: Annotated[tuple[Check, ...], Field(strict=False)] = ()
    outcome: Annotated[tuple[Outcome, ...], Field(strict=False)] = ()

    @model_validator(mode="after")
    def _can_fail(self) -> Self:
        if not (self.check or self.outcome):
            raise ValueError(f"nothing is checked of {self.text!r}. Add a check or an outcome.")
        if bool(self.outcome) != bool(self.until):
            raise ValueError(f"{self.text!r}: outcomes need until, and until needs outcomes.")
        return self

    @property
    def measures(self) -> tuple[Instrument, ...]:
        """The measures of the sentence, each found in the list it belongs to."""
        told = [(INSTRUMENTS, table) for table in self.policy] + [(SHOCKS, table) for table in self.shock]
        return tuple(known[table["kind"]].model_validate(table) for known, table in told)

    @property
    def setting(self) -> tuple[Instrument, ...]:
        """The measures and shocks of both runs."""
        return tuple(KINDS[table["kind"]].model_validate(table) for table in self.amid)


class Setting(Strict):
    """What holds in all runs that a law compares.

    change  fields of the example replaced;  amid  measures and shocks of all runs;  parameters  of all runs
    governments  dated, or reactive where they follow rules in all runs
    """

    text: Sentence
    governments: Literal["dated", "reactive"] = "dated"
    change: dict[str, Any] = Field(default_factory=dict)
    amid: Tables = ()
    parameters: dict[str, float] = Field(default_factory=dict)
    direction: Literal["up", "down"]

    @property
    def setting(self) -> tuple[Instrument, ...]:
        """The measures and shocks of all runs."""
        return tuple(KINDS[table["kind"]].model_validate(table) for table in self.amid)


class Exact(Setting):
    """Which way more of the dose moves a column within one month, in every run and by every step of the dose.

    months  months lived before, in which the measure is not yet in force;  after  last phase of the month that happens
    column  ``flow.NAME``, ``state.NAME`` or ``levers.NAME``, summed over the place that is named as in a check
    """

    months: int = 12
    after: str
    column: str
    good: str = ""
    region: str = ""
    firm: str = ""
    buyer: str = ""
    supplier: str = ""
    input: str = ""


class Law(Setting):
    """Which way the measure moves a series of the table of regions, in the mean of 64 paired runs.

    statistic   of the series over the months from the start of the measure on; the swing is the variance of its
                monthly growth, where that of its level would be the growth of the years
    months      length of the runs
    exceptions  most runs that may go the other way;  why  they do
    worlds      those it is tried in; the full one in the slow tests
    full        fields of the law that are others in the full world, where other goods and firms stand elsewhere
    """

    series: str
    good: str
    region: str
    statistic: Literal["sum", "last", "swing", "lowest"] = "sum"
    months: int = 48
    exceptions: int = 0
    why: str = ""
    worlds: Annotated[tuple[Literal["tiny", "full"], ...], Field(strict=False)] = ("tiny", "full")
    full: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _explains_exceptions(self) -> Self:
        if bool(self.exceptions) != bool(self.why):
            raise ValueError(f"{self.text!r}: exceptions need a why, and a why needs exceptions.")
        self.told_of("full")
        return self

    def told_of(self, world: str) -> "Law":
        """Return the law as it is told of a world."""
        if world != "full" or not self.full:
            return self
        told = {name: getattr(self, name) for name in self.model_fields_set if name != "full"}
        return Law.model_validate({**told, **self.full})


class Mistake(Strict):
    """A change to the example that its kind must refuse.

    change   fields replaced; the text "(none)" takes one away
    field    where it is told;  message  how the telling begins
    """

    name: str
    change: dict[str, Any]
    field: str = ""
    message: str


class Case(Strict):
    """Everything the tests know of a kind.

    levers   levers it may move, none for a programme that acts through its pot
    dose     its main dose;  nothing  value of the dose that asks for nothing
    example  fields of an example beside kind, name, start, end, source and story
    choices  words that random mixes draw a field from, where not every word of its vocabulary will do
    felt     months of 2020 in which an example from 2020-09-21 to before 2020-11-20 moves its levers
    """

    kind: str
    levers: Annotated[tuple[str, ...], Field(strict=False)]
    dose: str
    nothing: float
    example: dict[str, Any]
    choices: dict[str, list[str]] = Field(default_factory=dict)
    felt: Annotated[tuple[int, ...], Field(strict=False)] = (10, 11)
    exact: Exact | None = None
    law: Law | None = None
    mistake: Annotated[tuple[Mistake, ...], Field(strict=False)] = ()
    sentence: Annotated[tuple[Story, ...], Field(strict=False, min_length=2)]

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        known = KINDS[self.kind].model_fields
        if self.dose not in known or known[self.dose].annotation is not float:
            raise ValueError(f"{self.kind} has no dose {self.dose!r}.")
        assert {*self.choices} <= {*known}, f"{self.kind} has no fields {sorted(self.choices)}"
        unknown = {*self.levers} - LEVERS
        if unknown:
            raise ValueError(f"no levers {sorted(unknown)}. Known: {sorted(LEVERS)}.")
        for story in self.sentence:
            if self.kind not in {each.kind for each in story.measures}:
                raise ValueError(f"{story.text!r} does not speak of {self.kind}.")
        self.made()
        return self

    def made(self, name: str = "", /, *, start: date = START, **changed: Any) -> Instrument:
        """Return the example, from the start of the tiny world, with some fields changed."""
        common = {"kind": self.kind, "name": name or self.kind, "start": start, "source": "a test"}
        return KINDS[self.kind].model_validate({**common, **self.example, **changed})

    @property
    def range(self) -> tuple[float, float]:
        """Lowest and highest value of the main dose."""
        about = KINDS[self.kind].model_fields[self.dose].json_schema_extra
        assert isinstance(about, dict)
        return float(str(about["low"])), float(str(about["high"]))

    def dosed(self, *parts: float) -> Floats:
        """Return doses that lie so far from nothing, in parts of the way to the example's dose."""
        full: float = getattr(self.made(), self.dose)
        return self.nothing + (full - self.nothing) * np.array(parts)


@cache
def case(kind: str) -> Case:
    """Return what the case file of a kind says."""
    found = Case.model_validate(tomllib.loads((FOLDER / f"{kind}.toml").read_text(encoding="utf-8")))
    assert found.kind == kind, f"{kind}.toml speaks of {found.kind}"
    return found
