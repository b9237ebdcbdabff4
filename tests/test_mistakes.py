"""Every kind of measure refuses what is wrong with its table: by line, field and remedy."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
from cases import KINDS, TOLD, case

from abm.errors import InputError
from abm.policies import INSTRUMENTS
from abm.scenario import Scenario
from abm.world import World

HEADER = 'title = "A test"\nquestion = "What if?"\nstory = "One."\nreferences = []\n'
FIRST_LINE = len(HEADER.splitlines()) + 1
Table = dict[str, Any]
# What a person might write in place of a number, and what is told of it.
NO_NUMBERS: dict[str, tuple[object, str]] = {
    "text": ("a lot", "'a lot' is not a number. Write it like 0.25."),
    "percent": ("25 %", "'25 %' is not a number. Write it like 0.25."),
    "list": ([0.25], "[0.25] is not a number. Write it like 0.25."),
    "truth": (True, "True is not a number. Write it like 0.25."),
    "date": (date(2020, 1, 1), "datetime.date(2020, 1, 1) is not a number. Write it like 0.25."),
}


def good(kind: str) -> Table:
    """Return the table of a kind's example, in the order in which it is written."""
    common = {"kind": kind, "name": "measure", "start": date(2020, 2, 1), "source": "a test"}
    return common | case(kind).example


def written(table: Table, kind: str) -> str:
    """Return a scenario file with one table, a key per line, and below it the programmes that its kind speaks of."""
    entry = "policy" if kind in INSTRUMENTS else "shock"
    programmes = [good(name) | {"name": name} for name in case(kind).example.get("programmes", ())]
    tables = [f"[[{entry}]]\n{lines(table)}", *(f"[[policy]]\n{lines(each)}" for each in programmes)]
    return HEADER + "".join(tables)


def lines(table: Table) -> str:
    """Return a table as TOML writes it, a key per line."""
    return "".join(f"{key} = {literal(value)}\n" for key, value in table.items())


def literal(value: object) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {literal(one)}" for key, one in value.items()) + " }"
    return json.dumps(value)


def refusal(folder: Path, text: str, world: World) -> str:
    """Return what is told of a file that a scenario of a world cannot be."""
    path = folder / "wrong.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        Scenario.load(path, folder).check(world)
    return str(refused.value)


def told(table: Table, field: str, message: str) -> str:
    """Return how a mistake in a field of a table is told."""
    line = FIRST_LINE + 1 + [*table].index(field) if field in table else FIRST_LINE
    return f"wrong.toml:{line}: {field}: {message}"


def of_numbers(kind: str) -> Iterator[tuple[str, Table, str]]:
    """Yield every number of a kind too small, too large and none at all, with what must be told."""
    for name, field in KINDS[kind].model_fields.items():
        about = field.json_schema_extra
        if not isinstance(about, dict) or "unit" not in about:
            continue
        low, high = float(str(about["low"])), float(str(about["high"]))
        range_ = f"Give {low:g} to {high:g} ({about['unit']})."
        for far, value in (("low", low - 0.5), ("high", 2.0 * high + 1.0)):
            table = good(kind) | {name: value}
            yield f"{name} too {far}", table, told(table, name, f"{value} is out of range. {range_}")
        for what, (given, message) in NO_NUMBERS.items():
            table = good(kind) | {name: given}
            yield f"{name} a {what}", table, told(table, name, message)
        table = {key: value for key, value in good(kind).items() if key != name}
        if field.is_required():
            yield f"no {name}", table, told(table, name, f"is missing. {about['sentence']} Unit: {about['unit']}.")


def of_words(kind: str) -> Iterator[tuple[str, Table, str]]:
    """Yield every word of a kind's example misspelt, missing and of a wrong type, with what must be told."""
    for name, field in KINDS[kind].model_fields.items():
        given, about = case(kind).example.get(name), field.json_schema_extra
        if given and isinstance(about, dict) and "vocabulary" in about:
            yield from of_word(kind, name, given, str(about["vocabulary"]))
            if field.is_required():
                table = {key: value for key, value in good(kind).items() if key != name}
                yield f"no {name}", table, told(table, name, "is missing. Add it.")
        if get_origin(field.annotation) is Literal and name != "kind":
            *others, last = map(repr, get_args(field.annotation))
            table = good(kind) | {name: "somehow"}
            message = f"'somehow' is not known. Write {', '.join(others)} or {last}."
            yield f"{name} unknown", table, told(table, name, message)


def of_word(kind: str, name: str, given: Any, vocabulary: str) -> Iterator[tuple[str, Table, str]]:
    """Yield a field that holds words misspelt and of a wrong type, with what must be told."""
    first = given if isinstance(given, str) else next(iter(given))
    wrong = first + first[-1]
    if not isinstance(given, dict):
        table = good(kind) | {name: wrong if isinstance(given, str) else [wrong, *given[1:]]}
        yield f"{name} misspelt", table, told(table, name, f"no {vocabulary} {wrong!r}. ")
    table = good(kind) | {name: 7}
    what = "not a text" if isinstance(given, str) else "not a table" if isinstance(given, dict) else "not a list"
    yield f"{name} a number", table, told(table, name, f"7 is {what}. ")


def of_tables(kind: str) -> Iterator[tuple[str, Table, str]]:
    """Yield a kind's table with mistakes that any table can have, with what must be told."""
    dose = case(kind).dose
    table = good(kind) | {f"{dose}_": 0.5}
    yield "a key misspelt", table, told(table, f"{dose}_", f"no such key. Did you mean {dose!r}?")
    table = good(kind) | {"kind": f"{kind}s"}
    entry = "policy" if kind in INSTRUMENTS else "shock"
    yield "kind misspelt", table, told(table, "kind", f"no {entry} is of kind '{kind}s'. Did you mean {kind!r}?")
    table = good(kind) | {"start": "2020-02"}
    message = "'2020-02' is not a date. Write it without quotes, like 2022-08-09."
    yield "a month for a date", table, told(table, "start", message)
    table = good(kind) | {"end": date(2020, 1, 1)}
    message = "2020-01-01 is not after start 2020-02-01. Give the first day on which it no longer holds."
    yield "an end before the start", table, told(table, "end", message)
    table = {key: value for key, value in good(kind).items() if key != "source"}
    yield "no source", table, told(table, "source", "is missing. Add it.")


def of_rules(kind: str) -> Iterator[tuple[str, Table, str]]:
    """Yield the mistakes that the case file of a kind lists, with what must be told."""
    for mistake in case(kind).mistake:
        table = {key: value for key, value in (good(kind) | mistake.change).items() if value != "(none)"}
        yield mistake.name, table, told(table, mistake.field, mistake.message) if mistake.field else mistake.message


SORTS: dict[str, Callable[[str], Iterator[tuple[str, Table, str]]]] = {
    "numbers": of_numbers,
    "words": of_words,
    "tables": of_tables,
    "rules": of_rules,
}


@pytest.mark.parametrize("kind", TOLD)
@pytest.mark.parametrize("sort", SORTS)
def test_a_mistake_in_a_table_is_told_with_line_field_and_remedy(
    kind: str, sort: str, tmp_path: Path, tiny: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, table, message in SORTS[sort](kind):
        said = refusal(tmp_path, written(table, kind), tiny)
        assert any(line.startswith(message) for line in said.splitlines()), f"{name}: {said}"


def test_every_example_is_a_table_without_mistakes(tmp_path: Path, tiny: World) -> None:
    for kind in TOLD:
        path = tmp_path / "right.toml"
        path.write_text(written(good(kind), kind), encoding="utf-8")
        scenario = Scenario.load(path, tmp_path)
        scenario.check(tiny)
        assert kind in [each.kind for each in scenario.measures]


def test_a_kind_in_the_list_of_the_other_sort_is_told_where_it_belongs(tmp_path: Path, tiny: World) -> None:
    for kind in TOLD:
        own, other = ("policy", "shock") if kind in INSTRUMENTS else ("shock", "policy")
        said = refusal(tmp_path, written(good(kind), kind).replace(f"[[{own}]]", f"[[{other}]]", 1), tiny)
        assert re.search(rf"kind: no {other} is of kind '{kind}'\. It belongs under \[\[{own}\]\]\.$", said)
