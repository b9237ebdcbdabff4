"""Where something acts: the functions of the model that read it, and the phases of the month that reach them."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from abm.month import PHASES

PARAMETERS = ("p", "parameters")
_MODEL = Path(str(files("abm")))
# Folders whose functions make up the month; the other modules set up the first one.
_MONTHLY = ("phases", "agents", "markets", "policies")
# They read what has happened and change nothing.
_ONLOOKERS = ("abm/ledger.py",)
_RECORDING = ("abm/record.py", "abm/series.py", "abm/kpi.py", "abm/welfare.py")
_RULES = ("rule", "slot_rule")


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the model.

    file   path from the folder that holds abm;  name  with its class in front
    calls  names it calls, rules asked of agents included
    reads  attributes it reads, each with the word before the dot
    """

    file: str
    name: str
    calls: frozenset[str]
    reads: frozenset[tuple[str, str]]

    @property
    def word(self) -> str:
        """The name others call it by."""
        return self.name.rpartition(".")[2]

    @property
    def monthly(self) -> bool:
        """Whether it belongs to the month."""
        return self.file.split("/")[1] in _MONTHLY


def readers(attribute: str, *bases: str) -> list[tuple[Function, tuple[str, ...]]]:
    """Return the functions that read an attribute, each with the phases that reach it.

    bases  words before the dot, such as ``parameters``
    """
    wanted = {(base, attribute) for base in bases}
    found = [each for each in functions() if each.reads & wanted and each.file not in _ONLOOKERS]
    return [(each, phases_of(each)) for each in found]


def phases_of(function: Function) -> tuple[str, ...]:
    """Return the phases of the month that reach a function."""
    return tuple(phase for phase, reached in _reached().items() if function in reached)


def where(attribute: str, *bases: str) -> list[str]:
    """Return a line for every function that reads an attribute: phases, file and function."""
    return [
        f"{' '.join(phases) or ('record' if each.file in _RECORDING else 'start')}: {each.file} {each.name}"
        for each, phases in sorted(readers(attribute, *bases), key=lambda found: (not found[1], found[0].file))
    ]


def writes(method: object, table: str) -> list[str]:
    """Return the columns of a table, such as ``levers``, that a method of the model touches, in alphabetical order."""
    name = getattr(method, "__qualname__", "")
    module = getattr(method, "__module__", "").replace(".", "/") + ".py"
    found = [each for each in functions() if (each.file, each.name) == (module, name)]
    return sorted({attribute for each in found for base, attribute in each.reads if base == table})


@cache
def functions() -> tuple[Function, ...]:
    """Return every function of the model."""
    return tuple(
        function
        for path in sorted(_MODEL.rglob("*.py"))
        for function in _functions_of(path.relative_to(_MODEL.parent).as_posix(), path.read_text(encoding="utf-8"))
    )


def _functions_of(file: str, text: str) -> Iterator[Function]:
    """Yield the functions and methods of a file."""
    for node in ast.parse(text).body:
        inner = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
        for each in inner:
            if isinstance(each, ast.FunctionDef):
                yield Function(file, prefix + each.name, frozenset(_calls(each)), frozenset(_reads(each)))


def _calls(function: ast.FunctionDef) -> Iterator[str]:
    """Yield the names a function calls; the name of a rule counts as called where agents are asked for it."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            name = _last(node.func)
            yield name
            if name in _RULES and node.args and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value)


def _reads(function: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    """Yield the attributes a function reads, each with the word before the dot."""
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute):
            yield _last(node.value), node.attr


def _last(node: ast.expr) -> str:
    """Return the last word of a dotted expression; nothing where it is none."""
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


@cache
def _reached() -> Mapping[str, frozenset[Function]]:
    """Return the functions that each phase of the month reaches."""
    monthly: dict[str, list[Function]] = {}
    for each in functions():
        if each.monthly:
            monthly.setdefault(each.word, []).append(each)
    begins = {
        phase: [each for each in monthly[run.__name__] if each.file.startswith("abm/phases")] for phase, run in PHASES
    }
    return {phase: frozenset(_closure(first, monthly)) for phase, first in begins.items()}


def _closure(first: list[Function], known: Mapping[str, list[Function]]) -> set[Function]:
    """Return some functions and all they call, directly or not."""
    reached: set[Function] = set()
    waiting = list(first)
    while waiting:
        function = waiting.pop()
        if function not in reached:
            reached.add(function)
            waiting += [each for name in function.calls for each in known.get(name, [])]
    return reached
