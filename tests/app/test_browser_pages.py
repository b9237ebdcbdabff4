"""Every page in a real browser: at every size, in both themes, for everyone, and without anyone else's help."""

from pathlib import Path
from typing import Any

import pytest
from browsing import PATHS, ROOT, WIDE, Server, Tab, visiting
from playwright.sync_api import Browser

from experiments.published import pictures

pytestmark = pytest.mark.slow

PHONE, TABLET, PROJECTOR = (390, 844), (820, 1180), (1920, 1080)
AXE = ROOT / ".ci/node_modules/axe-core/axe.min.js"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def show(tab: Tab, path: str) -> None:
    """Open a page, and wait until its charts are drawn and still."""
    tab.open(f"page={path}")
    tab.page.wait_for_selector(f"nav [aria-current=page][href*='page={path}'], nav [aria-current=page][href='?']")
    if tab.page.locator(".fs-story").count():
        tab.settle()
    tab.page.wait_for_load_state("networkidle")
    tab.page.wait_for_timeout(1_500)


def unfold(tab: Tab) -> None:
    """Open everything that is folded, so that it is looked at too."""
    tab.page.evaluate("document.querySelectorAll('details:not([open])').forEach((each) => (each.open = true))")
    for name in ("Explain this", "Table"):
        for each in tab.page.get_by_role("button", name=name, exact=True).all()[:2]:
            each.click()
            tab.page.wait_for_timeout(300)


def found(tab: Tab) -> list[str]:
    """Return what axe finds wrong."""
    tab.page.evaluate(AXE.read_text(encoding="utf-8"))
    told: dict[str, Any] = tab.page.evaluate("levels => axe.run({ runOnly: levels })", LEVELS)
    return [f"{each['id']}: {node['html'][:120]}" for each in told["violations"] for node in each["nodes"][:3]]


def too_wide(tab: Tab) -> list[str]:
    """Return what reaches beyond the window, if that can be scrolled to."""
    return list(
        tab.page.evaluate(
            """() => document.documentElement.scrollWidth <= window.innerWidth ? [] :
            [...document.querySelectorAll('main *')].filter((each) => each.getBoundingClientRect().right > innerWidth)
            .slice(0, 5).map((each) => each.outerHTML.slice(0, 120)).concat(document.documentElement.scrollWidth)"""
        )
    )


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not here: npm install --prefix .ci axe-core, as .ci/run does")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing_on_a_page(browser: Browser, server: Server, path: str, dark: bool) -> None:
    with visiting(browser, server, WIDE, dark=dark) as tab:
        show(tab, path)
        assert found(tab) == []
        unfold(tab)
        assert found(tab) == []
        tab.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        tab.page.wait_for_timeout(500)
        assert found(tab) == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_a_page_fits_a_phone_a_tablet_and_a_projector(
    browser: Browser, server: Server, tmp_path: Path, path: str, dark: bool
) -> None:
    with visiting(browser, server, PHONE, dark=dark) as tab:
        show(tab, path)
        for width, height in (PHONE, TABLET, PROJECTOR):
            tab.page.set_viewport_size({"width": width, "height": height})
            tab.page.wait_for_timeout(400)
            assert too_wide(tab) == []
            picture = tab.page.screenshot(path=tmp_path / f"{path}_{width}.png")
            # A blank page of that size takes less.
            assert len(picture) > 10_000


@pytest.mark.parametrize("path", PATHS)
def test_a_page_has_one_heading_a_title_and_a_language(browser: Browser, server: Server, path: str) -> None:
    with visiting(browser, server) as tab:
        show(tab, path)
        assert tab.page.locator("h1").count() == 1
        assert tab.page.title().endswith(": friendshore")
        assert tab.page.locator("html").get_attribute("lang") == "en"
        levels = [
            int(name[1]) for name in tab.page.locator("h1, h2, h3, h4").evaluate_all("all => all.map(e => e.tagName)")
        ]
        assert all(after - before <= 1 for before, after in zip(levels[levels.index(1) :], levels[1:], strict=False))


def test_everything_can_be_reached_and_moved_by_keyboard(browser: Browser, server: Server) -> None:
    with visiting(browser, server) as tab:
        show(tab, "explore")
        tab.page.keyboard.press("Tab")
        assert tab.page.evaluate("document.activeElement.innerText") == "Skip to content"
        tab.page.keyboard.press("Enter")
        assert tab.page.evaluate("document.activeElement.id") == "main"
        reached = set()
        for _ in range(60):
            tab.page.keyboard.press("Tab")
            reached.add(tab.page.evaluate("document.activeElement.id || document.activeElement.innerText"))
        assert "lever-chips_act-amount_musd" in reached
        assert "Reset all" not in reached


def test_teams_of_a_class_stand_side_by_side_behind_one_link(browser: Browser, server: Server) -> None:
    with visiting(browser, server) as tab:
        tab.open("page=class&topic=who_makes_the_chips.teams")
        tab.page.get_by_label("Name of the team").fill("Red")
        tab.page.get_by_label("Scenario").select_option("chips_act")
        tab.press("Add the team")
        tab.page.wait_for_url("**team=Red*")
        tab.page.get_by_label("Name of the team").fill("Blue")
        tab.page.get_by_label("Or its link").fill(f"{server.link}/?scenario=chips_act&set=chips_act.amount_musd%3D0")
        tab.press("Add the team")
        tab.page.wait_for_url("**team=Blue*")
        tab.page.locator("tbody th", has_text="Blue").wait_for()
        link = tab.page.url
        rows = tab.page.locator("table tbody tr").all_inner_texts()
        assert [row.split()[0] for row in rows] == ["Red", "Blue"]
        assert rows[0].split()[1:] != rows[1].split()[1:]
        tab.open(link.partition("?")[2])
        tab.page.locator("tbody th", has_text="Blue").wait_for()
        assert tab.page.locator("figure canvas").count() == 2


def test_a_prediction_is_made_before_the_model_is_asked(browser: Browser, server: Server) -> None:
    with visiting(browser, server) as tab:
        tab.open("page=class")
        first = tab.page.locator(".fs-guess").first
        assert first.get_by_role("button", name="Ask the model").is_disabled()
        first.get_by_role("radio", name="less than").check()
        first.get_by_role("button", name="Ask the model").click()
        first.locator(".fs-said").wait_for()
        assert "less than" in first.locator(".fs-said").inner_text()
        first.locator("canvas").wait_for()


def test_the_page_about_the_model_shows_the_charts_of_the_last_validation(browser: Browser, server: Server) -> None:
    with visiting(browser, server, WIDE) as tab:
        show(tab, "about")
        unfold(tab)
        shown = "[...document.querySelectorAll('img.fs-picture')].filter((each) => each.naturalWidth > 600).length"
        # They are fetched as they come into view.
        for each in tab.page.locator("img.fs-picture").all():
            each.scroll_into_view_if_needed()
        tab.page.wait_for_function(f"count => {shown} == count", arg=len(pictures()))
        assert [each.get_attribute("alt") for each in tab.page.locator("img.fs-picture").all()] == [
            each.title for each in pictures()
        ]
        assert tab.outside == []
