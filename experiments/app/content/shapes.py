"""What a tour and a lesson are made of; whatever else a file says is refused."""

import math
import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, model_validator

from abm.errors import InputError
from abm.outline import STRICT
from abm.policies.instrument import Name, Text
from experiments.app.content.pictures import PICTURES, refuse
from experiments.app.questions import Question

STEPS = 5
# Of every question that a tour or a lesson asks: the figures in its texts are means of so many.
RUNS = 16
_PLACE = re.compile(r"\{(\w+)\}")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
Several = Field(strict=False, min_length=1)


class Ask(BaseModel):
    """A question to the engine.

    scenario  bundled, or several put together;  set  values replaced, KEY=VALUE;  alone  without its baseline
    """

    model_config = STRICT

    scenario: str
    set: Annotated[tuple[str, ...], Field(strict=False)] = ()
    alone: bool = False

    @model_validator(mode="after")
    def _known(self) -> Self:
        """Refuse what the command line would refuse."""
        try:
            _ = self.question.scenarios
        except InputError as error:
            raise ValueError(f"{error.where}: {error.what} {error.remedy}") from None
        return self

    @property
    def question(self) -> Question:
        """What the engine is asked."""
        return Question(self.scenario, self.set, runs=RUNS, alone=self.alone)


class Show(Ask):
    """A question and the chart of its answer.

    chart  which;  item  what of: a series of shares, a chain, a good; nothing where the chart wants nothing
    """

    chart: Literal["shares", "bands", "years", "prices", "stocks", "lost", "money", "timeline"]
    item: str = ""

    @model_validator(mode="after")
    def _drawn(self) -> Self:
        """Refuse what there is no chart of."""
        assert self.chart in PICTURES, "every chart that a file may name is drawn"
        refuse(self.chart, self.item)
        return self


class Figure(BaseModel):
    """A figure of the model that a text names.

    measure, item, region  of the summary;  period  of it
    kind     of the scenario, of what it is compared with, or the difference
    size     told without its sign
    between  where it must lie for the words around it to be true, in the unit in which it is told
    """

    model_config = STRICT

    measure: str
    item: str
    region: str = ""
    period: Literal["first", "middle", "last"] = "last"
    kind: Literal["mine", "other", "gain"] = "mine"
    size: bool = False
    between: Annotated[tuple[float, float], Field(strict=False)]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        """Refuse ends in the wrong order."""
        if self.between[0] >= self.between[1]:
            raise ValueError(
                f"between {self.between[0]:g} and {self.between[1]:g} lies nothing. Write the lower first."
            )
        return self


class Fact(BaseModel):
    """A figure of the real world that a text names.

    value  as it stands in the text;  source  key of sources.toml;  note  what has to be said of it
    """

    model_config = STRICT

    value: Text
    source: str
    note: str = ""


class Telling(BaseModel):
    """A text whose every figure is named: one of the model or one of the world."""

    model_config = STRICT

    figures: dict[Name, Figure] = Field(default_factory=dict)
    facts: dict[Name, Fact] = Field(default_factory=dict)

    def words(self) -> Iterable[str]:
        """Return the texts that name figures."""
        raise NotImplementedError

    @model_validator(mode="after")
    def _named(self) -> Self:
        """Refuse numbers that nothing stands behind, and figures that nobody names."""
        known = {*self.figures, *self.facts}
        if twice := {*self.figures} & {*self.facts}:
            raise ValueError(f"{min(twice)} is a figure and a fact. Give one another name.")
        refuse_bare(self.words(), known)
        used = {name for text in self.words() for name in _PLACE.findall(text)}
        if idle := known - used:
            raise ValueError(f"nothing names {{{min(idle)}}}. Use it in the text, or take it out.")
        return self


class Step(Telling):
    """A step of a tour.

    text    what happens;  show  what the model says to it
    think   a question to think about;  answer  folded away
    """

    title: Text
    text: Text
    show: Show
    think: Text
    answer: Text

    def words(self) -> Iterable[str]:
        """Return the texts that name figures."""
        return self.title, self.text, self.think, self.answer


class Tour(BaseModel):
    """The story of a news article in steps.

    order     among the tours;  article  what it was and when
    conclude  what not to conclude from it
    """

    model_config = STRICT

    order: int
    title: Text
    article: Text
    story: Text
    step: Annotated[tuple[Step, ...], Field(strict=False, min_length=STEPS, max_length=STEPS)]
    conclude: Text

    @model_validator(mode="after")
    def _plain(self) -> Self:
        """Refuse numbers that nothing stands behind."""
        refuse_bare((self.title, self.story, self.conclude), set())
        return self


class Guess(Telling):
    """A question whose answer students predict before the model is asked.

    figure   that answers it;  bounds  between the choices, in the unit in which the figure is told
    because  why the model answers so, read afterwards
    """

    ask: Text
    show: Show
    figure: Figure
    bounds: Annotated[tuple[float, ...], Field(strict=False, min_length=2)]
    because: Text

    def words(self) -> Iterable[str]:
        """Return the texts that name figures."""
        return self.ask, self.because

    def choice(self, value: float) -> int:
        """Return the number of the choice that a value belongs to."""
        return sum(value >= bound for bound in self.bounds)

    @model_validator(mode="after")
    def _rising(self) -> Self:
        """Refuse bounds out of order."""
        if any(low >= high for low, high in zip(self.bounds, self.bounds[1:], strict=False)):
            raise ValueError("the bounds do not rise. Write the lowest first.")
        return self


class Finding(Telling):
    """What a teacher may expect the model to show.

    show  where to look
    """

    text: Text
    show: Show

    def words(self) -> Iterable[str]:
        """Return the texts that name figures."""
        return (self.text,)


class Belief(Telling):
    """A common misconception, and what to say to it."""

    belief: Text
    answer: Text

    def words(self) -> Iterable[str]:
        """Return the texts that name figures."""
        return self.belief, self.answer


class Phase(BaseModel):
    """A part of a lesson.

    minutes  it takes;  students, teacher  what they do
    """

    model_config = STRICT

    title: Text
    minutes: Annotated[int, Field(ge=1)]
    students: Text
    teacher: Text


class Team(Ask):
    """What a team stands for.

    name  of the team;  task  what it is to find out
    """

    name: Annotated[str, Field(min_length=1, max_length=30)]
    task: Text


class Lesson(BaseModel):
    """A lesson: predict, run, explain.

    minutes  of all phases;  goals, needs  what is learnt and what is needed;  debrief  questions for the end
    """

    model_config = STRICT

    title: Text
    about: Text
    minutes: int
    goals: Annotated[tuple[Text, ...], Several]
    needs: Annotated[tuple[Text, ...], Several]
    phase: Annotated[tuple[Phase, ...], Several]
    guess: Annotated[tuple[Guess, ...], Several]
    team: Annotated[tuple[Team, ...], Several]
    finding: Annotated[tuple[Finding, ...], Several]
    belief: Annotated[tuple[Belief, ...], Several]
    debrief: Annotated[tuple[Text, ...], Several]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        """Refuse phases that take more or less than the lesson."""
        taken = math.fsum(each.minutes for each in self.phase)
        if taken != self.minutes:
            raise ValueError(f"the phases take {taken:g} minutes of {self.minutes}. Change one of them.")
        refuse_bare((*self.goals, *self.debrief, *(each.task for each in self.team)), set())
        return self


def refuse_bare(texts: Iterable[str], known: Iterable[str]) -> None:
    """Refuse a number other than a year, and a name in braces that nothing stands behind."""
    names = {*known}
    for text in texts:
        if unknown := {*_PLACE.findall(text)} - names:
            raise ValueError(f"nothing stands behind {{{min(unknown)}}}. Add it to figures or facts.")
        bare = re.search(r"\S*\d\S*", _YEAR.sub("", _PLACE.sub("", text)))
        if bare:
            raise ValueError(f"{bare.group()!r} stands in a text. Name the number under figures or facts.")


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with what stands behind the names in braces."""
    return _PLACE.sub(lambda found: values[found.group(1)], text)
