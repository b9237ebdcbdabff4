"""What is printed for a lesson: a handout for students, and notes for the teacher."""

import solara

from experiments.app.components.print import Print
from experiments.app.components.sheet import Table
from experiments.app.components.words import H2, H3, Box, Items, Paragraph
from experiments.app.content.reader import source
from experiments.app.content.said import choices, expected, foreseen
from experiments.app.content.shapes import Lesson, Telling
from experiments.app.sheets import Sheet
from experiments.app.texts import section, text

# Empty lines of the table in which teams write what they moved.
LINES = 3


@solara.component
def Handout(lesson: Lesson) -> None:
    """Show the sheet on which students write."""
    Print(label=text("class", "print"))
    with Box(kind="fs-card fs-paper"):
        Box(*(Box(f"{text('class', each)}:", tag="span") for each in ("name", "team", "date")), kind="fs-fields")
        Paragraph(lesson.about)
        H2(text("class", "predict"))
        for number, guess in enumerate(lesson.guess, 1):
            with Box(tag="section"):
                H3(text("class", "question").format(number=number))
                Paragraph(foreseen(guess, guess.ask))
                Box(*(Box(each, tag="li") for each in choices(guess)), tag="ul", kind="fs-boxes")
                _line(f"{text('class', 'reason')} ...")
        with Box(tag="section"):
            H2(text("class", "run"))
            Paragraph(text("class", "run_help"))
            _log()
        with Box(tag="section"):
            H2(text("class", "explain"))
            for each in lesson.debrief:
                Paragraph(each)
                _line("")
        with Box(tag="section"):
            H2(section("conclude", "title"))
            Items(section("conclude", "points")[:4])


def _line(words: str) -> solara.Element:
    """Show a line to write on."""
    return Box(words, kind="fs-blank")


def _log() -> solara.Element:
    """Show an empty table for what a team tries."""
    heads = [Box(text("class", f"log_{each}"), tag="th", scope="col") for each in ("moved", "expected", "happened")]
    rows = [Box(*(Box("", tag="td") for _ in heads), tag="tr") for _ in range(LINES)]
    caption = Box(text("class", "log"), tag="caption", kind="fs-hide")
    return Box(caption, Box(Box(*heads, tag="tr"), tag="thead"), Box(*rows, tag="tbody"), tag="table", kind="fs-log")


@solara.component
def Notes(lesson: Lesson) -> None:
    """Show what a teacher needs: timing, what the model shows, misconceptions."""
    Print(label=text("class", "print"))
    with Box(kind="fs-card fs-paper fs-prose"):
        Paragraph(lesson.about)
        H2(text("class", "goals"))
        Items(lesson.goals)
        H2(text("class", "needs"))
        Items(lesson.needs)
        H2(text("class", "timing"))
        _table("timing", [(each.title, f"{each.minutes}", each.students, each.teacher) for each in lesson.phase])
        H2(text("class", "answers"))
        for number, guess in enumerate(lesson.guess, 1):
            with Box(tag="section").key(f"answer {number}"):
                H3(text("class", "question").format(number=number))
                Paragraph(foreseen(guess, guess.ask))
                Box(Paragraph(expected(guess.figure)), kind="fs-said")
                Paragraph(foreseen(guess, guess.because))
        H2(text("class", "findings"))
        Paragraph(text("class", "findings_help"), quiet=True)
        Items([foreseen(each, each.text) for each in lesson.finding])
        H2(text("class", "teams"))
        _table("teams", [(each.name, each.task, each.question.scenarios[-1].title) for each in lesson.team])
        H2(text("class", "beliefs"))
        _table("beliefs", [(foreseen(each, each.belief), foreseen(each, each.answer)) for each in lesson.belief])
        H2(text("class", "debrief"))
        Items(lesson.debrief)
        H2(section("conclude", "title"))
        Items(section("conclude", "points"))
        H2(text("class", "sources"))
        Items(sources(lesson))


def _table(name: str, rows: list[tuple[str, ...]]) -> solara.Element:
    """Show a table of the notes."""
    return Table(Sheet(text("class", name), tuple(section("class", f"{name}_columns")), tuple(rows)))


def sources(lesson: Lesson) -> list[str]:
    """Return the sources of the figures of the world in a lesson."""
    told: tuple[Telling, ...] = (*lesson.guess, *lesson.finding, *lesson.belief)
    facts = {fact.source: fact.note for each in told for fact in each.facts.values()}
    return [f"[{key}] {source(key)}{f' ({note})' if note else ''}" for key, note in facts.items()]
