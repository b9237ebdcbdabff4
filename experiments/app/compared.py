"""Several scenarios beside each other: a sentence on each, what came out of it, and how it differs from the first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from abm import world as worlds
from abm.scenario import Scenario
from experiments.app.comparing import Comparison
from experiments.app.playing import shares_of, tallied
from experiments.app.results import Curves, Part
from experiments.app.sheets import Sheet, plain
from experiments.compare import told, versus
from experiments.compare_tables import Rivals, money, sheets, table
from experiments.sentence import sentence


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """Scenarios under the same luck.

    scenarios  the reference first;  runs  of each;  months  that were lived through;  sentences  one on each
    shares     of the world by series and region
    figures    of the summary of each, the others beside the reference
    sheets     tables of the reference and of how the others differ, with how sure
    same       titles of the tables in which nothing differs
    """

    scenarios: tuple[Scenario, ...]
    runs: int
    months: tuple[date, ...]
    sentences: tuple[str, ...]
    shares: tuple[Curves, ...]
    figures: tuple[pl.DataFrame, ...]
    sheets: tuple[Sheet, ...]
    same: tuple[str, ...]


def compared(asked: Comparison, parts: Sequence[Sequence[Part]]) -> Compared:
    """Return the comparison of what has been played.

    parts  of every scenario
    """
    scenarios = asked.scenarios
    world = worlds.read(scenarios[-1].start)
    tally = tallied(asked.plays[-1][0], (part for each in parts for part in each))
    rivals = told(tally, scenarios, world)
    first = sentence(rivals.reference, world, [*tally.spans])
    shown, same = _sheets(rivals)
    return Compared(
        scenarios,
        asked.runs,
        parts[0][0].months,
        (first, *(versus(each, rivals) for each in rivals.others)),
        tuple(shares_of(mine, world) for mine in parts),
        tuple(each.figures for each in rivals.everyone),
        shown,
        same,
    )


def _sheets(rivals: Rivals) -> tuple[tuple[Sheet, ...], tuple[str, ...]]:
    """Return the tables in which something differs, and the titles of the others."""
    shown, same = [], []
    for sheet in sheets(rivals):
        made, differs = table(rivals, rivals.others, sheet)
        if differs:
            shown.append(plain(made))
        else:
            same.append(sheet.title.partition(",")[0])
    return (*shown, plain(money(rivals))), tuple(same)
