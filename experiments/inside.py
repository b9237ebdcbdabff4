"""What is known of the model's own words: kinds of agent, their rules, phases and columns of the books."""

import re
from dataclasses import fields
from functools import partial
from inspect import getsourcefile, isfunction
from pathlib import Path
from typing import Any, get_type_hints

from abm.agents import KINDS, Firm
from abm.flow import Flow
from abm.month import PHASES
from abm.state import State
from experiments.acts import functions, phases_of, where
from experiments.catalogue import Catalogue, sentence_of, upper
from experiments.design import described
from experiments.entries import Entry, Named, many

# They tell who a firm is and whom it knows.
NO_RULES = ("suppliers", "customers")
AXES = re.compile(r" \([a-z, ]+\)$")
TABLES: dict[str, type[State | Flow]] = {"state": State, "flow": Flow}


def rules() -> dict[str, str]:
    """Return the rules every firm has, each with its first sentence."""
    found = {name: rule for name, rule in vars(Firm).items() if isfunction(rule) and not name.startswith("_")}
    told = {name: sentence_of(rule).removeprefix("Return ") for name, rule in found.items() if name not in NO_RULES}
    return {name: upper(sentence) for name, sentence in told.items()}


def agents(catalogue: Catalogue) -> list[Named]:
    """Return the kinds of firm by the name of their class."""
    return [(name, partial(_agent, catalogue, name)) for name in KINDS]


def _agent(catalogue: Catalogue, name: str) -> Entry:
    """Return what is known of a kind of firm."""
    recipes, plants = catalogue.world.recipes, catalogue.world.plants
    ways = [way for way, kind in enumerate(recipes.kind) if kind == name]
    count = sum(int(way) in ways for way in plants.process)
    own = [rule for rule, made in vars(KINDS[name]).items() if isfunction(made) and not rule.startswith("_")]
    lines = (
        ("processes", ", ".join(recipes.process[way] for way in ways)),
        ("sites", f"{count} where one stands or may be built in January 2020"),
        ("class", f"{KINDS[name].__module__}.{name}"),
        ("rules", ", ".join(rules())),
        ("own rules", ", ".join(own) or "none"),
        ("replace", f"Model(..., kinds={{{name!r}: a class derived from {name}}})"),
    )
    return Entry(name, "a kind of agent", sentence_of(KINDS[name]), lines)


def rule_entries(catalogue: Catalogue) -> list[Named]:  # noqa: ARG001
    """Return the rules of firms by name."""
    return [(name, partial(_rule, name, sentence)) for name, sentence in rules().items()]


def _rule(name: str, sentence: str) -> Entry:
    """Return what is known of a rule of firms."""
    paragraphs = (getattr(Firm, name).__doc__ or "").strip().split("\n\n")[1:]
    others = [kind.__name__ for kind in KINDS.values() if name in vars(kind)]
    lines = (
        *((("more", " ".join(" ".join(paragraphs).split())),) if paragraphs else ()),
        ("asked in", ", ".join(rule_phases(name)) or "another rule"),
        ("file", "abm/agents/firm.py"),
        ("otherwise for", ", ".join(others) or "no kind"),
    )
    return Entry(name, "a rule of firms", sentence, lines)


def rule_phases(name: str) -> tuple[str, ...]:
    """Return the phases of the month in which firms go by a rule."""
    return next(phases_of(each) for each in functions() if each.name == f"Firm.{name}")


def phases(catalogue: Catalogue) -> list[Named]:  # noqa: ARG001
    """Return the phases of the month by name."""

    def entry(place: int) -> Entry:
        """Return what is known of a phase."""
        name, phase = PHASES[place]
        asked = [rule for rule in rules() if name in rule_phases(rule)]
        file = Path(getsourcefile(phase) or "").name
        lines = (
            ("place", f"{place + 1} of {len(PHASES)}"),
            ("file", f"abm/phases/{file} {getattr(phase, '__name__', name)}"),
            ("rules", ", ".join(asked) or "none of firms"),
        )
        return Entry(name, "a phase of the month", sentence_of(phase), lines)

    return [(name, partial(entry, place)) for place, (name, _) in enumerate(PHASES)]


def columns(catalogue: Catalogue) -> list[Named]:  # noqa: ARG001
    """Return the columns of the books by name: what lasts, and what flows within a month."""
    return [(column.name, partial(_column, table, column.name)) for table in TABLES for column in fields(TABLES[table])]


def _column(table: str, name: str) -> Entry:
    """Return what is known of a column of the books."""
    hints: dict[str, Any] = get_type_hints(TABLES[table], include_extras=True)
    lines = (
        ("axes", ", ".join(hints[name].__metadata__)),
        ("in Python", f"model.books.{table}.{name}"),
        *many("used in", tuple(where(name, table, "self"))),
    )
    kept = "lasts from month to month" if table == "state" else "is worked out anew every month"
    return Entry(name, f"a column of the books that {kept}", upper(f"{_meaning(TABLES[table], name)}."), lines)


def _meaning(table: type, name: str) -> str:
    """Return what the docstring of a table of the books says of a column, which may share its line with others."""
    told = dict(described(table))
    together = [other for other, text in told.items() if text == told[name]]
    parts = told[name].split("; ")
    return AXES.sub("", parts[together.index(name)] if len(parts) == len(together) else told[name])
