"""The environment of a process that plays batches."""

from experiments.sweeping import provenance

# One thread each: there is a worker for every processor, and sums are the same whatever the number.
_ONE_THREAD = dict.fromkeys(("POLARS_MAX_THREADS", "NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


def surroundings() -> dict[str, str]:
    """Return the variables that are set before polars and numba are imported."""
    return {**_ONE_THREAD, "NUMBA_CACHE_DIR": provenance.compiled()}
