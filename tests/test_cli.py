"""The command line: what it prints and writes, what it refuses, and how Ctrl-C ends it."""

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from experiments.cli import main
from experiments.library import SCENARIOS

ROOT = Path(__file__).resolve().parents[1]
COMMAND = (sys.executable, "-m", "experiments.cli")
SHORT = ("--runs", "2", "--until", "2020-03", "--no-pictures")
# The interface: others read these columns.
COLUMNS = {
    "regions": "scenario run date good region capacity output capacity_share output_share price_domestic price_export "
    "price_index fill_rate utilisation stock_days lead_time import_dependence demand lost_sales capex new_plants "
    "consumption consumer_spending producer_margin",
    "firms": "scenario run date good firm hq capacity output firm_share cash debt plants bankrupt",
    "programmes": "scenario run date government programme paid left projects capacity_supported tariff_revenue repaid",
}
TABLES = ("regions", "firms", "trade", "programmes", "events", "kpi")
REFUSED = {
    "a misspelt scenario": (["run", "chip_act"], "Did you mean 'chips_act'?"),
    "a missing file": (["run", "nowhere/x.toml"], "nowhere/x.toml: is no file. Check the path."),
    "no scenario": (["run"], "Missing argument 'SCENARIO'"),
    "no runs": (["run", "chips_act", "--runs", "0"], "0 is not in the range 1<=x"),
    "half a run": (["run", "chips_act", "--runs", "1.5"], "'1.5' is not a valid integer"),
    "a negative seed": (["run", "chips_act", "--seed", "-1"], "-1 is not in the range"),
    "a month that is none": (
        ["run", "chips_act", "--until", "2030-13"],
        "override until: '2030-13' is not a month. Write it like",
    ),
    "an end before the start": (["run", "chips_act", "--until", "2019-12"], "Let until be start or later"),
    "a start without data": (["run", "chips_act", "--start", "2019-01"], "Known: 2009-01, 2015-01, 2020-01."),
    "a misspelt override": (["run", "chips_act", "--set", "chips_act.amount_mus=1"], "Did you mean 'amount_musd'?"),
    "an override out of range": (["run", "chips_act", "--set", "chips_act.amount_musd=-1"], "Give 0 to 1e+06 (M USD)."),
    "an override without a value": (
        ["run", "chips_act", "--set", "chips_act"],
        "Write it like chips_act.amount_musd=60000.",
    ),
    "a region that is none": (
        ["run", "chips_act", "--set", "chips_act.government=USA"],
        "no region 'USA'. Did you mean 'US'?",
    ),
    "a folder that cannot be": (["run", "chips_act", "--out", f"{ROOT}/pyproject.toml/x"], "Choose another folder"),
    "a misspelt command": (["rum", "chips_act"], "No such command 'rum'"),
    "a misspelt option": (["run", "chips_act", "--sed", "1"], "No such option"),
    "a data folder that is none": (["data", "check", "--folder", "nowhere"], "--folder nowhere: is no folder."),
}


def called(*words: str) -> Result:
    return CliRunner().invoke(main, words, prog_name="friendshore")


def ran(*words: str) -> Result:
    done = called("run", *words)
    assert done.exit_code == 0, done.output + repr(done.exception)
    return done


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a short run, with what was printed in it."""
    out = tmp_path_factory.mktemp("results") / "deep" / "down"
    done = ran("chips_act", *SHORT, "--set", "parameters.interest=0.002", "--out", str(out))
    (out / "page.txt").write_text(done.stdout, encoding="utf-8")
    return out


def test_a_run_leads_with_the_difference_in_one_sentence(folder: Path) -> None:
    page = (folder / "page.txt").read_text(encoding="utf-8")
    sentence = " ".join(page.partition(".\n")[0].split())
    assert re.match(
        r"With chips_act the United States holds \d+\.\d % .*of the world's chip capacity in Mar 2020", sentence
    )
    for heading in (
        "Chips: all wafer",
        "Rare earths: magnets",
        "Batteries: cells",
        "Cars: electric",
        "Medicines: doses",
    ):
        assert heading in page
    for heading in ("Prices, start = 1", "Shortages: ", "Public money"):
        assert heading in page
    assert max(len(line.rstrip()) for line in page.splitlines()[:-1]) <= 80
    assert page.splitlines()[-1] == f"All tables are in {folder}."


def test_the_tables_have_the_agreed_columns_both_scenarios_and_all_runs(folder: Path) -> None:
    tables = {name: pl.read_parquet(folder / f"{name}.parquet") for name in TABLES}
    for name, columns in COLUMNS.items():
        assert " ".join(tables[name].columns) == columns
    for name in ("regions", "kpi"):
        assert set(tables[name]["scenario"].unique()) == {"baseline", "chips_act"}
        assert set(tables[name]["run"].unique()) == {0, 1}
    assert len(tables["kpi"]) == 4
    assert tables["regions"]["date"].is_sorted()
    assert tables["regions"].select("scenario", "run", "date", "good", "region").is_duplicated().sum() == 0


def test_every_column_has_a_unit_in_the_metadata(folder: Path) -> None:
    for name in TABLES:
        units = json.loads(pl.read_parquet_metadata(folder / f"{name}.parquet")["units"])
        assert list(units) == list(pl.read_parquet_schema(folder / f"{name}.parquet"))
        assert [column for column, unit in units.items() if not unit] == []


def test_the_manifest_says_how_to_ask_the_same_again(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    expected = "friendshore run chips_act --runs 2 --seed 1 --set parameters.interest=0.002 --set until=2020-03"
    assert manifest["command"] == expected
    assert [each["name"] for each in manifest["scenarios"]] == ["baseline", "chips_act"]
    assert [each["runs"] for each in manifest["scenarios"]] == [2, 2]
    assert manifest["scenarios"][1]["text"] == (SCENARIOS / "chips_act.toml").read_text(encoding="utf-8")
    assert len(manifest["data"]) == 64
    assert {"python", "friendshore", "mesa", "numpy", "polars"} <= set(manifest["versions"])


def test_nothing_hidden_is_left_in_the_folder(folder: Path) -> None:
    expected = {"manifest.json", "summary.csv", "page.txt", *(f"{name}.parquet" for name in TABLES)}
    assert {path.name for path in folder.iterdir()} == expected
    summary = pl.read_csv(folder / "summary.csv")
    assert {"measure", "item", "region", "period", "unit", "mean", "gain_mean"} <= set(summary.columns)
    assert {"share", "price", "fill", "paid", "public_spending"} <= set(summary["measure"].unique())


def test_the_same_question_gives_the_same_bytes_and_another_seed_others(folder: Path, tmp_path: Path) -> None:
    words = ("chips_act", *SHORT, "--set", "parameters.interest=0.002")
    ran(*words, "--out", str(tmp_path / "again"))
    ran(*words, "--out", str(tmp_path / "other"), "--seed", "2")
    name = "regions.parquet"
    assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes()
    assert not pl.read_parquet(tmp_path / "other" / name).equals(pl.read_parquet(folder / name))


def test_alone_runs_no_baseline_and_a_baseline_needs_none(tmp_path: Path) -> None:
    for words in (("chips_act", "--alone"), ("baseline",)):
        done = ran(*words, *SHORT, "--out", str(tmp_path))
        assert set(pl.read_parquet(tmp_path / "kpi.parquet")["scenario"].unique()) == {words[0]}
        assert "without" not in done.stdout


def test_results_go_into_a_folder_of_the_scenarios_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text(
        'title = "Mine"\nquestion = "?"\nstory = "."\nreferences = []\nextends = "baseline"\nuntil = "2020-02"\n',
        encoding="utf-8",
    )
    done = ran("./mine.toml", "--runs", "1")
    assert done.stdout.splitlines()[0] == "Mine: 1 run."
    assert (tmp_path / "results" / "mine" / "manifest.json").is_file()


@pytest.mark.parametrize("mistake", REFUSED)
def test_a_mistake_ends_with_code_2_and_one_message_that_helps(mistake: str) -> None:
    words, message = REFUSED[mistake]
    done = called(*words)
    assert done.exit_code == 2, done.output
    assert message in done.stderr.replace("\n", " ")
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_an_earlier_start_runs_with_its_own_data(tmp_path: Path) -> None:
    ran("rare_earth_embargo_2010", "--runs", "1", "--until", "2009-02", "--no-pictures", "--out", str(tmp_path))
    dates = pl.read_parquet(tmp_path / "regions.parquet")["date"].unique().dt.strftime("%Y-%m").to_list()
    assert sorted(dates) == ["2009-01", "2009-02"]


def test_data_check_tells_how_figures_are_sourced() -> None:
    done = called("data", "check")
    assert done.exit_code == 0, done.output
    for word in ("capacity.csv", "sourced", "derived", "assumed", "all", "Every figure is in order"):
        assert word in done.stdout
    assert max(len(line.rstrip()) for line in done.stdout.splitlines()) <= 80


def process(*words: str) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen([*COMMAND, *words], cwd=ROOT, stdout=pipe, stderr=pipe, text=True)


def seconds(words: Sequence[str]) -> float:
    start = time.perf_counter()
    subprocess.run([*COMMAND, *words], cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - start


def test_help_and_version_come_at_once() -> None:
    for words in (["--help"], ["run", "--help"], ["--version"]):
        assert min(seconds(words) for _ in range(3)) < 0.4, words
    assert "friendshore" in called("--version").stdout


def test_a_process_that_is_refused_ends_with_code_2_and_no_traceback() -> None:
    out, err = (asked := process("run", "chips_act", "--runs", "0")).communicate(timeout=60)
    assert (asked.returncode, out) == (2, "")
    assert "Traceback" not in err


def test_a_full_disk_ends_with_code_2_and_leaves_no_torn_table(tmp_path: Path) -> None:
    code = (
        "import resource as r; r.setrlimit(r.RLIMIT_FSIZE, (50_000, 50_000)); from experiments.cli import main; main()"
    )
    words = [sys.executable, "-c", code, "run", "baseline", *SHORT, "--out", str(tmp_path)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_keeps_what_is_finished(tmp_path: Path) -> None:
    asked = process("run", "chips_act", "--runs", "6400", "--until", "2020-02", "--out", str(tmp_path))
    deadline = time.monotonic() + 120.0
    while not list(tmp_path.glob(".unfinished-*/programmes-2.arrow")) and time.monotonic() < deadline:
        time.sleep(0.05)
    asked.send_signal(signal.SIGINT)
    out, err = asked.communicate(timeout=120)
    assert asked.returncode == 130, err
    kept = [int(runs) for runs in re.findall(r"(\d+) of 6400 runs", err)]
    assert len(kept) == 2
    assert kept[0] >= kept[1] >= 64
    assert out.startswith("With chips_act the United States holds")
    table = pl.read_parquet(tmp_path / "regions.parquet")
    for name, runs in zip(("baseline", "chips_act"), kept, strict=True):
        assert table.filter(scenario=name)["run"].n_unique() == runs
    assert not list(tmp_path.glob(".unfinished-*"))


def test_ctrl_c_before_anything_is_finished_keeps_nothing(tmp_path: Path) -> None:
    asked = process("run", "chips_act", "--runs", "64", "--out", str(tmp_path))
    deadline = time.monotonic() + 120.0
    while not list(tmp_path.glob(".unfinished-*")) and time.monotonic() < deadline:
        time.sleep(0.01)
    asked.send_signal(signal.SIGINT)
    out, err = asked.communicate(timeout=120)
    assert (asked.returncode, out) == (130, "")
    assert "Nothing is kept." in err
    assert list(tmp_path.iterdir()) == []
