"""What an analysis of sweeps works out, on functions whose answers are known."""

from collections.abc import Callable
from itertools import product
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from abm.errors import InputError
from experiments.sweeping.designs import rows
from experiments.sweeping.plan import Plan
from experiments.sweeping_analysis.boxes import Cases, found, prim
from experiments.sweeping_analysis.condition import Condition
from experiments.sweeping_analysis.curves import curves
from experiments.sweeping_analysis.pairs import differences, frontier
from experiments.sweeping_analysis.sample import Sample, paired
from experiments.sweeping_analysis.variance import CHANCE, indices, morris, pawn, sobol

SPAN = {"low": -np.pi, "high": np.pi}
# First-order and total indices of Ishigami's function with a = 7 and b = 0.1 (Ishigami and Homma 1990).
FIRST, TOTAL = (0.3139, 0.4424, 0.0), (0.5576, 0.4424, 0.2437)


def ishigami(x: tuple[float, ...]) -> float:
    """Return Ishigami's function."""
    return float(np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0]))


def plan(design: str, points: int, *keys: str, **span: float) -> Plan:
    vary = {f"parameters.{key}": span or SPAN for key in keys}
    said = {"title": "A", "scenario": ["chips_act"], "runs": 2, "design": design, "points": points, "vary": vary}
    return Plan.model_validate(said)


def played(asked: Plan, outcome: Callable[[tuple[float, ...]], float], runs: int = 1) -> Sample:
    """Return a sample in which every point came out as a function of its values says."""
    told = [tuple(float(str(value)) for value in row) for row in dict.fromkeys(rows(asked))]
    names = [f"p{place}" for place in range(len(told))]
    points = pl.DataFrame({"scenario": ["s"] * len(told), "point": names, "against": [None] * len(told)})
    points = points.with_columns(pl.Series(key, [row[at] for row in told]) for at, key in enumerate(asked.vary))
    points = points.with_columns(pl.col("against").cast(pl.String))
    each = list(product(range(len(told)), range(runs)))
    figures = {"point": [names[at] for at, _ in each], "run": [run for _, run in each]}
    table = pl.DataFrame({**figures, "y": [float(outcome(told[at])) for at, _ in each]})
    return Sample(Path(), asked, points, paired(table, points, ["y"]), tuple(asked.vary), ("y",))


def test_sobol_indices_are_those_of_ishigami() -> None:
    told = sobol(played(plan("saltelli", 4096, "a", "b", "c"), ishigami))
    assert told["first"].to_list() == pytest.approx(FIRST, abs=0.02)
    assert told["total"].to_list() == pytest.approx(TOTAL, abs=0.02)
    for name, true in (("first", FIRST), ("total", TOTAL)):
        ends = zip(told[f"{name}_least"], told[f"{name}_most"], true, strict=True)
        assert all(low - 0.005 <= value <= high + 0.005 for low, high, value in ends)


def test_sobol_indices_are_those_of_scipy() -> None:
    from scipy.stats import sobol_indices

    first, second = np.random.default_rng(3).normal(size=(2, 64))
    mixed = np.random.default_rng(4).normal(size=(3, 64)) + first
    theirs = sobol_indices(func={"f_A": first[None], "f_B": second[None], "f_AB": mixed[:, None]}, n=64)
    own, total = indices(first, second, mixed)
    assert np.allclose(own, theirs.first_order)
    assert np.allclose(total, theirs.total_order)


def test_a_row_of_which_a_point_is_missing_is_left_out_of_the_indices() -> None:
    whole = played(plan("saltelli", 256, "a", "b", "c"), ishigami)
    lacking = Sample(
        whole.folder, whole.plan, whole.points, whole.runs.filter(pl.col("point") != "p7"), whole.keys, whole.outcomes
    )
    assert set(sobol(whole)["rows"]) == {256}
    assert set(sobol(lacking)["rows"]) == {255}


def test_morris_finds_the_slopes_of_a_linear_function() -> None:
    pytest.importorskip("SALib")
    told = morris(played(plan("morris", 8, "a", "b", "c", low=2.0, high=4.0), lambda x: 3 * x[0] - x[1] + 7))
    assert told["mu_star"].to_list() == pytest.approx([6.0, 2.0, 0.0])
    assert told["mu"].to_list() == pytest.approx([6.0, -2.0, 0.0])
    assert told["sigma"].to_list() == pytest.approx([0.0, 0.0, 0.0], abs=1e-9)


def test_pawn_puts_what_matters_above_chance_and_what_does_not_at_it() -> None:
    pytest.importorskip("SALib")
    told = pawn(played(plan("latin_hypercube", 256, "a", "b", low=0.0, high=1.0), lambda x: x[0] ** 2))
    index = dict(told.select("key", "index").iter_rows())
    assert index["parameters.a"] > 2 * index[CHANCE]
    assert index["parameters.b"] < 1.5 * index[CHANCE]


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
    assert box.limits["a"][1] == pytest.approx(0.4, abs=0.05)
    assert box.limits["b"][0] == pytest.approx(0.7, abs=0.05)
    assert cases.density(inside) > 0.85
    assert cases.coverage(inside) > 0.7


def test_prim_leaves_out_the_words_under_which_a_condition_is_never_met() -> None:
    words = np.array(["good", "bad", "worse"] * 40)
    cases = Cases({"w": words}, np.full(120, 4.0), np.where(words == "good", 4.0, 0.0))
    box = found(cases)[0][0]
    assert box.without == {"w": frozenset({"bad", "worse"})}


def test_prim_finds_no_box_in_luck() -> None:
    draw = np.random.default_rng(1)
    cases = Cases({"a": draw.random(60)}, np.full(60, 1000.0), np.full(60, 300.0))
    assert found(cases) == []


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
    assert first["low"][0] == pytest.approx(0.5, abs=0.01)
    assert first["density"][0] == first["coverage"][0] == 1.0
    assert way.filter(box=1)["density"].is_sorted()


def test_nine_of_ten_intervals_of_paired_differences_hold_the_true_one() -> None:
    draw = np.random.default_rng(7)
    count, runs = 400, 12
    luck = draw.normal(size=(count, runs))
    names = [f"p{at}" for at in range(count)]
    base = pl.DataFrame({"point": np.repeat([f"b{at}" for at in range(count)], runs), "y": luck.ravel()})
    mine = pl.DataFrame({"point": np.repeat(names, runs), "y": (luck + draw.normal(2.0, 0.5, luck.shape)).ravel()})
    both = pl.concat([base, mine]).insert_column(1, pl.Series("run", [*range(runs)] * (2 * count), dtype=pl.Int32))
    points = pl.DataFrame({"scenario": "s", "point": names, "against": [f"b{at}" for at in range(count)]})
    told = differences(Sample(Path(), plan("sobol", 2, "a"), points, paired(both, points, ["y"]), (), ("y",)))
    holding = ((told["least"] <= 2.0) & (told["most"] >= 2.0)).mean()
    assert told["runs"].unique().to_list() == [runs]
    assert holding == pytest.approx(0.9, abs=0.045)


def test_a_response_curve_is_the_median_over_all_else() -> None:
    asked = Plan.model_validate(
        {"title": "A", "scenario": ["s"], "runs": 1, "vary": {"parameters.a": [1, 2], "parameters.b": [0, 10, 20]}}
    )
    told = curves(played(asked, lambda x: 100 * x[0] + x[1]))
    assert told.filter(key="parameters.a").select("value", "median").rows() == [(1.0, 110.0), (2.0, 210.0)]
    assert told.filter(key="parameters.b")["low"].to_list() == pytest.approx([110.0, 120.0, 130.0])


def test_the_frontier_holds_what_nothing_beats() -> None:
    names = ["cheap", "dear", "wasteful", "vain"]
    spent, gained = {"cheap": 10, "dear": 30, "wasteful": 20, "vain": 30}, [0.01, 0.02, 0.01, 0.005]
    share = dict(zip(names, gained, strict=True))
    lines = [("base", run, 0.0, 0.1) for run in range(4)]
    lines += [
        (name, run, spent[name] + run % 2, 0.1 + share[name] + 1e-4 * (run % 2)) for name in names for run in range(4)
    ]
    table = pl.DataFrame(lines, schema=["point", "run", "public_spending", "share_chips_US"], orient="row")
    points = pl.DataFrame({"scenario": "s", "point": names, "against": "base"})
    outcomes = ("public_spending", "share_chips_US")
    sample = Sample(Path(), plan("sobol", 2, "a"), points, paired(table, points, outcomes), (), outcomes)
    told = frontier(sample, "share_chips_US")
    assert told.filter("efficient")["point"].to_list() == ["cheap", "dear"]
    assert told["cost"][0] == pytest.approx(10.5 / 1.005)
    assert told["cost_least"][0] < told["cost"][0] < told["cost_most"][0]


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
