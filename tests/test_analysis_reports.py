"""The commands analyse and report, on a small sweep that is really played."""

import re
import shutil
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner
from sweeps import friendshore, plan_file

from abm.errors import InputError
from experiments.cli import main
from experiments.sweeping.dataset import Dataset
from experiments.sweeping_analysis.export import write
from experiments.sweeping_analysis.report import report
from experiments.sweeping_analysis.study import study

ASKED = ("--outcome", "share_chips_US", "--outcome", "price_cells")


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a small sweep with a question that is markup."""
    folder = tmp_path_factory.mktemp("swept")
    plan = plan_file(folder, runs=4, doses="[10_000, 39_000]", more="parameters.stock_adjustment = [0.05, 0.5]\n")
    text = plan.read_text(encoding="utf-8").replace("2020-03", "2020-09")
    text = text.replace('title = "Small"', 'title = "Small"\nquestion = "<script>x</script>?"')
    plan.write_text(text, encoding="utf-8")
    done = friendshore("sweep", plan, "--out", folder / "out", "--workers", 1)
    assert done.returncode == 0, done.stderr
    return folder / "out"


def test_analyse_says_what_it_found_and_writes_tables_and_pictures(swept: Path) -> None:
    told = CliRunner().invoke(main, ["analyse", str(swept), *ASKED, "--where", "share_chips_US>0.01", "--svg"])
    assert told.exit_code == 0, told.output
    assert told.output.startswith("Small\n- share_chips_US > 0.01 is met in every run.")
    out = swept / "analysis"
    differences = pl.read_csv(out / "differences.csv")
    assert {"scenario", "chips_act.amount_musd", "outcome", "mean", "least", "most"} <= {*differences.columns}
    assert "share_chips_US" in differences["outcome"].to_list()
    assert {path.stem for path in out.glob("*.png")} == {path.stem for path in out.glob("*.svg")} != set()


def test_differences_are_those_of_the_runs(swept: Path) -> None:
    kpi = Dataset(swept).scan("kpi").collect()
    found = study(swept, ["public_spending"], [])
    told = found.tables["differences"]
    points = found.sample.points.select("point", "against")
    for point, against in points.iter_rows():
        mine, base = (kpi.filter(point=name).sort("run")["public_spending"] for name in (point, against))
        assert told.filter(point=point)["mean"][0] == pytest.approx((mine - base).mean())


def test_a_report_is_one_file_that_asks_for_nothing(swept: Path) -> None:
    page = report(study(swept, ASKED[1::2], ["share_chips_US>0.01"])).read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;x&lt;/script&gt;?" in page
    linked = re.findall(r'(?:href|src)="([^"]*)"|url\(([^)]*)\)|@import', page)
    assert {each for pair in linked for each in pair if each and not each.startswith("#")} == set()
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page
    names = re.findall(r'\bid="([^"]+)"', page)
    assert len(names) == len({*names}) > 3
    for word in ("Findings", "Plan", "Charts", "Provenance", "processors", "No run failed."):
        assert word in page


def test_the_same_folder_gives_the_same_bytes(swept: Path) -> None:
    pages = [report(study(swept, ASKED[1::2], [])).read_bytes() for _ in range(2)]
    assert pages[0] == pages[1]
    found = study(swept, ["price_cells"], [])
    before = {path.name: path.read_bytes() for path in sorted(write(found, vector=True).iterdir())}
    assert {path.name: path.read_bytes() for path in sorted(write(found, vector=True).iterdir())} == before
    assert any(name.endswith(".svg") for name in before)


def test_a_sweep_that_has_been_analysed_is_sound(swept: Path) -> None:
    write(study(swept, ["public_spending"], []), vector=False)
    assert CliRunner().invoke(main, ["verify", str(swept)]).exit_code == 0


def test_points_of_another_plan_in_the_folder_are_left_out(swept: Path, tmp_path: Path) -> None:
    shutil.copytree(swept, tmp_path / "out")
    plan = plan_file(tmp_path, runs=4, doses="[5_000]")
    plan.write_text(plan.read_text(encoding="utf-8").replace("2020-03", "2020-02"), encoding="utf-8")
    assert friendshore("sweep", plan, "--out", tmp_path / "out", "--workers", 1).returncode == 0
    found = study(tmp_path / "out", [], [])
    assert found.sample.points.height == 1
    assert not any("points are not in the findings" in note for note in found.notes)


def test_an_analysis_leaves_nothing_of_the_one_before(swept: Path) -> None:
    before = write(study(swept, ["public_spending"], ["share_chips_US>0.01"]), vector=False)
    (before / "notes.txt").write_text("mine", encoding="utf-8")
    assert (before / "boxes.csv").is_file()
    out = write(study(swept, ["share_chips_US"], []), vector=False)
    assert not (out / "boxes.csv").exists()
    assert (out / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_what_was_asked_for_is_told_first(swept: Path) -> None:
    told = study(swept, [], ["share_chips_US>0.01"]).told
    assert told[0] == "share_chips_US > 0.01 is met in every run."


def test_points_that_are_not_finished_are_told(swept: Path, tmp_path: Path) -> None:
    shutil.copytree(swept, tmp_path / "out")
    points = pl.read_parquet(tmp_path / "out" / "points.parquet")
    more = points.filter(~pl.col("baseline"))[:1].with_columns(pl.lit("unheard of").alias("point"))
    pl.concat([points, more]).write_parquet(tmp_path / "out" / "points.parquet")
    found = study(tmp_path / "out", [], [])
    assert "1 of 5 points are not in the findings: not finished yet, or failed." in found.notes
    assert "1 of 5 points are not in the findings" in report(found).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("outcomes", "where", "said"),
    [
        (["share_chip_US"], [], "Did you mean 'share_chips_US'?"),
        (["worst_good"], [], "has no figures 'worst_good'"),
        ([], ["share_chipsUS>0.1"], "Did you mean 'share_chips_US'?"),
        ([], ["share_chips_US"], "is no condition"),
    ],
)
def test_what_is_asked_wrongly_is_told(swept: Path, outcomes: list[str], where: list[str], said: str) -> None:
    with pytest.raises(InputError, match=re.escape(said)):
        study(swept, outcomes, where)


@pytest.mark.parametrize("command", ["analyse", "report"])
def test_a_folder_that_is_no_sweep_is_told(command: str, tmp_path: Path) -> None:
    told = CliRunner().invoke(main, [command, str(tmp_path)])
    assert told.exit_code == 2
    assert "is no folder of a sweep" in told.output


@pytest.mark.parametrize("command", ["analyse", "report"])
def test_a_sweep_with_nothing_done_is_told(command: str, swept: Path, tmp_path: Path) -> None:
    shutil.copytree(swept, tmp_path / "out")
    for path in [*(tmp_path / "out" / "done").iterdir(), *(tmp_path / "out" / "kpi").iterdir()]:
        path.unlink()
    told = CliRunner().invoke(main, [command, str(tmp_path / "out")])
    assert told.exit_code == 2
    assert "has no finished run yet" in told.output


@pytest.mark.parametrize(("option", "said"), [("--outcome", "share_chip_US"), ("--where", "share_chips_US>>1")])
def test_what_is_asked_wrongly_ends_with_one_line(option: str, said: str, swept: Path) -> None:
    told = CliRunner().invoke(main, ["report", str(swept), option, said])
    assert told.exit_code == 2
    assert said in told.output
    assert "Traceback" not in told.output
