"""Titles of pictures: they say what the figures say, of the region and the good that matter."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from matplotlib.figure import Figure
from stories import FILL, HEADLINE, PRICE, drawn, story, title, words
from test_pictures import lines

from abm.outline import Headline
from abm.world import World
from experiments.chart_data import worst_by_scenario
from experiments.chart_frame import balanced
from experiments.chart_words import Shares
from experiments.digest import series_of, worst
from experiments.verdict import Spread


@pytest.fixture(scope="module")
def figures(tiny: World) -> dict[str, Figure]:
    return drawn(story(tiny))


def test_a_title_says_who_holds_how_much_and_who_less(figures: dict[str, Figure]) -> None:
    said = title(figures["shares_chips"])
    assert said.startswith(
        "With better the United States holds 51.2 % of the world's chip capacity in 2025, 15.8 points "
    )
    assert said.endswith("more than with plain; China 7.9 points less")
    assert title(figures["shares_cell"]).endswith(
        "of the world's battery cells in 2025, as in Jan 2020, with better as with plain"
    )


def test_titles_change_with_the_data(figures: dict[str, Figure], tiny: World) -> None:
    other = drawn(story(tiny, (10.0, 5.0)), "shares_chips")
    assert "points (" in title(other["shares_chips"])
    assert "less than with plain" in title(other["shares_chips"])
    assert title(other["headline"]) != title(figures["headline"])
    none = drawn(story(tiny, (10.0, 10.0)), "shares_chips")
    assert title(none["shares_chips"]).endswith(", with better as with plain")


def test_a_title_says_what_became_dear_and_who_went_short(tiny: World, figures: dict[str, Figure]) -> None:
    calm = title(figures["prices_rare_earths"])
    start = "In the chain of rare earths no export price rises more than 5 % above its start"
    assert calm == f"{start}; all orders are filled"
    dear = title(drawn(story(tiny, dear=14.0, short=0.25), "prices_rare_earths")["prices_rare_earths"])
    assert "reaches 3.0 times its start in June 2023 (plain: 1.0 times)" in dear
    assert "Japan gets 25 % of the" in dear
    assert dear.endswith("(plain: nobody goes short)")
    told = story(tiny, dear=14.0, short=0.25)
    hungry = pl.when(pl.col("fill") < 1.0).then(0.6).otherwise(pl.col("fill"))
    both = told.months.filter(scenario="better").with_columns(scenario=pl.lit("plain"), fill=hungry)
    both = pl.concat([both, told.months.filter(scenario="better")])
    said = title(drawn(replace(told, months=both), "prices_rare_earths")["prices_rare_earths"])
    assert said.endswith("in June 2023 (plain: worst region 60 %)")
    little = title(drawn(story(tiny, dear=2.6), "prices_rare_earths")["prices_rare_earths"])
    assert "rises 10 % above its start in June 2023 (plain: 0 %)" in little


def test_a_title_says_what_was_dear_and_short_only_in_the_first_scenario(tiny: World) -> None:
    told = story(tiny, dear=14.0, short=0.25)
    spared = replace(told, scenarios=told.scenarios[::-1])
    said = title(drawn(spared, "prices_rare_earths")["prices_rare_earths"])
    oxide = told.good("ree_oxide")
    assert f"no export price rises more than 5 % above its start (better: {oxide} 3.0 times)" in said
    assert said.endswith(f"; all orders are filled (better: Japan gets 25 % of the {oxide} it orders in June 2023)")


def test_the_region_of_the_headline_is_spoken_of_only_where_the_headline_is(tiny: World) -> None:
    ours, theirs = HEADLINE.model_copy(update={"region": "JP"}), HEADLINE.model_copy(update={"chain": "cell"})
    assert title(drawn(story(tiny, headline=ours), "shares_chips")["shares_chips"]).startswith("With better Japan")
    theirs = theirs.model_copy(update={"region": "JP"})
    said = title(drawn(story(tiny, headline=theirs), "shares_chips")["shares_chips"])
    assert said.startswith("With better the United States")


def test_every_region_a_title_speaks_of_is_drawn(tiny: World) -> None:
    told = story(tiny, (10.0, 10.1), runs=1, headline=Headline(chain="cell", region="JP"))
    small = pl.when(pl.col("region") == "US").then(pl.col("capacity") - 9.9).otherwise(pl.col("capacity") * 10.0)
    figure = drawn(replace(told, table=told.table.with_columns(capacity=small)), "shares_chips")["shares_chips"]
    shown = [text.get_text() for text in figure.texts]
    assert "United States" not in shown
    more = story(tiny, (9.91, 11.2), runs=1)
    figure = drawn(replace(more, table=more.table.with_columns(capacity=small)), "shares_chips")["shares_chips"]
    assert title(figure).startswith("With better the United States holds 0.6 % of")
    shown = [text.get_text() for text in figure.texts]
    assert "United States" in shown


def test_a_difference_that_is_luck_makes_no_title() -> None:
    gains = {"US": Spread(0.5, -0.1, 0.9), "CN": Spread(-0.4, -0.9, -0.1), "JP": Spread(0.1, 0.1, 0.1)}
    shares = Shares({}, {}, gains)
    assert [region for region in (*gains, "XX") if shares.differs(region)] == ["CN"]


def test_the_leading_sentence_is_the_title_of_the_headline(tiny: World) -> None:
    told = story(tiny)
    lead = replace(told, lead="It is so. It costs 3.0 billion.")
    figure = drawn(lead, "headline")["headline"]
    assert title(figure) == "It is so"
    assert "It costs 3.0 billion." in words(figure)
    assert "with better" in title(drawn(story(tiny, dear=14.0, headline=PRICE), "headline")["headline"])


def test_the_peak_beside_a_line_is_the_mean_of_every_runs_own_as_in_the_sentence(tiny: World) -> None:
    told = story(tiny, dear=14.0, headline=PRICE)
    # Every run has its peak in a month of its own, so the mean of the runs never reaches it.
    later = pl.col("date").dt.offset_by(pl.format("{}mo", pl.col("run")))
    table = told.table.collect()
    dear = table.filter(pl.col("price_export") > 2.0).with_columns(date=later)
    keys = ["scenario", "run", "date", "good", "region"]
    table = table.with_columns(price_export=pl.lit(2.0)).update(dear.select(*keys, "price_export"), on=keys)
    ends = worst_by_scenario(worst(table, series_of(PRICE, tiny.goods), PRICE.region, PRICE.measure))
    figure = drawn(replace(told, table=table.lazy(), worst=ends), "headline")["headline"]
    assert ends["better"][0] == 7.0
    assert "peak 7.0, Jun 2023" in words(figure)
    assert "7.0 times with better" in title(figure)
    assert "Peak: mean of every run's own" in words(figure)
    heights = [np.asarray(line.get_ydata(), np.float64) for panel in lines(figure) for line in panel]
    assert len(heights) == 2
    assert max(line.max() for line in heights) < 4.0


def test_a_headline_on_orders_filled_draws_them_and_says_how_low_they_fall(tiny: World) -> None:
    figure = drawn(story(tiny, short=0.25, headline=FILL), "headline")["headline"]
    start = "Of the separated rare-earth oxides they order buyers in Japan get in the worst month"
    assert title(figure) == f"{start} 25.0 % with better and 100.0 % with plain"
    for said in ("low 25.0 %, Jun 2023", "all orders filled", "ordered in Japan that is delivered, %."):
        assert said in words(figure)
    heights = [np.asarray(line.get_ydata(), dtype=float) for panel in lines(figure) for line in panel]
    assert sorted(each.min() for each in heights) == [25.0, 100.0]
    assert [each.max() for each in heights] == [100.0, 100.0]


def test_without_a_headline_the_picture_is_of_what_moves_most(tiny: World) -> None:
    figure = drawn(story(tiny, headline=None), "headline")["headline"]
    assert "Share of the United States in the world's chip capacity, %." in words(figure)


def test_titles_are_broken_into_lines_of_about_the_same_length() -> None:
    lines = balanced("word " * 20, 84)
    assert len(lines) == 2
    assert max(map(len, lines)) - min(map(len, lines)) <= 5


def test_the_headline_of_several_scenarios_speaks_of_its_region(tiny: World) -> None:
    figure = drawn(story(tiny, (10.0, 10.1, 10.2), headline=Headline(chain="chips", region="JP")), "headline")[
        "headline"
    ]
    assert title(figure).startswith("Japan holds")
    assert "Share of Japan" in words(figure)
