"""Several scenarios compared: who is the reference, how sure a difference is, what is refused."""

import json
import math
from datetime import date
from pathlib import Path
from typing import Any

import click
import polars as pl
import pytest
from click.testing import CliRunner, Result

from abm.errors import InputError
from abm.ledger import breaches, holdings
from abm.model import Model
from abm.outline import Headline
from abm.scenario import Scenario
from abm.welfare import PARTS
from abm.world import World
from experiments.cli import main
from experiments.digest import SERIES, Spoken, Tally
from experiments.effects import Effects, Setting, figures
from experiments.rivals import headlines, rivals
from experiments.sentence import sentence
from experiments.summary import summarise

SHORT = ("--runs", "2", "--until", "2020-03", "--no-pictures")
TWICE = """
title = "Twice the money"
question = "?"
story = "."
references = []
extends = "chips_act"
headline = { chain = "chips", region = "US" }
"""


def called(*words: str) -> Result:
    return CliRunner().invoke(main, ["compare", *words], prog_name="friendshore")


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scenarios") / "twice.toml"
    path.write_text(TWICE, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def folder(twice: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a short comparison of three scenarios, with what was printed in it."""
    out = tmp_path_factory.mktemp("results") / "three"
    done = called("baseline", "chips_act", str(twice), *SHORT, "--out", str(out))
    assert done.exit_code == 0, done.output + repr(done.exception)
    (out / "page.txt").write_text(done.stdout, encoding="utf-8")
    return out


def test_a_comparison_tells_every_scenario_against_the_first(folder: Path) -> None:
    page = (folder / "page.txt").read_text(encoding="utf-8")
    words = " ".join(page.split())
    for name in ("chips_act", "twice"):
        assert f"With {name} the United States holds" in words
    assert "as much as with baseline" in words
    assert "A baseline" in page
    assert "C twice      Twice the money" in page
    assert max(len(line.rstrip()) for line in page.splitlines()[:-1]) <= 80
    assert "…" not in page


def test_every_scenario_is_told_by_its_own_headline(tmp_path: Path) -> None:
    done = called("baseline", "chips_act", "taiwan_blockade", "japan_tsmc", *SHORT, "--out", str(tmp_path))
    assert done.exit_code == 0, done.output + repr(done.exception)
    words = " ".join(done.stdout.split())
    assert "With chips_act the United States holds" in words
    assert "With taiwan_blockade buyers in the United States get" in words
    assert "With japan_tsmc Japan holds" in words


def test_a_scenario_without_a_headline_is_told_by_the_last_one_that_has_any() -> None:
    plain, first, last = (scenario(name) for name in ("plain", "first", "last"))
    told = [Headline(chain="cell", region=region) for region in ("US", "JP")]
    mine, other = (each.model_copy(update={"headline": told[at]}) for at, each in enumerate((first, last)))
    assert headlines((plain, mine, other)) == {"plain": told[1], "first": told[0], "last": told[1]}
    assert headlines((mine, plain)) == {"first": told[0], "plain": told[0]}
    assert headlines((plain, last)) == {}


def test_the_time_to_effect_is_that_of_each_scenarios_own_headline(full: World) -> None:
    days = [date(2020, month, 1) for month in (1, 2, 3)]
    spoken = {"early": Spoken(SERIES[0], "US"), "late": Spoken(SERIES[0], "JP")}
    digest = Effects(Setting("plain", full, full.parameters, days[0], spoken))
    begins = {("early", "US"): 1, ("late", "JP"): 2}
    rows = [
        (name, run, day, 10.0 + (month >= begins.get((name, region), 9)), "share", "chips", region)
        for name, regions in (("plain", ("US", "JP")), ("early", ("US",)), ("late", ("JP",)))
        for region in regions
        for run in (0, 1)
        for month, day in enumerate(days)
    ]
    columns = ["scenario", "run", "date", "value", "measure", "item", "region"]
    digest.paths.append(pl.DataFrame(rows, columns, orient="row"))
    for name, region, months in (("early", "US", 1.0), ("late", "JP", 2.0)):
        found = figures(digest, (name, "plain"), region, [0, 1]).filter(measure="months_to_effect")
        assert found.select("region", "gain_mean").rows() == [(region, months)]


def test_all_scenarios_and_runs_are_in_the_usual_folder(folder: Path) -> None:
    names = {"baseline", "chips_act", "twice"}
    for table in ("regions", "kpi"):
        kept = pl.read_parquet(folder / f"{table}.parquet")
        assert set(kept["scenario"].unique()) == names
        assert set(kept["run"].unique()) == {0, 1}
    summary = pl.read_csv(folder / "summary.csv", infer_schema_length=None)
    assert set(summary["scenario"].unique()) == names
    assert set(summary["reference"].unique()) == {"baseline"}
    paid = summary.filter(pl.col("measure") == "who_pays", pl.col("region") == "world")
    assert set(paid["scenario"]) == {"chips_act", "twice"}
    assert set(paid["item"]) == {*PARTS, "sum", "spending"}
    assert set(paid["unit"]) == {"M USD of 2020 at 3 % a year"}
    assert set(paid["gain_mean"].cast(pl.Float64)) == {0.0}
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["command"].startswith("friendshore compare baseline chips_act ")
    assert [each["name"] for each in manifest["scenarios"]] == ["baseline", "chips_act", "twice"]


def test_scenarios_meet_the_same_luck_until_they_differ(folder: Path) -> None:
    table = pl.read_parquet(folder / "regions.parquet")
    first, second = (table.filter(scenario=name).drop("scenario") for name in ("baseline", "chips_act"))
    assert first.equals(second)


def test_the_help_tells_the_folder_that_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = {name: " ".join(CliRunner().invoke(main, [name, "--help"]).stdout.split()) for name in ("run", "compare")}
    assert "[default: results/SCENARIO]" in words["run"]
    assert "such as results/baseline_vs_chips_act]" in words["compare"]
    monkeypatch.chdir(tmp_path)
    assert called("baseline", "chips_act", *SHORT).exit_code == 0
    assert (tmp_path / "results/baseline_vs_chips_act/manifest.json").is_file()


def test_every_command_has_an_example_that_is_understood() -> None:
    groups: list[tuple[tuple[str, ...], click.Group]] = [((), main)]
    for above, group in groups:
        groups += [((*above, name), each) for name, each in group.commands.items() if isinstance(each, click.Group)]
        for name, command in group.commands.items():
            example = (command.epilog or "").removeprefix("Example: friendshore ").split()
            assert example[: len(above) + 1] == [*above, name]
            if not isinstance(command, click.Group):
                command.make_context(name, example[len(above) + 1 :])
    assert "_FRIENDSHORE_COMPLETE=bash_source" in CliRunner().invoke(main, ["--help"]).stdout


@pytest.mark.parametrize(("goods", "priced"), [(["cell"], True), (["cell", "car_electric"], False)])
def test_a_point_has_a_price_only_where_all_new_money_is_for_it(goods: list[str], priced: bool, full: World) -> None:
    digest = tally([0.0, 0.0], [2000.0, 2000.0])
    digest.shares[1] = digest.shares[1].with_columns(share=pl.lit(0.12))
    digest.shares[:] = [each.with_columns(series=pl.lit("cell")) for each in digest.shares]
    grant = next(each for each in Scenario.load("chips_act").policies if each.name == "chips_act")
    better = scenario("better").model_copy(
        update={
            "policies": (grant.model_copy(update={"goods": tuple(goods)}),),
            "headline": Headline(chain="cell", region="US"),
        }
    )
    said = sentence(summarise(digest, [scenario("plain"), better]), full, ["Jan 2020"])
    assert "Governments spend 2.0 billion dollars more" in said
    assert ("1.0 for each point" in said) == priced


SHORTER = """
title = "A month without magnets"
question = "?"
story = "."
references = []
extends = "baseline"
baseline = "baseline"
headline = { chain = "magnet", region = "EU", measure = "fill" }
[[shock]]
kind = "blockade"
name = "closed"
region = "EU"
depth = 1.0
start = 2020-02-01
end = 2020-03-01
source = "a case"
"""


def test_a_headline_on_orders_filled_is_told_in_points(tmp_path: Path) -> None:
    (tmp_path / "shorter.toml").write_text(SHORTER, encoding="utf-8")
    done = called("baseline", str(tmp_path / "shorter.toml"), *SHORT, "--out", str(tmp_path / "out"))
    assert done.exit_code == 0, done.output + repr(done.exception)
    table = pl.read_parquet(tmp_path / "out" / "regions.parquet").with_columns(pl.col("good", "region").cast(pl.String))
    mine = table.filter(scenario="shorter", good="magnet", region="EU").group_by("run").agg(pl.col("fill_rate").min())
    least = 100.0 * float(mine["fill_rate"].cast(pl.Float64).mean())  # type: ignore[arg-type]
    said = " ".join(done.stdout.split())
    lead = f"With shorter buyers in Europe get {least:.1f} % of the rare-earth magnets they order in the worst month, "
    assert said.startswith(f"{lead}{100.0 - least:.1f}")
    assert "points less than with baseline" in said[: len(lead) + 60]
    rows = pl.read_csv(tmp_path / "out" / "summary.csv", infer_schema_length=None)
    assert set(rows.filter(measure="worst_fill", region="EU")["unit"]) == {"% of orders"}


def test_explain_change_asks_for_good_and_region_where_the_headline_is_no_share() -> None:
    done = CliRunner().invoke(main, ["explain-change", "baseline", "taiwan_blockade", "--runs", "1"])
    assert done.exit_code == 2
    said = " ".join(done.output.split())
    assert "the headline of taiwan_blockade is on fill, not on a share. Give --good and --region." in said


def test_one_scenario_is_compared_with_its_baseline() -> None:
    assert [each.name for each in rivals(("chips_act",), ())] == ["baseline", "chips_act"]
    assert rivals(("rare_earth_embargo_2010",), ())[0].start == date(2009, 1, 1)


def test_a_value_replaced_holds_wherever_its_key_is_known(twice: Path) -> None:
    asked = ("chips_act.amount_musd=1.0", "section_301_cells.rate=0.5", "parameters.interest=0.001")
    reference, act, more = rivals(("baseline", "chips_act", str(twice)), asked)
    for each in (act, more):
        assert next(measure for measure in each.measures if measure.name == "chips_act").amount_musd == 1.0  # type: ignore[attr-defined]
    for each in (reference, act, more):
        assert each.parameters["interest"] == 0.001
        assert next(measure for measure in each.measures if measure.name == "section_301_cells").rate == 0.5  # type: ignore[attr-defined]


REFUSED = {
    "a baseline alone": (["baseline"], "baseline has no baseline. Name a second scenario."),
    "a scenario twice": (["baseline", "baseline"], "baseline is named twice."),
    "other months": (["chips_act", "rare_earth_embargo_2010"], "Give --start and --until for all."),
    "an unknown scenario": (["baseline", "chip_act"], "Did you mean 'chips_act'?"),
    "a key nobody knows": (["baseline", "chips_act", "--set", "chip_act.amount_musd=1"], "Did you mean 'chips_act'?"),
    "nothing": ([], "Missing argument 'SCENARIO...'"),
}


@pytest.mark.parametrize("mistake", REFUSED)
def test_a_mistake_ends_with_code_2_and_one_message_that_helps(mistake: str) -> None:
    words, message = REFUSED[mistake]
    done = called(*words)
    assert done.exit_code == 2, done.output
    assert message in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr


def scenario(name: str) -> Scenario:
    first = date(2020, 1, 1)
    told: dict[str, Any] = {"title": name, "question": "?", "story": ".", "start": first, "until": first}
    return Scenario(name=name, **told)


def spending(name: str, values: list[float]) -> pl.DataFrame:
    runs = list(range(len(values)))
    return pl.DataFrame({"scenario": [name] * len(values), "run": runs, "public_spending": values})


def tally(plain: list[float], better: list[float]) -> Tally:
    """Return a digest of two scenarios that knows nothing but what was spent."""
    kept = Tally({"Jan 2020": (date(2020, 1, 1), date(2020, 1, 1))}, ())
    for name, values in (("plain", plain), ("better", better)):
        index = {"scenario": [name] * len(values), "run": list(range(len(values)))}
        named = dict.fromkeys(("price", "peak", "fill", "lost"), [1.0] * len(values))
        months = dict.fromkeys(("peak_month", "fill_month"), [None] * len(values))
        kept.goods.append(pl.DataFrame({**index, "good": ["cell"] * len(values), **named, **months, "fill_region": ""}))
        money = dict.fromkeys(("paid", "left", "projects", "tariff_revenue"), [0.0] * len(values))
        kept.programmes.append(pl.DataFrame({**index, "government": "US", "programme": "pot", **money}))
        share = {"series": "chips", "region": "US", "period": "Jan 2020", "share": 0.1}
        kept.shares.append(pl.DataFrame({**index, **share}))
        kept.kpi.append(spending(name, values))
    return kept


def test_the_interval_is_that_of_the_difference_and_not_of_its_parts() -> None:
    plain, better = [0.0, 100.0, 200.0], [1.0, 102.0, 203.0]
    summary = summarise(tally(plain, better), [scenario("plain"), scenario("better")])
    gain = summary.gain("public_spending", "all", "", "Jan 2020")
    # Differences 1, 2, 3: deviation 1, three runs, Student's t of 2 degrees of freedom at 95 % is 2.92.
    assert gain.mean == pytest.approx(2.0)
    assert gain.error == pytest.approx(2.92 / math.sqrt(3.0), rel=1e-3)


def test_a_single_run_tells_no_interval() -> None:
    summary = summarise(tally([1.0], [3.0]), [scenario("plain"), scenario("better")])
    gain = summary.gain("public_spending", "all", "", "Jan 2020")
    assert gain.mean == pytest.approx(2.0)
    assert math.isnan(gain.error)


def test_more_scenarios_than_letters_are_refused() -> None:
    with pytest.raises(InputError, match="too many"):
        rivals([f"s{number}" for number in range(27)], ())


def test_history_runs_to_its_end_with_books_that_balance() -> None:
    model = Model(Scenario.load("history"))
    while model.month <= model.plan.until:
        before = holdings(model.books)
        model.step()
        assert breaches(before, model.books, tolerance=1e-9) == [], model.month
    moved = set(model.programmes.filter(pl.col("paid") > 0.0)["programme"])
    assert "chips_act" in moved
    assert len(moved) > 5
