"""Work that a page asks of the engine beside the scenario: how far it is, what came of it, and a way to stop it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import solara
import solara.lab

from abm.errors import InputError
from experiments.app.asked import Asked
from experiments.app.components.status import underway
from experiments.app.components.words import Notice
from experiments.app.pool import engine
from experiments.app.results import Progress
from experiments.app.room import Work
from experiments.app.texts import section
from experiments.app.tickets import LostError, SupersededError

Told = TypeVar("Told")


@dataclass(frozen=True, slots=True)
class Reply(Generic[Told]):
    """What came of some work so far.

    answer   the last one, for as long as a newer one is worked on;  old  whether it answers something else
    work     how far it is;  stopped  whether a person stopped it
    """

    answer: Told | None
    old: bool
    work: Work
    stopped: bool
    stop: Callable[[], None]
    begin: Callable[[], None]


def use_asked(asked: Asked[Told] | None, kind: str) -> Reply[Told]:
    """Return what comes of some work; asked anew when its key changes.

    asked  nothing asks for nothing;  kind  of the work, of which a tab has one at a time
    """
    found: solara.Reactive[tuple[str, Any] | None] = solara.use_reactive(None)
    work, stopped = solara.use_reactive(Work()), solara.use_reactive("")
    key, trouble = solara.use_memo(lambda: _key(asked), [asked])
    wanted = asked if key and key != stopped.value else None
    task: solara.lab.Task[[], None]

    async def ask() -> None:
        """Ask the engine."""
        if wanted is None:
            work.set(Work())
            return
        answer = await _answer(wanted, (solara.get_kernel_id(), kind), work)
        if answer is not None:
            found.set((key, answer))
            work.set(Work())

    task = solara.lab.use_task(ask, dependencies=[key, stopped.value], raise_error=False)

    def stop() -> None:
        """Stop the work."""
        task.cancel()
        stopped.set(key)
        work.set(Work())

    now = work.value if not trouble else Work(trouble=trouble)
    last = found.value
    return Reply(
        last[1] if last else None,
        not last or last[0] != key,
        now,
        bool(key) and key == stopped.value,
        stop,
        lambda: stopped.set(""),
    )


async def _answer(asked: Asked[Told], session: tuple[str, str], work: solara.Reactive[Work]) -> Told | None:
    """Return what the engine answers, and tell how far it is; nothing where somebody has asked something else since.

    session  who asks, and what kind of work
    """
    work.set(Work(Progress()))
    try:
        answer = await engine().ask(asked, session, lambda progress: work.set(Work(progress)))
    except SupersededError:
        return None
    except (InputError, LostError) as error:
        work.set(Work(trouble=str(error)))
        return None
    return answer


def _key(asked: Asked[Any] | None) -> tuple[str, str]:
    """Return the key of what is asked, or why it cannot be."""
    if asked is None:
        return "", ""
    try:
        return asked.key, ""
    except InputError as error:
        return "", str(error)


@solara.component_vue("waiting.vue")
def _Waiting(
    *,
    work: object,
    offer: str,
    words: object,
    event_stop: Callable[[Any], None] | None = None,
    event_begin: Callable[[Any], None] | None = None,
) -> None:
    """Draw how far it is."""


@solara.component
def Waiting(reply: Reply[Any], code: str) -> None:
    """Show how far work is, with Stop, and why it came to nothing.

    code  of its name among the texts of status
    """
    if reply.work.trouble:
        Notice(reply.work.trouble)
    words = section("story")
    _Waiting(
        work=underway(code, reply.work),
        offer=words["again"] if reply.stopped else "",
        words=words,
        event_stop=lambda _: reply.stop(),
        event_begin=lambda _: reply.begin(),
    )
