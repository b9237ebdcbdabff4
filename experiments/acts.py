"""Where something acts: the functions of the model that read it, and the phases of the month that reach them."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from abm.month import PHASES

Attribute = tuple[str, str]
PARAMETERS = ("p", "parameters")
_MODEL = Path(str(files("abm")))
# Folders whose functions make up the month; the other modules set up the first one.
_MONTHLY = ("phases", "agents", "markets", "policies")
# They read what has happened, or keep it for another batch, and change nothing.
_ONLOOKERS = ("abm/checkpoint.py", "abm/ledger.py")
_RECORDING = ("abm/record.py", "abm/series.py", "abm/kpi.py", "abm/welfare.py")
_RULES = ("rule", "slot_rule")


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the model.

    file    path from the folder that holds abm;  name  with its class in front
    calls   file and name of the functions it calls or hands on, no file where any method of that name is meant
    reads   attributes it reads, each with the word before the dot;  writes  attributes it assigns, likewise
    carries  attributes it reads in an assignment, each with those assigned
    """

    file: str
    name: str
    calls: frozenset[Attribute]
    reads: frozenset[Attribute]
    writes: frozenset[Attribute]
    carries: frozenset[tuple[Attribute, Attribute]]

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
    return _with_phases(each for each in functions() if each.reads & _wanted(attribute, bases))


def where(attribute: str, *bases: str) -> list[str]:
    """Return a line for every function that reads or writes an attribute: phases, file and function."""
    wanted = _wanted(attribute, bases)
    return _lines(_with_phases(each for each in functions() if (each.reads | each.writes) & wanted))


def used(attributes: Iterable[Attribute]) -> list[str]:
    """Return a line for every function of the month that uses what policies set: phases, file, function, columns.

    attributes  each with the word before the dot, such as ``levers``
    """
    found: dict[Function, list[str]] = {}
    for base, attribute in attributes:
        for function, column in _users(attribute, base):
            found.setdefault(function, []).append(column)
    order = [name for name, _ in PHASES]
    placed = {function: [order.index(phase) for phase in phases_of(function)] for function in found}
    return [
        f"{_lines([(each, phases_of(each))])[0]} ({', '.join(dict.fromkeys(found[each]))})"
        for each in sorted(found, key=lambda each: (placed[each] or [len(order)], each.file, each.name))
    ]


def _users(attribute: str, base: str) -> Iterator[tuple[Function, str]]:
    """Yield the functions of the month that use an attribute, each with its name there.

    What sets up the first month hands it on in the columns of the state it fills; it is their readers that use it.
    """
    for function, _ in readers(attribute, base):
        if function.monthly and not function.file.startswith("abm/policies"):
            yield function, attribute
        elif not function.monthly:
            filled = {to for came, to in function.carries if came == (base, attribute) and to[0] == "state"}
            for table, column in sorted(filled):
                yield from _users(column, table)


def _wanted(attribute: str, bases: tuple[str, ...]) -> set[Attribute]:
    """Return an attribute with each of the words before the dot."""
    return {(base, attribute) for base in bases}


def _with_phases(found: Iterable[Function]) -> list[tuple[Function, tuple[str, ...]]]:
    """Return functions that are no mere onlookers, each with the phases that reach it."""
    return [(each, phases_of(each)) for each in found if each.file not in _ONLOOKERS]


def _lines(found: list[tuple[Function, tuple[str, ...]]]) -> list[str]:
    """Return a line for each function: phases, file and name."""
    return [
        f"{' '.join(phases) or ('record' if each.file in _RECORDING else 'start')}: {each.file} {each.name}"
        for each, phases in sorted(found, key=lambda found: (not found[1], found[0].file))
    ]


def phases_of(function: Function) -> tuple[str, ...]:
    """Return the phases of the month that reach a function."""
    return tuple(phase for phase, reached in _reached().items() if function in reached)


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
    tree = ast.parse(text)
    known = _imported(tree) | {node.name: (file, node.name) for node in tree.body if isinstance(node, ast.FunctionDef)}
    for node in tree.body:
        inner = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
        for each in inner:
            if isinstance(each, ast.FunctionDef):
                carries = frozenset(_carries(each))
                writes = frozenset(target for part in _assignments(each) for target in _targets(part))
                calls = frozenset(_calls(each, known))
                yield Function(file, prefix + each.name, calls, frozenset(_reads(each)), writes, carries)


def _imported(tree: ast.Module) -> dict[str, Attribute]:
    """Return file and name of what a module imports from the model; a module has no name."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("abm"):
            path = (node.module or "").replace(".", "/")
            for each in node.names:
                module = f"{path}/{each.name}.py"
                apart = (_MODEL.parent / module).exists()
                found[each.asname or each.name] = (module, "") if apart else (f"{path}.py", each.name)
    return found


def _calls(function: ast.FunctionDef, known: Mapping[str, Attribute]) -> Iterator[Attribute]:
    """Yield the functions a function calls or hands on; a rule counts as called where agents are asked for it."""
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id in known:
            yield known[node.id]
        elif isinstance(node, ast.Attribute) and _last(node.value) in known:
            yield known[_last(node.value)][0], node.attr
        elif isinstance(node, ast.Call):
            yield "", _last(node.func)
            if _last(node.func) in _RULES:
                yield from (("", str(asked.value)) for asked in node.args[:1] if isinstance(asked, ast.Constant))


def _reads(function: ast.FunctionDef) -> Iterator[Attribute]:
    """Yield the attributes a function reads, each with the word before the dot."""
    targets = {id(_column(target)) for part in _assignments(function) for target in _parts(part)}
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and id(node) not in targets:
            yield _last(node.value), node.attr


def _carries(function: ast.FunctionDef) -> Iterator[tuple[Attribute, Attribute]]:
    """Yield the attributes of every assignment, each with those it is assigned to."""
    for part in _assignments(function):
        for node in ast.walk(part.value) if part.value else ():
            if isinstance(node, ast.Attribute):
                yield from (((_last(node.value), node.attr), target) for target in _targets(part))


def _assignments(function: ast.FunctionDef) -> Iterator[ast.Assign | ast.AugAssign | ast.AnnAssign]:
    """Yield the assignments of a function."""
    yield from (node for node in ast.walk(function) if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign))


def _parts(assignment: ast.Assign | ast.AugAssign | ast.AnnAssign) -> Iterator[ast.expr]:
    """Yield what an assignment writes to, one by one."""
    for target in assignment.targets if isinstance(assignment, ast.Assign) else [assignment.target]:
        yield from target.elts if isinstance(target, ast.Tuple) else [target]


def _targets(assignment: ast.Assign | ast.AugAssign | ast.AnnAssign) -> Iterator[Attribute]:
    """Yield the attributes that an assignment writes, whole or in part."""
    for column in map(_column, _parts(assignment)):
        if isinstance(column, ast.Attribute):
            yield _last(column.value), column.attr


def _column(target: ast.expr) -> ast.expr:
    """Return what is written to without its index."""
    return target.value if isinstance(target, ast.Subscript) else target


def _last(node: ast.expr) -> str:
    """Return the last word of a dotted expression; nothing where it is none."""
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


@cache
def _reached() -> Mapping[str, frozenset[Function]]:
    """Return the functions that each phase of the month reaches."""
    monthly: dict[Attribute, list[Function]] = {}
    for each in functions():
        if each.monthly:
            monthly.setdefault(("" if "." in each.name else each.file, each.word), []).append(each)
    begins = {phase: monthly[f"{run.__module__.replace('.', '/')}.py", run.__name__] for phase, run in PHASES}
    return {phase: frozenset(_closure(first, monthly)) for phase, first in begins.items()}


def _closure(first: list[Function], known: Mapping[Attribute, list[Function]]) -> set[Function]:
    """Return some functions and all they call, directly or not."""
    reached: set[Function] = set()
    waiting = list(first)
    while waiting:
        function = waiting.pop()
        if function not in reached:
            reached.add(function)
            waiting += [each for call in function.calls for each in known.get(call, [])]
    return reached
