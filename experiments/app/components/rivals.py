"""The scenarios that are compared, as cards, and a way to add others."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import solara

from experiments.app.texts import section
from experiments.rivals import LETTERS


@dataclass(frozen=True, slots=True)
class Rival:
    """A scenario that is compared.

    entry  as a link holds it;  moved  what is replaced in it;  sentence  what came out, once that is known
    """

    entry: str
    title: str
    moved: str
    sentence: str


@solara.component_vue("rivals.vue")
def _Rivals(
    *,
    rivals: object,
    scenarios: object,
    letters: str,
    full: bool,
    old: bool,
    words: object,
    event_add: Callable[[str], None] | None = None,
    event_add_link: Callable[[str], None] | None = None,
    event_part: Callable[[int], None] | None = None,
    event_lead: Callable[[int], None] | None = None,
) -> None:
    """Draw the cards."""


@solara.component
def Rivals(
    rivals: Sequence[Rival],
    scenarios: Sequence[tuple[str, str]],
    most: int,
    on_entries: Callable[[tuple[str, ...]], None],
    *,
    old: bool = False,
) -> None:
    """Show the scenarios that are compared.

    scenarios   entry and title of those that may be added;  most  that can be compared
    on_entries  told which are to be compared;  old  whether newer sentences are worked on
    """
    entries = tuple(each.entry for each in rivals)
    _Rivals(
        rivals=[asdict(each) for each in rivals],
        scenarios=[*scenarios],
        letters=LETTERS[:most],
        full=len(entries) >= most,
        old=old,
        words=section("compare"),
        event_add=lambda entry: on_entries((*entries, entry)),
        event_add_link=lambda link: on_entries((*entries, link.partition("?")[2] or link)),
        event_part=lambda place: on_entries((*entries[:place], *entries[place + 1 :])),
        event_lead=lambda place: on_entries((entries[place], *entries[:place], *entries[place + 1 :])),
    )
