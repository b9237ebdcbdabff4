"""What each field of a policy or shock moves: the levers and columns of pots that its methods write with it."""

import ast
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from types import FunctionType

from abm.policies.instrument import Instrument

Fields = frozenset[str]
Lever = tuple[str, str]
# A pot is built with the first word; the month reads it by the second.
_RENAMED = {"government": "region"}
_POT_MAKERS = ("Pot", "replace")
_METHODS = ("act", "pot")


@cache
def moves(kind: type[Instrument]) -> Mapping[str, tuple[Lever, ...]]:
    """Return table and column of all that a kind moves, by the field that decides on it."""
    found: dict[str, set[Lever]] = {field: set() for field in kind.model_fields}
    for name in _METHODS:
        for owner in kind.__mro__:
            if isinstance(method := vars(owner).get(name), FunctionType):
                _Reading(kind, method, found).read()
    return {field: tuple(sorted(levers)) for field, levers in found.items()}


class _Reading:
    """A function read statement by statement: which fields each of its words rests on.

    rests   fields by local word;  means  levers by local word that stands for some
    guards  fields that decide whether a statement is reached
    """

    def __init__(self, kind: type[Instrument], function: FunctionType, found: dict[str, set[Lever]]) -> None:
        self.kind, self.function, self.found = kind, function, found
        self.rests: dict[str, Fields] = {}
        self.means: dict[str, frozenset[str]] = {}
        self.guards: Fields = frozenset()

    def read(self) -> None:
        """Note what the function moves, and with which fields."""
        self._read(_parsed(self.function).body)

    def _read(self, statements: Iterable[ast.stmt]) -> None:
        """Read statements in their order."""
        readers: Mapping[type[ast.stmt], Callable[..., None]] = {
            ast.If: self._if,
            ast.For: self._for,
            ast.Assign: self._assign,
            ast.AugAssign: self._assign,
            ast.AnnAssign: self._assign,
            ast.Expr: self._call,
        }
        for statement in statements:
            if type(statement) in readers:
                readers[type(statement)](statement)
            for node in ast.walk(statement):
                if isinstance(node, ast.Call) and _word(node.func) in _POT_MAKERS:
                    for each in node.keywords:
                        self._note("pots", _RENAMED.get(each.arg or "", each.arg or ""), self._of(each.value))

    def _if(self, statement: ast.If) -> None:
        """Read both branches under the test; where a branch leaves, so is all that follows."""
        before = self.guards
        self.guards |= self._of(statement.test)
        self._read(statement.body)
        self._read(statement.orelse)
        if not isinstance(statement.body[-1], ast.Return):
            self.guards = before

    def _for(self, statement: ast.For) -> None:
        """Read the body once for every element that is written out, else once."""
        before, turns = self.guards, statement.iter
        for turn in turns.elts if isinstance(turns, ast.Tuple) else [turns]:
            self._bind(statement.target, turn)
            self.guards = before | self._of(turn)
            self._read(statement.body)
        self.guards = before

    def _assign(self, statement: ast.Assign | ast.AugAssign | ast.AnnAssign) -> None:
        """Bind local words, or note a lever that is written."""
        for target in statement.targets if isinstance(statement, ast.Assign) else [statement.target]:
            if isinstance(target, ast.Name | ast.Tuple) and statement.value is not None:
                self._bind(target, statement.value)
            elif statement.value is not None:
                where = target.slice if isinstance(target, ast.Subscript) else target
                for lever in self._levers(target.value if isinstance(target, ast.Subscript) else target):
                    self._note("levers", lever, self._of(where) | self._of(statement.value))

    def _call(self, statement: ast.Expr) -> None:
        """Note a lever that is added to, or read on in a function that is given the levers."""
        call = statement.value
        if not isinstance(call, ast.Call):
            return
        if isinstance(call.func, ast.Attribute):
            for lever in self._levers(call.func.value):
                self._note("levers", lever, self._of(call))
        called = getattr(sys.modules[self.function.__module__], _word(call.func), None)
        if isinstance(called, FunctionType):
            reading = _Reading(self.kind, called, self.found)
            names = [each.arg for each in _parsed(called).args.args]
            reading.rests = {name: self._of(value) for name, value in zip(names, call.args, strict=False)}
            reading.guards = self.guards
            reading.read()

    def _bind(self, target: ast.expr, value: ast.expr) -> None:
        """Let local words rest on what they are given."""
        if isinstance(target, ast.Tuple):
            apart = isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts)
            parts = value.elts if apart and isinstance(value, ast.Tuple) else [value] * len(target.elts)
            for word, part in zip(target.elts, parts, strict=True):
                self._bind(word, part)
        elif isinstance(target, ast.Name):
            self.rests[target.id], self.means[target.id] = self._of(value), self._levers(value)

    def _of(self, expression: ast.expr) -> Fields:
        """Return the fields an expression rests on, through local words and methods too."""
        found: Fields = frozenset()
        for node in ast.walk(expression):
            if isinstance(node, ast.Name):
                found |= self.rests.get(node.id, frozenset())
            elif isinstance(node, ast.Attribute) and _word(node.value) == "self":
                found |= _fields(self.kind, node.attr)
        return found

    def _levers(self, expression: ast.expr) -> frozenset[str]:
        """Return the levers an expression stands for."""
        if isinstance(expression, ast.Name):
            return self.means.get(expression.id, frozenset())
        if isinstance(expression, ast.Attribute) and _word(expression.value) == "levers":
            return frozenset({expression.attr})
        return frozenset()

    def _note(self, table: str, column: str, fields: Fields) -> None:
        """Note that fields, and those that guard the statement, move a column."""
        for field in fields | self.guards:
            self.found[field].add((table, column))


@cache
def _fields(kind: type[Instrument], word: str) -> Fields:
    """Return the fields that a word after ``self`` rests on: itself, or what a method reads."""
    method = getattr(kind, word, None)
    if word in kind.model_fields:
        return frozenset({word})
    if not isinstance(method, FunctionType):
        return frozenset()
    within = (node for node in ast.walk(_parsed(method)) if isinstance(node, ast.Attribute))
    words = {node.attr for node in within if _word(node.value) == "self"} - {word}
    return frozenset(field for each in words for field in _fields(kind, each))


@cache
def _parsed(function: FunctionType) -> ast.FunctionDef:
    """Return the syntax tree of a function."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    assert isinstance(tree, ast.FunctionDef)
    return tree


def _word(node: ast.expr) -> str:
    """Return the last word of a dotted expression; nothing where it is none."""
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""
