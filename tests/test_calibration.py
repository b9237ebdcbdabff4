"""Calibration and the posterior: weights, waves, draws, and runs that draw their parameters."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner
from pydantic import ValidationError

from abm.facts import PACKAGE_DATA
from abm.scenario import Scenario
from abm.tables import tables
from experiments.cli import main
from experiments.posterior import Draws
from experiments.run import batches
from experiments.sweeping.points import points
from experiments.validation.calibrate import Array, Settings, Wave, calibrate, drawn, proposed, settings, tempered
from experiments.validation.distance import targets
from experiments.validation.identified import spans
from experiments.validation.observed import history
from experiments.validation.plays import Plays

TRUTH = 0.3


def wave(unit: Array, weight: Array) -> Wave:
    """Return a wave in which the first parameter is worth 0.3 of its range and the others are worth nothing."""
    loss = 0.5 * ((unit[:, 0] - TRUTH) / 0.05) ** 2
    return Wave(unit, weight, pl.DataFrame({"number": range(len(unit)), "loss": loss}))


def told(sizes: tuple[int, ...]) -> tuple[Settings, tuple[Wave, ...]]:
    asked = settings().model_copy(update={"waves": sizes, "free": ("gap_months", "site_scale"), "draws": 200})
    waves: tuple[Wave, ...] = ()
    for size in sizes:
        waves = (*waves, wave(*proposed(waves, size, asked)))
    return asked, waves


def test_waves_find_a_parameter_that_matters_and_leave_the_other_open() -> None:
    asked, waves = told((256, 256, 256))
    found = spans(drawn(waves, asked))
    rows = {row["parameter"]: row for row in found.iter_rows(named=True)}
    low, high = rows["gap_months"]["low"], rows["gap_months"]["high"]
    assert (rows["gap_months"]["middle"] - low) / (high - low) == pytest.approx(TRUTH, abs=0.02)
    assert rows["gap_months"]["narrowed"]
    assert not rows["site_scale"]["narrowed"]
    assert rows["gap_months"]["narrower"] == pytest.approx(1.0 - 0.05 * 12.0**0.5, abs=0.05)


def test_every_point_of_a_wave_is_played_and_some_draws_of_a_posterior(tmp_path: Path) -> None:
    plays, size = Plays(tmp_path), max(settings().waves)
    lists = {"parameters.gap_months": [*np.linspace(6.0, 48.0, size).tolist()]}
    assert len([*points(plays.plan("calibrate_2009", lists))]) == size
    assert [len(one) for one in plays.some(lists).values()] == [64]


def test_weights_of_a_later_wave_undo_where_it_was_drawn() -> None:
    asked = settings().model_copy(update={"free": ("gap_months", "site_scale")})
    first = wave(*proposed((), 1024, asked))
    unit, weight = proposed((first,), 4000, asked)
    assert unit.min() >= 0.0
    assert unit.max() <= 1.0
    # Weighted by prior over proposal, points are spread as the range is, as far as they reach.
    inside = (unit[:, 0] > TRUTH - 0.1) & (unit[:, 0] < TRUTH + 0.1)
    assert np.average(unit[inside, 0], weights=weight[inside]) == pytest.approx(TRUTH, abs=0.01)
    assert np.average(unit[inside, 1], weights=weight[inside]) == pytest.approx(0.5, abs=0.05)


def test_weights_are_tempered_until_enough_points_count() -> None:
    rng = np.random.default_rng(1)
    sharp = Wave(rng.random((500, 1)), np.ones(500), pl.DataFrame({"loss": 1000.0 * rng.random(500)}))
    weight, power = tempered(sharp, 0.2)
    assert power < 1.0
    assert weight.sum() == pytest.approx(1.0)
    assert 1.0 / np.sum(weight**2) == pytest.approx(100.0, rel=1e-3)
    assert tempered(Wave(sharp.unit, sharp.weight, pl.DataFrame({"loss": np.zeros(500)})), 0.2)[1] == 1.0


def test_targets_are_figures_to_fit_to_and_no_others() -> None:
    mine = pl.concat([targets(2009, 2015), targets(2015, 2021)]).unique()
    assert set(mine["role"]) == {"fit"}
    assert (
        not mine.filter(pl.col("series").str.starts_with("price_nd") | (pl.col("region") == "JP"))
        .filter(pl.col("good") == "ree_oxide")
        .height
    )
    late = mine.filter(pl.col("year") > 2018)["series"].unique().sort().to_list()
    assert late == ["ev_sales", "ev_share"]
    assert set(history().filter(pl.col("year") > 2018, ~pl.col("series").str.starts_with("ev_"))["role"]) == {
        "held",
        "check",
    }


def test_free_parameters_have_ranges_and_the_posterior_keeps_to_them() -> None:
    about, draws = tables(PACKAGE_DATA / "parameters.toml"), Draws.read().table
    assert draws.columns == list(settings().free)
    for name in draws.columns:
        assert draws[name].is_between(about[name]["low"], about[name]["high"]).all()
    assert len(draws) == settings().draws


def test_every_run_has_a_draw_of_its_own_whatever_is_asked_besides() -> None:
    draws = Draws(pl.DataFrame({"gap_months": [10.0, 20.0, 30.0], "site_scale": [0.12, 0.15, 0.2]}))
    scenario = Scenario.load("chips_act").override("parameters.site_scale=0.24")
    found = [(each.first, each.runs, each.scenario.parameters) for each in batches([scenario], 5, draws)]
    assert [first for first, _, _ in found] == [0, 1, 2, 3, 4]
    assert {runs for _, runs, _ in found} == {1}
    assert [told["gap_months"] for _, _, told in found] == [10.0, 20.0, 30.0, 10.0, 20.0]
    # What somebody sets stays.
    assert {told["site_scale"] for _, _, told in found} == {0.24}


def test_a_run_with_drawn_parameters_says_so_and_can_be_asked_again(tmp_path: Path) -> None:
    short = ["--runs", "2", "--until", "2020-03", "--no-pictures", "--parameters", "posterior", "--out"]
    done = [CliRunner().invoke(main, ["run", "chips_act", *short, str(tmp_path / name)]) for name in "ab"]
    assert [each.exit_code for each in done] == [0, 0]
    assert "--parameters posterior" in (tmp_path / "a" / "manifest.json").read_text(encoding="utf-8")
    same = [(tmp_path / name / "regions.parquet").read_bytes() for name in "ab"]
    assert same[0] == same[1]


def test_validate_refuses_a_file_that_is_not_there() -> None:
    done = CliRunner().invoke(main, ["validate", "--against", "no_such_file.csv"])
    assert done.exit_code == 2
    assert "no_such_file.csv" in done.output


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("ev_share,car_electric,US,2023,9.5,%,0.5,hold,derived,made up", "no role 'hold'. Did you mean 'held'"),
        ("ev_share,car_electric,US,2023,9.5,%,0.5,held,nowhere,made up", "no source 'nowhere'"),
        ("ev_share,car_electric,US,2021,9.5,%,0.5,held,derived,made up", "has no figure after 2021 that can be scored"),
        ("mood,car_electric,US,2023,9.5,%,0.5,held,derived,made up", "mood: one dated figure only"),
    ],
)
def test_validate_refuses_a_file_of_which_nothing_can_be_scored_before_it_plays(
    tmp_path: Path, row: str, told: str
) -> None:
    file = tmp_path / "later.csv"
    file.write_text(f"series,good,region,date,value,unit,error,role,source,note\n{row}\n", encoding="utf-8")
    done = CliRunner().invoke(main, ["validate", "--against", str(file), "--out", str(tmp_path / "out")])
    assert done.exit_code == 2
    assert told in done.output
    assert not (tmp_path / "out").exists()


def test_a_wave_too_small_to_draw_the_next_from_is_refused() -> None:
    told = settings().model_dump() | {"waves": (16, 16)}
    with pytest.raises(ValidationError, match="at least 64 points for 16 parameters"):
        Settings.model_validate(told)
    Settings.model_validate(told | {"waves": (64, 1)})


@pytest.mark.slow
def test_a_calibration_goes_on_where_it_was_stopped_and_ends_the_same(tmp_path: Path) -> None:
    told = settings().model_dump() | {"waves": (16, 16), "runs": 1, "draws": 8, "free": settings().free[:4]}
    asked = Settings.model_validate(told)
    draws, _ = calibrate(Plays(tmp_path / "a", workers=2), asked)
    first = asked.model_copy(update={"waves": (16,)})
    calibrate(Plays(tmp_path / "b", workers=1), first)
    again, waves = calibrate(Plays(tmp_path / "b", workers=1), asked)
    assert draws.table.equals(again.table)
    assert (tmp_path / "a" / "posterior.csv").read_bytes() == (tmp_path / "b" / "posterior.csv").read_bytes()
    assert len(waves) == 2
