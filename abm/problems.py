"""Every mistake of a file, gathered before any is told, and pydantic's findings in plain words."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from abm.errors import InputError, nearest
from abm.toml_lines import Place, TomlFile

Checked = TypeVar("Checked", bound=BaseModel)

_KINDS: Mapping[str, tuple[str, str]] = {
    "string": ("not a text", 'Write it in quotes, such as "US".'),
    "float": ("not a number", "Write it like 0.25."),
    "int": ("not a whole number", "Write it like 12."),
    "bool": ("neither true nor false", "Write one of them, without quotes."),
    "tuple": ("not a list", 'Write it like ["US", "JP"].'),
    "dict": ("not a table", "Write it like { chip_leading = 2.0 }."),
    "model": ("not a table", 'Write it like { chain = "chips", region = "US" }.'),
    "date": ("not a date", "Write it without quotes, like 2022-08-09."),
    "finite": ("not a finite number", "Write it like 0.25."),
}


class Problems:
    """The mistakes of one file, each with its line."""

    def __init__(self, file: TomlFile) -> None:
        """Start without any.

        file  what is being read
        """
        self._file = file
        self._found: list[tuple[int, str, str, str]] = []

    def add(self, place: Place, what: str, remedy: str = "") -> None:
        """Note a mistake at a key; its field is the last word of the place."""
        words = [word for word in place if isinstance(word, str)]
        self._found.append((self._file.line(place), words[-1] if words else "", what, remedy))

    def validated(self, model: type[Checked], values: object, place: Place) -> Checked | None:
        """Return values as a model, or nothing after noting every mistake in them.

        place  table that holds the values
        """
        try:
            return model.model_validate(values)
        except ValidationError as error:
            for field, what, remedy in told(error, model):
                self.add((*place, *field), what, remedy)
            return None

    def settle(self) -> None:
        """Raise all mistakes at once, in the order of their lines."""
        mistakes = [
            InputError(f"{self._file.where}:{line}" + (f": {field}" if field else ""), what, remedy)
            for line, field, what, remedy in sorted(self._found)
        ]
        if len(mistakes) == 1:
            raise mistakes[0]
        if mistakes:
            raise InputError("", "\n".join(map(str, mistakes)))


def told(error: ValidationError, model: type[BaseModel]) -> Iterator[tuple[Place, str, str]]:
    """Yield field, mistake and remedy of everything pydantic found wrong with a model."""
    for detail in error.errors(include_url=False):
        place = detail["loc"]
        field = model.model_fields.get(str(place[0])) if place else None
        what, remedy = _sentence(detail, field, model)
        yield place, what, remedy


def _sentence(detail: ErrorDetails, field: FieldInfo | None, model: type[BaseModel]) -> tuple[str, str]:
    """Return a mistake and its remedy in plain words."""
    given = detail["input"]
    about = field.json_schema_extra if field and isinstance(field.json_schema_extra, dict) else {}
    match detail["type"]:
        case "extra_forbidden":
            found = "no such key.", nearest(str(detail["loc"][-1]), model.model_fields)
        case "missing":
            found = "is missing.", f"{about['sentence']} Unit: {about['unit']}." if "unit" in about else "Add it."
        case "greater_than_equal" | "less_than_equal" if "unit" in about:
            found = f"{given} is out of range.", f"Give {about['low']:g} to {about['high']:g} ({about['unit']})."
        case "literal_error":
            found = f"{given!r} is not known.", f"Write {detail['ctx']['expected']}."
        case "string_pattern_mismatch":
            found = f"{given!r} is not a name.", "Use small letters, digits and _, starting with a letter."
        case "value_error":
            what, stop, remedy = detail["msg"].removeprefix("Value error, ").partition(". ")
            found = what + stop.strip(), remedy
        case other:
            found = _too_little(detail) or _wrong_type(other, given) or (f"{detail['msg']}.", "")
    return found


def _too_little(detail: ErrorDetails) -> tuple[str, str] | None:
    """Return mistake and remedy where a value is too small, too large or too short; nothing otherwise."""
    given, least = detail["input"], detail.get("ctx", {})
    match detail["type"]:
        case "greater_than_equal":
            return f"{given} is out of range.", f"Give {least['ge']:g} or more."
        case "less_than_equal":
            return f"{given} is out of range.", f"Give {least['le']:g} or less."
        case "too_short":
            return "names too few.", f"Name at least {least['min_length']}."
        case "string_too_short":
            return "is empty.", "Write a sentence."
    return None


def _wrong_type(kind: str, given: object) -> tuple[str, str] | None:
    """Return mistake and remedy where a value is of another type than wanted; nothing where that is not the mistake."""
    shown = repr(given) if len(repr(given)) <= 60 else repr(given)[:57] + "..."
    found = next((words for start, words in _KINDS.items() if kind.startswith(start)), None)
    if found is None or kind.endswith(("_short", "_long")):
        return None
    return f"{shown} is {found[0]}.", found[1]
