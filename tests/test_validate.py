"""The validation as a whole: one command, one report that asks nothing of the network, the same bytes every time."""

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from experiments.design import grids
from experiments.published import FOLDER, findings, pictures
from experiments.sweeping_analysis.charts import Chart
from experiments.validation.patterns import PATTERNS
from experiments.validation.report import write
from experiments.validation.section import Finding, Section

ROOT = Path(__file__).parents[1]


def section(name: str, **changed: object) -> Section:
    found = [
        Finding("good", "Fits <well>.", holds=True),
        Finding("bad", "Is off by 3.", holds=False, why="Because of x."),
        Finding("none", "Was looked at."),
    ]
    told = {"findings": found, "tables": {"Figures": pl.DataFrame({"a": [1.5], "b": ["<b>"]})}, "charts": ()}
    return Section(name, f"Part {name}", "What was done.", **{**told, **changed})  # type: ignore[arg-type]


def test_a_report_tells_misses_first_with_why_and_escapes_what_it_is_told(tmp_path: Path) -> None:
    page = write(tmp_path, [section("one"), section("two")], {"origin": "x"}, quick=True).read_text(encoding="utf-8")
    assert "2 of 4 checks hold" in page
    assert "too few runs to judge" in page
    misses, rest = page.split("<nav>")
    assert misses.count("Is off by 3.") == 2
    assert "Because of x." in misses
    assert "Is off by 3." not in rest
    assert "Fits &lt;well&gt;." in rest
    assert "<b>" not in page


def test_a_report_asks_nothing_of_the_network(tmp_path: Path) -> None:
    page = write(tmp_path, [section("one")], {}, quick=False).read_text(encoding="utf-8")
    assert not re.findall(r"(?:src|href)=[\"'](?!#)", page)
    assert "default-src 'none'" in page
    assert "<script" not in page


def test_what_is_published_is_whole_and_stands_in_the_design() -> None:
    told = findings()
    assert told.filter(pl.col("holds").eq(other=False)).height > 0
    assert told["section"].n_unique() >= 7
    assert pictures()
    for each in pictures():
        assert (FOLDER / each.file).stat().st_size < 200_000
    design = (ROOT / "abm" / "DESIGN.md").read_text(encoding="utf-8")
    for name in grids():
        assert f"<!-- table {name} -->" in design, name


def test_patterns_are_one_file_for_the_tests_and_the_command() -> None:
    assert (ROOT / "tests" / "patterns.toml").resolve() == PATTERNS.resolve()


def test_a_chart_is_drawn_into_the_page_and_named_by_its_finding(tmp_path: Path) -> None:
    from matplotlib.figure import Figure

    page = write(
        tmp_path, [section("one", charts=(Chart("c", "It grows.", lambda: Figure(figsize=(2, 1))),))], {}, quick=False
    ).read_text(encoding="utf-8")
    assert 'aria-label="It grows."' in page
    assert "<svg" in page


@pytest.mark.slow
def test_a_quick_validation_writes_the_same_bytes_wherever_and_whenever_it_is_played(tmp_path: Path) -> None:
    pages = []
    for name, workers in (("a", "2"), ("b", "1")):
        words = [sys.executable, "-m", "experiments.cli", "validate", "--quick", "--workers", workers]
        done = subprocess.run(
            [*words, "--out", str(tmp_path / name)], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert re.search(r"\d+ checks hold, \d+ do not", done.stdout)
        pages.append((tmp_path / name / "report.html").read_bytes())
    assert pages[0] == pages[1]
    assert str(tmp_path).encode() not in pages[0]


@pytest.mark.slow
def test_a_validation_that_is_stopped_says_how_to_go_on(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "experiments.cli", "validate", "--quick", "--workers", "1", "--out", str(tmp_path)]
    asked = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 120.0
    while not list(tmp_path.glob("*/kpi/*.parquet")) and time.monotonic() < deadline:
        time.sleep(0.05)
    asked.send_signal(signal.SIGINT)
    _, err = asked.communicate(timeout=120)
    assert asked.returncode == 130, err
    assert "Start the same line again to go on." in err
    assert "Traceback" not in err


@pytest.mark.slow
def test_later_figures_are_scored_without_touching_the_code(tmp_path: Path) -> None:
    head = "series,good,region,date,value,unit,error,role,source,note\n"
    made_up = (("US", 9.9), ("CN", 25.0))
    tail = "%,0.5,held,derived,a made-up figure\n"
    rows = [f"chip_capacity_share_semi,chips,{where},2024,{told},{tail}" for where, told in made_up]
    file = tmp_path / "later.csv"
    file.write_text(head + "".join(rows), encoding="utf-8")
    words = [sys.executable, "-m", "experiments.cli", "validate", "--quick", "--against", str(file)]
    out = ["--out", str(tmp_path / "out")]
    done = subprocess.run([*words, *out], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "shares of chip capacity (SEMI)" in page
    assert "2024" in page
