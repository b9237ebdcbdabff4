"""Where a batch stood, for another to go on from that differs in nothing but doses of what begins later."""

import pickle
from io import BytesIO
from typing import Any

from abm.model import Model
from abm.policies.instrument import months_until
from abm.scenario import Scenario
from abm.series import SERIES

# Months between two checkpoints: one costs about as much as a month.
YEAR = 12


def milestones(scenario: Scenario) -> list[int]:
    """Return after how many months measures begin, those that begin within a year of others left out."""
    begin = sorted({months_until(scenario.start, measure.start) for measure in scenario.measures})
    found = [0]
    for months in begin:
        if found[-1] + YEAR <= months < scenario.months:
            found.append(months)
    return found[1:]


def checkpoint(model: Model) -> bytes:
    """Return where a batch stands between two months; for this process and its like, never to be read from a file."""
    books, room = model.books, BytesIO()
    saver = pickle.Pickler(room, pickle.HIGHEST_PROTOCOL)
    lasting = {id(thing): name for name, thing in _lasting(model).items()}
    saver.persistent_id = lambda thing: lasting.get(id(thing))  # type: ignore[method-assign]
    # Of last month's flows governments that follow rules look at one; all others are begun anew.
    saver.dump((books.step, books.month, books.state, books.flow.traded, books.stance, model.record))
    return room.getvalue()


def restore(model: Model, kept: bytes) -> None:
    """Let a batch that has not begun yet go on from where another stood, alike until then."""
    books, loader = model.books, pickle.Unpickler(BytesIO(kept))
    loader.persistent_load = _lasting(model).__getitem__  # type: ignore[method-assign]
    step, month, state, traded, books.stance, model.record = loader.load()
    for pot, first in enumerate(books.pots.first):
        if first >= step:
            state.pot_left[pot] = books.state.pot_left[pot]
            model.record.promise(pot, state.pot_left[pot])
    books.step, books.month, books.state, books.flow.traded = step, month, state, traded


def _lasting(model: Model) -> dict[str, Any]:
    """Return by name what a batch has of its own from the start and never changes, and so is not kept."""
    books = model.books
    things = {"books": books, "frame": books.frame, "world": books.frame.world, "network": books.frame.network}
    return things | {each.name: each for each in SERIES}
