"""The cast of a model: its agents, and ensembles that apply each rule to everyone who has it."""

from dataclasses import dataclass
from inspect import isfunction

import numpy as np

from abm.agents import KINDS
from abm.agents.columns import Rows, as_rows
from abm.agents.firm import Firm
from abm.agents.government import Government
from abm.agents.household import Household
from abm.agents.recycler import Recycler
from abm.axes import Floats, Ints
from abm.errors import InputError, nearest
from abm.framework import mesa
from abm.world import World


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Firms with the same rules: their ensemble, rows and input slots."""

    crowd: Firm
    rows: Rows
    slots: Rows


@dataclass(frozen=True, slots=True, eq=False)
class Cast:
    """Everyone who decides.

    firms        one agent per row of the books
    groups       the same firms by rules; a kind that overrides a rule forms a group of its own
    households   all regions' buyers;  governments  all regions' governments
    collectors   all collectors of scrap
    input_slots  number of input slots
    """

    firms: tuple[Firm, ...]
    groups: tuple[Group, ...]
    households: Household
    governments: Government
    collectors: Recycler
    input_slots: int

    def rule(self, name: str) -> Floats:
        """Return a rule's answers for every firm (row, run)."""
        if len(self.groups) == 1:
            answer: Floats = getattr(self.groups[0].crowd, name)()
            return answer
        return _gathered([(group.rows, getattr(group.crowd, name)()) for group in self.groups], len(self.firms))

    def slot_rule(self, name: str) -> Floats:
        """Return a rule's answers for every input slot of every firm (slot, run)."""
        if len(self.groups) == 1:
            answer: Floats = getattr(self.groups[0].crowd, name)()
            return answer
        return _gathered([(group.slots, getattr(group.crowd, name)()) for group in self.groups], self.input_slots)


def firms_of(model: mesa.Model, world: World, slot_starts: Ints, own: dict[str, type[Firm]]) -> tuple[Firm, ...]:
    """Return one agent per row of the books, of the kind its process names.

    slot_starts  first input slot of every row, and the number of input slots at the end (row + 1,)
    own          classes other than the model's, by kind ("Fab") or by owner ("TSMC")
    """
    of_row = [world.recipes.kind[process] for process in world.plants.process]
    owners = [world.owners.name[owner] for owner in world.plants.owner]
    _check(own, of_row, owners)
    kinds = KINDS | own
    return tuple(
        _kind(kinds, kind, owner)(model, rows=row, slots=slice(int(slot_starts[row]), int(slot_starts[row + 1])))
        for row, (kind, owner) in enumerate(zip(of_row, owners, strict=True))
    )


def _kind(kinds: dict[str, type[Firm]], kind: str, owner: str) -> type[Firm]:
    """Return the class of a firm: one given for its owner if it is of the right kind, else the one of its kind."""
    own = kinds.get(owner)
    return own if own is not None and issubclass(own, KINDS[kind]) else kinds[kind]


def _check(own: dict[str, type[Firm]], of_row: list[str], owners: list[str]) -> None:
    """Refuse classes that would replace nobody."""
    for name, made in own.items():
        replaced = {name} & {*KINDS} or {kind for kind, owner in zip(of_row, owners, strict=True) if owner == name}
        if not replaced:
            raise InputError("kinds", f"no kind or firm is called {name!r}.", nearest(name, {*KINDS, *owners}))
        if not any(issubclass(made, KINDS[kind]) for kind in replaced):
            told = " or ".join(sorted(replaced))
            raise InputError("kinds", f"{name!r} is given no kind of {told}.", f"Derive its class from {told}.")


def groups_of(model: mesa.Model, firms: tuple[Firm, ...], slot_starts: Ints) -> tuple[Group, ...]:
    """Return the firms grouped by their rules.

    slot_starts  first input slot of every row, and the number of input slots at the end (row + 1,)
    """
    rules = {kind: _rules(kind) for kind in {type(firm) for firm in firms}}
    members: dict[tuple[object, ...], list[int]] = {}
    for row, firm in enumerate(firms):
        members.setdefault(rules[type(firm)], []).append(row)
    groups = []
    for rows in members.values():
        spans = [np.arange(slot_starts[row], slot_starts[row + 1]) for row in rows]
        slots, place = as_rows(np.concatenate(spans).astype(np.int64)), as_rows(np.array(rows))
        groups.append(Group(type(firms[rows[0]]).ensemble(model, rows=place, slots=slots), place, slots))
    return tuple(groups)


def _rules(kind: type[Firm]) -> tuple[object, ...]:
    """Return the kind's implementation of every method that all firms share."""
    return tuple(getattr(kind, name) for name, method in sorted(vars(Firm).items()) if isfunction(method))


def _gathered(answers: list[tuple[Rows, Floats]], size: int) -> Floats:
    """Return answers of several groups put in the order of the books."""
    everyone = np.empty((size, answers[0][1].shape[-1]))
    for place, answer in answers:
        everyone[place] = answer
    return everyone
