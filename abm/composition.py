"""Scenarios put together: chips_act+japan_tsmc is both at once, history-chips_act the first without the second."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

from abm.errors import InputError, nearest
from abm.outline import NAME, UNLESS_TOLD
from abm.policies.instrument import Instrument

Fields: TypeAlias = dict[str, Any]
Term: TypeAlias = tuple[str, str]

KEPT = ("policies", "shocks")
WINDOW = ("start", "until")
AGREED = (*UNLESS_TOLD, "baseline")
WORDS = {"source", "story"}
_FURTHER = rf"[+-]{NAME.pattern}"
_WHOLE = re.compile(rf"(.*\.toml|{NAME.pattern})((?:{_FURTHER})*)")


@dataclass(frozen=True, slots=True)
class Shelf:
    """The scenarios that can be put together.

    names  of all of them;  read  returns the fields of one by name
    """

    names: frozenset[str]
    read: Callable[[str], Fields]


def terms(what: str) -> tuple[str, tuple[Term, ...]]:
    """Return what stands first, a name or the path of a file, then sign and name of every further term.

    what  a name, a path, or either followed by +NAME and -NAME
    """
    found = _WHOLE.fullmatch(what)
    if found is None:
        return what, ()
    return found[1], tuple((each[0], each[1:]) for each in re.findall(_FURTHER, found[2]))


def name_of(what: str) -> str:
    """Return the name of a scenario that is asked for by name or path, or of several put together."""
    first, further = terms(what)
    return Path(first).stem + "".join(map("".join, further))


def compose(first: Fields, further: tuple[Term, ...], shelf: Shelf) -> Fields:
    """Return the fields of scenarios put together, term by term from left to right.

    first    fields of what stands first
    further  sign and name of every further term
    """
    fields = first
    for sign, word in further:
        fields = _joined(fields, word, shelf) if sign == "+" else _without(fields, word, shelf)
    return fields


def _joined(left: Fields, word: str, shelf: Shelf) -> Fields:
    """Return a scenario with the measures and parameters of another; what both have alike counts once.

    A measure of its baseline that one of them lifts is lifted in both.
    """
    where = f"{left['name']}+{word}"
    if word not in shelf.names:
        raise InputError(where, f"no scenario is called {word!r}.", nearest(word, shelf.names))
    right = shelf.read(word)
    gone = _lifted(left, shelf) | _lifted(right, shelf)
    left, right = _less(left, gone), _less(right, gone)
    agreed = {key: right[key] if left[key] in {None, UNLESS_TOLD.get(key)} else left[key] for key in AGREED}
    window = {key: agreed[key] for key in WINDOW}
    wrong = [*_clashes(left, right), *_disagreements(left, right)] or [*_idled(left, right, window)]
    if wrong:
        remedy = f"Take what clashes out first, as in {left['name']}-NAME+{word}, or write a file that extends one."
        raise InputError(where, " ".join(wrong), remedy)
    taken = _measures(left)
    both = {entry: left[entry] + tuple(each for each in right[entry] if each.name not in taken) for entry in KEPT}
    return {
        **left,
        **both,
        **agreed,
        "name": where,
        "title": f"{left['title']} + {right['title']}",
        "question": f"What follows from both: {left['title']}; {right['title']}?",
        "story": f"{left['story'].strip()}\n{right['story'].strip()}\n",
        "references": tuple(dict.fromkeys(left["references"] + right["references"])),
        "headline": left["headline"] or right["headline"],
        "parameters": {**left["parameters"], **right["parameters"]},
        "text": f"{left['text']}\n# + {word}\n{right['text']}",
        "places": {**right["places"], **left["places"]},
    }


def _without(left: Fields, word: str, shelf: Shelf) -> Fields:
    """Return a scenario without what another adds to its own baseline, or without one measure, by name."""
    where, mine = f"{left['name']}-{word}", _measures(left)
    title, adds = word, {word}
    if word in shelf.names:
        right = shelf.read(word)
        title, adds = right["title"], {*_measures(right)} - _of_baseline(right, shelf)
    elif word not in mine:
        what = f"{word!r} is neither a scenario nor a measure of {left['name']}."
        raise InputError(where, what, nearest(word, shelf.names | {*mine}))
    gone = [name for name in mine if name in adds]
    if not gone:
        what = f"{left['name']} has no measure that {word} adds, so nothing would be removed."
        remedy = f"It adds {', '.join(sorted(adds)) or 'none'}; {left['name']} has {', '.join(mine) or 'none'}."
        raise InputError(where, what, remedy)
    return {
        **_less(left, {*gone}),
        "name": where,
        "title": f"Without {title}: {left['title']}",
        "question": f"{left['question']} And without {title}?",
        "story": f"{left['story'].strip()}\nHere without {', '.join(gone)}.\n",
        "baseline": left["baseline"] or left["name"],
        "text": f"{left['text']}\n# - {word}\n",
    }


def _measures(fields: Mapping[str, Any]) -> dict[str, Instrument]:
    """Return policies and shocks by name, in the order they act in."""
    return {each.name: each for entry in KEPT for each in fields[entry]}


def _lifted(fields: Fields, shelf: Shelf) -> set[str]:
    """Return the names of the measures of its baseline that a scenario does not have: lifting them is its change."""
    return _of_baseline(fields, shelf) - {*_measures(fields)}


def _less(fields: Fields, gone: set[str]) -> Fields:
    """Return a scenario without some measures."""
    return {**fields, **{entry: tuple(each for each in fields[entry] if each.name not in gone) for entry in KEPT}}


def _of_baseline(fields: Fields, shelf: Shelf) -> set[str]:
    """Return the names of the measures that a scenario shares with what it is compared with."""
    known = fields["baseline"] in shelf.names
    return {*_measures(shelf.read(fields["baseline"]))} if known else set()


def _clashes(left: Fields, right: Fields) -> Iterator[str]:
    """Yield a sentence for every measure that two scenarios call the same and mean differently; words do not count."""
    mine = _measures(left)
    for name, theirs in _measures(right).items():
        if name not in mine:
            continue
        if mine[name].kind != theirs.kind:
            yield f"{name} is a {mine[name].kind} in {left['name']}, a {theirs.kind} in {right['name']}."
            continue
        ours = mine[name].model_dump(exclude=WORDS)
        for field, value in theirs.model_dump(exclude=WORDS).items():
            if ours[field] != value:
                yield _differs(f"{name}.{field}", (left, ours[field]), (right, value))


def _disagreements(left: Fields, right: Fields) -> Iterator[str]:
    """Yield a sentence for everything else that two scenarios do not agree on."""
    for name, value in right["parameters"].items():
        if left["parameters"].get(name, value) != value:
            yield _differs(f"parameters.{name}", (left, left["parameters"][name]), (right, value))
    for key in AGREED:
        if left[key] != right[key] and not {left[key], right[key]} & {None, UNLESS_TOLD.get(key)}:
            yield _differs(key, (left, left[key]), (right, right[key]))


def _idled(left: Fields, right: Fields, window: Mapping[str, date]) -> Iterator[str]:
    """Yield a sentence for every measure that acts in its own scenario and never in the months of both.

    window  first and last month of both
    """
    for one, other in ((left, right), (right, left)):
        for name, measure in _measures(one).items():
            if name not in _measures(other) and _acts(measure, **window) < _acts(measure, one["start"], one["until"]):
                yield f"{name} never acts from {window['start']:%Y-%m} until {window['until']:%Y-%m}."


def _acts(measure: Instrument, start: date, until: date) -> bool:
    """Return whether a measure is in force, or its end still felt, at some time between two months."""
    return measure.start <= until and (measure.end is None or measure.end > start)


def _differs(key: str, left: tuple[Fields, Any], right: tuple[Fields, Any]) -> str:
    """Return a sentence that tells what two scenarios say of one key."""
    told = [f"{_told(value)} in {fields['name']}" for fields, value in (left, right)]
    return f"{key} is {told[0]} and {told[1]}."


def _told(value: object) -> str:
    """Return a value as text."""
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    return f"{value:,.10g}" if isinstance(value, float) else f"{value}"
