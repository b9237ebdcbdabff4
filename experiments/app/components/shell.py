"""What all pages share: the bar with its links, the theme, the way past the bar, messages, and the address."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import solara

from experiments.app.components.words import Box
from experiments.app.room import Room
from experiments.app.texts import section

STYLE = Path(__file__).parent / "style.css"


@solara.component_vue("nav.vue")
def _Nav(
    *,
    pages: object,
    page: str,
    words: object,
    event_go: Callable[[str], None] | None = None,
    event_darkened: Callable[[bool], None] | None = None,
) -> None:
    """Draw the bar."""


@solara.component_vue("address.vue")
def _Address(*, link: object, event_found: Callable[[str], None] | None = None) -> None:
    """Keep the address of the tab."""


@solara.component_vue("notices.vue")
def _Notices(*, messages: object, words: object, event_close: Callable[[Any], None] | None = None) -> None:
    """Show messages until they are closed."""


@solara.component
def Shell(
    room: Room, pages: Sequence[tuple[str, str]], on_dark: Callable[[bool], None], content: solara.Element
) -> None:
    """Show a page within what all pages share.

    pages    path and title of all there are
    on_dark  told whether the browser is dark
    content  of the page that is open
    """
    link = room.link.value
    solara.Style(STYLE)
    _Address(link={"query": link.query, "push": link.push}, event_found=room.found)
    told = [
        {"path": path, "title": title, "href": f"?{replace(room.state, page=path).to_query()}"} for path, title in pages
    ]
    _Nav(pages=told, page=room.state.page, words=section("shell"), event_go=room.go, event_darkened=on_dark)
    Box(
        _Notices(
            messages=[*room.messages.value], words=section("notices"), event_close=lambda _: room.messages.set(())
        ),
        content,
        tag="main",
        kind="fs-main",
        id="main",
        tabindex="-1",
    )
