"""What the tables of an analysis say, in sentences: the titles of charts, and what is printed first."""

from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any

import polars as pl

from experiments.sweeping_analysis.box_tables import BETWEEN
from experiments.sweeping_analysis.charts import shown
from experiments.sweeping_analysis.condition import Condition
from experiments.sweeping_analysis.curves import movement
from experiments.sweeping_analysis.outcomes import Outcome, plain
from experiments.sweeping_analysis.sample import GAIN

Row = Mapping[str, Any]
# A key that moves less than this share of what the first moves hardly matters.
HARDLY = 0.1
# An index whose interval is wider tells nothing, nor one that is larger than any index can be.
BROAD, BEYOND = 0.6, 1.1


def about(outcome: Outcome, kind: str) -> str:
    """Return what is spoken of."""
    return f"the difference in {outcome.words}" if kind == GAIN else outcome.words


def capital(text: str) -> str:
    """Return a sentence with its first letter large."""
    return text[:1].upper() + text[1:]


def of_curves(table: pl.DataFrame, outcome: Outcome, kind: str) -> str:
    """Return along which key an outcome moves most, and from where to where; only what is no luck.

    table  of one outcome and kind
    """
    moves = movement(table).rows(named=True)
    head = capital(about(outcome, kind))
    ends = min(row["least"] for row in moves), max(row["most"] for row in moves)
    if not outcome.reads(*ends):
        return f"{head} is {outcome.told(ends[0], kind)} whatever the values tried."
    shown_ends = " and ".join(outcome.told(end, kind) for end in ends)
    if all(row["sure"] is None for row in moves):
        return f"{head} lies between {shown_ends} (medians); what moves it cannot be told from these runs."
    sure = [row for row in moves if row["sure"] and outcome.reads(row["least"], row["most"])]
    if not sure:
        return f"Whether {about(outcome, kind)} moves along any key cannot be told from luck."
    first, *rest = [row for row in sure if row["scenario"] == sure[0]["scenario"]]
    mine = table.filter(key=first["key"], scenario=first["scenario"])
    said = f"{head} {_course(mine, first, outcome, kind)} (medians)"
    if rest:
        said += f"; also along {listed([shown(row['key']) for row in rest])}, but less"
    several = table["scenario"].n_unique() > 1
    return f"{first['scenario']}: {said}." if several else f"{said}."


def _course(curve: pl.DataFrame, move: Row, outcome: Outcome, kind: str) -> str:
    """Return from where to where an outcome goes along a key."""
    ends = curve.row(0, named=True), curve.row(-1, named=True)
    figures = [outcome.told(row["median"], kind) for row in ends]
    if figures[0] == figures[1] or move["movement"] > 1.2 * abs(ends[1]["median"] - ends[0]["median"]):
        inner = [outcome.told(move[end], kind) for end in ("least", "most")]
        return f"lies between {inner[0]} and {inner[1]} along {shown(move['key'])}"
    values = [row for row in curve.iter_rows(named=True) if row["value"] is not None]
    flat = takewhile(lambda row: outcome.told(row["median"], kind) == figures[1], reversed(values))
    *_, bend = [ends[1], *flat]
    there = f"from {_where(bend)} on" if bend["value"] != ends[1]["value"] else f"at {_where(ends[1])}"
    return f"goes from {figures[0]} at {shown(move['key'])} {_where(ends[0])} to {figures[1]} {there}"


def _where(row: Row) -> str:
    """Return a value of a key in words."""
    if row["value"] is None:
        return str(row["word"])
    # What was drawn is told roughly, what was written as it was written.
    return plain(row["value"], 6 if float(f"{row['value']:.6g}") == row["value"] else 2)


def of_differences(table: pl.DataFrame, outcome: Outcome) -> str:
    """Return in how many points an outcome differs from the baseline for sure, and by how much.

    table  of one outcome
    """
    count, head = len(table), capital(outcome.words)
    there = table.filter("sure")["mean"].to_list()
    ends = sorted(mean for mean in there if not outcome.nothing(mean))
    if table["chance"].null_count() == count:
        return f"There are too few runs to tell a difference in {outcome.words}."
    if not there:
        none = f"can in none of {count} points" if count > 1 else "cannot"
        return f"{head} {none} be told from the baseline's."
    if not ends:
        least = f"{10.0**-outcome.digits:.{outcome.digits}f}{outcome.step}"
        none = f"in none of {count} points differs" if count > 1 else "does not differ"
        return f"{head} {none} from the baseline by as much as {least}."
    which = (
        ""
        if count == 1
        else f" in all {count} points,"
        if len(ends) == count
        else f" in {len(ends)} of {count} points,"
    )
    return f"{head} differs from the baseline{which} by {outcome.gains(ends[0], ends[-1])}."


def of_sobol(table: pl.DataFrame, outcome: Outcome, kind: str) -> str:
    """Return which key explains most of the variance of an outcome.

    table  of one scenario, outcome and kind
    """
    first, *rest = table.sort("total", descending=True).rows(named=True)
    broad = any(first[f"{name}_most"] - first[f"{name}_least"] > BROAD for name in ("first", "total"))
    if broad or max(*table["first"], *table["total"]) > BEYOND:
        return f"{first['rows']} rows are too few to tell what explains the variance of {about(outcome, kind)}."
    ends = [min(100.0, 100.0 * first[f"total_{end}"]) for end in ("least", "most")]
    share = min(100.0, 100.0 * first["total"])
    alone = max(0.0, min(share, 100.0 * first["first"]))
    said = f"Of the variance of {about(outcome, kind)} {shown(first['key'])} explains {share:.0f} %"
    said += f" ({ends[0]:.0f} to {ends[1]:.0f}), {alone:.0f} % alone"
    idle = [shown(row["key"]) for row in rest if row["total_most"] < HARDLY]
    return f"{said}; {listed(idle)} hardly any." if idle else f"{said}."


def of_morris(table: pl.DataFrame, outcome: Outcome, kind: str) -> str:
    """Return which key moves an outcome most, and which hardly do.

    table  of one scenario, outcome and kind
    """
    first, *rest = table.sort("mu_star", descending=True).rows(named=True)
    least = (1.0 - 1e-9) * (first["mu_star"] - first["error"])
    rivals = [row for row in rest if row["mu_star"] + row["error"] >= least]
    if rivals:
        which = " or ".join(shown(row["key"]) for row in (first, *rivals))
        many = first["trajectories"]
        return f"What moves {about(outcome, kind)} most, {which}, cannot be told from {many} trajectories."
    size = outcome.gain(first["mu_star"]).lstrip("+")
    said = f"{capital(about(outcome, kind))} moves most with {shown(first['key'])}, by {size} over its range"
    idle = [shown(row["key"]) for row in rest if row["mu_star"] + row["error"] < HARDLY * first["mu_star"]]
    return f"{said}; {listed(idle)} hardly {'moves' if len(idle) == 1 else 'move'} it." if idle else f"{said}."


def of_pawn(table: pl.DataFrame, outcome: Outcome, kind: str) -> str:
    """Return which keys have more influence on an outcome than chance.

    table  of one scenario, outcome and kind
    """
    keys = table.sort("index", descending=True)
    more = keys.filter(pl.col("index") > pl.col("chance"))["key"].to_list()
    if not more:
        return f"No key has more influence on {about(outcome, kind)} than chance."
    said = f"{capital(about(outcome, kind))} depends most on {shown(more[0])}"
    if len(keys) == 1:
        return f"{capital(about(outcome, kind))} depends on {shown(more[0])}."
    if len(more) == len(keys):
        return f"{said}; every key has more influence than chance."
    idle = [shown(key) for key in keys["key"] if key not in more]
    return f"{said}; of {listed(idle)} it cannot be told that {'it matters' if len(idle) == 1 else 'they matter'}."


def of_boxes(limits: pl.DataFrame, met: pl.DataFrame, where: Sequence[Condition]) -> str:
    """Return how often the conditions are met, and within which box mostly.

    limits  of the first box of one scenario;  met  runs and hits of its points
    """
    wanted, overall = " and ".join(map(str, where)), 100.0 * sum(met["hits"].to_list()) / sum(met["runs"].to_list())
    be = "are" if len(where) > 1 else "is"
    if limits.is_empty():
        how = f"in {_percent(overall)} of the runs, under no values clearly more often"
        how = {0.0: "in no run", 100.0: "in every run"}.get(overall, how)
        return f"{wanted} {be} met {how}."
    row = limits.row(0, named=True)
    sides = listed([_side(each) for each in limits.sort("chance", maintain_order=True).iter_rows(named=True)])
    there = f"in {_percent(100.0 * row['density'])} of those where {sides}"
    reach = f"{_percent(100.0 * row['coverage'])} of the runs that meet {'them' if len(where) > 1 else 'it'} are there"
    return f"{wanted} {be} met in {_percent(overall)} of the runs, and {there}; {reach}."


def _percent(share: float) -> str:
    """Return a share, 0 or 100 only where it is."""
    return f"{share:.0f} %" if 1.0 <= share <= 99.0 or share in {0.0, 100.0} else f"{plain(share, 3)} %"


def _side(row: Row) -> str:
    """Return a limit of a box in words."""
    key = shown(row["key"])
    if row["without"] is not None:
        return f"{key} is not {row['without'].replace(BETWEEN, ' or ')}"
    if row["low"] is None:
        return f"{key} is at most {plain(row['high'])}"
    if row["high"] is None:
        return f"{key} is at least {plain(row['low'])}"
    return f"{key} is {plain(row['low'])} to {plain(row['high'])}"


def bought(table: pl.DataFrame, outcome: Outcome) -> pl.DataFrame:
    """Return the points that nothing beats and whose gain is there, and large enough to read."""
    gains = pl.Series([not outcome.nothing(gain) for gain in table["gain"]], dtype=pl.Boolean)
    return table.filter(gains & table["efficient"] & table["sure"] & table["cost"].is_not_null())


def of_frontier(table: pl.DataFrame, outcome: Outcome, money: Outcome) -> str:
    """Return the ends of what the points that nothing beats offer.

    table  of points with one baseline
    """
    best = bought(table, outcome).sort("spending", maintain_order=True)
    if best.is_empty():
        return f"In no point does public money buy a gain in {outcome.words} that can be told from none."
    cheap, most = best.row(0, named=True), best.row(-1, named=True)
    offers = [f"{outcome.gain(row['gain'])} for {money.level(row['spending'])}" for row in (cheap, most)]
    prices = [plain(money.factor * row["cost"], 2) for row in (cheap, most)]
    if outcome.gain(cheap["gain"]) == outcome.gain(most["gain"]):
        return f"What buys {outcome.words} best: {offers[0]}, {prices[0]}{money.unit} a point."
    price = f"{prices[0]} and {prices[1]}{money.unit} a point"
    said = f"What public money buys of {outcome.words}: from {offers[0]} to {offers[1]}, {price}"
    behind = len(table) - table["efficient"].sum()
    beaten = f"; {behind} of {len(table)} points {'is' if behind == 1 else 'are'} beaten by others" if behind else ""
    return f"{said}{beaten}."


def listed(words: Sequence[str]) -> str:
    """Return words as they stand in a sentence."""
    return ", ".join(words[:-1]) + f" and {words[-1]}" if len(words) > 1 else "".join(words)
