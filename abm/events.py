"""The table of events: what governments that follow rules did, when, to whom and why, in plain sentences."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np
import polars as pl

from abm.axes import Ints
from abm.places import called
from abm.stance import Deeds
from abm.world import World

SCHEMA = pl.Schema(
    {
        "scenario": pl.String,
        "run": pl.Int32,
        "date": pl.Date,
        "actor": pl.String,
        "target": pl.String,
        "good": pl.String,
        "instrument": pl.String,
        "size": pl.Float64,
        "unit": pl.String,
        "why": pl.String,
    }
)
EVENT_UNITS = {
    "actor": "code",
    "target": "code of the region meant, or of the largest supplier of stocks and budgets",
    "instrument": "kind",
    "size": "see unit",
    "unit": "name",
    "why": "text",
}
# Unit of the size, and the sentence, of every rule.
SENTENCES: Mapping[str, tuple[str, str]] = {
    "premium": (
        "log cost",
        "{figure} % of the {good} that {actor} buys seem to come from {target}, too much: "
        "its buyers are asked to look elsewhere.",
    ),
    "joined_premium": (
        "log cost",
        "An ally avoids {good} from {target}; {actor}, which seems to buy {figure} % there, goes along in part.",
    ),
    "no_premium": (
        "log cost",
        "{actor} no longer asks its buyers to avoid {good} from {target}, which seem to be {figure} % of what it buys.",
    ),
    "stock": (
        "days of imports",
        "{figure} % of the {good} that {actor} buys seem to come from {target}, too much: it wants a public stock.",
    ),
    "no_stock": (
        "days of imports",
        "{figure} % of the {good} that {actor} buys seem to come from {target}: "
        "it has wanted no public stock for a year.",
    ),
    "budget": (
        "M USD",
        "{figure} % of the {good} that {actor} buys seem to come from {target}, too much: "
        "it promises money for plants at home.",
    ),
    "answer": (
        "share of orders",
        "{target} struck {actor} and seems to buy {figure} % of its {good} there: "
        "{actor} stops part of these exports in answer.",
    ),
    "joined_answer": (
        "share of orders",
        "{party} answers a measure of {target}; {actor}, which seems to buy up to {figure} % of a good there, "
        "goes along in part with {good}.",
    ),
}


def events(index: tuple[str, int], months: Sequence[tuple[date, Iterable[Deeds]]], world: World) -> pl.DataFrame:
    """Return one row per deed, in the order of months and runs.

    index   scenario, and number of the batch's first run;  months  what was done in each
    """
    scenario, first_run = index
    parts = [_rows(deeds, world).with_columns(date=pl.lit(month)) for month, done in months for deeds in done]
    if not parts:
        return pl.DataFrame(schema=SCHEMA)
    table = pl.concat(parts).with_columns(scenario=pl.lit(scenario), run=pl.col("run") + first_run)
    return table.select(*SCHEMA).cast(SCHEMA).sort("date", "run", maintain_order=True)


def _rows(deeds: Deeds, world: World) -> pl.DataFrame:
    """Return the deeds of one rule in one month, told in a sentence each."""
    unit, sentence = SENTENCES[deeds.why]
    pieces = re.split(r"{(\w+)}", sentence)
    regions = [called(title) for title in world.region_titles]
    words = {role: _named(getattr(deeds, role), regions) for role in ("actor", "target", "party")}
    words["good"] = _named(deeds.good, [title.split(" (")[0] for title in world.goods.title])
    words["figure"] = pl.Series(np.rint(100.0 * deeds.figure).astype(np.int64)).cast(pl.String)
    why = pl.concat_str([words[piece] if place % 2 else pl.lit(piece) for place, piece in enumerate(pieces)])
    return pl.select(
        run=pl.Series(deeds.run),
        actor=_named(deeds.actor, world.regions),
        target=_named(deeds.target, world.regions),
        good=_named(deeds.good, world.goods.code),
        instrument=pl.lit(deeds.instrument),
        size=pl.Series(deeds.size),
        unit=pl.lit(unit),
        why=why.str.slice(0, 1).str.to_uppercase() + why.str.slice(1),
    )


def _named(numbers: Ints, words: Sequence[str]) -> pl.Series:
    """Return words by their numbers, an empty one for nobody."""
    return pl.Series([*words, ""], dtype=pl.String).gather(np.where(numbers < 0, len(words), numbers))
