"""Governments that follow rules, one look, wish and answer at a time."""

from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING

from abm.agents.government import Government
from abm.model import Model
from abm.parameters import Parameters
from abm.policies.instrument import Instrument
from abm.policies.levers import Levers, idle
from abm.stance import Memory
from oracle.cast import answer
from oracle.things import Thing

if TYPE_CHECKING:
    from oracle.stage import Stage


class Mind(Thing):
    """Something a government thinks of."""

    parameters: Parameters


class Sight(Mind):
    """A corridor as the buyer's government sees it; its rules are those of abm.agents."""

    traded: float
    observed: float
    error: float
    reviewed: float
    unlocked: float
    perceived: float
    asked: float
    premium: float
    stopped: float


class Concern(Mind):
    """What a government fears and wants for one good."""

    alarm: float
    drive: float
    bill: float
    daily: float


class Grudge(Mind):
    """What a government holds against another."""

    exposure: float
    hit: float
    chance: float
    patience: float
    due: float


class Reaction:
    """What the governments of one run remember and want."""

    def __init__(self, fast: Model) -> None:
        stance, world = fast.books.stance, fast.books.frame.world
        assert stance is not None
        self.regions, self.goods = range(len(world.regions)), range(len(world.goods.code))
        self.sights = [Sight() for _ in product(self.goods, self.regions, self.regions)]
        self.concerns = [Concern() for _ in product(self.goods, self.regions)]
        self.grudges = [Grudge() for _ in product(self.regions, self.regions)]
        self.friends, self.first_pot = stance.friends.tolist(), stance.first_pot
        for name, values in stance.columns().items():
            for number, who in enumerate(self.holders(name)):
                setattr(who, name, float(values[number, 0]))
        for who in (*self.sights, *self.concerns, *self.grudges):
            who.parameters = fast.books.parameters

    def holders(self, column: str) -> Sequence[Mind]:
        """Return everyone who has the number of a column, in the order of the books."""
        kinds: dict[type, Sequence[Mind]] = {Sight: self.sights, Concern: self.concerns, Grudge: self.grudges}
        return next(holders for kind, holders in kinds.items() if column in kind.__annotations__)

    def column(self, name: str) -> list[float]:
        """Return a column."""
        return [getattr(who, name) for who in self.holders(name)]

    def sight(self, good: int, buyer: int, supplier: int) -> Sight:
        """Return how a buyer's government sees a corridor."""
        return self.sights[(good * len(self.regions) + buyer) * len(self.regions) + supplier]

    def concern(self, good: int, region: int) -> Concern:
        """Return what a government fears for a good."""
        return self.concerns[good * len(self.regions) + region]

    def grudge(self, me: int, other: int) -> Grudge:
        """Return what a government holds against another."""
        return self.grudges[me * len(self.regions) + other]


assert set(Memory.__slots__) == {name for kind in (Sight, Concern, Grudge) for name in kind.__annotations__}


def remember(model: "Stage", reaction: Reaction) -> None:
    """Let governments remember what was traded in the month that is over."""
    for sight, corridor in zip(reaction.sights, model.corridors, strict=True):
        sight.traded = corridor.traded


def react(model: "Stage", levers: Levers, reaction: Reaction) -> None:
    """Let governments look once a quarter, answer hits when it is time, and add to the levers what they ask for."""
    if model.month.month in {1, 4, 7, 10}:
        _look(model, levers, reaction)
        for buyer, good in product(reaction.regions, reaction.goods):
            _avoid(reaction, good, buyer)
        for region in reaction.regions:
            _promise(model, reaction, region)
    _answer(model, reaction)
    _set_levers(model, levers, reaction)


def _look(model: "Stage", levers: Levers, reaction: Reaction) -> None:
    """Let every government see what its region bought where."""
    errors = model.dice.view(model.month)[:, 0].tolist()
    for good, buyer in product(reaction.goods, reaction.regions):
        sights = [reaction.sight(good, buyer, supplier) for supplier in reaction.regions]
        bought, place = sum(sight.traded for sight in sights), good * len(reaction.regions) + buyer
        for supplier, sight in enumerate(sights):
            sight.observed = sight.traded / bought if bought > 1e-200 and supplier != buyer else 0.0
            sight.error = errors[place * len(reaction.regions) + supplier]
            sight.reviewed, sight.unlocked = float(levers.reviewed[place, 0]), float(levers.unlocked[place, 0])
            sight.perceived = answer(Government.look, sight)
        reaction.concerns[place].alarm = max(answer(Government.fear, sight) for sight in sights)
        reaction.concerns[place].drive = max(answer(Government.ambition, sight) for sight in sights)
    for me, other in product(reaction.regions, reaction.regions):
        seen = [reaction.sight(good, me, other).perceived for good in reaction.goods]
        reaction.grudge(me, other).exposure = max(seen)


def _avoid(reaction: Reaction, good: int, buyer: int) -> None:
    """Let a government ask its buyers to avoid rivals, and go along with allies that do."""
    for supplier in reaction.regions:
        sight = reaction.sight(good, buyer, supplier)
        stranger = supplier != buyer and not reaction.friends[buyer][supplier]
        sight.asked = answer(Government.asked_premium, sight) if stranger else 0.0
        pleas = []
        for friend in reaction.regions:
            asks = friend != supplier and not reaction.friends[friend][supplier]
            if reaction.friends[buyer][friend] and stranger and asks:
                pleas.append(answer(Government.asked_premium, reaction.sight(good, friend, supplier)))
        sight.premium = max(sight.asked, answer(Government.joined_share, sight) * max(pleas, default=0.0))


def _promise(model: "Stage", reaction: Reaction, region: int) -> None:
    """Let a government add to its programme a part of what it lacks, for plants of what it depends on."""
    pot = model.pots[reaction.first_pot + region]
    wanted = sum(answer(Government.wanted_budget, reaction.concern(good, region)) for good in reaction.goods)
    pot.pot_left += model.parameters.budget_pace * max(wanted - pot.pot_left, 0.0)
    for plant in model.plants:
        sought = plant.region == region and reaction.concern(plant.good, region).drive > 0.0
        pot.eligible[plant.row] = 1.0 if sought else 0.0


def _answer(model: "Stage", reaction: Reaction) -> None:
    """Let answers fade, give those that are due, all at once, and decide on new hits."""
    for sight in reaction.sights:
        sight.stopped *= 1.0 - model.parameters.deescalation
    for grudge in reaction.grudges:
        grudge.hit = 0.0
    for striker, struck in _struck(model, reaction):
        reaction.grudge(struck, striker).hit = 1.0
    pairs = product(reaction.regions, reaction.regions)
    ready = [(me, other) for me, other in pairs if reaction.grudge(me, other).due == 1.0]
    for me, other, good in [(me, other, _weak_spot(reaction, me, other)) for me, other in ready]:
        if good is not None:
            _strike_back(model, reaction, (me, other), good)
    chances, patience = model.dice.answer(model.month)[:, 0].tolist(), model.dice.patience(model.month)[:, 0].tolist()
    for grudge, grudge.chance, grudge.patience in zip(reaction.grudges, chances, patience, strict=True):
        grudge.due = answer(Government.answer, grudge)


def _strike_back(model: "Stage", reaction: Reaction, pair: tuple[int, int], good: int) -> None:
    """Stop exports of a good to who hit, and let allies go along."""
    me, other = pair
    depth = model.parameters.retaliation_depth
    reaction.grudge(other, me).hit = 1.0
    _stop(reaction.sight(good, other, me), depth)
    model.diary["answered"] += 1
    for ally in reaction.regions:
        if reaction.friends[me][ally] and ally != other and not reaction.friends[ally][other]:
            share = answer(Government.solidarity, reaction.grudge(ally, other))
            _stop(reaction.sight(good, other, ally), depth * share)
            model.diary["allies went along"] += 1


def _weak_spot(reaction: Reaction, me: int, other: int) -> int | None:
    """Return the good of which another region depends most on exports not stopped yet, the first of equals."""
    best, most = None, 0.0
    for good in reaction.goods:
        sight = reaction.sight(good, other, me)
        depending = sight.perceived * (1.0 - sight.stopped)
        if depending > most:
            best, most = good, depending
    return best


def _stop(sight: Sight, share: float) -> None:
    """Stop a share of what is still open in a corridor."""
    sight.stopped += share * (1.0 - sight.stopped)


def _struck(model: "Stage", reaction: Reaction) -> list[tuple[int, int]]:
    """Return who strikes whom by measures that begin this month."""
    found = []
    for policy in model.policies:
        if hasattr(policy, "government") and model.step_number > 0 and _begins(model, policy):
            striker = model.world.regions.index(policy.government)
            levers = idle(model.world, 1)
            policy.act(model.world, levers, model.month, model.signals)
            found += [(striker, region) for region in _victims(model, reaction, levers) if region != striker]
    return found


def _begins(model: "Stage", policy: Instrument) -> bool:
    """Return whether this is the first month of a measure."""
    year, month = divmod(model.month.year * 12 + model.month.month - 2, 12)
    return policy.holds(model.month) and not policy.holds(model.month.replace(year=year, month=month + 1))


def _victims(model: "Stage", reaction: Reaction, levers: Levers) -> set[int]:
    """Return the regions that a measure strikes: sellers taxed, buyers cut off, homes of listed firms, sites."""
    victims = set()
    for number, corridor in enumerate(model.corridors):
        buyer, supplier = corridor.buyer, number % len(reaction.regions)
        if reaction.sights[number].traded > 0.0:
            victims |= {supplier} if levers.tariff[number, 0] > 0.0 else set()
            victims |= {buyer} if levers.blocked[number, 0] > 0.0 else set()
    for way in range(len(levers.input_stop)):
        if levers.input_stop[way, 0] > 0.0:
            victims.add(way // len(reaction.regions) % len(reaction.regions))
    for plant in model.plants:
        links = range(plant.row * len(reaction.regions), (plant.row + 1) * len(reaction.regions))
        if plant.capacity > 0.0:
            listed = any(levers.denied[link, 0] > 0.0 or levers.shunned[link, 0] > 0.0 for link in links)
            victims |= {plant.owner.home} if listed else set()
            victims |= {plant.region} if levers.unequipped[plant.row, 0] > 0.0 else set()
    return victims


def _set_levers(model: "Stage", levers: Levers, reaction: Reaction) -> None:
    """Add to what dated measures ask for."""
    p = model.parameters
    for number, sight in enumerate(reaction.sights):
        levers.blocked[number, 0] += sight.stopped * (1.0 - levers.blocked[number, 0])
        levers.friend_premium[number, 0] += sight.premium
    for number, concern in enumerate(reaction.concerns):
        levers.stock_target[number, 0] += answer(Government.wanted_stock, concern)
        if concern.alarm > 0.0:
            levers.stock_pace[number, 0] = max(levers.stock_pace[number, 0], p.reserve_pace)
            levers.stock_release[number, 0] = max(levers.stock_release[number, 0], p.reserve_release)
