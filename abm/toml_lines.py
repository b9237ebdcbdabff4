"""TOML files of people: read within limits that keep hostile files harmless, with the line of every key."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from abm.errors import InputError

LARGEST_FILE = 64 * 1024
LONGEST_LINE = 1000
MOST_DOTS = 8

Place: TypeAlias = tuple[str | int, ...]

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'')
_DOTTED = re.compile(rf"(?<![\w-])[\w-]+(?:[ \t]*\.[ \t]*[\w-]+){{{MOST_DOTS + 1},}}")
_HEADER = re.compile(r"[ \t]*(\[\[?)([^\[\]]+)\]\]?[ \t]*(?:#.*)?\r?")
_KEY = re.compile(r"[\w\-.\"' \t]+")
_AT_LINE = re.compile(r"(.*) \(at line (\d+), column \d+\)")


@dataclass(frozen=True, slots=True, eq=False)
class TomlFile:
    """A file as it was read.

    where     how messages call it
    text      its text
    document  its tables
    lines     line of every key and table header, counted from 1
    """

    where: str
    text: str
    document: Mapping[str, Any]
    lines: Mapping[Place, int]

    def line(self, place: Place) -> int:
        """Return the line of a key, or of the nearest table or key around it that has a line of its own."""
        known = (self.lines[place[:length]] for length in range(len(place), 0, -1) if place[:length] in self.lines)
        return next(known, 1)


def read(path: Path) -> TomlFile:
    """Return a TOML file of at most 64 KiB, with lines under 1,000 characters and keys of at most 8 dots."""
    where = called(path)
    if path.is_dir():
        raise InputError(where, "is a folder.", "Give a .toml file in it.")
    if not path.is_file():
        raise InputError(where, "is no file.", "Check the path.")
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise InputError(where, f"cannot be read: {error.strerror}.", "Check who may read it.") from error
    if len(content) > LARGEST_FILE:
        raise InputError(where, "is larger than 64 KiB.", "A scenario is a page of text: remove what is not needed.")
    try:
        return parse(content.decode("utf-8-sig"), where)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InputError(f"{where}:{line}", "is not UTF-8.", "Save the file as UTF-8.") from error


def parse(text: str, where: str) -> TomlFile:
    """Return a TOML text with the line of every key.

    where  how messages call it
    """
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) >= LONGEST_LINE:
            raise InputError(f"{where}:{number}", f"has {len(line)} characters.", "Break it below 1,000.")
        if _DOTTED.search(_QUOTED.sub("q", line).partition("#")[0]):
            raise InputError(f"{where}:{number}", "has a key with more than 8 dots.", "Use at most 8.")
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        told = _AT_LINE.fullmatch(str(error))
        line, what = (told[2], told[1]) if told else ("1", str(error))
        raise InputError(
            f"{where}:{line}", f"is not TOML: {what}.", "See https://toml.io for how to write it."
        ) from error
    except (RecursionError, ValueError) as error:
        raise InputError(where, f"is not TOML that can be read: {error}.", "Write plain keys and values.") from error
    return TomlFile(where, text, document, dict(_places(text)))


def called(path: Path) -> str:
    """Return how messages call a file: relative to the working folder where it lies in it."""
    here = Path.cwd()
    absolute = path.absolute()
    return str(absolute.relative_to(here)) if absolute.is_relative_to(here) else str(path)


def _places(text: str) -> Iterator[tuple[Place, int]]:
    """Yield the place of every key and table header with its line."""
    table: Place = ()
    count: dict[Place, int] = {}
    within = False
    for number, line in enumerate(text.split("\n"), 1):
        opened = within
        within ^= (line.count('"""') + line.count("'''")) % 2 == 1
        if opened:
            continue
        if header := _HEADER.fullmatch(line):
            table = _path(header[2])
            if header[1] == "[[":
                count[table] = count.get(table, -1) + 1
                table = (*table, count[table])
            yield table, number
        elif "=" in line and _KEY.fullmatch(key := line.partition("=")[0]):
            yield (*table, *_path(key)), number


def _path(dotted: str) -> Place:
    """Return the parts of a dotted key without their quotes."""
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
