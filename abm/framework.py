"""Mesa, without the libraries that it imports and a run asks for nothing: they take most of a second."""

from concurrent.futures import ThreadPoolExecutor
from importlib import import_module

from abm.later import later

__all__ = ["mesa"]

# Mesa collects data in pandas, lays places out with networkx and scipy and waits with asyncio, only when asked to.
IDLE = (
    "asyncio",
    "pandas",
    "networkx",
    "mesa.discrete_space",
    "mesa.experimental",
    "mesa.experimental.continuous_space",
)

with later(*IDLE), ThreadPoolExecutor(1) as apart:
    # While it is imported Mesa reads the source of whoever called it, callers' callers included: a thread has none.
    apart.submit(import_module, "mesa").result()
    import mesa
