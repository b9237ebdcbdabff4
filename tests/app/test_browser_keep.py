"""The app in a real browser: what can be taken away and brought along, Stop, and a worker that dies."""

import io
import os
import signal
from pathlib import Path

import polars as pl
import pytest
from browsing import MANY, ONE, ROOT, Server, Tab
from playwright.sync_api import FilePayload, expect

from abm.scenario import Scenario

QUESTION = "Who refines when a reserve is filled?"
MINE = f"""title = "A reserve"
question = "{QUESTION}"
story = "Written at school."
references = []
extends = "baseline"

[[policy]]
kind = "export_quota"
name = "oxide_quota"
government = "CN"
goods = ["ree_oxide"]
cut = 0.5
start = 2025-01-01
source = "assumed"
"""


def kept(tab: Tab, button: str) -> tuple[str, bytes]:
    """Return name and contents of what a button downloads."""
    with tab.page.expect_download() as coming:
        tab.press(button)
    return coming.value.suggested_filename, Path(coming.value.path()).read_bytes()


def bring(tab: Tab, name: str, said: bytes) -> None:
    """Open a file."""
    file = FilePayload(name=name, mimeType="application/toml", buffer=said)
    tab.page.locator("input[type=file]").set_input_files(file)


def test_figures_and_the_scenario_can_be_taken_away(tab: Tab, tmp_path: Path) -> None:
    tab.open(answered=ONE).slide(4)
    name, said = kept(tab, "Figures (CSV)")
    assert name == "chips_act_changed.csv"
    assert pl.read_csv(said).height > 20
    name, said = kept(tab, "Months (Parquet)")
    assert name == "chips_act_changed.parquet"
    assert {"share", "price_index", "fill_rate"} <= {*pl.read_parquet(io.BytesIO(said))["series"]}
    name, said = kept(tab, "Scenario (TOML)")
    (tmp_path / name).write_bytes(said)
    mine = next(each for each in Scenario.load(tmp_path / name).measures if each.name == "chips_act")
    assert mine.model_dump()["amount_musd"] == tab.amount


def test_every_chart_can_be_taken_away_as_figures_and_as_a_picture(tab: Tab) -> None:
    tab.open(answered=ONE)
    tab.page.wait_for_selector(".fs-chart canvas")
    charts = tab.page.locator(".fs-chart")
    for place in range(charts.count()):
        for button, begins in (("figures as CSV", b""), ("the picture", b"\x89PNG")):
            with tab.page.expect_download() as coming:
                charts.nth(place).get_by_role("button", name=button).click()
            said = Path(coming.value.path()).read_bytes()
            assert said.startswith(begins)
            assert len(said) > 100


def test_a_scenario_that_is_brought_along_is_played(tab: Tab) -> None:
    tab.open(answered=ONE)
    bring(tab, "../My reserve.toml", MINE.encode())
    expect(tab.page.locator("h1")).to_have_text(QUESTION)
    tab.settle()
    assert tab.asked["scenario"] == ["my_reserve"]
    tab.press("Undo")
    expect(tab.page.locator("h1")).not_to_have_text(QUESTION)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (b"import os; os.system('true')", "cannot be opened"),
        (MINE.replace("0.5", "5.0").encode(), "cut"),
        (MINE.replace('"baseline"', '"/etc/passwd"').encode(), "cannot be opened"),
        (bytes(range(256)), "cannot be opened"),
        (b"#" * 200_000, "larger than 64 kB"),
    ],
    ids=["no TOML", "out of range", "a path", "bytes", "too large"],
)
def test_a_file_that_is_no_scenario_is_refused_and_nothing_has_changed(tab: Tab, said: bytes, why: str) -> None:
    tab.open(answered=ONE)
    before = tab.page.inner_text("h1"), tab.sentence[:30], tab.page.url
    bring(tab, "bad.toml", said)
    expect(tab.page.locator("body")).to_contain_text(why)
    assert (tab.page.inner_text("h1"), tab.sentence[:30], tab.page.url) == before


@pytest.mark.slow
def test_a_range_that_is_being_worked_out_can_be_stopped_and_asked_for_again(tab: Tab) -> None:
    tab.open(answered=ONE).slide(11)
    stop = tab.page.get_by_role("button", name="Stop: Working out the range")
    stop.click()
    expect(stop).to_have_count(0)
    assert tab.page.inner_text(".fs-mark").startswith(ONE)
    tab.press("Work out the range over 64 runs")
    tab.settle(MANY)
    assert "(" in tab.sentence


@pytest.mark.slow
def test_a_worker_that_dies_is_told_of_and_replaced(server: Server, tab: Tab) -> None:
    tab.open(answered=ONE).slide(14)
    tab.page.get_by_role("button", name="Stop: Working out the range").wait_for()
    before = server.workers()
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    expect(tab.page.get_by_text("It has been replaced: please ask again.").first).to_be_visible()
    tab.slide(3)
    tab.settle(MANY)
    assert "United States" in tab.sentence
    assert not {*before} & {*server.workers()}


def test_no_upload_has_left_a_file_behind() -> None:
    assert [*ROOT.glob("My reserve*"), *ROOT.parent.glob("My reserve*"), *ROOT.glob("bad.toml")] == []
