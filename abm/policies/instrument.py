"""What every policy and shock has in common: a name, dates, a source, and how it writes into the levers."""

from abc import abstractmethod
from datetime import date
from functools import lru_cache
from types import EllipsisType
from typing import Annotated, ClassVar, cast

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from abm.axes import Bools, Floats, Ints
from abm.policies.levers import Levers, Signals
from abm.world import World

Text = Annotated[str, Field(min_length=1, max_length=2000)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
# The vocabulary says against which words of a world a scenario checks the field.
Region = Annotated[str, Field(json_schema_extra={"vocabulary": "region"})]
Regions = Annotated[tuple[str, ...], Field(strict=False, json_schema_extra={"vocabulary": "region"})]
Goods = Annotated[tuple[str, ...], Field(strict=False, min_length=1, json_schema_extra={"vocabulary": "good"})]
Inputs = Annotated[tuple[str, ...], Field(strict=False, json_schema_extra={"vocabulary": "input"})]
AnyGoods = Annotated[tuple[str, ...], Field(strict=False, json_schema_extra={"vocabulary": "good"})]
Firms = Annotated[tuple[str, ...], Field(strict=False, json_schema_extra={"vocabulary": "firm"})]


def dose(default: float | EllipsisType, *, unit: str, low: float, high: float, sentence: str, source: str) -> float:
    """Return a numeric field that can be swept or moved with a slider.

    default    value when a scenario is silent; an ellipsis where a scenario must say it
    unit       unit of the value
    low, high  range that is accepted
    sentence   what the number is
    source     where the range comes from
    """
    return Field(
        cast("float", default),
        ge=low,
        le=high,
        json_schema_extra={"unit": unit, "low": low, "high": high, "sentence": sentence, "source": source},
    )


class Instrument(BaseModel):
    """A dated measure of a government, or a dated shock.

    kind    which instrument
    name    identifier, unique in a scenario; dotted overrides start with it
    start   first day it holds
    end     first day it no longer holds; none where it stays
    source  where amount and dates come from
    story   what it does, for readers

    A measure holds in a month if it is in force on the first day of that month.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)
    # Signals that are worked out anew every month for who looks at them.
    looks_at: ClassVar[tuple[str, ...]] = ()

    kind: str
    name: Name
    start: date
    end: date | None = None
    source: Text
    story: str = Field(default="", max_length=2000)

    @field_validator("end")
    @classmethod
    def _lasts(cls, end: date | None, others: ValidationInfo) -> date | None:
        """Refuse a measure that is over before it begins, or that no first day of a month ever sees."""
        start = others.data.get("start")
        if end is None or start is None:
            return end
        if end <= start:
            raise ValueError(f"{end} is not after start {start}. Give the first day on which it no longer holds.")
        if months_until(start, start) == months_until(start, end):
            raise ValueError(
                f"no month begins from {start} to before {end}, so it would never act. "
                "A measure holds in the months whose first day it covers."
            )
        return end

    @abstractmethod
    def act(self, world: World, levers: Levers, month: date, signals: Signals) -> None:
        """Write into the levers what the measure asks for in a month.

        month    first day of the month
        signals  what a measure may look at besides the calendar
        """

    def holds(self, month: date) -> bool:
        """Return whether the measure is in force on the first day of a month."""
        return self.start <= month and (self.end is None or month < self.end)


def months_until(start: date, day: date) -> int:
    """Return how many first days of months pass from the month of ``start`` until the first one not before ``day``."""
    return (day.year - start.year) * 12 + day.month - start.month + (day.day > 1)


def cells(world: World, goods: tuple[str, ...], buyers: tuple[str, ...], suppliers: tuple[str, ...]) -> Ints:
    """Return the corridors of some goods from supplier to buyer regions (cell), none within a region.

    No buyers or no suppliers named means all regions.
    """
    return corridors(world, world.goods.code, goods, buyers, suppliers)


def corridors(
    world: World, known: tuple[str, ...], words: tuple[str, ...], buyers: tuple[str, ...], suppliers: tuple[str, ...]
) -> Ints:
    """Return the flattened (word, buyer, supplier) indices of some goods or critical inputs, none within a region.

    known  all words of the first axis;  words  those meant
    """
    return _abroad(world.regions, known, words, buyers, suppliers)


def supplies(
    world: World, known: tuple[str, ...], words: tuple[str, ...], buyers: tuple[str, ...], suppliers: tuple[str, ...]
) -> Ints:
    """Return the flattened (word, buyer, supplier) indices as ``corridors`` does, and those within a region too."""
    return _ways(world.regions, known, words, buyers, suppliers)


# Measures ask for the same corridors every month; nobody may write into what is remembered.
@lru_cache(maxsize=1024)
def _ways(
    regions: tuple[str, ...],
    known: tuple[str, ...],
    words: tuple[str, ...],
    buyers: tuple[str, ...],
    suppliers: tuple[str, ...],
) -> Ints:
    """Return the flattened (word, buyer, supplier) indices of some words."""
    first = codes(words, known)[:, None, None]
    buyer, supplier = codes(buyers, regions)[None, :, None], codes(suppliers, regions)[None, None, :]
    return _kept(((first * len(regions) + buyer) * len(regions) + supplier).ravel())


@lru_cache(maxsize=1024)
def _abroad(
    regions: tuple[str, ...],
    known: tuple[str, ...],
    words: tuple[str, ...],
    buyers: tuple[str, ...],
    suppliers: tuple[str, ...],
) -> Ints:
    """Return those of them that are not within a region."""
    ways = _ways(regions, known, words, buyers, suppliers)
    return _kept(ways[ways % len(regions) != ways // len(regions) % len(regions)])


def _kept(index: Ints) -> Ints:
    """Return an index that is remembered, and so not to be written into."""
    index.flags.writeable = False
    return index


def places(world: World, goods: tuple[str, ...], regions: tuple[str, ...]) -> Ints:
    """Return the flattened (good, region) indices of some goods in some regions; none named means all."""
    good = codes(goods, world.goods.code)
    region = codes(regions, world.regions)
    return (good[:, None] * len(world.regions) + region[None, :]).ravel()


@lru_cache(maxsize=4096)
def codes(words: tuple[str, ...], known: tuple[str, ...]) -> Ints:
    """Return the indices of some words, each once and in order; none named means all."""
    return _kept(np.array(sorted({known.index(word) for word in words}) if words else range(len(known)), np.int64))


def among(column: Ints, words: tuple[str, ...], known: tuple[str, ...]) -> Bools:
    """Return which entries of a column of codes stand for one of some words (entry,); none named means all."""
    named = np.zeros(len(known), np.bool_)
    named[codes(words, known)] = True
    chosen: Bools = named[column]
    return chosen


def either(first: Floats, second: Floats | float) -> Floats:
    """Return the share struck by at least one of two independent measures.

    A second share of 0 returns the first bit for bit, and 1 with anything is exactly 1.
    """
    struck: Floats = first + second * (1.0 - first)
    return struck
