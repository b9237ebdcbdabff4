"""What one browser tab shows and does: its state with the way back, the answers on view, and what is under way."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from time import monotonic

import solara
from reacton.core import get_render_context

from abm.errors import InputError
from experiments.app.pool import engine
from experiments.app.questions import Question
from experiments.app.results import Answer, Progress
from experiments.app.state import History, State, from_query
from experiments.app.texts import text
from experiments.app.tickets import LostError, SupersededError

BAND = 64
# Seconds within which moves of the same lever are one step back.
ONE_MOVE = 1.5


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer on view and the question it answers."""

    question: Question
    answer: Answer


@dataclass(frozen=True, slots=True)
class Link:
    """What stands in the address of the tab.

    push  whether the browser's Back leads to what stood there before
    """

    query: str = ""
    push: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """Something that is under way: how far it is, and whether a person stopped it."""

    progress: Progress | None = None
    stopped: Question | None = None
    trouble: str = ""
    stop: Callable[[], None] = field(default=lambda: None, compare=False)


class Room:
    """What pages are given; made once for a browser tab and never shared.

    single, several  the last answers of one run and of many;  messages  that a person should read
    """

    def __init__(self, query: str) -> None:
        """Open the state that a link names.

        query  the part of the address after the question mark
        """
        state, messages = from_query(query)
        # None where nobody draws it.
        self._page: AbstractContextManager[object] | None = get_render_context(required=False)
        self._history: solara.Reactive[History] = solara.reactive(History(state))
        self._moved: tuple[str, float] = ("", 0.0)
        self._texts: dict[str, str] = {}
        self.link = solara.reactive(Link(query.removeprefix("?")))
        self.messages: solara.Reactive[tuple[str, ...]] = solara.reactive(messages)
        self.single: solara.Reactive[Shown | None] = solara.reactive(None)
        self.several: solara.Reactive[Shown | None] = solara.reactive(None)
        self._latest: solara.Reactive[Shown | None] = solara.reactive(None)
        self.lever, self.band = solara.reactive(Work()), solara.reactive(Work())
        self.banding = solara.reactive(True)

    @property
    def state(self) -> State:
        """What is asked and looked at."""
        now: State = self._history.value.now
        return now

    @property
    def question(self) -> Question:
        """What is asked of one run."""
        return self.state.question()

    @property
    def shown(self) -> Shown | None:
        """The answer on view: of many runs where they answer what is asked, else of one; the last one meanwhile."""
        views: tuple[tuple[Shown | None, int], ...] = ((self.several.value, BAND), (self.single.value, 1))
        latest: Shown | None = self._latest.value
        fitting = (each for each, runs in views if each is not None and each.question == self.state.question(runs))
        return next(fitting, latest)

    @property
    def answer(self) -> Answer | None:
        """The answer on view, if there is one yet."""
        return self.shown.answer if self.shown else None

    @property
    def updating(self) -> bool:
        """Whether the answer on view answers an earlier question."""
        return self.shown is None or replace(self.shown.question, runs=1) != self.question

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to go back."""
        return bool(self._history.value.past)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to go forth again."""
        return bool(self._history.value.future)

    def do(self, state: State, move: str = "") -> None:
        """Go on to a state; moves of the same name in quick succession are one step.

        move  what is moved, such as the key of a lever
        """
        try:
            state.check()
        except InputError as error:
            self.tell(str(error))
            return
        history = self._history.value
        again = bool(move) and move == self._moved[0] and monotonic() - self._moved[1] < ONE_MOVE
        self._moved = (move, monotonic())
        if state == history.now:
            return
        with self.together():
            self._history.set(replace(history, now=state, future=()) if again else history.do(state))
            self.link.set(Link(state.to_query(), push=not again))
            self.messages.set(())

    def put(self, key: str, value: object) -> None:
        """Replace a value of the scenario.

        key, value  as ``--set`` takes them
        """
        self.attempt(lambda: self.do(self.state.with_set(key, value), key))

    def attempt(self, deed: Callable[[], object]) -> None:
        """Do something; a mistake of the person is told, and nothing has changed."""
        try:
            deed()
        except InputError as error:
            self.tell(str(error))

    def undo(self) -> None:
        """Go one step back."""
        self._turn(self._history.value.undo())

    def redo(self) -> None:
        """Go one step forth again."""
        self._turn(self._history.value.redo())

    def go(self, page: str) -> None:
        """Open a page."""
        self.do(replace(self.state, page=page))

    def found(self, query: str) -> None:
        """Follow the browser, which went back or forth to a link."""
        state, messages = from_query(query, self._texts)
        history = self._history.value
        if history.past and state == history.past[-1]:
            history = history.undo()
        elif history.future and state == history.future[0]:
            history = history.redo()
        else:
            history = history.do(state)
        with self.together():
            self._history.set(history)
            self.link.set(Link(query.removeprefix("?")))
            self.messages.set(messages)

    def open(self, name: str, written: str) -> None:
        """Open a scenario that was written elsewhere; a mistake in it is told, and nothing has changed.

        name, written  of the file and what it says
        """
        state = replace(self.state, scenario=name, assignments=(), text=written)
        try:
            state.check()
        except InputError as error:
            self.tell(text("keep", "refused").format(name=name, why=error))
            return
        self._texts[name] = written
        self.do(state)

    def show(self, shown: Shown) -> None:
        """Put an answer on view."""
        with self.together():
            (self.single if shown.question.runs == 1 else self.several).set(shown)
            self._latest.set(shown)

    def tell(self, message: str) -> None:
        """Show a message until something else is done."""
        self.messages.set((message,))

    def _turn(self, history: History) -> None:
        """Show another step of the history."""
        self._moved = ("", 0.0)
        with self.together():
            self._history.set(history)
            self.link.set(Link(history.now.to_query(), push=True))
            self.messages.set(())

    def together(self) -> AbstractContextManager[object]:
        """Let the page follow once, at the end, whatever is changed meanwhile."""
        return self._page or nullcontext()


async def ask(room: Room, question: Question, work: solara.Reactive[Work], stop: Callable[[], None]) -> None:
    """Ask the engine, and show the answer unless something else is asked by then.

    work  where its progress is told;  stop  what the Stop button does
    """
    work.set(Work(Progress(), stop=stop))

    def told(progress: Progress) -> None:
        """Show how far it is."""
        work.set(replace(work.value, progress=progress))

    try:
        session = (solara.get_kernel_id(), "lever" if question.runs == 1 else "band")
        answer = await engine().ask(question, session, told)
    except SupersededError:
        return
    except (InputError, LostError) as error:
        # Not begun again by itself: the page offers it.
        work.set(Work(stopped=question))
        room.tell(str(error))
        return
    with room.together():
        work.set(Work())
        room.show(Shown(question, answer))
