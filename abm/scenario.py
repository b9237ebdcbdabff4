"""A scenario: which policies and shocks, from when to when, compared with what; read from TOML and checked."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Self, get_args

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from abm.drafts import ask, named, wrong_window
from abm.errors import InputError, nearest
from abm.outline import RESERVED, STRICT, Composed, Governments, Headline, Month
from abm.overrides import parameter_problem, replaced, split
from abm.policies.instrument import Instrument
from abm.policies.programme import Paying
from abm.world import World

_MONTH: TypeAdapter[Month] = TypeAdapter(Month)


class Scenario(BaseModel):
    """One question asked of the world.

    name        of its file, or of its files put together; the column ``scenario`` of all results
    start       first month
    until       last month
    baseline    scenario to compare with; none for a baseline itself
    headline    what the leading sentence of the result speaks of
    policies    measures of governments
    shocks      what befalls the world
    parameters  values that replace those of parameters.toml
    governments dated where they do what is dated and no more, reactive where they follow rules besides
    text, file  what the file says, and its path
    places      file and line of every key of every policy and shock, by dotted key
    """

    model_config = STRICT

    name: Composed
    title: str
    question: str
    story: str
    references: tuple[str, ...] = ()
    start: Month
    until: Month
    baseline: str | None = None
    headline: Headline | None = None
    policies: tuple[Instrument, ...] = ()
    shocks: tuple[Instrument, ...] = ()
    parameters: dict[str, float] = Field(default_factory=dict)
    governments: Governments = "dated"
    text: str = Field(default="", repr=False)
    file: str = Field(default="", repr=False)
    places: dict[str, str] = Field(default_factory=dict, repr=False)

    @classmethod
    def load(cls, what: str | Path, library: Path | None = None) -> Self:
        """Return a scenario by name or path, every mistake in its file told at once.

        what     a name or path, or several put together: chips_act+japan_tsmc, history-chips_act
        library  folder of the scenarios known by name; the bundled ones if none is given
        """
        known = library or bundled()
        return cls(**ask(what, known))

    def rival(self, library: Path | None = None) -> Self | None:
        """Return the baseline over the same months as this scenario; none for a baseline itself."""
        if self.baseline is None:
            return None
        known = library or bundled()
        path = named(self.baseline, Path(self.file), known)
        return self.load(path or self.baseline, known).model_copy(update={"start": self.start, "until": self.until})

    @property
    def measures(self) -> tuple[Instrument, ...]:
        """The policies, then the shocks, in the order they act in."""
        return self.policies + self.shocks

    @property
    def months(self) -> int:
        """Number of months from the first to the last, both counted."""
        return (self.until.year - self.start.year) * 12 + self.until.month - self.start.month + 1

    def check(self, world: World) -> None:
        """Refuse regions, goods and firms that a world does not have, and programmes nobody runs, all at once."""
        known = {
            "region": world.regions,
            "good": world.goods.code,
            "firm": world.owners.name,
            "input": world.critical_inputs.name,
            "programme": tuple(each.name for each in self.measures if isinstance(each, Paying)),
        }
        wrong = [
            InputError(f"{self.places.get(key, self.name)}: {key.split('.')[-1]}", f"no {kind} {word!r}.", remedy)
            for key, kind, word in self._words()
            for remedy in ([] if word in known[kind] else [nearest(word, known[kind])])
        ]
        if self.headline and self.headline.chain not in {*world.goods.code, *world.goods.chain}:
            words = {*world.goods.code, *world.goods.chain}
            what = f"no good or chain {self.headline.chain!r}."
            where = f"{self.places.get('headline', self.name)}: headline"
            wrong.append(InputError(where, what, nearest(self.headline.chain, words)))
        if wrong:
            raise InputError("", "\n".join(map(str, wrong)))

    def override(self, *assignments: str) -> Self:
        """Return the scenario with some values replaced.

        assignments  KEY=VALUE, the key being NAME.field of a measure, parameters.NAME, governments, start or until
        """
        changed = self
        for assignment in assignments:
            changed = changed._assigned(*split(assignment))
        wrong = wrong_window(changed.start, changed.until)
        if wrong:
            raise InputError("override until", *wrong)
        return changed

    def _assigned(self, key: list[str], value: object) -> Self:
        """Return the scenario with the value of one dotted key replaced."""
        where, head = f"override {'.'.join(key)}", key[0]
        if head in {"start", "until"} and len(key) == 1:
            return self.model_copy(update={head: _month(where, value)})
        if head == "governments" and len(key) == 1:
            if value not in get_args(Governments):
                raise InputError(
                    where, f"{value!r} is no kind of government.", nearest(str(value), get_args(Governments))
                )
            return self.model_copy(update={head: value})
        if head == "parameters" and len(key) == 2:
            wrong = parameter_problem(key[1], value)
            if wrong:
                raise InputError(where, *wrong)
            return self.model_copy(update={"parameters": {**self.parameters, key[1]: value}})
        names = [each.name for each in self.measures]
        if head not in names:
            known = nearest(head, [*names, *RESERVED[:4]])
            raise InputError(where, f"{self.name} has no policy or shock called {head!r}.", known)
        policies, shocks = (
            tuple(replaced(each, key[1:], value) if each.name == head else each for each in measures)
            for measures in (self.policies, self.shocks)
        )
        return self.model_copy(update={"policies": policies, "shocks": shocks})

    def _words(self) -> Iterator[tuple[str, str, str]]:
        """Yield dotted key, vocabulary and word of every region, good and firm that is named."""
        for measure in self.measures:
            for field, about in type(measure).model_fields.items():
                if isinstance(about.json_schema_extra, dict) and "vocabulary" in about.json_schema_extra:
                    named = getattr(measure, field)
                    for word in (named,) if isinstance(named, str) else named:
                        yield f"{measure.name}.{field}", str(about.json_schema_extra["vocabulary"]), word
        if self.headline:
            yield "headline", "region", self.headline.region


def bundled() -> Path:
    """Return the folder of the scenarios that come with friendshore, without importing their package."""
    found = find_spec("experiments")
    if found is None or not found.submodule_search_locations:
        raise InputError("", "the package experiments is not installed.", "Install friendshore, or give a path.")
    return Path(found.submodule_search_locations[0]) / "scenarios"


def _month(where: str, value: object) -> Month:
    """Return a value as the first day of a month."""
    try:
        return _MONTH.validate_python(value, strict=True)
    except ValidationError as error:
        raise InputError(where, f"{value!r} is not a month.", "Write it like 2020-01.") from error
