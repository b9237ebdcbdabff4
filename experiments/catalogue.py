"""Everything that has a name: the data, the sources, the instruments and the scenarios, read once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic.fields import FieldInfo

from abm import world as worlds
from abm.facts import PACKAGE_DATA, Facts, gather, read_sources
from abm.outline import FIRST
from abm.policies import INSTRUMENTS, SHOCKS
from abm.policies.instrument import Instrument
from abm.scenario import Scenario
from abm.tables import Row, tables
from abm.world import World
from experiments.design import described as told_in
from experiments.library import find, names

KINDS: Mapping[str, type[Instrument]] = {**INSTRUMENTS, **SHOCKS}
COMMON = ("kind", "name", "start", "end", "source", "story")


@dataclass(frozen=True, slots=True)
class Dose:
    """A numeric field of an instrument: unit, accepted range, sentence and where the range comes from."""

    unit: str
    low: float
    high: float
    sentence: str
    source: str


class Catalogue:
    """What the commands ``list`` and ``explain`` look things up in."""

    @cached_property
    def facts(self) -> Facts:
        """The rows of the data folder."""
        return gather(PACKAGE_DATA)

    @cached_property
    def world(self) -> World:
        """The world of January 2020."""
        return worlds.read(FIRST)

    @cached_property
    def parameters(self) -> Mapping[str, Mapping[str, Any]]:
        """The tables of parameters.toml."""
        return tables(PACKAGE_DATA / "parameters.toml")

    @cached_property
    def sources(self) -> Mapping[str, Mapping[str, Any]]:
        """The tables of sources.toml."""
        return read_sources(PACKAGE_DATA)

    @cached_property
    def scenarios(self) -> Mapping[str, Scenario]:
        """The bundled scenarios by name."""
        return {name: Scenario.load(find(name)) for name in names()}

    def measures(self) -> Iterator[tuple[Scenario, Instrument]]:
        """Yield every policy and shock of every bundled scenario, each where it is first met."""
        seen = set()
        for scenario in sorted(self.scenarios.values(), key=lambda each: len(each.measures)):
            for measure in scenario.measures:
                if repr(measure) not in seen:
                    seen.add(repr(measure))
                    yield scenario, measure

    def rows(self, file: str, **words: str) -> list[Row]:
        """Return the rows of a data file that hold some words."""
        return [row for row in self.facts.rows[file] if all(row[column] == word for column, word in words.items())]

    def citation(self, source: str, note: str = "") -> str:
        """Return a source in words, title and address, or that a figure is derived or assumed, and the note on it."""
        if source not in self.sources:
            return f"{source}: {note}" if note else source
        table = self.sources[source]
        told = f"{table['title']}, {table['address']} [{source}]"
        return f"{told}. {note}" if note else told


def sentence_of(thing: object) -> str:
    """Return the first sentence of a docstring."""
    return " ".join((thing.__doc__ or "").strip().split("\n\n")[0].split())


def dose_of(field: FieldInfo) -> Dose | None:
    """Return unit and range of a field that can be swept; nothing for words and dates."""
    about: Any = field.json_schema_extra
    if not isinstance(about, dict) or "unit" not in about:
        return None
    return Dose(**{name: about[name] for name in ("unit", "low", "high", "sentence", "source")})


def doses(kind: type[Instrument]) -> dict[str, Dose]:
    """Return the fields of an instrument that can be swept."""
    return {name: dose for name, field in kind.model_fields.items() if (dose := dose_of(field))}


def described(kind: type[Instrument]) -> dict[str, str]:
    """Return what the docstrings of an instrument and its bases say of each of its fields, in the order of fields."""
    told: dict[str, str] = {}
    for each in reversed(kind.__mro__):
        told |= dict(told_in(each)) if issubclass(each, Instrument) else {}
    sentences = {name: dose.sentence for name, dose in doses(kind).items()}
    return {name: told.get(name) or sentences.get(name, "") for name in kind.model_fields}


def ranged(low: float, high: float) -> str:
    """Return a range as text."""
    return f"{low:,.10g} to {high:,.10g}"


def upper(text: str) -> str:
    """Return a text that begins with a capital."""
    return text[:1].upper() + text[1:]
