"""Compiled or in NumPy, every number is the same, bit for bit, for any number of runs side by side."""

import importlib
import os
import pkgutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from networks import CELLS, LINKS, NETWORK
from test_batches import all_of
from worlds import busy, question

import abm
from abm import backend
from abm.axes import Floats
from abm.errors import InputError
from abm.markets.capital import Sites
from abm.markets.network import Sums
from abm.model import Model
from abm.world import World

pytest.importorskip("numba", reason="without numba there is one back end")

for module in pkgutil.walk_packages(abm.__path__, "abm."):
    importlib.import_module(module.name)

ROWS, SLOTS, INPUTS, DIVISIONS = NETWORK.rows, NETWORK.slots, NETWORK.inputs, NETWORK.divisions
SITES = Sites.of(NETWORK)
WIDTHS = (1, 2, 3, 16, 64, 67)


class Draw:
    """Amounts of very different sizes, some of them 0 and some next to nothing."""

    def __init__(self, seed: int, runs: int) -> None:
        self.luck, self.runs = np.random.default_rng(seed), runs

    def __call__(self, *sizes: int) -> Floats:
        """Return amounts (..., run)."""
        shape = (*sizes, self.runs)
        amounts = np.exp(self.luck.normal(0.0, 3.0, shape)) * (self.luck.random(shape) > 0.3)
        return np.where(self.luck.random(shape) < 0.02, 1e-250, amounts)

    def share(self, *sizes: int) -> Floats:
        """Return shares (..., run), many of them 0 or 1."""
        return np.clip(self.luck.random((*sizes, self.runs)) * 2.0 - 0.5, 0.0, 1.0)

    def signed(self, *sizes: int) -> Floats:
        """Return amounts of either sign (..., run)."""
        return self(*sizes) - self(*sizes)


Case = Callable[[Draw], tuple[Any, ...]]


def sum_of(sums: Sums) -> Case:
    """Return a case of one sum of the network."""
    return lambda d: (sums, d.signed(len(sums.group)))


ONE = np.ones((1, 1))
CASES: dict[str, tuple[Case, ...]] = {
    "added": tuple(map(sum_of, (NETWORK.to_slot, NETWORK.to_row_abroad, NETWORK.to_origin, NETWORK.row_to_owner))),
    "tally": (lambda d: (NETWORK, d(LINKS)),),
    "booked": (lambda d: (NETWORK, d(LINKS)),),
    "summed": (
        lambda d: (d.signed(ROWS),),
        lambda d: (d.signed(5, 7), 1),
        lambda d: (d.signed(2, 5, 7), 2),
        lambda d: (d.signed(4, 0), 1),
        lambda d: (d.signed(3, 8).transpose(1, 0, 2), 1),
    ),
    "share_of": (lambda d: (d(ROWS), d(ROWS)), lambda d: (d(4, 1), d(1, 9)), lambda d: (np.ones(1), d(3))),
    "filled": (lambda d: (d(ROWS), d(ROWS)),),
    "learned": (lambda d: (d(CELLS), d.share(CELLS), d.share(CELLS), (1.5, 0.3, 0.05)),),
    "rest": (lambda d: (whole := d(ROWS), whole * d.share(ROWS)), lambda d: (d(ROWS), d(1))),
    "approach": (lambda d: (d(ROWS), d(ROWS), 0.039),),
    "adjust": (
        lambda d: (NETWORK, d.share(LINKS), d(LINKS), d(2 * ROWS), d(CELLS), d.share(SLOTS)),
        lambda d: (NETWORK, d.share(LINKS), d(LINKS)[:, :1], d(2 * ROWS), d(CELLS), d.share(SLOTS)),
    ),
    "place": (
        lambda d: (NETWORK, d(SLOTS), d.share(LINKS), d.share(LINKS)),
        lambda d: (NETWORK, d(SLOTS), d.share(LINKS), ONE),
    ),
    "allocate": (lambda d: (NETWORK, d(LINKS), d(ROWS), d(LINKS)),),
    "turn": (
        lambda d: (NETWORK, d(SLOTS), d(LINKS), d(ROWS), d.share(LINKS)),
        lambda d: (NETWORK, d(SLOTS), d(LINKS), d(ROWS), ONE),
    ),
    "landed": (lambda d: (NETWORK, d(LINKS), d(2 * ROWS), 1.0 + d.share(CELLS)),),
    "owed": (lambda d: (NETWORK, d(LINKS), d(2 * ROWS), 1.0 + d.share(CELLS)),),
    "best": (lambda d: (SITES.candidate, d.signed(ROWS)), lambda d: (SITES.candidate, d.share(ROWS))),
    "award": (
        lambda d: (d(DIVISIONS), d.signed(DIVISIONS), d(DIVISIONS)[0]),
        lambda d: (d(DIVISIONS), d.share(DIVISIONS), d(DIVISIONS)[0]),
    ),
    "at_rows": (lambda d: (SITES.best(d(ROWS))[0], d(DIVISIONS), ROWS),),
    "of_rows": (lambda d: (d(ROWS), SITES.best(d(ROWS))[0]),),
    "limits": (lambda d: (NETWORK, d(INPUTS) + 1e-3, d(INPUTS), d(ROWS)),),
}
# Held to each other over all doubles in test_arithmetic.
ARITHMETIC = {"exp", "log", "power"}
# Held to each other, and to published words, in test_dice.
LUCK = {"words", "uniform", "gumbel", "normal"}


def test_every_function_with_two_back_ends_is_held_to_both() -> None:
    assert {*CASES} | ARITHMETIC | LUCK == {*backend.TWINS}


def parts(answer: Any) -> Iterator[Floats]:
    """Yield the arrays of an answer, as bits."""
    for part in answer if isinstance(answer, tuple) else (answer,):
        yield np.ascontiguousarray(part).view(np.uint64 if part.dtype == np.float64 else np.int64)


@pytest.mark.parametrize("runs", WIDTHS)
@pytest.mark.parametrize("name", CASES)
def test_both_back_ends_give_the_same_bits(name: str, runs: int) -> None:
    for number, case in enumerate(CASES[name]):
        for seed in range(5):
            asked = case(Draw(100 * number + seed, runs))
            both = backend.TWINS[name]
            for plain, compiled in zip(parts(both.plain(*asked)), parts(both.compiled(*asked)), strict=True):
                assert np.array_equal(plain, compiled)


@pytest.mark.parametrize("name", CASES)
def test_loops_read_books_that_nobody_may_write(name: str) -> None:
    asked = CASES[name][0](Draw(1, 4))
    for part in asked:
        if isinstance(part, np.ndarray):
            part.setflags(write=False)
    backend.TWINS[name].compiled(*asked)


def differing(runs: int, months: int, world: World) -> list[str]:
    """Return the columns in which the two back ends differ in any bit."""
    asked = question(*busy(), months=months)
    found = []
    for name in backend.NAMES:
        with backend.using(name):
            found.append([*all_of(Model(asked, runs=runs, seed=5, world=world).run())])
    return [name for (name, mine), (_, other) in zip(*found, strict=True) if mine.tobytes() != other.tobytes()]


@pytest.mark.parametrize("runs", [1, 3, 16])
def test_a_busy_tiny_world_is_the_same_with_either_back_end(tiny: World, runs: int) -> None:
    assert differing(runs, 30, tiny) == []


def test_the_full_world_is_the_same_with_either_back_end(full: World) -> None:
    assert differing(2, 14, full) == []


@pytest.mark.slow
def test_a_busy_decade_of_the_full_world_is_the_same_with_either_back_end(full: World) -> None:
    assert differing(8, 120, full) == []


DIGEST = """
import hashlib
from abm.markets.network import Sums
from abm.model import Model
from abm.scenario import Scenario
asked = Scenario.load("history").override("until=2020-12")
print(hashlib.sha256(b"".join(column.tobytes() for column in Model(asked, runs=2).run().books.columns())).hexdigest())
"""


@pytest.mark.slow
def test_a_year_is_the_same_whatever_processor_it_is_compiled_for(tmp_path: Path) -> None:
    found = set()
    for processor in ("", "generic", "nehalem"):
        chosen = {"NUMBA_CPU_NAME": processor, "NUMBA_CACHE_DIR": str(tmp_path)} if processor else {}
        command = [sys.executable, "-W", "error", "-c", DIGEST]
        done = subprocess.run(command, env={**os.environ, **chosen}, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        found.add(done.stdout)
    assert len(found) == 1


NOWHERE = """
from numba.core import caching
caching.CacheImpl._locator_classes = [caching.UserProvidedCacheLocator]
from abm.markets.orders import share_of
print(share_of([1.0, 1.0], [4.0, 0.0]))
"""


def test_loops_are_compiled_where_nothing_may_be_written() -> None:
    bare = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    done = subprocess.run([sys.executable, "-c", NOWHERE], env=bare, capture_output=True, text=True, check=False)
    assert done.stdout == "[0.25 0.  ]\n", done.stderr


def test_who_asks_for_a_back_end_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match=r"'fortran' is no back end\. Say numba or numpy"), backend.using("fortran"):
        pass
    before = backend.name()
    with backend.using("numpy"):
        assert backend.name() == "numpy"
    assert backend.name() == before
