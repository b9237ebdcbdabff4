"""Garbage that goes round in circles is looked for in a lull: the search stops everything, for a second in a class."""

import gc
from threading import Thread
from time import process_time, sleep

# When Python looks for it by itself: among the new often, among everything hardly ever.
PATIENCE = (5_000, 5, 200)
# A lull is a second of which the processor was busy for no more than this; below so many searches it is not worth it.
SECOND, BUSY, WORTH = 1.0, 0.1, 2


def tidy_in_lulls() -> None:
    """Look through everything in lulls alone from now on, but for what is there already and stays."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*PATIENCE)
    Thread(target=_tidy, name="tidying", daemon=True).start()


def _tidy() -> None:
    """Look through everything whenever there is a lull and something to look for."""
    while True:
        before = process_time()
        sleep(SECOND)
        if process_time() - before <= BUSY and gc.get_count()[2] >= WORTH:
            gc.collect()
