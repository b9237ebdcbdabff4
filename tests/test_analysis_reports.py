"""The commands analyse and report, on a small sweep that is really played."""

import re
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner
from sweeps import friendshore, plan_file

from abm.errors import InputError
from experiments.cli import main
from experiments.sweeping.dataset import Dataset
from experiments.sweeping_analysis.report import report
from experiments.sweeping_analysis.study import study, write


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a small sweep with a question that is markup."""
    folder = tmp_path_factory.mktemp("swept")
    plan = plan_file(folder, runs=4)
    text = plan.read_text(encoding="utf-8").replace(
        'title = "Small"', 'title = "Small"\nquestion = "<script>x</script>?"'
    )
    plan.write_text(text, encoding="utf-8")
    done = friendshore("sweep", plan, "--out", folder / "out", "--workers", 1)
    assert done.returncode == 0, done.stderr
    return folder / "out"


def test_analyse_says_what_it_found_and_writes_tables_and_pictures(swept: Path) -> None:
    told = CliRunner().invoke(main, ["analyse", str(swept), "--where", "share_chips_US>0.01", "--svg"])
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
    page = report(study(swept, [], ["share_chips_US>0.01"])).read_text(encoding="utf-8")
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
    pages = [report(study(swept, [], [])).read_bytes() for _ in range(2)]
    assert pages[0] == pages[1]
    found = study(swept, ["public_spending"], [])
    before = {path.name: path.read_bytes() for path in sorted(write(found, vector=True).iterdir())}
    assert {path.name: path.read_bytes() for path in sorted(write(found, vector=True).iterdir())} == before


def test_a_sweep_that_has_been_analysed_is_sound(swept: Path) -> None:
    write(study(swept, ["public_spending"], []), vector=False)
    assert CliRunner().invoke(main, ["verify", str(swept)]).exit_code == 0


def test_points_of_another_plan_in_the_folder_are_left_out(swept: Path, tmp_path: Path) -> None:
    plan = plan_file(tmp_path, runs=4, doses="[5_000]")
    plan.write_text(plan.read_text(encoding="utf-8").replace("2020-03", "2020-02"), encoding="utf-8")
    for each in (plan_file(tmp_path / "first", runs=4, doses="[5_000, 9_000]"), plan):
        assert friendshore("sweep", each, "--out", tmp_path / "out", "--workers", 1).returncode == 0
    assert study(tmp_path / "out", [], []).sample.points.height == 1


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


def test_a_folder_that_is_no_sweep_is_told(tmp_path: Path) -> None:
    told = CliRunner().invoke(main, ["analyse", str(tmp_path)])
    assert told.exit_code == 2
    assert "is no folder of a sweep" in told.output
