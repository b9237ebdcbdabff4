"""The state of a page as plain data: what is asked and looked at, the link to it, and the way back."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, urlencode

from abm import world as worlds
from abm.errors import InputError, nearest
from abm.outline import FIRST, LAST
from abm.overrides import split
from experiments.app.questions import Question
from experiments.app.teams import MOST_TEAMS, read
from experiments.digest import SERIES

PAGES = ("explore", "world", "agents", "timeline", "compare", "learn", "class", "about")
MOST_COMPARED = 4
LONGEST_LINK = 8_000
MOST_STEPS = 100
# Keys of a link whose value is a number.
_NUMBERS = ("seed", "year")
_NONE: Mapping[str, str] = MappingProxyType({})
_SEVERAL = {"set": "assignments", "compare": "compare", "team": "teams"}
# What is open on a page: a tour and its step, or a lesson and its part.
_TOPIC = re.compile(r"([a-z0-9_]{1,64}(\.[a-z0-9_]{1,64})?)?")


@dataclass(frozen=True, slots=True)
class State:
    """What a page asks and looks at.

    assignments    values replaced, KEY=VALUE, each key once
    page           that is open
    chain, region  looked at: a code of the series that shares are shown of, and a region
    compare        scenarios side by side, each a name or what a link says of it
    agent          a firm, or the code of a government, that is looked at
    topic          what is open on the pages Learn and Class
    teams          of a class, each a name and a scenario
    text           of an uploaded scenario, which no link can hold
    """

    scenario: str = "chips_act"
    assignments: tuple[str, ...] = ()
    seed: int = 1
    page: str = PAGES[0]
    chain: str = SERIES[0].code
    region: str = "US"
    year: int = LAST.year
    compare: tuple[str, ...] = ()
    agent: str = ""
    topic: str = ""
    teams: tuple[str, ...] = ()
    text: str = ""

    def check(self) -> None:
        """Refuse what the command line would refuse, and what no page shows."""
        _known("page", self.page, PAGES)
        _known("chain", self.chain, [each.code for each in SERIES])
        _known("region", self.region, worlds.read(FIRST).regions)
        _known("year", str(self.year), [str(year) for year in range(FIRST.year, LAST.year + 1)])
        if len(self.compare) > MOST_COMPARED:
            raise InputError("compare", f"{len(self.compare)} are too many.", f"Name at most {MOST_COMPARED}.")
        for other in self.compare:
            _ = linked(other).scenarios
        if not _TOPIC.fullmatch(self.topic):
            raise InputError("topic", f"{self.topic[:40]!r} is no name.", "Open a tour or a lesson.")
        if len(self.teams) > MOST_TEAMS:
            raise InputError("team", f"{len(self.teams)} are too many.", f"Name at most {MOST_TEAMS}.")
        for team in self.teams:
            _ = linked(read(team).asked).scenarios
        start = self.question().scenarios[-1].start
        if self.agent:
            _known("agent", self.agent, (*worlds.read(start).owners.name, *worlds.read(start).regions))
        if len(self.to_query()) > LONGEST_LINK:
            raise InputError("set", "more is replaced than a link can hold.", "Write a scenario file.")

    def question(self, runs: int = 1) -> Question:
        """Return what is asked of the engine."""
        return asked(self.scenario, self.assignments, self.seed, runs, self.text)

    def with_set(self, key: str, value: object) -> "State":
        """Return the state with a value replaced.

        key, value  as ``--set`` takes them
        """
        others = [each for each in self.assignments if _key(each) != key]
        changed = replace(self, assignments=(*others, f"{key}={_written(value)}"))
        changed.check()
        return changed

    def without(self, *keys: str) -> "State":
        """Return the state with some values as the scenario has them; with all so if none is named."""
        left = [each for each in self.assignments if keys and _key(each) not in keys]
        return replace(self, assignments=tuple(left))

    def value(self, key: str) -> object:
        """Return what a key is replaced with; none if it is not."""
        return next((split(each)[1] for each in self.assignments if _key(each) == key), None)

    def to_query(self) -> str:
        """Return the link's part after the question mark; what is as at the start is left out."""
        pairs: list[tuple[str, object]] = []
        for each in LINKED:
            mine = getattr(self, each.name)
            name = next((key for key, attribute in _SEVERAL.items() if attribute == each.name), each.name)
            if mine != getattr(START, each.name) or (name == "scenario" and self.assignments):
                pairs += [(name, one) for one in mine] if name in _SEVERAL else [(name, mine)]
        return urlencode(pairs)


START = State()


@lru_cache(maxsize=512)
def asked(scenario: str, assignments: tuple[str, ...], seed: int, runs: int, text: str) -> Question:
    """Return a question; the same again for those who ask the same, so that its scenarios are read once."""
    return Question(scenario, assignments, seed, runs, text=text)


@lru_cache(maxsize=512)
def linked(entry: str) -> Question:
    """Return what is asked by the name of a scenario, or by what a link says of it."""
    if "=" not in entry:
        return Question(entry)
    pairs = parse_qsl(entry.partition("?")[2] or entry, keep_blank_values=True, errors="replace")
    names = [text for key, text in pairs if key == "scenario"]
    return Question((names or [START.scenario])[-1], tuple(text.strip() for key, text in pairs if key == "set"))


def link_of(state: State) -> str:
    """Return the scenario of a state as ``linked`` reads it: its name, or with what is replaced what a link says."""
    if not state.assignments:
        return state.scenario
    return urlencode([("scenario", state.scenario), *(("set", each) for each in state.assignments)])


LINKED = tuple(each for each in fields(State) if each.name != "text")


def from_query(query: str, texts: Mapping[str, str] = _NONE) -> tuple[State, tuple[str, ...]]:
    """Return the state of a link, and what of it was not understood; that is as at the start.

    query  the part after the question mark
    texts  uploaded scenarios that it may name
    """
    if len(query) > LONGEST_LINK:
        return START, (f"The link is longer than {LONGEST_LINK:,} letters, so it was not read.",)
    state, messages = START, list[str]()
    pairs = parse_qsl(query.removeprefix("?"), keep_blank_values=True, errors="replace", max_num_fields=None)
    known = [next((k for k, name in _SEVERAL.items() if name == each.name), each.name) for each in LINKED]
    # The scenario first: what is replaced is replaced in it.
    for name, text in sorted(pairs, key=lambda pair: pair[0] != "scenario"):
        try:
            _known("link", name, known)
            state = _with(state, name, text, texts)
        except InputError as error:
            messages.append(f"The link says {name[:40]}={text[:80]!r}, which was not understood: {error}")
    return state, tuple(messages[:10])


def _with(state: State, name: str, text: str, texts: Mapping[str, str]) -> State:
    """Return the state with what one key of a link says."""
    if name == "set":
        if any(_key(each) == _key(text) for each in state.assignments):
            raise InputError("set", "is said twice.")
        changed = replace(state, assignments=(*state.assignments, text.strip()))
    elif name in _SEVERAL:
        changed = _changed(state, _SEVERAL[name], (*getattr(state, _SEVERAL[name]), text))
    elif name in _NUMBERS:
        if not text.isdecimal() or len(text) > 19:
            raise InputError(name, "is no whole number.")
        changed = _changed(state, name, int(text))
    elif name == "scenario":
        changed = replace(state, scenario=text, text=texts.get(text, ""))
    else:
        changed = _changed(state, name, text)
    changed.check()
    return changed


def _changed(state: State, name: str, value: object) -> State:
    """Return the state with another value of a field."""
    told: dict[str, Any] = {name: value}
    return replace(state, **told)


def _key(assignment: str) -> str:
    """Return the dotted key of an assignment."""
    return ".".join(split(assignment)[0])


def _written(value: object) -> str:
    """Return a value as TOML writes it, which is how an assignment is read."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_written, value))}]"
    return str(value)


def _known(where: str, word: str, words: Iterable[str]) -> None:
    """Refuse a word that is not among those known."""
    if word not in (known := [*words]):
        raise InputError(where, f"{word[:40]!r} is not known.", nearest(word[:40], known))


@dataclass(frozen=True, slots=True)
class History:
    """States one after the other, with a way back and forth.

    now           the state that is shown
    past, future  the last of the past is what undo leads to, the first of the future what redo leads to
    """

    now: State = START
    past: tuple[State, ...] = field(default=())
    future: tuple[State, ...] = field(default=())

    def do(self, state: State) -> "History":
        """Return the history with a further step; what had been undone is forgotten."""
        return self if state == self.now else History(state, (*self.past, self.now)[-MOST_STEPS:])

    def undo(self) -> "History":
        """Return the history one step back."""
        return History(self.past[-1], self.past[:-1], (self.now, *self.future)) if self.past else self

    def redo(self) -> "History":
        """Return the history one step forth."""
        return History(self.future[0], (*self.past, self.now), self.future[1:]) if self.future else self
