"""Pictures: one for every chain, titles that say what the figures say, fixed colours, the same bytes again."""

import itertools
import math
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from matplotlib.figure import Figure

from abm.outline import Headline
from abm.scenario import Scenario
from abm.world import World
from experiments.chart_data import PICTURES, Story, clear, table
from experiments.chart_frame import balanced
from experiments.chart_headline import draw_headline
from experiments.chart_prices import chains
from experiments.cli import main
from experiments.digest import SERIES, monthly
from experiments.palette import INK, REGIONS, colour, dashes, lettering
from experiments.pictures import pictures, save

START, UNTIL = date(2020, 1, 1), date(2025, 12, 1)
HEADLINE = Headline(chain="chips", region="US")
PRICE = Headline(chain="ree_oxide", region="CN", measure="export_price")


def scenario(name: str, **changed: Any) -> Scenario:
    told = {"title": name, "question": "?", "story": ".", "start": START, "until": UNTIL, "headline": HEADLINE}
    return Scenario(name=name, baseline="plain", **{**told, **changed})


def regions(world: World, name: str, us: float, runs: int, dear: float, short: float) -> pl.DataFrame:
    """Return a table in which every region makes 10, and the US another amount from 2022 on.

    dear, short  highest export price of Chinese oxide, and least share of its orders that Japan gets, June 2023
    """
    months = pl.date_range(START, UNTIL, "1mo", eager=True).alias("date")
    axes = [pl.Series("run", range(runs)), months]
    axes += [pl.Series("good", world.goods.code), pl.Series("region", world.regions)]
    table = axes[0].to_frame()
    for axis in axes[1:]:
        table = table.join(axis.to_frame(), how="cross")
    late = (pl.col("date") >= date(2022, 1, 1)) & (pl.col("region") == "US")
    then = (pl.col("date") == date(2023, 6, 1)) & (pl.col("good") == "ree_oxide")
    return table.with_columns(
        scenario=pl.lit(name),
        capacity=pl.when(late).then(us).otherwise(10.0) + pl.when(late).then(pl.col("run")).otherwise(0.0),
        output=pl.lit(10.0),
        demand=pl.lit(10.0),
        lost_sales=pl.lit(0.0),
        price_index=pl.lit(1.0),
        price_export=pl.when(then & (pl.col("region") == "CN")).then(dear).otherwise(2.0),
        fill_rate=pl.when(then & (pl.col("region") == "JP")).then(short).otherwise(1.0),
    )


def story(world: World, us: Iterable[float] = (10.0, 20.0), runs: int = 3, **changed: Any) -> Story:
    """Return a story of one scenario for each amount that the US makes; the last is called better."""
    amounts = [*us]
    dear, short = changed.pop("dear", 2.0), changed.pop("short", 1.0)
    names = ["plain", *(f"other_{place}" for place in range(len(amounts) - 2)), "better"][-len(amounts) :]
    told = tuple(scenario(name, **changed) for name in names)
    parts = [
        regions(world, name, amount, runs, *((dear, short) if name == "better" else (2.0, 1.0)))
        for name, amount in zip(names, amounts, strict=True)
    ]
    whole = pl.concat(parts)
    return Story(told, world, runs, 7, "", whole.lazy(), monthly(whole))


def drawn(told: Story, until: str = "") -> dict[str, Figure]:
    """Return the pictures of a story, up to one of them."""
    found = {}
    for name, figure in pictures(told):
        found[name] = figure
        if name == until:
            break
    return found


def title(figure: Figure) -> str:
    return figure.texts[0].get_text().replace("\n", " ").replace("\u00a0", " ")


def words(figure: Figure) -> str:
    every = [*figure.texts, *(text for axes in figure.axes for text in axes.texts)]
    return " ".join(text.get_text().replace("\n", " ").replace("\u00a0", " ") for text in every)


@pytest.fixture(scope="module")
def figures(tiny: World) -> dict[str, Figure]:
    return drawn(story(tiny))


def test_every_chain_has_its_pictures_and_the_headline_one_of_its_own(figures: dict[str, Figure], tiny: World) -> None:
    known = [f"shares_{series.code}" for series in SERIES]
    prices = [f"prices_{chain}" for chain in chains(tiny.goods.code, tiny.goods.chain)]
    assert [*figures] == ["headline", *known, *prices]
    shown = {code for goods in chains(tiny.goods.code, tiny.goods.chain).values() for code in goods}
    assert shown == {code for code in tiny.goods.code if not code.startswith("scrap_")}


def test_a_title_says_who_holds_how_much_and_who_less(figures: dict[str, Figure]) -> None:
    said = title(figures["shares_chips"])
    assert said.startswith(
        "With better the United States holds 51.2 % of the world's chip capacity in 2025, 15.8 points "
    )
    assert said.endswith("more than with plain; China 7.9 points less")
    assert title(figures["shares_cell"]).endswith(
        "of the world's battery cells in 2025, as in Jan 2020; better changes nothing"
    )


def test_titles_change_with_the_data(figures: dict[str, Figure], tiny: World) -> None:
    other = drawn(story(tiny, (10.0, 5.0)), "shares_chips")
    assert "points (" in title(other["shares_chips"])
    assert "less than with plain" in title(other["shares_chips"])
    assert title(other["headline"]) != title(figures["headline"])
    none = drawn(story(tiny, (10.0, 10.0)), "shares_chips")
    assert "better changes nothing" in title(none["shares_chips"])


def test_a_title_says_what_became_dear_and_who_went_short(tiny: World, figures: dict[str, Figure]) -> None:
    calm = title(figures["prices_rare_earths"])
    assert calm == "No export price in this chain rises 5 % above its start; orders are filled"
    dear = title(drawn(story(tiny, dear=14.0, short=0.25), "prices_rare_earths")["prices_rare_earths"])
    assert "reaches 3.0 times its start in June 2023, at most 1.0 times with plain" in dear
    assert "Japan gets 25 % of the" in dear
    little = title(drawn(story(tiny, dear=2.6), "prices_rare_earths")["prices_rare_earths"])
    assert "rises 10 % above its start in June 2023, at most 0 % with plain" in little


def test_the_leading_sentence_is_the_title_of_the_headline(tiny: World) -> None:
    told = story(tiny)
    lead = replace(told, lead="It is so. It costs 3.0 billion.")
    figure = drawn(lead, "headline")["headline"]
    assert title(figure) == "It is so"
    assert "It costs 3.0 billion." in words(figure)
    assert "with better" in title(drawn(story(tiny, dear=14.0, headline=PRICE), "headline")["headline"])


def test_without_a_headline_the_picture_is_of_what_moves_most(tiny: World) -> None:
    figure = drawn(story(tiny, headline=None), "headline")["headline"]
    assert "Share of the United States in the world's chip capacity, %." in words(figure)


def test_every_picture_says_what_was_run_and_where_figures_come_from(figures: dict[str, Figure]) -> None:
    for name, figure in figures.items():
        for part in ("friendshore: better against plain", "3 runs, seed 7", "8 runs in 10", "friendshore data check"):
            assert part in words(figure), name
    assert "SEMI basis" in words(figures["shares_chips"])
    assert "SEMI" not in words(figures["shares_cell"])


def luminance(shade: str) -> float:
    """Return how light a colour is, 0 to 100 (CIE L*)."""
    parts = [int(shade[at : at + 2], 16) / 255.0 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    light = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return 116.0 * math.cbrt(light) - 16.0 if light > 0.008856 else 903.3 * light


def test_colours_are_fixed_and_apart_in_grey(full: World) -> None:
    assert set(REGIONS) == set(full.regions)
    grey = {region: luminance(shade) for region, shade in REGIONS.items()}
    assert min(abs(grey[one] - grey[two]) for one, two in itertools.combinations(grey, 2)) > 3.0
    assert min(100.0 - luminance(lettering(region)) for region in REGIONS) > 35.0
    assert colour("XX") == INK


def test_scenarios_are_told_apart_by_their_dashes() -> None:
    styles = [dashes(place, 6) for place in range(6)]
    assert len(set(styles)) == 6
    assert styles[-1] == "solid"
    assert dashes(0, 1) == "solid"


def test_a_region_has_its_colour_and_the_first_scenario_dashes(figures: dict[str, Figure]) -> None:
    for axes in figures["shares_chips"].axes:
        lines = [*axes.lines]
        assert len({line.get_linestyle() for line in lines}) == 2
        assert {line.get_color() for line in lines} < {INK, *REGIONS.values()}


def test_no_letters_leave_the_picture_or_run_into_others(figures: dict[str, Figure]) -> None:
    for name, figure in figures.items():
        figure.canvas.draw()
        room = figure.bbox
        boxes = [text.get_window_extent() for text in figure.texts]
        boxes += [text.get_window_extent() for axes in figure.axes for text in axes.texts if text.get_text()]
        assert all(box.x0 >= 0 and box.y0 >= 0 and box.x1 <= room.width and box.y1 <= room.height for box in boxes), (
            name
        )
        assert not any(one.overlaps(two) for one, two in itertools.combinations(boxes, 2)), name


@pytest.mark.parametrize("amounts", [(20.0,), (10.0, 20.0), (10.0, 15.0, 20.0)], ids=["alone", "two", "three"])
def test_one_run_and_any_number_of_scenarios_can_be_drawn(amounts: tuple[float, ...], tiny: World) -> None:
    found = drawn(story(tiny, amounts, runs=1))
    assert "1 run, seed 7" in words(found["headline"])
    assert "8 runs in 10" not in words(found["headline"])
    if len(amounts) == 1:
        assert "start" in words(found["shares_chips"])
        assert "plain" not in words(found["shares_chips"])
    if len(amounts) == 3:
        said = (
            "The United States holds 50.0 % of the world's chip capacity in 2025 with better, 42.9 % with other_0 and"
        )
        assert title(found["shares_chips"]).startswith(said)


def test_the_same_figures_give_the_same_bytes(figures: dict[str, Figure], tiny: World, tmp_path: Path) -> None:
    again = drawn(story(tiny))
    for name in ("headline", "shares_chips", "prices_rare_earths"):
        files = []
        for folder, figure in (("a", figures[name]), ("b", again[name])):
            (tmp_path / folder).mkdir(exist_ok=True)
            files.append(save(figure, tmp_path / folder, name))
        for one, two in zip(*files, strict=True):
            assert one.read_bytes() == two.read_bytes(), one.name
        assert b"<dc:date>" not in files[0][0].read_bytes()


def test_only_pictures_of_ours_are_removed(tmp_path: Path) -> None:
    (tmp_path / PICTURES).mkdir()
    for name in ("shares_gone.svg", "headline.png", "prices_chips.png", "mine.png", "shares.txt"):
        (tmp_path / PICTURES / name).write_text("old", encoding="utf-8")
    clear(tmp_path)
    assert sorted(path.name for path in (tmp_path / PICTURES).iterdir()) == ["mine.png", "shares.txt"]


def test_a_run_draws_unless_it_is_told_not_to(tmp_path: Path) -> None:
    from click.testing import CliRunner

    asked = ["run", "chips_act", "--runs", "1", "--until", "2020-02", "--alone", "--out", str(tmp_path)]
    done = CliRunner().invoke(main, asked, prog_name="friendshore")
    assert done.exit_code == 0, done.output
    assert f"pictures in {tmp_path / PICTURES}." in done.stdout.replace("\n", "")
    assert len([*(tmp_path / PICTURES).glob("*.svg")]) == len([*(tmp_path / PICTURES).glob("*.png")]) > len(SERIES)
    done = CliRunner().invoke(main, [*asked, "--no-pictures"], prog_name="friendshore")
    assert done.exit_code == 0, done.output
    assert [*(tmp_path / PICTURES).iterdir()] == []


def test_only_the_wanted_rows_are_read(tiny: World, tmp_path: Path) -> None:
    regions(tiny, "plain", 10.0, 4, 2.0, 1.0).write_parquet(tmp_path / "regions.parquet")
    assert table(tmp_path / "regions.parquet", ["plain"], 2).collect()["run"].unique().to_list() == [0, 1]
    assert table(tmp_path / "regions.parquet", ["better"], 2).collect().is_empty()


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


@pytest.mark.parametrize(("count", "marked"), [(1, True), (4, True), (5, False)])
def test_measures_are_marked_where_they_are_few(count: int, marked: bool, tiny: World) -> None:
    bundled = Scenario.load("chips_act")
    grant = next(each for each in bundled.policies if each.name == "chips_act")
    dated = [
        grant.model_copy(update={"name": f"grant_{at}", "start": date(2021 + at // 3, 1 + 4 * (at % 3), 1)})
        for at in range(count)
    ]
    told = story(tiny)
    asked = told.asked.model_copy(update={"policies": tuple(dated)})
    figure = draw_headline(replace(told, scenarios=(told.scenarios[0], asked)))
    assert ("grant_0 begins" in words(figure)) == marked
