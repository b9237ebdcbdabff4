"""What is known of the words of scenarios and results: the tables of a run, their columns, the fields of measures."""

from collections.abc import Callable, Mapping
from functools import partial

from abm.record import Record
from abm.series import SERIES
from experiments.catalogue import KINDS, Catalogue, described, doses, ranged, sentence_of, upper
from experiments.entries import Entry, Line, Named
from experiments.layout import worded
from experiments.units import OF_RUNS, TABLES, units

_RUN = ("scenario", "run")
# What tells the rows of each table apart, and what makes them.
KEYS: Mapping[str, tuple[str, ...]] = {
    "regions": (*_RUN, "date", "good", "region"),
    "firms": (*_RUN, "date", "good", "firm", "hq"),
    "trade": (*_RUN, "date", "good", "buyer", "supplier"),
    "programmes": (*_RUN, "date", "government", "programme"),
    "events": (*_RUN, "date", "good"),
    "kpi": (*_RUN, "worst_good", "worst_month"),
}
_MAKERS: Mapping[str, Callable[..., object]] = {
    "regions": Record.regions,
    "firms": Record.firms,
    "trade": Record.trade,
    "programmes": Record.programmes,
    "events": Record.events,
    "kpi": Record.kpi,
}
_SENTENCES = {each.name: each.sentence for each in SERIES}


def headings(table: str) -> dict[str, str]:
    """Return the unit of every column of a table of the results; of the runs' table, by how a name begins."""
    if table == "kpi":
        ends = {name: f"{name}..." if name.endswith("_") else name for name in OF_RUNS}
        return units(table, KEYS[table]) | {ends[name]: unit for name, unit in OF_RUNS.items()}
    return units(table, dict.fromkeys((*KEYS[table], *TABLES[table])))


def tables(catalogue: Catalogue) -> list[Named]:  # noqa: ARG001
    """Return the tables of the results by name."""
    return [(name, partial(_table, name)) for name in KEYS]


def _table(name: str) -> Entry:
    """Return what is known of a table of the results."""
    shown = worded("Columns", ["column", "unit"])
    for column, unit in headings(name).items():
        shown.add_row(column, unit)
    lines = (
        ("file", f"{name}.parquet in the folder of the results"),
        ("in Python", f"model.{name}"),
    )
    return Entry(
        name, "a table of the results", upper(sentence_of(_MAKERS[name]).removeprefix("Return ")), lines, (shown,)
    )


def columns_of_results(catalogue: Catalogue) -> list[Named]:  # noqa: ARG001
    """Return the columns of the results that are no series, by name."""
    words = dict.fromkeys(word for table in KEYS for word in headings(table))
    return [(word, partial(_column, word)) for word in words if word not in _SENTENCES and not word.endswith("...")]


def _column(name: str) -> Entry:
    """Return what is known of a column of the results."""
    lines = [(f"in {table}", headings(table)[name]) for table in KEYS if name in headings(table)]
    return Entry(name, "a column of the results", lines=(*lines,))


def fields(catalogue: Catalogue) -> list[Named]:  # noqa: ARG001
    """Return the fields of policies and shocks by their bare names."""
    words = dict.fromkeys(field for kind in KINDS.values() for field in kind.model_fields)
    return [(word, partial(_field, word)) for word in words]


def _field(name: str) -> Entry:
    """Return which kinds of policy and shock have a field, and what it is of each."""
    shown = worded("Kinds that have it", ["kind", "range", "what"])
    having = [kind for kind, made in KINDS.items() if name in made.model_fields]
    for kind in having:
        dose, told = doses(KINDS[kind]).get(name), described(KINDS[kind])[name]
        shown.add_row(kind, ranged(dose.low, dose.high) if dose else "", f"{told} ({dose.unit})" if dose else told)
    lines: tuple[Line, ...] = (
        ("kinds", f"{len(having)} of {len(KINDS)}"),
        ("more", f"friendshore explain {having[0]}.{name}, or NAME.{name} with the name of a measure"),
    )
    return Entry(name, "a field of policies and shocks", "", lines, (shown,))
