"""Which scenarios are compared, and with what values replaced."""

from collections.abc import Sequence

from abm.errors import InputError, nearest
from abm.outline import RESERVED, Headline
from abm.overrides import split
from abm.scenario import Scenario
from experiments.run import ask

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def rivals(names: Sequence[str], assignments: Sequence[str]) -> tuple[Scenario, ...]:
    """Return the scenarios to compare, the reference first; one alone is compared with its baseline.

    assignments  overrides; one of a measure holds for every scenario that has it, the others for all
    """
    if len(names) == 1:
        found = ask(names[0], assignments)
        if len(found) == 1:
            raise InputError("compare", f"{names[0]} has no baseline.", "Name a second scenario.")
        return found
    if len(names) > len(LETTERS):
        raise InputError("compare", f"{len(names)} scenarios are too many.", f"Name at most {len(LETTERS)}.")
    loaded = [Scenario.load(name) for name in names]
    twice = {each.name for each in loaded if sum(other.name == each.name for other in loaded) > 1}
    if twice:
        raise InputError("compare", f"{', '.join(sorted(twice))} is named twice.", "Give each scenario its own name.")
    _refuse_unknown(loaded, assignments)
    changed = tuple(each.override(*_of(each, loaded, assignments)) for each in loaded)
    refuse_other_months(changed)
    return changed


def headlines(scenarios: Sequence[Scenario]) -> dict[str, Headline]:
    """Return what is told of every scenario, by name: its own headline, else that of the last one that has any."""
    known = [each.headline for each in scenarios if each.headline is not None]
    return {each.name: each.headline or known[-1] for each in scenarios} if known else {}


def _of(scenario: Scenario, everyone: Sequence[Scenario], assignments: Sequence[str]) -> list[str]:
    """Return the assignments that speak of a scenario: all but those of measures that only others have."""
    known = {name: {each.name for each in one.measures} for name, one in ((one.name, one) for one in everyone)}
    elsewhere = set.union(*known.values()) - known[scenario.name]
    return [each for each in assignments if split(each)[0][0] not in elsewhere]


def _refuse_unknown(everyone: Sequence[Scenario], assignments: Sequence[str]) -> None:
    """Refuse an assignment that speaks of no measure of any scenario, and of nothing else that can be replaced."""
    known = {*RESERVED[:4], *(measure.name for each in everyone for measure in each.measures)}
    for head in (split(each)[0][0] for each in assignments):
        if head not in known:
            raise InputError(
                f"override {head}", f"no scenario has a policy or shock called {head!r}.", nearest(head, known)
            )


def refuse_other_months(scenarios: Sequence[Scenario]) -> None:
    """Refuse scenarios that are not lived through over the same months."""
    first = scenarios[0]
    for other in scenarios[1:]:
        if (other.start, other.until) != (first.start, first.until):
            spans = [f"{each.name} runs {each.start:%Y-%m} to {each.until:%Y-%m}" for each in (first, other)]
            raise InputError("compare", f"{spans[0]}, {spans[1]}.", "Give --start and --until for all.")
