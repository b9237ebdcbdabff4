"""Which arithmetic a month is worked out with: compiled by numba where it is installed, else NumPy; alike to the bit.

A function marked ``twin`` is written twice: here in NumPy, to be read and to be held against, and under the same name
in a module of loops that numba compiles. ``FRIENDSHORE_KERNELS=numpy`` in the environment asks for NumPy.
"""

import os
from atexit import register
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from importlib import import_module
from importlib.util import find_spec
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any, TypeVar, cast

from abm.errors import InputError
from abm.later import later

VARIABLE = "FRIENDSHORE_KERNELS"
NAMES = ("numba", "numpy")
# numba looks for it in case somebody multiplies matrices, which no loop does.
IDLE = ("scipy.linalg.cython_blas",)

Function = TypeVar("Function", bound=Callable[..., Any])


class Twin:
    """A function with two back ends.

    name   of the function;  module  of its loops
    plain  in NumPy;  asked  the one in use
    """

    def __init__(self, plain: Callable[..., Any], module: str) -> None:
        """Take the plain function; the loops are imported when they are first needed."""
        self.name, self.module, self.plain = plain.__name__, module, plain
        self.asked: Callable[..., Any] = self.choose

    def choose(self, *args: Any) -> Any:  # noqa: ANN401 - whatever the plain function takes and returns
        """Settle which back end is asked until another one is chosen, and ask it."""
        self.asked = self.plain if name() == "numpy" else self.compiled
        return self.asked(*args)

    @property
    def compiled(self) -> Callable[..., Any]:
        """Return the loops of the same name."""
        with later(*IDLE):
            try:
                module = import_module(self.module)
            except RuntimeError:
                _keep_for_now()
                module = import_module(self.module)
        loops: Callable[..., Any] = getattr(module, self.name)
        return loops


def _keep_for_now() -> None:
    """Let numba keep what it compiles in a folder of this process alone, where it may write nowhere else."""
    from numba.core.config import reload_config  # noqa: PLC0415 - only where it is installed

    os.environ["NUMBA_CACHE_DIR"] = folder = mkdtemp(prefix="friendshore-")
    reload_config()
    register(rmtree, folder, ignore_errors=True)


TWINS: dict[str, Twin] = {}
_chosen: list[str] = []


def twin(module: str) -> Callable[[Function], Function]:
    """Return a decorator that lets a function of the same name in a module of loops stand in for the decorated one."""

    def mark(plain: Function) -> Function:
        """Return what stands for both of them."""
        both = Twin(plain, module)
        TWINS[both.name] = both

        @wraps(plain)
        def either(*args: Any) -> Any:  # noqa: ANN401 - whatever the plain function takes and returns
            """Ask the back end in use."""
            return both.asked(*args)

        return cast("Function", either)

    return mark


def name() -> str:
    """Return the name of the back end in use."""
    if not _chosen:
        _chosen.append(_asked())
    return _chosen[-1]


@contextmanager
def using(name: str) -> Iterator[None]:
    """Use a back end for a while, in this process.

    Raises InputError for a name that is not one, or numba where it is not installed.
    """
    _chosen.append(_checked(name, "using"))
    _settle_anew()
    try:
        yield
    finally:
        _chosen.pop()
        _settle_anew()


def _settle_anew() -> None:
    """Let every twin ask for the back end in use when it is called next."""
    for both in TWINS.values():
        both.asked = both.choose


def _asked() -> str:
    """Return the back end that the environment asks for, else the fastest there is."""
    wanted = os.environ.get(VARIABLE)
    if wanted:
        return _checked(wanted, VARIABLE)
    return "numba" if find_spec("numba") else "numpy"


def _checked(name: str, where: str) -> str:
    """Return the name of a back end that there is."""
    if name not in NAMES:
        raise InputError(where, f"{name!r} is no back end.", f"Say {' or '.join(NAMES)}.")
    if name == "numba" and not find_spec("numba"):
        raise InputError(where, "numba is not installed.", "Install it, or say numpy.")
    return name
