"""Where conditions are met: boxes that were planted are found, and no others."""

import math

import numpy as np
import polars as pl
import pytest
from known_sweeps import plan, played

from abm.errors import InputError
from experiments.sweeping_analysis.box_tables import prim
from experiments.sweeping_analysis.boxes import Box, Cases, chance, found, pruned
from experiments.sweeping_analysis.condition import Condition
from experiments.sweeping_analysis.sample import Sample


def planted(seed: int, points: int = 800) -> Cases:
    """Return points that meet a condition where a is at most 0.4 and b at least 0.7, and hardly ever elsewhere."""
    draw = np.random.default_rng(seed)
    a, b, c = draw.random((3, points))
    words = draw.choice(["x", "y", "z"], points)
    likely = np.where((a <= 0.4) & (b >= 0.7), 0.95, 0.03)
    return Cases({"a": a, "b": b, "c": c, "w": words}, np.full(points, 8.0), draw.binomial(8, likely).astype(float))


@pytest.mark.parametrize("seed", range(5))
def test_prim_finds_a_planted_box(seed: int) -> None:
    cases = planted(seed)
    box = found(cases)[0][0]
    inside = box.inside(cases)
    low, high = ([*box.sides[key]] for key in "ab")
    assert low == [-np.inf, pytest.approx(0.4, abs=0.05)]
    assert high == [pytest.approx(0.7, abs=0.05), np.inf]
    assert cases.density(inside) > 0.85
    assert cases.coverage(inside) > 0.7


def test_prim_leaves_out_the_words_under_which_a_condition_is_never_met() -> None:
    words = np.array(["good", "bad", "worse"] * 40)
    cases = Cases({"w": words}, np.full(120, 4.0), np.where(words == "good", 4.0, 0.0))
    box = found(cases)[0][0]
    assert box.sides == {"w": frozenset({"bad", "worse"})}


def test_a_side_that_may_be_luck_is_taken_off_a_box() -> None:
    cases = planted(0)
    box = pruned(Box({"a": (-np.inf, 0.4), "b": (0.7, np.inf), "c": (0.01, np.inf)}), cases)
    assert {*box.sides} == {"a", "b"}
    assert pruned(Box({"c": (0.01, np.inf)}), cases).sides == {}


@pytest.mark.parametrize("seed", range(3))
def test_a_box_says_nothing_of_keys_that_do_not_matter(seed: int) -> None:
    assert {*found(planted(seed))[0][0].sides} == {"a", "b"}


def test_prim_finds_hardly_a_box_where_points_differ_for_no_key() -> None:
    boxes = 0
    for seed in range(40):
        draw = np.random.default_rng(seed)
        values = {key: draw.random(64) for key in "abcd"}
        boxes += bool(found(Cases(values, np.full(64, 16.0), draw.binomial(16, draw.beta(0.6, 1.4, 64)).astype(float))))
    assert boxes <= 5


@pytest.mark.parametrize("hits", [0.0, 4.0])
def test_there_is_no_box_where_all_runs_are_alike(hits: float) -> None:
    assert found(Cases({"a": np.arange(40.0)}, np.full(40, 4.0), np.full(40, hits))) == []


def test_the_chance_of_a_side_is_how_often_points_drawn_blindly_do_as_well() -> None:
    cases = Cases({"a": np.arange(10.0)}, np.ones(10), np.array([0.0] * 8 + [1.0] * 2))
    # Both hits are among the last three of ten: 8 of the 120 ways to draw three points.
    assert chance(Box({"a": (7.0, np.inf)}), "a", cases) == pytest.approx(8 / 120, abs=0.03)


def test_boxes_are_told_with_their_limits() -> None:
    asked = plan("latin_hypercube", 200, "a", "b", low=0.0, high=1.0)
    sample = played(asked, lambda x: float(x[0] > 0.5))
    met = sample.runs.select("point", pl.lit(1).alias("runs"), pl.col("level").cast(pl.Int64).alias("hits"))
    told = Sample(
        sample.folder,
        asked,
        sample.points,
        sample.runs,
        sample.keys,
        ("y",),
        (Condition.read("y>0.5"),),
        sample.points.select("scenario", "point").join(met, on="point", maintain_order="left"),
    )
    limits, way = prim(told)
    first = limits.filter(box=1)
    assert first["key"].to_list() == ["parameters.a"]
    above = sorted(value for value in sample.points["parameters.a"] if value > 0.5)
    assert above[0] <= first["low"][0] <= above[2]
    assert first["density"][0] == 1.0
    assert first["coverage"][0] > 0.97
    assert way.filter(box=1)["density"].is_sorted()


@pytest.mark.parametrize(
    "said", ["share_chips_US>0.15", " share_chips_US >= 1.5e-1 ", "worst_fill_rate<.5", "price_chips<=-2"]
)
def test_a_condition_is_a_column_a_sign_and_a_number(said: str) -> None:
    assert Condition.read(said).column in said


@pytest.mark.parametrize(
    "said",
    [
        "",
        "share_chips_US",
        "share>",
        "0.15<share",
        "a==1",
        "a>b",
        "a>1 or b>2",
        "__import__('os')>1",
        "a>1;b",
        "a>nan",
        "a>0x10",
        "a" * 300 + ">1",
        "ä>1",
        "a>1e9999",
        "a>\u0661",
    ],
)
def test_what_is_no_condition_is_refused(said: str) -> None:
    with pytest.raises(InputError, match="is no condition"):
        Condition.read(said)


@pytest.mark.parametrize(("said", "met"), [("y>1", [False, True]), ("y>=1", [True, True]), ("y<2", [True, False])])
def test_a_run_without_the_figure_meets_no_condition(said: str, met: list[bool]) -> None:
    runs = pl.DataFrame({"y": [1.0, 2.0, math.nan, None]})
    assert runs.select(Condition.read(said).met).to_series().to_list() == [*met, False, False]
