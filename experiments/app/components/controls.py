"""Levers built from what instruments say of their fields: none is named here, and a new one appears by itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from abm import world as worlds
from abm.facts import PACKAGE_DATA
from abm.policies import SHOCKS
from abm.policies.instrument import Instrument
from abm.policies.programme import Paying
from abm.scenario import Scenario
from abm.tables import tables
from experiments.app.components.scales import Scale, scale
from experiments.app.texts import text
from experiments.catalogue import COMMON, KINDS, described, dose_of, sentence_of, upper

SLIDER, DATE, CHOICE, WORDS, SWITCH, TABLE = "slider", "date", "choice", "words", "switch", "table"
PARAMETERS = "parameters"
DATES = ("start", "end")


Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Lever:
    """A value of a scenario that can be moved.

    key      as ``--set`` takes it;  kind  slider, date, choice, words, switch or table
    label    what it is;  help  more of it;  source  of its range
    initial  value the scenario has
    scale    of a slider;  options  code and name of what can be chosen, or the vocabulary they are in
    """

    key: str
    kind: str
    label: str
    initial: Any
    help: str = ""
    source: str = ""
    scale: Scale | None = None
    options: Options = ()
    vocabulary: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """The levers of one policy or shock.

    name, title, about  how it is called, in words, and what it does;  kind  of instrument, in words
    source              where amount and dates come from
    levers, more        those that matter most, and the rest
    """

    name: str
    title: str
    kind: str
    about: str
    source: str
    levers: tuple[Lever, ...]
    more: tuple[Lever, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """What one government does, or what befalls the world."""

    code: str
    title: str
    measures: tuple[Measure, ...]


def groups(scenario: Scenario) -> tuple[Group, ...]:
    """Return the levers of a scenario by government, shocks last."""
    world = worlds.read(scenario.start)
    found: dict[str, list[Measure]] = {}
    usual = {each.name for each in rival.measures} if (rival := scenario.rival()) else set()
    # What is asked about comes before what holds in the baseline too.
    for each in sorted(scenario.measures, key=lambda each: (each.kind in SHOCKS, each.name in usual)):
        found.setdefault(_owner(each), []).append(measure(each))
    titles = dict(zip(world.regions, world.region_titles, strict=True))
    titles |= {"": text("levers", "together"), "shocks": text("levers", "shocks")}
    return tuple(Group(code, titles[code], tuple(each)) for code, each in found.items())


def _owner(measure: Instrument) -> str:
    """Return the government that acts, shocks, or nobody in particular."""
    return "shocks" if measure.kind in SHOCKS else str(getattr(measure, "government", ""))


def measure(instrument: Instrument) -> Measure:
    """Return the levers of one policy or shock."""
    told = described(type(instrument))
    made = [_lever(instrument, name, told[name]) for name in _movable(type(instrument))]
    moved = tuple(each for each in made if each.kind in {SLIDER, SWITCH})
    rest = tuple(each for each in made if each not in moved)
    return Measure(
        instrument.name,
        titled(instrument.name),
        titled(instrument.kind),
        instrument.story or sentence_of(type(instrument)),
        instrument.source,
        moved,
        rest,
    )


def _movable(kind: type[Instrument]) -> Iterator[str]:
    """Yield the fields of an instrument that are levers: its own ones, then its dates."""
    yield from (name for name in kind.model_fields if name not in COMMON)
    yield from DATES


def titled(name: str) -> str:
    """Return a name as words."""
    return upper(name.replace("_", " "))


def _lever(instrument: Instrument, name: str, told: str) -> Lever:
    """Return the lever of a field.

    told  what its documentation says of it
    """
    field, value, key = type(instrument).model_fields[name], getattr(instrument, name), f"{instrument.name}.{name}"
    dose = dose_of(field)
    if dose is not None:
        shown = scale(dose.unit, dose.low, dose.high, float(value))
        return Lever(key, SLIDER, dose.sentence.rstrip("."), value, _more(told, dose.sentence), dose.source, shown)
    label = upper(told.rstrip(".")) or titled(name)
    if name in DATES:
        return Lever(key, DATE, text("levers", name), value and value.isoformat(), label)
    if isinstance(value, bool):
        return Lever(key, SWITCH, label, value)
    if isinstance(value, dict):
        shown = scale("", *_ends(field), max([1.0, *value.values()]))
        return Lever(key, TABLE, label, value, scale=shown, vocabulary=_vocabulary(field))
    kind = WORDS if isinstance(value, tuple) else CHOICE
    initial = [*value] if kind == WORDS else value
    return Lever(key, kind, label, initial, options=_options(field), vocabulary=_vocabulary(field))


def _more(told: str, sentence: str) -> str:
    """Return what documentation says beyond the sentence that is the label already."""
    return "" if told.strip().rstrip(".").casefold() == sentence.rstrip(".").casefold() else upper(told)


def _ends(field: FieldInfo) -> tuple[float, float]:
    """Return the range of the numbers in a table."""
    inner = get_args(field.annotation)[1]
    about = getattr(inner, "__metadata__", (FieldInfo(),))[0].metadata
    low = next((each.ge for each in about if hasattr(each, "ge")), 0.0)
    high = next((each.le for each in about if hasattr(each, "le")), 1.0)
    return float(low), float(high)


def _options(field: FieldInfo) -> Options:
    """Return code and name of all that a field can hold, where its type says so."""
    if get_origin(field.annotation) is Literal:
        return tuple((str(each), titled(str(each))) for each in get_args(field.annotation))
    return ()


def _vocabulary(field: FieldInfo) -> str:
    """Return the vocabulary of what a field can hold, if it has one."""
    about = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    return str(about.get("vocabulary", ""))


def vocabularies(scenario: Scenario) -> dict[str, Options]:
    """Return code and name of everything a field of a scenario can name, by vocabulary."""
    world = worlds.read(scenario.start)
    return {
        "region": tuple(zip(world.regions, world.region_titles, strict=True)),
        "good": tuple((code, upper(title)) for code, title in zip(world.goods.code, world.goods.title, strict=True)),
        "firm": tuple((name, name) for name in world.owners.name),
        "input": tuple((name, titled(name)) for name in world.critical_inputs.name),
        "programme": tuple((each.name, titled(each.name)) for each in scenario.measures if isinstance(each, Paying)),
    }


@cache
def assumptions() -> tuple[Lever, ...]:
    """Return the levers of the behavioural parameters."""
    found = []
    for name, table in tables(PACKAGE_DATA / "parameters.toml").items():
        shown = scale(table["unit"], table["low"], table["high"], float(table["value"]))
        sentence, source = table["sentence"].rstrip("."), str(table.get("source", ""))
        found.append(Lever(f"{PARAMETERS}.{name}", SLIDER, sentence, table["value"], titled(name), source, shown))
    return tuple(found)


def moved(base: Scenario, now: Scenario) -> dict[str, Any]:
    """Return the values of a scenario that differ from those it began with, by dotted key."""
    before = {each.name: each for each in base.measures}
    found = {
        f"{each.name}.{name}": _written(getattr(each, name))
        for each in now.measures
        for name in _movable(KINDS[each.kind])
        if each.name in before and getattr(each, name) != getattr(before[each.name], name)
    }
    return found | {f"{PARAMETERS}.{name}": value for name, value in now.parameters.items()}


def _written(value: object) -> object:
    """Return a value as the browser holds it."""
    if isinstance(value, date):
        return value.isoformat()
    return [*value] if isinstance(value, tuple) else value


def silenced(scenario: Scenario, name: str) -> dict[str, date]:
    """Return the dates that let a measure begin only after the last month, in the order they can be replaced in.

    name  of the measure
    """
    never = (scenario.until + timedelta(days=32)).replace(day=1)
    found = next(each for each in scenario.measures if each.name == name)
    after = {f"{name}.end": never.replace(year=never.year + 1)} if found.end else {}
    return {**after, f"{name}.start": never}


def silent(scenario: Scenario) -> Mapping[str, bool]:
    """Return by name whether a measure begins only after the last month."""
    return {each.name: each.start > scenario.until for each in scenario.measures}
