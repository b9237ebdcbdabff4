"""The app in a real browser: what a newcomer sees, what levers do, and that nobody sees another one's."""

import pytest
from browsing import LEVER, MANY, ONE, Server, Tab, visiting
from playwright.sync_api import Browser, expect

INITIAL = 39_000.0


def test_a_newcomer_sees_the_decade_of_chips_and_what_came_out_in_a_sentence(tab: Tab) -> None:
    tab.open()
    tab.page.wait_for_selector("#chart-shares_chips canvas")
    tab.settle()
    assert "chip capacity" in tab.page.inner_text("h1")
    assert "United States" in tab.sentence
    assert "2030" in tab.sentence
    assert tab.page.locator("#chart-shares_chips").inner_text().count("%")
    assert tab.amount == INITIAL


def test_a_slider_changes_chart_sentence_and_address_together(tab: Tab) -> None:
    tab.open(answered=ONE)
    tab.page.wait_for_selector("#chart-shares_chips canvas")
    tab.page.wait_for_timeout(500)
    before, drawn = tab.sentence, tab.drawn("shares_chips")
    tab.slide(2)
    assert tab.amount < INITIAL
    assert tab.sentence != before
    tab.page.wait_for_timeout(500)
    assert tab.drawn("shares_chips") != drawn
    assert tab.asked["set"] == [f"{LEVER}={tab.amount:.0f}"]


@pytest.mark.slow
def test_a_link_opens_the_same_in_another_browser_and_nobody_sees_the_others_levers(
    browser: Browser, server: Server, tab: Tab
) -> None:
    tab.open(answered=ONE).slide(3)
    tab.settle(MANY)
    with visiting(browser, server) as other, visiting(browser, server) as newcomer:
        other.open(tab.page.url.partition("?")[2], answered=MANY)
        assert (other.amount, other.sentence) == (tab.amount, tab.sentence)
        newcomer.open(answered=MANY)
        assert newcomer.amount == INITIAL
        said, moved = newcomer.sentence, tab.amount
        other.slide(5)
        assert other.amount > moved
        assert tab.amount == moved
        newcomer.page.reload()
        newcomer.settle(MANY)
        assert (newcomer.amount, newcomer.sentence) == (INITIAL, said)
        assert newcomer.asked == {}


def test_back_and_forth_in_the_browser_are_steps(tab: Tab) -> None:
    tab.open(answered=ONE).slide(4)
    moved = tab.amount
    tab.page.get_by_role("link", name="Timeline").click()
    expect(tab.page.get_by_role("link", name="Timeline")).to_have_attribute("aria-current", "page")
    tab.page.wait_for_url("**page=timeline*")
    tab.page.go_back()
    expect(tab.page.get_by_role("link", name="Explore")).to_have_attribute("aria-current", "page")
    expect(tab.lever).to_have_value(f"{moved:.0f}")
    tab.page.go_back()
    expect(tab.lever).to_have_value(f"{INITIAL:.0f}")
    assert "set" not in tab.asked
    tab.page.go_forward()
    expect(tab.lever).to_have_value(f"{moved:.0f}")


def test_a_move_can_be_undone_redone_and_reset(tab: Tab) -> None:
    tab.open(answered=ONE)
    expect(tab.page.get_by_role("button", name="Undo")).to_be_disabled()
    tab.slide(1)
    moved = tab.amount
    tab.press("Undo")
    expect(tab.lever).to_have_value(f"{INITIAL:.0f}")
    tab.press("Redo")
    expect(tab.lever).to_have_value(f"{moved:.0f}")
    tab.press("Reset all")
    expect(tab.lever).to_have_value(f"{INITIAL:.0f}")
    expect(tab.page.get_by_role("button", name="Reset all")).to_be_disabled()


@pytest.mark.parametrize(
    "query",
    ["scenario=nonsense", "set=chips_act.amount_musd%3Da%20lot", "page=cellar&year=1066", "x=%3Cscript%3Ealert(1)"],
)
def test_a_garbage_link_says_what_was_not_understood_and_shows_the_rest(tab: Tab, query: str) -> None:
    tab.open(query)
    said = tab.page.get_by_role("alert").inner_text()
    assert query.partition("=")[0] in said
    assert "not understood" in said
    tab.settle()
    assert "United States" in tab.sentence
    tab.press("Close")
    expect(tab.page.get_by_role("alert")).to_be_empty()


def test_every_scenario_that_is_chosen_is_played(tab: Tab) -> None:
    tab.open(answered=ONE)
    before = tab.page.inner_text("h1"), tab.sentence
    tab.page.locator(".fs-choose select").first.select_option("lynas_texas")
    tab.page.wait_for_function("before => document.querySelector('h1').innerText !== before", arg=before[0])
    tab.settle()
    assert tab.sentence != before[1]
    assert tab.asked["scenario"] == ["lynas_texas"]
    tab.press("Undo")
    expect(tab.page.locator("h1")).to_have_text(before[0])
    tab.settle()
    assert (tab.page.inner_text("h1"), tab.sentence[:30]) == (before[0], before[1][:30])
