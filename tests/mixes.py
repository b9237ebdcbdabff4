"""Random questions for the tests of identities: parameters, and mixes of measures of every kind."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

import numpy as np
from cases import KINDS, TOLD, case
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic.fields import FieldInfo
from worlds import busy, later, measure

from abm.errors import InputError
from abm.facts import PACKAGE_DATA
from abm.policies import INSTRUMENTS
from abm.policies.instrument import Instrument
from abm.policies.programme import Paying
from abm.world import World

RANGES = {
    name: (table["low"], table["high"])
    for name, table in tomllib.loads((PACKAGE_DATA / "parameters.toml").read_text(encoding="utf-8")).items()
}
COMMON = {"kind", "name", "start", "end", "source", "story"}
MOST_WORDS, TRIALS = 6, 1000
Mix = tuple[Instrument, ...]


@dataclass(frozen=True)
class Words:
    """What measures may speak of: a world, and its words by vocabulary, the programmes of a mix among them."""

    world: World
    known: Mapping[str, tuple[str, ...]]


def parameters() -> st.SearchStrategy[dict[str, float]]:
    """Return any values of the behavioural parameters within their ranges."""
    return st.fixed_dictionaries({name: st.floats(low, high) for name, (low, high) in RANGES.items()})


def policies(world: World) -> st.SearchStrategy[Mix]:
    """Return any mix of up to eight measures of governments."""
    return seeds().map(lambda seed: drawn(world, seed, [kind for kind in TOLD if kind in INSTRUMENTS], 8))


def anything(world: World) -> st.SearchStrategy[Mix]:
    """Return any mix of up to twelve measures and shocks."""
    return seeds().map(lambda seed: drawn(world, seed, TOLD, 12))


def seeds() -> st.SearchStrategy[int]:
    """Return any seed of a mix."""
    return st.integers(0, 2**32 - 1)


def drawn(world: World, seed: int, kinds: Sequence[str], most: int) -> Mix:
    """Return up to so many measures of any of some kinds, each with a name of its own."""
    luck = np.random.default_rng(seed)
    chosen = {
        f"m{place}": kind for place, kind in enumerate(luck.choice([*kinds], luck.integers(1, most + 1)).tolist())
    }
    words = words_of(world, chosen)
    return tuple(one(words, kind, luck, name) for name, kind in chosen.items() if can_speak(kind, words))


def one(words: Words, kind: str, luck: np.random.Generator, name: str, first: int = 24) -> Instrument:
    """Return a measure of a kind with every field drawn anew, which begins within some months and ends or stays.

    None is in force at the start: the start's prices would have to contain it, however wild it is.
    What the kind itself refuses is drawn again.
    """
    for _ in range(TRIALS):
        fields = dict(_fields(words, kind, luck))
        begins, lasts = luck.integers(1, first + 1), luck.integers(1, 37)
        dates = {"start": later(int(begins)), "end": later(int(begins + lasts)) if lasts < 24 else None}
        try:
            made = KINDS[kind].model_validate({"kind": kind, "name": name, "source": "a draw", **dates, **fields})
            if isinstance(made, Paying):
                made.pot(words.world)
        except (ValidationError, InputError):
            continue
        return made
    message = f"{TRIALS} draws of {kind} were all refused; say in its case file's [choices] what will do"
    raise AssertionError(message)


def _fields(words: Words, kind: str, luck: np.random.Generator) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a kind with a random value each; one that may be left out is left out half the time."""
    told, choices = case(kind).example, case(kind).choices
    for name, field in KINDS[kind].model_fields.items():
        if name in COMMON or (name not in told and luck.random() < 0.5):
            continue
        value = _value(words, field, choices.get(name), luck)
        if value is not None or name in told:
            yield name, told[name] if value is None else value


def _value(words: Words, field: FieldInfo, choices: Sequence[Any] | None, luck: np.random.Generator) -> Any:
    """Return a random value of a field, nothing where its type says too little to draw one."""
    about = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    if "unit" in about:
        return number(float(str(about["low"])), float(str(about["high"])), luck)
    if get_origin(field.annotation) is Literal:
        return luck.choice([*get_args(field.annotation)]).item()
    spoken = words.known.get(str(about.get("vocabulary")), choices or ())
    known = [word for word in choices or () if word in spoken] or spoken
    if not known:
        return None
    if field.annotation is str:
        return str(luck.choice([*known]))
    least = 0 if choices is None and not field.is_required() else 1
    some = luck.choice([*known], luck.integers(least, min(len(known), MOST_WORDS) + 1), replace=False).tolist()
    return some if get_origin(field.annotation) is tuple else {word: number(0.0, 9.0, luck) for word in some}


def number(low: float, high: float, luck: np.random.Generator) -> float:
    """Return a number of a range: often its ends, often small beside its width."""
    share = luck.choice([0.0, 1.0, luck.random(), luck.random(), luck.random() ** 6])
    return min(low + float(share) * (high - low), high)


def words_of(world: World, kinds: Mapping[str, str]) -> Words:
    """Return the words of a world by vocabulary, and the programmes among measures.

    kinds  of the measures, by name
    """
    known = {
        "region": world.regions,
        "good": world.goods.code,
        "firm": world.owners.name,
        "input": world.critical_inputs.name,
        "programme": tuple(name for name, kind in kinds.items() if issubclass(KINDS[kind], Paying)),
    }
    return Words(world, known)


def can_speak(kind: str, words: Words) -> bool:
    """Return whether there is a word for every vocabulary of a kind; a rule on programmes needs one."""
    told = [field.json_schema_extra for field in KINDS[kind].model_fields.values()]
    return all(
        words.known[str(about["vocabulary"])] for about in told if isinstance(about, dict) and "vocabulary" in about
    )


def in_company(mix: Mix, present: np.ndarray) -> Mix:
    """Return measures of which each run of a batch has only some, the others' doses asking for nothing.

    present  whether a run has a measure (measure, run)
    """
    return tuple(
        each.model_copy(update={dose: np.where(here, getattr(each, dose), case(each.kind).nothing)})
        for each, here in zip(mix, present, strict=True)
        for dose in (case(each.kind).dose,)
    )


def crowded() -> Mix:
    """Return the busy mix with a stockpile and a pool of allies."""
    goods = ["ree_oxide", "api", "chip_auto", "device"]
    reserve = measure("public_stockpile", government="US", goods=goods, days=90.0)
    pool = measure("emergency_pool", allies=["US", "JP"], goods=goods, share=0.5)
    return (*busy(), reserve, pool)
