"""Who pays and who gains, as a page and as a picture: of made figures, and of a short comparison."""

import io
import itertools
import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from matplotlib.figure import Figure
from rich.console import Console
from stories import story, title, words
from test_pictures import boxes
from worlds import measure

from abm.outline import Headline
from abm.scenario import Scenario
from abm.welfare import PARTS
from abm.world import World
from experiments.chart_data import Story
from experiments.chart_who import draw_who
from experiments.compare_tables import Rivals, signed
from experiments.digest import SERIES
from experiments.effects import ABROAD, SPENDING, SUM, WORLD, home
from experiments.sentence import bill, verdict
from experiments.summary import Summary
from experiments.verdict import Gain
from experiments.who import VISIBLE, who, winners

LAST = "2025"
START, UNTIL = date(2020, 1, 1), date(2025, 12, 1)
GAINS = {"buyers": 7_000.0, "margin": 43_700.0, "plants": -23_600.0, "treasury": -31_800.0}
FIRMS = {"Intel": 0.4, "Other memory chips makers, United States": -0.4, "Micron": -1.3, "Unmoved": 0.0, "Unsure": 0.2}
Row = tuple[str, str, str, str, float, float | None]


def scenario(name: str, **changed: object) -> Scenario:
    told = {"title": name, "question": "?", "story": ".", "start": START, "until": UNTIL}
    return Scenario(name=name, **{**told, "headline": Headline(chain="chips", region="US"), **changed})  # type: ignore[arg-type]


def rows(sure: float | None = 0.1, scale: float = 1.0) -> list[Row]:
    """Return rows of the account and of firms; sure is half of every interval over the mean."""
    found: list[Row] = []
    parts = {**GAINS, SUM: sum(GAINS.values()), SPENDING: 2_500.0}
    for region, factor in (("US", 1.0), ("CN", -0.2), ("JP", -0.2), (ABROAD, -0.4), (WORLD, 0.6)):
        for part, gain in parts.items():
            found.append(("who_pays", part, region, "M USD of 2020 at 3 % a year", scale * factor * gain, sure))
        found.append(("margin", "chips", region, "M USD of 2020 at 3 % a year", scale * factor * 40_000.0, sure))
        found.append(("share", "chips", region, "%", factor, sure))
    for firm, gain in FIRMS.items():
        found.append(("firm_share", firm, "US", "% of the world", gain, 1.5 if firm == "Unsure" else sure))
    return found


def figures(found: Sequence[Row]) -> pl.DataFrame:
    """Return figures as a summary holds them, an interval being a share of the mean."""
    names = ["measure", "item", "region", "unit", "gain_mean", "gain_error"]
    table = pl.DataFrame(found, names, orient="row").with_columns(pl.col("gain_error").cast(pl.Float64))
    error = (pl.col("gain_mean") * pl.col("gain_error")).abs()
    return table.with_columns(gain_error=error, period=pl.lit(LAST), other_mean=pl.lit(2.6), mean=pl.lit(3.0))


def summary(found: Sequence[Row], name: str = "better", **changed: object) -> Summary:
    asked = scenario(name, **changed)
    return Summary(asked, scenario("plain"), asked.headline, figures(found), pl.DataFrame(), 16)


def page(tiny: World, told: Summary) -> str:
    """Return what is printed of who pays."""
    plain = summary(rows(), "plain")
    rivals = Rivals(plain, (told,), tiny, ("Jan 2020", LAST))
    printed = io.StringIO()
    console = Console(file=printed, width=80)
    for part in who(rivals, told):
        console.print(part)
    return printed.getvalue()


def test_the_page_says_who_pays_in_which_money_and_fits_eighty_columns(tiny: World) -> None:
    told = page(tiny, summary(rows()))
    assert max(len(line.rstrip()) for line in told.splitlines()) <= 80
    assert "…" not in told
    assert "Who pays, who gains: B - A, billion dollars of 2020, discounted at 3 % a year" in told
    lines = {line.split("  ")[0].strip(): " ".join(line.split()) for line in told.splitlines()}
    assert lines["treasury"] == "treasury -31.8 ± 3.2 +12.7 ± 1.3 -19.1 ± 1.9"
    assert lines["together"].startswith("together -4.7 ± 0.5")
    assert lines["United States"] == "United States +1.0 ± 0.1 +40.0 ± 4.0 +43.7 ± 4.4"
    assert lines["Micron"] == "Micron US 2.6 -1.3 ± 0.1"
    assert "Unmoved" not in told
    assert "Unsure" not in told


def test_small_sums_are_told_in_millions(tiny: World) -> None:
    told = page(tiny, summary(rows(scale=0.01)))
    assert "million dollars of 2020" in told
    assert "-318.0 ± 31.8" in told


def test_where_nobody_pays_or_gains_there_is_no_table(tiny: World) -> None:
    assert page(tiny, summary(rows(scale=0.0))) == ""
    assert page(tiny, summary([row for row in rows() if row[0] == "firm_share"])) == ""


def test_a_question_mark_stands_where_the_runs_are_too_few() -> None:
    assert signed(Gain(0.5, 0.6)) == "+0.5 ± 0.6?"
    assert signed(Gain(0.5, 0.4)) == "+0.5 ± 0.4"
    assert signed(Gain(0.5, math.nan)) == "+0.5"
    assert signed(Gain(0.0, 0.01)) == "0.0"


def test_firms_are_shown_that_surely_move_the_winners_first() -> None:
    shown = [row["item"] for row in winners(figures(rows()).filter(measure="firm_share"))]
    assert shown == ["Intel", "Other memory chips makers, United States", "Micron"]
    assert min(abs(FIRMS[name]) for name in shown) >= VISIBLE


def test_home_is_where_the_headline_is_else_where_the_first_new_government_acts() -> None:
    duty = measure("tariff", government="JP", goods=["cell"], origins=["CN"], rate=0.1)
    assert home(scenario("better", policies=(duty,)), scenario("plain")) == "US"
    assert home(scenario("better", policies=(duty,), headline=None), scenario("plain")) == "JP"
    assert home(scenario("better", headline=None), scenario("plain"), "CN") == "CN"


def test_the_sentence_says_since_when_and_what_a_point_costs_or_that_runs_are_too_few() -> None:
    grant = measure("capex_grant", government="US", goods=["chip_mature"], amount_musd=1.0, cap_share=0.5)
    sure = [
        ("months_to_effect", "chips", "US", "months", 61.0, 0.0),
        ("public_spending", "all", "", "M USD", 37_400.0, 0.01),
        ("cost_per_point", "chips", "US", "M USD", 8_100.0, None),
    ]
    told = summary(sure, policies=(grant,))
    told = replace(told, figures=told.figures.with_columns(gain_low=pl.lit(7_900.0), gain_high=pl.lit(8_400.0)))
    assert verdict(told, Gain(4.6, 0.1)) == ", for good from February 2025 on"
    assert bill(told, SERIES[0], LAST) == (
        " Governments spend 37.4 ± 0.4 billion dollars more, 8.1 (7.9-8.4) for each point."
    )
    other = replace(told, scenario=scenario("better", policies=(grant.model_copy(update={"goods": ("cell",)}),)))
    assert bill(other, SERIES[0], LAST).endswith("for other goods too: no price of a point can be told.")
    few = summary([("runs_needed", "chips", "US", "runs", 230.0, None)])
    assert verdict(few, Gain(0.1, 0.3)) == "; 16 runs are too few to tell that from none, about 230 would do"
    none = summary([("runs_needed", "chips", "US", "runs", math.nan, None)])
    never = replace(none, figures=none.figures.with_columns(gain_mean=pl.lit(None, pl.Float64)))
    assert verdict(never, Gain(0.0, 0.3)).endswith("even 100,000 would be")
    assert verdict(few, Gain(0.1, math.nan)) == "; a single run cannot tell that from chance"


def told(tiny: World, found: Sequence[Row], runs: int = 16) -> Story:
    """Return a story with an account."""
    return replace(story(tiny), effects=figures(found), runs=runs)


def clear(figure: Figure) -> None:
    """Refuse letters that leave the picture or run into others."""
    room, found = figure.bbox, boxes(figure)
    assert [said for said, box in found if not room.contains(*box.min) or not room.contains(*box.max)] == []
    pairs = itertools.combinations(found, 2)
    assert [(one, two) for (one, here), (two, there) in pairs if here.overlaps(there)] == []


@pytest.mark.parametrize("sure", [0.1, 0.6, 1.5, None])
def test_no_letters_of_the_picture_of_who_pays_run_into_others(sure: float | None, tiny: World) -> None:
    for kept in ([*PARTS, SUM, SPENDING], [*PARTS, SUM, SPENDING, *FIRMS]):
        clear(draw_who(told(tiny, [row for row in rows(sure) if row[1] in kept])))


def test_the_picture_says_who_pays_as_far_as_the_runs_tell(tiny: World) -> None:
    figure = draw_who(told(tiny, rows()))
    assert title(figure) == (
        "With better in the United States the treasury pays 31.8, final buyers gain 7.0 and makers gain 20.1 "
        "billion dollars; everyone else gains 1.9 in all"
    )
    for part in ("billion dollars of 2020, discounted at 3 % a year", "-31.8 ± 3.2", "90 % interval", "Treasury"):
        assert part in words(figure) or part in [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert title(draw_who(told(tiny, rows(1.5)))) == "16 runs of better do not tell who pays and who gains"
    unsure = [[(*row[:5], 1.5 if row[2] == place else 0.1) for row in rows()] for place in (ABROAD, "US")]
    abroad, at_home = (title(draw_who(told(tiny, found))) for found in unsure)
    assert abroad.endswith("billion dollars; for everyone else 16 runs do not tell")
    assert at_home == (
        "With better outside the United States makers lose 8.0, final buyers pay 2.8 and the treasury gains 12.7 "
        "billion dollars; in the United States 16 runs do not tell"
    )
