"""Deeds of governments that follow rules, noted for the record."""

from collections.abc import Mapping

import numpy as np

from abm.axes import Bools, Floats, Ints
from abm.stance import Deeds, Stance

_NOBODY = -1


def note(
    stance: Stance,
    deed: tuple[str, str],
    where: Bools,
    told: tuple[Floats, Floats],
    parties: Mapping[str, Ints | int],
) -> None:
    """Note a deed wherever it was done.

    deed     kind of measure, and rule it follows
    where    whether it was done (place or corridor, run);  told  its size, and the number its sentence names
    parties  good, actor, target and party of each, nobody where left out
    """
    index, run = np.nonzero(where)
    if len(run):
        good, actor, target, party = (
            np.full(len(run), parties.get(role, _NOBODY), np.int64) for role in ("good", "actor", "target", "party")
        )
        size, figure = (values[index, run] for values in told)
        stance.deeds.append(Deeds(*deed, actor, target, good, party, run, size, figure))
