"""What a scenario file says, as pydantic models, and how one of its tables becomes an instrument."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from abm.errors import nearest
from abm.policies import INSTRUMENTS, SHOCKS
from abm.policies.instrument import Instrument, Name, Text
from abm.problems import Problems
from abm.toml_lines import Place

LISTS: Mapping[str, Mapping[str, type[Instrument]]] = {"policy": INSTRUMENTS, "shock": SHOCKS}
NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
FIRST, LAST = date(2020, 1, 1), date(2030, 12, 1)
UNLESS_TOLD: Mapping[str, date | str] = {"start": FIRST, "until": LAST, "governments": "dated"}
RESERVED = ("start", "until", "parameters", "governments", "headline")
STRICT = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)


def month(value: object) -> object:
    """Return a month written like "2020-01" as its first day; whatever else it is, pydantic judges it."""
    if isinstance(value, str):
        if not re.fullmatch(r"(19|20)\d\d-(0[1-9]|1[0-2])", value):
            raise ValueError(f"{value!r} is not a month. Write it like 2020-01.")
        return date(int(value[:4]), int(value[5:]), 1)
    if isinstance(value, date) and value.day != 1:
        raise ValueError(f"{value} is not the first day of a month. Write it like 2020-01.")
    return value


Month = Annotated[date, BeforeValidator(month)]
Composed = Annotated[str, Field(pattern=rf"^{NAME.pattern}([+-]{NAME.pattern})*$", max_length=800)]
Tables = Annotated[tuple[dict[str, Any], ...], Field(strict=False)]


Governments = Literal["dated", "reactive"]


class Headline(BaseModel):
    """What the one leading sentence of a result speaks of.

    chain    a good, or a chain whose goods are all counted in one unit
    region   region it is about
    measure  share of the world, the price that buyers abroad pay its exporters, or how much of its orders it gets
    """

    model_config = STRICT

    chain: Name
    region: Annotated[str, Field(max_length=64)]
    measure: Literal["share", "export_price", "fill"] = "share"


class Outline(BaseModel):
    """Everything a scenario file says, its policies and shocks still unread.

    references  where the story comes from: articles and facts
    start       first month
    until       last month
    baseline    scenario to compare with; none for a baseline itself
    extends     scenario whose policies and shocks come first, or several put together
    parameters  values that replace those of parameters.toml
    governments dated where they do what is dated and no more, reactive where they follow rules besides
    """

    model_config = STRICT

    title: Text
    question: Text
    story: Text
    references: Annotated[tuple[Text, ...], Field(strict=False)]
    start: Month | None = None
    until: Month | None = None
    baseline: Name | None = None
    extends: Composed | None = None
    headline: Headline | None = None
    governments: Governments | None = None
    parameters: dict[str, float] = Field(default_factory=dict)
    policy: Tables = ()
    shock: Tables = ()


def instrument(problems: Problems, place: Place, table: Mapping[str, Any]) -> Instrument | None:
    """Return a table as the instrument of its kind, or nothing after noting what is wrong with it.

    place  list and number of the table
    """
    kinds, kind = LISTS[str(place[0])], table.get("kind")
    if kind is None:
        problems.add((*place, "kind"), "is missing.", nearest("", kinds))
        return None
    if not isinstance(kind, str) or kind not in kinds:
        other = next((entry for entry, known in LISTS.items() if kind in [*known]), None)
        remedy = f"It belongs under [[{other}]]." if other else nearest(str(kind), kinds)
        problems.add((*place, "kind"), f"no {place[0]} is of kind {kind!r}.", remedy)
        return None
    return problems.validated(kinds[kind], table, place)
