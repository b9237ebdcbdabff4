"""What is said of which assumption moves which outcome: names of parameters, rankings, findings."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from experiments.sweeping_analysis.charts import shown
from experiments.sweeping_analysis.findings import BEYOND, BROAD, capital, listed
from experiments.sweeping_analysis.outcomes import Outcome
from experiments.validation.section import Finding
from experiments.validation.sensitivity_outcomes import TITLES

Row = Mapping[str, Any]
# A key that moves an outcome less than this share of what the first moves it hardly matters to it.
HARDLY = 0.25
MOST_TOLD = 4
WORDS: Mapping[str, str] = {
    "stock_adjustment": "how fast stocks are corrected",
    "max_utilisation": "how full plants can run for long",
    "planning_utilisation": "how full investors plan plants",
    "order_smoothing": "how fast makers believe new orders",
    "hoard_strength": "hoarding when prices rise",
    "share_adjustment": "how fast buyers change suppliers",
    "unfilled_haste": "haste when orders go unfilled",
    "memory_speed": "how fast suppliers forget customers",
    "learning_spillover": "learning from others' output",
    "gap_months": "how slowly lacking capacity is built",
    "growth_memory": "how far back investors look",
    "trend_memory": "how slowly growth is believed",
    "growth_horizon": "how far ahead investors plan",
    "site_scale": "how little cost decides on a site",
    "home_site_bias": "pull of the owner's home",
    "brownfield_bias": "pull of one's own plants",
    "cluster_bias": "pull of the industry's clusters",
    "lump_share": "size of single expansions",
    "entry_improvement": "gain that draws in newcomers",
    "borrow_limit": "how much firms can borrow",
    "shutdown_ratio": "price at which plants stop",
}


def words(key: str) -> str:
    """Return what a key is, in a few plain words."""
    return WORDS.get(shown(key), shown(key))


def ranked(found: pl.DataFrame) -> list[str]:
    """Return the keys, the most important first: by what they move, as a share of the largest, summed over outcomes.

    found  a table as ``morris`` makes it
    """
    share = pl.col("mu_star") / pl.max_horizontal(pl.col("mu_star").max(), 1e-300)
    by_outcome = found.with_columns(share.over("outcome").alias("share"))
    total = by_outcome.group_by("key", maintain_order=True).agg(pl.col("share").sum())
    return total.sort("share", descending=True, maintain_order=True)["key"].to_list()


def foremost(found: pl.DataFrame, count: int) -> list[str]:
    """Return so many keys: the one that moves each outcome most, then the most important of the others.

    found  a table as ``morris`` makes it
    """
    order, groups = ranked(found), found.group_by("outcome", maintain_order=True)
    first = {rows.sort("mu_star", descending=True)["key"][0] for _, rows in groups}
    return sorted(order, key=lambda key: (key not in first, order.index(key)))[:count]


def of_screening(found: pl.DataFrame, outcome: Outcome, mean: float) -> Finding:
    """Return what an outcome depends on, and on what it hardly does.

    found  rows of that outcome, as ``morris`` makes them;  mean  of the outcome over all points
    """
    order = found.sort("mu_star", descending=True)
    first, *rest = order.rows(named=True)
    sizes = [outcome.gain(row["mu_star"]).lstrip("+") for row in (first, *rest[:2])]
    told = f"{capital(outcome.words)}, {outcome.level(mean)} on average over all sets of assumptions, depends most on"
    told += f" {words(first['key'])}: over its range that moves it by {sizes[0]}"
    least = first["mu_star"] - first["error"]
    rivals = [words(row["key"]) for row in rest if row["mu_star"] + row["error"] >= least]
    then = [f"{words(row['key'])} ({size})" for row, size in zip(rest, sizes[1:], strict=False)]
    told += f", then on {listed(then)}." if then else "."
    if rivals:
        told += f" Which is first cannot be told for sure: {listed(rivals[:3])} may be as strong."
    idle = sum(row["mu_star"] + row["error"] < HARDLY * first["mu_star"] for row in rest)
    told += f" {idle} of {len(found)} assumptions move it by less than a quarter of that." if idle else ""
    return Finding(TITLES.get(outcome.column, outcome.column), told)


def of_variance(found: pl.DataFrame, outcome: Outcome) -> Finding:
    """Return which key explains most of the variance of an outcome, alone and with others.

    found  rows of that outcome, as ``sobol`` makes them; with too few rows only which key comes first is told
    """
    first, *rest = found.sort("total", descending=True).rows(named=True)
    name = f"{TITLES.get(outcome.column, outcome.column)}: what explains it"
    broad = first["total_most"] - first["total_least"] > BROAD or max(*found["first"], *found["total"]) > BEYOND
    # Total indices make up all of the variance and more.
    if broad or found["total_most"].sum() < 1.0:
        few = f"{first['rows']} rows are too few to say how much of the variance each assumption explains"
        return Finding(name, f"{few}; {words(first['key'])} comes first.")
    ends = " to ".join(_percent(first[f"total_{end}"]) for end in ("least", "most"))
    told = f"Of the variance of {outcome.words}, {words(first['key'])} explains {_percent(first['total'])} % ({ends})"
    told += f", {_percent(min(first['first'], first['total']))} % alone"
    told += f"; {words(rest[0]['key'])} {_percent(rest[0]['total'])} %." if rest else "."
    return Finding(name, told)


def _percent(share: float) -> str:
    """Return a share of the variance, none under 0 and none over 100."""
    return f"{100.0 * min(max(share, 0.0), 1.0):.0f}"


def of_choice(asked: Sequence[str], found: pl.DataFrame) -> Finding:
    """Return whether those keys are looked at closely that the screening puts first.

    asked  keys whose shares of the variance are worked out;  found  a table as ``morris`` makes it
    Two screenings never rank alike: a key is in its place among twice as many.
    """
    best, near = foremost(found, len(asked)), foremost(found, 2 * len(asked))
    missed = [words(key) for key in best if key not in asked]
    far = [words(key) for key in asked if key not in near]
    told = f"The screening puts {listed([words(key) for key in best])} first."
    told += f" Not looked at closely: {listed(missed)}." if missed else " All of them are looked at closely."
    why = f"{capital(listed(far))} did not come out among the first {2 * len(asked)} of the screening." if far else ""
    return Finding("The most important assumptions are looked at closely", told, not far, why)


def of_effect(points: pl.DataFrame, keys: Sequence[str]) -> Finding:
    """Return between which ends the law's effect lies, whatever is assumed.

    points  a column per key, and gain: points of share that the law brings, the mean over runs
    keys    the most important first
    """
    gains = points["gain"].sort().to_list()
    least, middle, most = gains[0], gains[len(gains) // 2], gains[-1]
    lost = points.filter(pl.col("gain") <= 0.0)
    told = f"Over {len(gains)} sets of assumptions the law moves the US share of chips by {least:+.1f} to {most:+.1f}"
    told += f" points, in half of them by more than {middle:.1f}."
    why = ""
    if len(lost):
        # With a single one all would be in common.
        alike = [key for key in keys if lost[key].n_unique() == 1 and points[key].n_unique() > 1 and len(lost) > 1]
        told += f" In {len(lost)} of them it does not rise."
        common = [f"{words(key)} ({shown(key)} {lost[key][0]:.2g})" for key in alike[:MOST_TOLD]]
        why = (
            f"What matters most of what these have in common: {listed(common)}."
            if common
            else "They have no assumption in common."
        )
    return Finding("The law raises the US share whatever is assumed", told, not len(lost), why)


def of_cost(bought: Sequence[float]) -> Finding:
    """Return what a point of share costs, in the middle and in eight sets of assumptions of ten.

    bought  points that ten billion dollars buy at every point of a sweep, the mean over its runs
    """
    low, middle, high = (pl.Series(bought).quantile(share, "linear") for share in (0.1, 0.5, 0.9))
    assert low is not None
    assert middle is not None
    assert high is not None
    ends = f"{10.0 / high:.1f} to {10.0 / low:.1f}" if low > 0.0 else f"{10.0 / high:.1f} and more"
    told = f"A point of the US share of chips costs {10.0 / middle:.1f} billion dollars in the middle of all sets of"
    return Finding("What a point of US share costs", f"{told} assumptions, {ends} in eight sets of ten.")
