"""Pictures: one for every chain, legible letters, fixed colours, the same bytes again."""

import itertools
import math
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.transforms import Bbox
from PIL import Image
from stories import FILL, drawn, regions, scenario, story, title, words

from abm.scenario import Scenario
from abm.world import World
from experiments.chart_data import PICTURES, chains, clear, table
from experiments.chart_headline import APART, FLOOR, apart, draw_headline
from experiments.chart_panel import scale
from experiments.cli import main
from experiments.digest import SERIES
from experiments.palette import INK, REGIONS, STYLE, colour, dashes, lettering
from experiments.pictures import save
from experiments.pixels import DOTS_PER_INCH

SOURCE = "Source: friendshore, a simulation: better (The title of better) against plain (The title of plain)"


@pytest.fixture(scope="module")
def figures(tiny: World) -> dict[str, Figure]:
    return drawn(story(tiny))


def test_every_chain_has_its_pictures_and_the_headline_one_of_its_own(figures: dict[str, Figure], tiny: World) -> None:
    known = [f"shares_{series.code}" for series in SERIES]
    prices = [f"prices_{chain}" for chain in chains(tiny.goods.code, tiny.goods.chain)]
    assert [*figures] == ["headline", *known, *prices]
    shown = {code for goods in chains(tiny.goods.code, tiny.goods.chain).values() for code in goods}
    assert shown == {code for code in tiny.goods.code if not code.startswith("scrap_")}


def test_every_picture_says_what_was_run_and_where_figures_come_from(figures: dict[str, Figure], tiny: World) -> None:
    for name, figure in figures.items():
        for part in (SOURCE, "3 runs, seed 7", "8 runs in 10", "friendshore data check"):
            assert part in words(figure), name
    assert "With parameters.interest=0.002." not in words(figures["headline"])
    changed = replace(story(tiny), changed=("parameters.interest=0.002",))
    assert "With parameters.interest=0.002." in words(drawn(changed, "headline")["headline"])
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


def test_a_region_has_its_colour_and_the_first_scenario_dashes(figures: dict[str, Figure], tiny: World) -> None:
    panels = lines(figures["shares_chips"])
    assert len(panels) == len(tiny.regions)
    shades = [{line.get_color() for line in panel} for panel in panels]
    assert [len({line.get_linestyle() for line in panel}) for panel in panels] == [2] * len(panels)
    assert all(len(shade) == 2 and INK in shade for shade in shades)
    assert {*itertools.chain(*shades)} == {INK, *map(colour, tiny.regions)}


def lines(figure: Figure) -> list[list[Line2D]]:
    """Return the curves of a picture by the box they are drawn in; lines that mark something are in none."""
    found: dict[tuple[float, ...], list[Line2D]] = {}
    for line in figure.artists:
        box = line.get_clip_box()
        if isinstance(line, Line2D) and box is not None:
            found.setdefault(box.bounds, []).append(line)
    return [*found.values()]


def boxes(figure: Figure) -> list[tuple[str, Bbox]]:
    """Return all letters of a picture and where they stand: texts, keys and marks of the axes."""
    figure.draw_without_rendering()
    texts = [*figure.texts, *(text for legend in figure.legends for text in legend.get_texts())]
    for axes in figure.axes:
        texts += axes.texts
        for ticks, (low, high), shown in (
            (axes.xaxis.get_major_ticks(), axes.get_xlim(), axes.xaxis.get_tick_params()["labelbottom"]),
            (axes.yaxis.get_major_ticks(), axes.get_ylim(), axes.yaxis.get_tick_params()["labelleft"]),
        ):
            texts += [tick.label1 for tick in ticks if shown and low <= tick.get_loc() <= high]
    return [(text.get_text(), text.get_window_extent()) for text in texts if text.get_text()]


WORST = "an_instrument_with_a_name_that_goes_on_and_on_and_on_and_on"


@pytest.mark.parametrize("case", ["two", "six", "short", "long names"])
def test_no_letters_leave_the_picture_or_run_into_others(case: str, tiny: World) -> None:
    told = story(tiny, [10.0 + each for each in range(6 if case == "six" else 2)], short=0.3)
    if case == "short":
        told = story(tiny, until=date(2020, 8, 1))
        told = replace(told, table=told.table.filter(pl.col("date") <= date(2020, 8, 1)))
        told = replace(told, months=told.months.filter(pl.col("date") <= date(2020, 8, 1)))
    if case == "long names":
        named = pl.col("scenario").cast(pl.String).replace("better", WORST)
        scenarios = (told.scenarios[0], scenario(WORST))
        told = replace(
            told, scenarios=scenarios, table=told.table.with_columns(named), months=told.months.with_columns(named)
        )
    for name, figure in drawn(told).items():
        room, found = figure.bbox, boxes(figure)
        outside = [said for said, box in found if not room.contains(*box.min) or not room.contains(*box.max)]
        assert outside == [], name
        met = [(one, two) for (one, here), (two, there) in itertools.combinations(found, 2) if here.overlaps(there)]
        assert met == [], name


def test_labels_of_lines_move_no_further_than_they_must() -> None:
    assert apart([0.2, 0.5, 0.9]) == [0.2, 0.5, 0.9]
    assert apart([0.5, 0.5]) == pytest.approx([0.5 - APART / 2.0, 0.5 + APART / 2.0])
    assert apart([0.0, 0.0, 0.9]) == pytest.approx([FLOOR, FLOOR + APART, 0.9])
    crowd = apart([0.30, 0.39, 0.41, 0.60])
    assert min(two - one for one, two in itertools.pairwise(crowd)) >= APART - 1e-12
    assert crowd == sorted(crowd)


@pytest.mark.parametrize(
    ("low", "high", "first"),
    [
        (0.0, 14.4, ["0 %", "5 %", "10 %"]),
        (0.8, 1.2, ["0.8 %", "0.9 %", "1.0 %"]),
        (0.0, 102.0, ["0 %", "20 %", "40 %"]),
    ],
)
def test_marks_are_round_and_have_as_many_digits(low: float, high: float, first: list[str]) -> None:
    marks = scale(low, high)
    assert [label for _, label in marks][:3] == first
    assert low <= marks[0][0] < marks[-1][0] <= high + 1e-9


def test_names_of_measures_stand_above_lines_at_all_orders_filled(tiny: World) -> None:
    told = story(tiny, headline=FILL)
    licence = next(
        each for each in Scenario.load("rare_earth_licences_2025").policies if each.name == "october_package"
    )
    dated = [licence.model_copy(update={"name": f"list_{at}", "start": date(2021 + at, 1, 1)}) for at in range(3)]
    asked = told.asked.model_copy(update={"policies": tuple(dated)})
    figure = draw_headline(replace(told, scenarios=(told.scenarios[0], asked)))
    figure.draw_without_rendering()
    names = [text.get_window_extent() for text in figure.texts if "begins" in text.get_text()]
    assert len(names) == 3
    (curves,) = lines(figure)
    heights = {float(line.get_transform().transform((2024.0, 100.0))[1]) for line in curves}
    assert len(heights) == 1
    assert min(box.y0 for box in names) > max(heights)


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
        for folder, figure in (("a", figures[name]), ("b", again[name])):
            (tmp_path / folder).mkdir(exist_ok=True)
            save(figure, tmp_path / folder, name, vector=True)
        for kind in ("png", "svg"):
            one, two = (tmp_path / folder / f"{name}.{kind}" for folder in "ab")
            assert one.read_bytes() == two.read_bytes(), one.name
        assert b"<dc:date>" not in (tmp_path / "a" / f"{name}.svg").read_bytes()


def test_a_png_holds_what_matplotlib_draws(figures: dict[str, Figure], tmp_path: Path) -> None:
    figure = figures["shares_chips"]
    save(figure, tmp_path, "ours", vector=False)
    with rc_context(STYLE):
        figure.savefig(tmp_path / "theirs.png", dpi=DOTS_PER_INCH)
    with Image.open(tmp_path / "ours.png") as ours, Image.open(tmp_path / "theirs.png") as theirs:
        assert ours.size == theirs.size == (1600, 900)
        assert np.array_equal(np.asarray(ours), np.asarray(theirs.convert("RGB")))
        assert ours.info["Software"] == "friendshore"
        assert ours.info["dpi"] == pytest.approx((DOTS_PER_INCH, DOTS_PER_INCH), abs=0.02)


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
    pixels = {path.stem for path in (tmp_path / PICTURES).glob("*.png")}
    assert len(pixels) > len(SERIES)
    assert len([*(tmp_path / PICTURES).iterdir()]) == len(pixels)
    done = CliRunner().invoke(main, [*asked, "--svg"], prog_name="friendshore")
    assert done.exit_code == 0, done.output
    assert {path.stem for path in (tmp_path / PICTURES).glob("*.svg")} == pixels
    assert {path.stem for path in (tmp_path / PICTURES).glob("*.png")} == pixels
    done = CliRunner().invoke(main, [*asked, "--no-pictures"], prog_name="friendshore")
    assert done.exit_code == 0, done.output
    assert [*(tmp_path / PICTURES).iterdir()] == []


def test_only_the_wanted_rows_are_read(tiny: World) -> None:
    whole = regions(tiny, "plain", 10.0, 4, 2.0, 1.0).lazy()
    assert sorted(table(whole, ["plain"], 2).collect()["run"].unique()) == [0, 1]
    assert table(whole, ["better"], 2).collect().is_empty()


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
