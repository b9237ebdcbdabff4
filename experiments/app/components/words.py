"""Words on a page in the elements that readers of screens rely on: one h1, headings in order, paragraphs, notices."""

from collections.abc import Sequence

import reacton.ipyvuetify as rv
import solara


def H1(words: str, *, quiet: bool = False) -> solara.Element:
    """Show the one heading of a page.

    quiet  whether it is for readers of screens alone
    """
    return _tag("h1", words, "fs-hide" if quiet else "")


def H2(words: str) -> solara.Element:
    """Show the heading of a part of a page."""
    return _tag("h2", words)


def H3(words: str) -> solara.Element:
    """Show a heading below an h2."""
    return _tag("h3", words)


def Paragraph(words: str, *, quiet: bool = False) -> solara.Element:
    """Show a paragraph."""
    return _tag("p", words, "fs-quiet" if quiet else "")


def Notice(words: str) -> solara.Element:
    """Show a paragraph in a frame, which is read out when it appears."""
    return rv.Html(tag="div", class_="fs-notice", attributes={"role": "status"}, children=[_tag("p", words)])


def Items(words: Sequence[str]) -> solara.Element:
    """Show a list."""
    return rv.Html(tag="ul", children=[_tag("li", each) for each in words])


def Box(*children: solara.Element, kind: str = "", tag: str = "div", **attributes: object) -> solara.Element:
    """Put components together.

    kind  class of the style sheet: fs-card, fs-grid, fs-two, fs-row;  attributes  of the element
    """
    named = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    return rv.Html(tag=tag, class_=kind, attributes=named, children=[*children])


def _tag(tag: str, words: str, kind: str = "") -> solara.Element:
    """Return an element of words; nothing in them is taken for a tag."""
    return rv.Html(tag=tag, class_=kind, children=[words])
