"""The oracle's stage: the fast model's first books dealt out to agents, links and places as plain numbers."""

from collections import Counter
from dataclasses import fields
from typing import Any, get_args, get_type_hints

import mesa
import numpy as np

from abm.flow import PURPOSES, Flow
from abm.model import Model
from abm.state import State
from abm.traits import Traits
from oracle.cast import Government, Household, Owner, Plant, kind_of
from oracle.reacting import Reaction
from oracle.things import Corridor, Division, Link, Need, Place, Pot, Supply, Thing

SLOT_TRAITS = ("input_cover", "thrift_speed", "landed_start", "elasticity", "patience", "trend")
OF_POTS = ("cap_share", "floor_share", "rate", "term", "deal", "pace", "move_share")
OF_HOUSEHOLDS = ("household", "electric_share", "electric_taste", "electric_premium")
# A plant already has a trait of this name.
RENAMED = {("flow", "capex"): "capex_paid"}


def axes_of(table: type) -> dict[str, tuple[str, ...]]:
    """Return the axes of every column of a table of the books; good and region together are one place."""
    found = {}
    for name, hint in get_type_hints(table, include_extras=True).items():
        axes = get_args(hint)[1:]
        found[name] = ("place", *axes[2:]) if axes[:2] == ("good", "region") else axes
    return found


STATE, FLOW = axes_of(State), axes_of(Flow)


class Stage(mesa.Model):  # type: ignore[misc]
    """One run of the world, ready for its first month.

    fast   a fast model of one run that has not taken a step: its start is copied, it is not used after that
    diary  how often it came to things that no column of the books tells
    """

    def __init__(self, fast: Model) -> None:
        super().__init__(rng=1)
        books = fast.books
        assert (books.runs, books.step) == (1, 0)
        self.world, self.parameters, self.policies = books.frame.world, books.parameters, books.policies
        self.dice, self.signals, self.month, self.step_number = books.dice, books.signals, books.month, 0
        self.contents = books.frame.contents
        self.diary: Counter[str] = Counter()
        self.bank = float(books.state.bank[0])
        self.claims = float(books.state.claims[0])
        self.demand_trend: list[float] = books.state.demand_trend[:, 0].tolist()
        self.end_demand: list[float] = books.state.end_demand[:, 0].tolist()
        self.usual_end_demand: list[float] = books.state.usual_end_demand[:, 0].tolist()
        self.required: list[list[float]] = books.frame.required.tolist()
        self.content = books.levers.content
        self.regions, self.goods = range(len(self.world.regions)), range(len(self.world.goods.code))
        self._call_people(fast)
        self._map_places(fast)
        self._build_plants(fast)
        self._note_needs(fast)
        self._link(fast)
        self._open_pots(fast)
        self.reaction = Reaction(fast) if books.stance else None
        self.clear()

    def holders(self, axis: str, name: str) -> list[Any]:
        """Return everyone who has the number of that name on an axis of the books, in its order."""
        return {
            "region": self.households if name in OF_HOUSEHOLDS else self.governments,
            "row": self.plants,
            "slot": self.needs,
            "link": self.links,
            "cell": self.corridors,
            "place": self.places,
            "owner": self.owners,
            "division": self.divisions,
            "input": self.supplies,
            "pot": self.pots,
        }[axis]

    def clear(self) -> None:
        """Set the flows of the month to nothing."""
        for government in self.governments:
            government.outlay = [0.0] * len(PURPOSES)
        for name, axes in FLOW.items():
            for who in self.holders(axes[0], name) if axes[0] != "purpose" else ():
                setattr(who, RENAMED.get(("flow", name), name), 0.0)

    def _call_people(self, fast: Model) -> None:
        """Call owners, divisions, households and governments."""
        books, network, world = fast.books, fast.books.frame.network, self.world
        self.owners = [Owner(self) for _ in world.owners.name]
        self.divisions = [Division() for _ in range(network.divisions)]
        self.households = [Household(self) for _ in self.regions]
        self.governments = [Government(self) for _ in self.regions]
        deal(self.owners, books.state, "owner")
        deal(self.divisions, books.state, "division")
        for number, owner in enumerate(self.owners):
            owner.number, owner.home = number, int(world.owners.region[number])
            owner.plants, owner.divisions = [], []
        for division in self.divisions:
            division.plants = []
        for region, (people, government) in enumerate(zip(self.households, self.governments, strict=True)):
            people.needs, people.parameters = [], self.parameters
            people.household = float(books.state.household[region, 0])
            people.electric_share = float(books.state.electric_share[region, 0])
            people.taste = float(books.frame.taste[region, 0])
            people.ev_policy = float(world.demand.ev_policy[region])
            government.treasury = float(books.state.treasury[region, 0])

    def _map_places(self, fast: Model) -> None:
        """Map places, corridors and what every region holds of critical inputs."""
        frame, inputs = fast.books.frame, self.world.critical_inputs
        self.places = [Place() for _ in self.goods for _ in self.regions]
        deal(self.places, fast.books.state, "place")
        for number, place in enumerate(self.places):
            place.good, place.region = divmod(number, len(self.regions))
            place.parameters, place.plants, place.needs, place.exports = self.parameters, [], [], []
        self.corridors = [Corridor() for _ in self.places for _ in self.regions]
        deal(self.corridors, fast.books.state, "cell")
        for number, corridor in enumerate(self.corridors):
            corridor.buyer = number // len(self.regions) % len(self.regions)
            corridor.freight = float(frame.freight[number, 0])
            corridor.elasticity = float(frame.elasticity[number, 0])
        self.supplies = [Supply() for _ in inputs.name for _ in self.regions]
        deal(self.supplies, fast.books.state, "input")
        for number, supply in enumerate(self.supplies):
            kind = number // len(self.regions)
            supply.full, supply.shares = float(inputs.stock[kind]), inputs.share[kind].tolist()

    def _build_plants(self, fast: Model) -> None:
        """Call one agent per plant."""
        books, rows, network = fast.books, self.world.plants, fast.books.frame.network
        self.plants: list[Plant] = [kind_of(type(firm))(self) for firm in books.cast.firms]
        deal(self.plants, books.state, "row")
        of_rows = [name for name in _columns(books.traits) if name not in SLOT_TRAITS]
        for number, plant in enumerate(self.plants):
            plant.row, plant.parameters, plant.needs, plant.links = number, self.parameters, [], []
            plant.good, plant.region = int(rows.good[number]), int(rows.region[number])
            plant.place = self.places[plant.good * len(self.regions) + plant.region]
            plant.owner = self.owners[rows.owner[number]]
            plant.division = self.divisions[network.division_of_row[number]]
            plant.ring = books.state.ring[books.frame.pipeline.row == number, 0].tolist()
            plant.leaving = books.state.leaving[:, number, 0].tolist()
            plant.making = books.state.making[:, number, 0].tolist()
            take(plant, books.traits, of_rows, number)
            plant.place.plants.append(plant)
            plant.owner.plants.append(plant)
            plant.division.plants.append(plant)
            plant.division.owner = plant.owner
        for division in self.divisions:
            division.owner.divisions.append(division)
        for place in self.places:
            place.capacity_at_start = sum(plant.capacity for plant in place.plants)

    def _note_needs(self, fast: Model) -> None:
        """Note every buyer's needs."""
        books, network = fast.books, fast.books.frame.network
        self.needs = [Need() for _ in network.slot_row]
        deal(self.needs, books.state, "slot")
        for number, need in enumerate(self.needs):
            buyer = int(network.slot_row[number])
            need.plant = self.plants[buyer] if buyer >= 0 else None
            need.good, need.region = int(network.slot_good[number]), int(network.slot_region[number])
            need.place = self.places[need.good * len(self.regions) + need.region]
            need.parameters, need.links = self.parameters, []
            need.coefficient, need.critical = float(network.coefficient[number, 0]), bool(network.critical[number])
            take(need, books.traits, SLOT_TRAITS, number)
            need.place.needs.append(need)
            (need.plant or self.households[need.region]).needs.append(need)

    def _link(self, fast: Model) -> None:
        """Link buyers' needs to plants."""
        network = fast.books.frame.network
        self.links = [Link() for _ in network.link_slot]
        deal(self.links, fast.books.state, "link")
        for number, link in enumerate(self.links):
            link.need, link.plant = self.needs[network.link_slot[number]], self.plants[network.link_row[number]]
            link.abroad = link.need.region != link.plant.region
            link.corridor = self.corridors[
                (link.need.good * len(self.regions) + link.need.region) * len(self.regions) + link.plant.region
            ]
            link.quality = float(fast.books.frame.quality[number, 0])
            link.need.links.append(link)
            link.plant.links.append(link)
            if link.abroad:
                link.plant.place.exports.append(link)

    def _open_pots(self, fast: Model) -> None:
        """Open the grant programmes."""
        pots, state = fast.books.pots, fast.books.state
        self.pots = [Pot() for _ in pots.name]
        deal(self.pots, state, "pot")
        for number, pot in enumerate(self.pots):
            take(pot, pots, OF_POTS, number)
            pot.name, pot.form, pot.region = pots.name[number], pots.form[number], pots.region[number]
            pot.first, pot.last = pots.first[number], pots.last[number]
            for name in ("eligible", "weight", "barred", "origin"):
                setattr(pot, name, getattr(pots, name)[number].tolist())
            pot.gift = pots.grant_equivalent[number, :, 0].tolist()
            pot.holding = state.holding[number, :, 0].tolist()
            pot.grant_due = state.grant_due[number, :, 0].tolist()
            pot.granted = state.granted[number, :, 0].tolist()


def deal(people: list[Any], state: State, axis: str) -> None:
    """Give everyone on an axis their number of every column of the state over that axis alone."""
    names = [name for name, axes in STATE.items() if axes == (axis, "run")]
    for number, who in enumerate(people):
        take(who, state, names, number)


def take(who: mesa.Agent | Thing, table: object, names: tuple[str, ...] | list[str], number: int) -> None:
    """Give someone a number of some columns of a table."""
    for name in names:
        setattr(who, name, float(getattr(table, name)[number, 0]))


def _columns(traits: Traits) -> list[str]:
    """Return the traits that are one number per row or slot."""
    return [
        field.name
        for field in fields(traits)
        if isinstance(getattr(traits, field.name), np.ndarray) and getattr(traits, field.name).ndim == 2
    ]
