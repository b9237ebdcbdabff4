"""What is known of everything that has a name, one finder for each kind of thing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from rich.table import Table

from abm.composition import terms
from abm.policies.instrument import Instrument
from abm.scenario import Scenario
from abm.series import SERIES
from abm.tables import COLUMNS
from experiments.acts import PARAMETERS, used, where
from experiments.catalogue import COMMON, KINDS, Catalogue, described, doses, ranged, sentence_of, upper
from experiments.layout import worded
from experiments.library import names
from experiments.moves import moves

Line = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing explained.

    kind    such as "a parameter";  sentence  that defines it
    lines   label and text of what is known;  tables  printed below
    """

    name: str
    kind: str
    sentence: str = ""
    lines: tuple[Line, ...] = ()
    tables: tuple[Table, ...] = ()


Named = tuple[str, Callable[[], Entry]]
Finder = Callable[[Catalogue], list[Named]]


def parameters(catalogue: Catalogue) -> list[Named]:
    """Return the behavioural parameters by name."""
    return [(name, partial(_parameter, catalogue, name)) for name in catalogue.parameters]


def _parameter(catalogue: Catalogue, name: str) -> Entry:
    """Return what is known of a behavioural parameter."""
    table = catalogue.parameters[name]
    lines = (
        ("value", f"{table['value']:g} {table['unit']}"),
        ("range", ranged(table["low"], table["high"])),
        ("source", catalogue.citation(table["source"], table.get("note", ""))),
        *_acts(where(name, *PARAMETERS)),
        ("change", f"--set parameters.{name}={table['value']:g}"),
    )
    return Entry(name, "a behavioural parameter", table["sentence"], lines)


def kinds(catalogue: Catalogue) -> list[Named]:
    """Return the kinds of policy and shock by name, and each of their fields as KIND.FIELD."""
    found: list[Named] = [(name, partial(_kind, catalogue, name)) for name in KINDS]
    for name, kind in KINDS.items():
        found += [(f"{name}.{field}", partial(_field, name, field)) for field in kind.model_fields]
    return found


def _kind(catalogue: Catalogue, name: str) -> Entry:
    """Return what is known of a kind of policy or shock."""
    kind = KINDS[name]
    table = worded("Fields", ["field", "range", "what"])
    known = doses(kind)
    for field, told in described(kind).items():
        dose = known.get(field)
        table.add_row(field, ranged(dose.low, dose.high) if dose else "", f"{told} ({dose.unit})" if dose else told)
    users = [f"{measure.name} ({scenario.name})" for scenario, measure in catalogue.measures() if measure.kind == name]
    lines = (
        ("file", f"{kind.__module__.replace('.', '/')}.py"),
        *_acts(used(dict.fromkeys(lever for moved in moves(kind).values() for lever in moved))),
        ("used by", ", ".join(users) or "no bundled scenario"),
    )
    return Entry(name, "a kind of policy or shock", sentence_of(kind), lines, (table,))


def _field(kind: str, field: str) -> Entry:
    """Return what is known of a field of a kind of policy or shock."""
    dose, told = doses(KINDS[kind]).get(field), described(KINDS[kind]).get(field, "")
    about = KINDS[kind].model_fields[field]
    lines: list[Line] = []
    if dose:
        lines = [("unit", dose.unit), ("range", ranged(dose.low, dose.high)), ("source", f"{dose.source} (the range)")]
    default = about.default if about.default is not None else "none"
    lines.append(("default", "none: a scenario must say it" if about.is_required() else f"{default or 'none'}"))
    if field not in COMMON:
        lines += _acts(used(moves(KINDS[kind])[field]) or ["no phase: it tells who does it"])
    return Entry(f"{kind}.{field}", f"a field of {kind}", dose.sentence if dose else f"{upper(told)}.", (*lines,))


def measures(catalogue: Catalogue) -> list[Named]:
    """Return the policies and shocks of the bundled scenarios by name, and each of their fields as NAME.FIELD."""
    found: list[Named] = []
    for scenario, measure in catalogue.measures():
        found.append((measure.name, partial(_measure, scenario, measure)))
        fields = type(measure).model_fields
        found += [(f"{measure.name}.{field}", partial(_value, scenario, measure, field)) for field in fields]
    return found


def _measure(scenario: Scenario, measure: Instrument) -> Entry:
    """Return what is known of a policy or shock of a scenario."""
    told = [(field, _said(measure, field)) for field in type(measure).model_fields if field not in {"name", "story"}]
    lines = [(field, said) for field, said in told if said]
    return Entry(measure.name, f"a measure of the scenario {scenario.name}", measure.story, (*lines,))


def _value(scenario: Scenario, measure: Instrument, field: str) -> Entry:
    """Return what is known of one field of a policy or shock of a scenario."""
    about = _field(measure.kind, field)
    value = _said(measure, field) or "nothing"
    lines = [("value", f"{value}, in {scenario.places.get(f'{measure.name}.{field}', scenario.name)}")]
    lines += [line for line in about.lines if line[0] != "default"]
    lines.append(("of", f"{measure.kind} {measure.name}: {measure.source}"))
    if field in doses(type(measure)):
        lines.append(("change", f"--set {measure.name}.{field}={value.replace(',', '')}"))
    return Entry(f"{measure.name}.{field}", f"a figure of {measure.name}", about.sentence, (*lines,))


def _said(measure: Instrument, field: str) -> str:
    """Return what a measure says in a field, as text."""
    value = getattr(measure, field)
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {number:g}" for key, number in value.items())
    return "" if value is None else f"{value:,.10g}" if isinstance(value, float) else f"{value}"


def series(catalogue: Catalogue) -> list[Named]:  # noqa: ARG001
    """Return the recorded series by name."""

    def entry(name: str, unit: str, sentence: str) -> Entry:
        """Return what is known of a recorded series."""
        lines = (("unit", unit), ("found in", "regions.parquet, and Model.regions"), ("made in", "abm/series.py"))
        return Entry(name, "a recorded series, by month, good and region", sentence, lines)

    return [(each.name, partial(entry, each.name, each.unit, each.sentence)) for each in SERIES]


def scenarios(catalogue: Catalogue) -> list[Named]:
    """Return the bundled scenarios by name."""
    return [(name, partial(_scenario, each)) for name, each in catalogue.scenarios.items()]


def composition(what: str) -> Entry:
    """Return what is known of several scenarios put together."""
    return _scenario(Scenario.load(what))


def _scenario(scenario: Scenario) -> Entry:
    """Return what is known of a bundled scenario, or of several put together."""
    first, further = terms(scenario.name)
    files = [word for word in (first, *(word for _, word in further)) if word in names()]
    table = worded("Policies and shocks", ["name", "kind", "from", "to before"])
    for measure in scenario.measures:
        table.add_row(measure.name, measure.kind, f"{measure.start}", f"{measure.end or ''}")
    told = scenario.headline
    lines = (
        ("question", scenario.question),
        ("story", " ".join(scenario.story.split())),
        ("months", f"{scenario.start:%Y-%m} to {scenario.until:%Y-%m}"),
        ("baseline", scenario.baseline or "none"),
        ("headline", f"{told.measure} of {told.chain}, {told.region}" if told else "none"),
        *many("reference", scenario.references),
        *many("file", tuple(f"experiments/scenarios/{word}.toml" for word in files)),
    )
    return Entry(scenario.name, "a scenario", scenario.title, lines, (table,))


def sources(catalogue: Catalogue) -> list[Named]:
    """Return the sources by key."""
    return [(key, partial(_source, catalogue, key)) for key in catalogue.sources]


def _source(catalogue: Catalogue, key: str) -> Entry:
    """Return what is known of a source, and how many figures rest on it."""
    table = catalogue.sources[key]
    counts = {
        file: sum(row["source"] == key for row in catalogue.facts.rows[file])
        for file in COLUMNS
        if "source" in COLUMNS[file].split()
    }
    counts["parameters.toml"] = sum(each["source"] == key for each in catalogue.parameters.values())
    used = ", ".join(f"{count} in {file}" for file, count in counts.items() if count)
    lines = (("address", table["address"]), ("date", table["date"]), ("figures", used or "none"))
    return Entry(key, "a source", table["title"], lines)


def _acts(lines: list[str]) -> Iterator[Line]:
    """Yield where something acts, a line for each place."""
    yield from many("acts in", tuple(dict.fromkeys(lines)))


def many(label: str, lines: tuple[str, ...]) -> Iterator[Line]:
    """Yield lines of which only the first has a label."""
    for place, line in enumerate(lines):
        yield ("" if place else label), line
