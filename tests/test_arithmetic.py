"""Exponential, logarithm and power: right, quiet, and the same bits however they are asked."""

import ast
import math
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal, localcontext
from importlib.util import find_spec
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from abm import backend
from abm.arithmetic import exp, log, power
from abm.axes import Floats

Law = Callable[[Decimal], Decimal]
Function = Callable[[Floats | float], Floats]
BACK_ENDS = backend.NAMES if find_spec("numba") else ("numpy",)
ELEMENTWISE: tuple[Function, ...] = (exp, log, lambda values: power(values, -0.3), lambda values: power(0.7, values))
ABM = Path(__file__).resolve().parents[1] / "abm"
INFINITE = math.inf
EDGES = (
    0.0,
    5e-324,
    2.225e-308,
    2.0**-1022,
    1e-300,
    0.5,
    1.0,
    1.5,
    2.0,
    3.0,
    709.7,
    709.782712893384,
    709.7827128933841,
)
FAR_EDGES = (707.0, 708.4, 745.1332191019411, 745.1332191019412, 1024.0, 1074.0, 1075.0, 1e300, 1.7976931348623157e308)
SPECIAL = np.array([sign * edge for sign in (1.0, -1.0) for edge in (*EDGES, *FAR_EDGES, INFINITE)] + [math.nan])
ELSEWHERE = {
    "arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctan2", "arctanh", "cbrt", "cos", "cosh", "exp", "exp2",
    "expm1", "float_power", "hypot", "log", "log10", "log1p", "log2", "logaddexp", "pow", "power", "sin", "sinh",
    "tan", "tanh",
}  # fmt: skip
# After the last month, in polars: what money of later years is worth.
VALUED_LATER = {"welfare.py"}


def bits(values: Floats) -> list[int]:
    return np.atleast_1d(values).view(np.uint64).ravel().tolist()


def of_each(function: Callable[..., Floats], *asked: Floats | float) -> Floats:
    """Return what both back ends say, once they say the same."""
    said = []
    for name in BACK_ENDS:
        with backend.using(name):
            said.append(function(*asked))
    assert np.shape(said[0]) == np.shape(said[-1])
    assert bits(said[0]) == bits(said[-1])
    return said[0]


def error(found: float, true: Decimal) -> Decimal:
    """Return how far a number is from the truth, in units of its last place."""
    return abs(Decimal(found) - true) / Decimal(math.ulp(found))


@settings(deadline=None)
@given(arrays.arrays(np.float64, st.integers(0, 40), elements=st.floats(width=64)))
def test_both_back_ends_give_the_same_bits_for_any_numbers(asked: Floats) -> None:
    for function in (exp, log):
        of_each(function, asked)
    of_each(power, asked, asked[::-1])
    of_each(power, np.abs(asked)[:, None], asked)


def test_both_back_ends_give_the_same_bits_all_over_the_range() -> None:
    words = np.random.Generator(np.random.Philox(5)).integers(0, 2**64, 200_000, np.uint64)
    # A signalling nan is nothing a calculation returns.
    wild = np.where(np.isnan(words.view(np.float64)), math.nan, words.view(np.float64))
    for function in (exp, log):
        for asked in (wild, np.linspace(-760.0, 720.0, 100_001), np.geomspace(5e-324, 1.7e308, 100_001), SPECIAL):
            of_each(function, asked)
    of_each(power, wild, wild[::-1])
    of_each(power, np.geomspace(1e-300, 1e300, 401)[:, None], np.linspace(-3.0, 3.0, 401))
    of_each(power, SPECIAL[:, None], SPECIAL)


@pytest.mark.parametrize("name", BACK_ENDS)
def test_a_number_is_the_same_alone_in_company_and_in_any_stride(name: str) -> None:
    table = np.random.Generator(np.random.Philox(6)).uniform(0.01, 9.0, (37, 29))
    with backend.using(name):
        for function in ELEMENTWISE:
            whole = function(table)
            assert bits(whole) == [bit for value in table.ravel().tolist() for bit in bits(function(value))]
            assert bits(whole[::3, 1::2]) == bits(function(table[::3, 1::2]))
            assert bits(whole.T) == bits(function(table.T))
            assert bits(whole[:5, ::-1]) == bits(function(np.asfortranarray(table[:5, ::-1])))


@pytest.mark.parametrize("name", BACK_ENDS)
def test_shapes_are_those_of_numpy(name: str) -> None:
    with backend.using(name):
        for shape in ((), (0,), (3,), (0, 4), (2, 3), (2, 1, 3)):
            for function in (exp, log):
                assert np.shape(function(np.ones(shape))) == shape
            assert np.shape(power(np.ones(shape), 2.0)) == shape
        for one in (exp(1), log(2.0), power(np.float64(2.0), 3)):
            assert isinstance(one, np.float64)
        assert power(np.ones((3, 1)), np.ones(4)).shape == (3, 4)
        assert power(np.ones(3), np.array([1, 2, 3])).tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("function", "law", "asked"),
    [
        (exp, Decimal.exp, np.linspace(-745.0, 709.7, 1500)),
        (exp, Decimal.exp, np.linspace(-0.8, 0.8, 1500)),
        (log, Decimal.ln, np.geomspace(5e-324, 1.7e308, 1500)),
        (log, Decimal.ln, np.linspace(0.4, 2.1, 1500)),
        (log, Decimal.ln, 1.0 + np.linspace(-1e-6, 1e-6, 500)),
    ],
)
def test_exp_and_log_err_by_less_than_one_unit_in_the_last_place(function: Function, law: Law, asked: Floats) -> None:
    with localcontext() as context:
        context.prec = 40
        for number, found in zip(asked.tolist(), of_each(function, asked).tolist(), strict=True):
            assert error(found, law(Decimal(number))) < 1, number


def test_a_power_errs_by_less_than_one_unit_in_the_last_place() -> None:
    draw = np.random.Generator(np.random.Philox(7))
    bases, exponents = np.exp(draw.uniform(-30.0, 30.0, 1500)), draw.uniform(-20.0, 20.0, 1500)
    with localcontext() as context:
        context.prec = 50
        found = of_each(power, bases, exponents)
        for base, exponent, value in zip(bases.tolist(), exponents.tolist(), found.tolist(), strict=True):
            assert error(value, (Decimal(base).ln() * Decimal(exponent)).exp()) < 1, (base, exponent)


def test_a_power_that_is_a_number_is_that_number() -> None:
    halves = np.arange(-1023.0, 1075.0)
    assert of_each(power, 0.5, halves).tolist() == [math.ldexp(1.0, -int(half)) for half in halves]
    bases = np.linspace(0.1, 9.0, 300)
    assert of_each(power, bases, 1.0).tolist() == bases.tolist()
    assert of_each(power, bases, 0.0).tolist() == [1.0] * 300
    whole = np.arange(1.0, 100.0)
    assert of_each(power, whole, 3.0).tolist() == (whole * whole * whole).tolist()


def test_what_is_beyond_numbers_is_said_without_a_warning() -> None:
    ends = np.array([INFINITE, 710.0, 0.0, -0.0, -746.0, -INFINITE, math.nan])
    assert np.array_equal(of_each(exp, ends), [INFINITE, INFINITE, 1.0, 1.0, 0.0, 0.0, math.nan], equal_nan=True)
    numbers = np.array([0.0, -0.0, 1.0, INFINITE, -1.0, -INFINITE, math.nan])
    told = [-INFINITE, -INFINITE, 0.0, INFINITE, math.nan, math.nan, math.nan]
    assert np.array_equal(of_each(log, numbers), told, equal_nan=True)


def test_a_power_at_the_edges_is_the_c_library_s() -> None:
    for base, exponent in product(SPECIAL.tolist(), SPECIAL.tolist()):
        if base < 0.0 and exponent != 0.0:
            assert math.isnan(of_each(power, base, exponent))
            continue
        try:
            wanted = math.pow(base, exponent)
        except (OverflowError, ValueError):
            wanted = INFINITE
        found = float(of_each(power, base, exponent))
        assert found == pytest.approx(abs(wanted), rel=1e-15, abs=5e-324, nan_ok=True), (base, exponent)


def test_asking_for_arithmetic_does_not_load_numba() -> None:
    asked = "import sys, abm.arithmetic, abm.dice; assert not {'numba', 'llvmlite'} & {*sys.modules}"
    subprocess.run([sys.executable, "-c", asked], check=True, cwd=ABM.parent)


def powers(tree: ast.Module) -> list[int]:
    """Return the lines with an exponent that is no whole number written out."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow)]
    return [
        node.lineno
        for node in found
        if not isinstance(ast.literal_eval(node.right) if _plain(node.right) else 0.5, int)
    ]


def _plain(node: ast.expr) -> bool:
    """Return whether a number is written out."""
    return isinstance(node, ast.Constant) or (isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant))


def test_the_model_takes_exponentials_from_its_own_arithmetic_alone() -> None:
    """abm.arithmetic gives the same bits on every processor; NumPy's and the C library's do not."""
    found = []
    for path in sorted(ABM.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        asked = [
            node.lineno
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and node.attr in ELSEWHERE
            and isinstance(node.value, ast.Name) and node.value.id in {"np", "numpy", "math"}
        ]  # fmt: skip
        found += [
            f"{path.relative_to(ABM)}:{line}"
            for line in asked + (powers(tree) if path.name not in VALUED_LATER else [])
        ]
    assert found == []
