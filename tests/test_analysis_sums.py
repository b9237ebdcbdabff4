"""Which keys move an outcome, on functions whose answers are known."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from known_sweeps import ishigami, plan, played

from experiments.sweeping.plan import Plan
from experiments.sweeping_analysis.curves import by_run, curves
from experiments.sweeping_analysis.sample import Sample
from experiments.sweeping_analysis.variance import SLICES, distances, indices, morris, pawn, sobol, sobol_rows

# First-order and total indices of Ishigami's function with a = 7 and b = 0.1 (Ishigami and Homma 1990).
FIRST, TOTAL = (0.3139, 0.4424, 0.0), (0.5576, 0.4424, 0.2437)


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


def test_pawn_puts_what_matters_above_chance_and_what_does_not_below_it() -> None:
    told = pawn(played(plan("latin_hypercube", 256, "a", "b", low=0.0, high=1.0), lambda x: x[0] ** 2))
    index, chance = dict(told.select("key", "index").iter_rows()), told["chance"][0]
    assert index["parameters.a"] > 2 * chance
    assert index["parameters.b"] < chance


def test_distances_are_those_of_kolmogorov_and_smirnov() -> None:
    from scipy.stats import ks_2samp

    draw = np.random.default_rng(5)
    key = draw.random(96)
    for out in (key + draw.normal(size=96), np.floor(3 * key + draw.random(96))):
        slices = np.array_split(np.argsort(key), SLICES)
        theirs = [ks_2samp(out[slice_], out).statistic for slice_ in slices]
        assert distances(key, out) == pytest.approx(theirs)


def test_pawn_is_that_of_salib() -> None:
    analyze = pytest.importorskip("SALib.analyze.pawn").analyze
    draw = np.random.default_rng(6)
    key = draw.random((2000, 1))
    out = key[:, 0] ** 2 + draw.normal(0.0, 0.2, 2000)
    theirs = analyze({"num_vars": 1, "names": ["a"], "bounds": [[0, 1]]}, key, out, S=SLICES)["median"][0]
    assert np.median(distances(key[:, 0], out)) == pytest.approx(theirs, abs=0.005)


def test_sobol_indices_are_those_of_salib() -> None:
    analyze = pytest.importorskip("SALib.analyze.sobol").analyze
    draw = np.random.default_rng(8)
    first, second = draw.normal(size=(2, 512))
    mixed = np.stack([0.7 * first + 0.3 * second, second])
    theirs = analyze(
        {"num_vars": 2, "names": ["a", "b"], "bounds": [[0, 1]] * 2},
        np.stack([first, *mixed, second]).T.ravel(),
        calc_second_order=False,
        num_resamples=400,
        conf_level=0.9,
        seed=1,
    )
    own, total = indices(first, second, mixed)
    assert own == pytest.approx(theirs["S1"], abs=0.01)
    assert total == pytest.approx(theirs["ST"], abs=0.01)
    rows_of = sobol_rows(["a", "b"], first, second, mixed, 1)
    half = [(row["total_most"] - row["total_least"]) / 2 for row in rows_of]
    assert half == pytest.approx(theirs["ST_conf"], rel=0.15)


def test_a_response_curve_is_the_median_over_all_else() -> None:
    asked = Plan.model_validate(
        {"title": "A", "scenario": ["s"], "runs": 1, "vary": {"parameters.a": [1, 2], "parameters.b": [0, 10, 20]}}
    )
    told = curves(played(asked, lambda x: 100 * x[0] + x[1]))
    assert told.filter(key="parameters.a").select("value", "median").rows() == [(1.0, 110.0), (2.0, 210.0)]
    assert told.filter(key="parameters.b")["low"].to_list() == pytest.approx([110.0, 120.0, 130.0])


def test_a_key_varied_alone_is_told_with_all_others_at_their_first() -> None:
    said = {"title": "A", "scenario": ["s"], "runs": 1, "design": "one_at_a_time"}
    asked = Plan.model_validate({**said, "vary": {"parameters.a": [1, 2], "parameters.b": [0, 10, 20]}})
    told = curves(played(asked, lambda x: 100 * x[0] + x[1]))
    assert told.filter(key="parameters.a")["median"].to_list() == [100.0, 200.0]
    assert told.filter(key="parameters.b")["median"].to_list() == [100.0, 110.0, 120.0]


def test_points_that_are_missing_in_a_grid_do_not_bend_its_curves() -> None:
    asked = Plan.model_validate(
        {"title": "A", "scenario": ["s"], "runs": 1, "vary": {"parameters.a": [1, 2], "parameters.b": [0, 10]}}
    )
    whole = played(asked, lambda x: x[1])
    done = replace(whole, points=whole.points[:3], runs=whole.runs.filter(pl.col("point") != "p3"))
    told = curves(done).filter(key="parameters.a")
    assert told["median"].to_list() == [0.0, 0.0]


def test_the_chance_of_places_alike_is_that_of_a_paired_test() -> None:
    from scipy.stats import ttest_rel

    draw = np.random.default_rng(2)
    luck = draw.normal(size=(9, 1))
    values = luck + draw.normal(0.0, 0.3, (9, 2)) + [0.0, 0.2]
    assert by_run(values) == pytest.approx(ttest_rel(values[:, 0], values[:, 1]).pvalue)
    assert by_run(luck + np.arange(3.0)) == 0.0
    assert by_run(np.repeat(luck, 3, axis=1)) == 1.0
    assert by_run(values[:1]) is None
