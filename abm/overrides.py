"""Values that replace those of a scenario: dotted keys, values read as TOML, ranges of the parameters."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from pydantic import ValidationError

from abm.errors import InputError, nearest
from abm.facts import PACKAGE_DATA
from abm.policies.instrument import Instrument
from abm.problems import told
from abm.tables import tables

LONGEST_ASSIGNMENT = 1000
_ASSIGNMENT = re.compile(r"\s*([\w-]+(?:\.[\w-]+){0,3})\s*=\s*(.*\S)\s*")
_WORD = re.compile(r"[\w-]+")


def split(assignment: str) -> tuple[list[str], Any]:
    """Return the parts of the dotted key and the value of KEY=VALUE; a bare word is a text."""
    where = f"override {assignment[:80]!r}"
    found = _ASSIGNMENT.fullmatch(assignment) if len(assignment) < LONGEST_ASSIGNMENT else None
    if found is None:
        raise InputError(where, "is not KEY=VALUE.", "Write it like chips_act.amount_musd=60000.")
    key, written = found[1].split("."), f"0{found[2]}" if found[2].startswith(".") else found[2]
    try:
        return key, tomllib.loads(f"value = {written}")["value"]
    except (ValueError, RecursionError) as error:
        if _WORD.fullmatch(written):
            return key, written
        remedy = 'Write a number, a date such as 2023-01-01, a "text" or a ["list"].'
        raise InputError(where, f"{written!r} is not a value.", remedy) from error


def replaced(instrument: Instrument, field: Sequence[str], value: object) -> Instrument:
    """Return an instrument with one field changed, checked as if the file had said so.

    field  name of the field, and for a table the name within it
    """
    where = f"override {'.'.join((instrument.name, *field))}"
    model = type(instrument)
    known = [name for name in model.model_fields if name not in {"kind", "name"}]
    if not field or field[0] not in known:
        raise InputError(where, "no such key.", nearest(field[0] if field else "", known))
    said = instrument.model_dump()
    if len(field) > 1:
        if not isinstance(said[field[0]], dict):
            raise InputError(where, f"{field[0]} is not a table.", f"Write {instrument.name}.{field[0]}=VALUE.")
        value = {**said[field[0]], field[1]: value}
    try:
        return model.model_validate({**said, field[0]: value})
    except ValidationError as error:
        _, what, remedy = next(told(error, model))
        raise InputError(where, what, remedy) from error


def parameter_problem(name: str, value: object) -> tuple[str, str] | None:
    """Return mistake and remedy where a behavioural parameter has a wrong name or value."""
    known = _parameters()
    if name not in known:
        return f"no parameter {name!r}.", nearest(name, known)
    table = known[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"{value!r} is not a number.", f"{table['sentence']} Unit: {table['unit']}."
    if not table["low"] <= value <= table["high"]:
        return f"{value} is out of range.", f"Give {table['low']:g} to {table['high']:g} ({table['unit']})."
    return None


@cache
def _parameters() -> Mapping[str, Mapping[str, Any]]:
    """Return the tables of parameters.toml."""
    return tables(PACKAGE_DATA / "parameters.toml")
