"""What Solara opens: the room of a browser tab, what it asks the engine, and the page that is open in it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib import import_module

import solara
import solara.lab

from experiments.app.components.shell import Shell
from experiments.app.components.theme import provide_dark
from experiments.app.components.words import Box
from experiments.app.room import BAND, Room, Work, ask
from experiments.app.texts import text

Component = Callable[[Room], solara.Element]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page: its place in links, the module below pages that holds it, and the name of its component."""

    path: str
    module: str
    component: str

    @property
    def title(self) -> str:
        """How it is called in the bar."""
        return text("pages", self.path)


PAGES = (
    Leaf("explore", "explore", "Explore"),
    Leaf("world", "world", "World"),
    Leaf("agents", "agents", "Agents"),
    Leaf("timeline", "timeline", "Timeline"),
    Leaf("compare", "compare", "Compare"),
    Leaf("learn", "learn", "Learn"),
    Leaf("class", "classroom", "Classroom"),
    Leaf("about", "about", "About"),
)


@cache
def component(path: str) -> Component:
    """Return the component of a page; what it needs is imported when somebody opens it."""
    leaf = next(each for each in PAGES if each.path == path)
    found: Component = getattr(import_module(f"experiments.app.pages.{leaf.module}"), leaf.component)
    return found


@solara.component
def Layout(children: list[solara.Element]) -> None:
    """Show a page without Solara's own bar around it."""
    Box(*children)


@solara.component
def Page() -> None:
    """Open a room for this tab, and show its page."""
    router = solara.use_router()
    room = solara.use_memo(lambda: Room(router.search or ""), [])
    dark = solara.use_reactive(False)
    provide_dark(dark=dark.value)
    page = room.state.page
    solara.Title(text("shell", "title").format(page=text("pages", page)))
    Asking(room)
    content = component(page)(room).key(page)
    Shell(room, [(each.path, each.title) for each in PAGES], dark.set, content)


@solara.component
def Asking(room: Room) -> None:
    """Ask the engine whatever the room's state asks: one run, and many, which an idle worker may begin meanwhile."""
    question, lever = room.question, room.lever.value
    wanted = None if lever.stopped == question else question
    task: solara.lab.Task[[], None]

    async def play() -> None:
        """Play one run."""
        if wanted is not None:
            await ask(room, wanted, room.lever, partial(_stop, room, task))

    task = solara.lab.use_task(play, dependencies=[wanted], raise_error=False)
    wide = room.state.question(BAND)
    ready = wanted is not None and room.banding.value
    many = wide if ready and room.band.value.stopped != wide else None

    async def repeat() -> None:
        """Play many runs."""
        if many is not None:
            await ask(room, many, room.band, again.cancel)

    again = solara.lab.use_task(repeat, dependencies=[many], raise_error=False)
    Box(kind="fs-hide", hidden=True)


def _stop(room: Room, task: "solara.lab.Task[[], None]") -> None:
    """Stop the run of the lever; it is not begun again by itself."""
    room.lever.set(replace(Work(), stopped=room.question))
    task.cancel()
