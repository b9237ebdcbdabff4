"""What treasuries promise and pay to makers, buyers and researchers, one at a time."""

from collections.abc import Callable
from functools import partial
from math import exp

from abm.flow import PURPOSES
from abm.policies.levers import ContentRule
from oracle.cast import Owner, Plant
from oracle.stage import Stage
from oracle.things import Link


def announce(model: Stage) -> None:
    """Tell makers what they will be paid per unit, and buyers how much they get off which maker's goods."""
    for plant in model.plants:
        plant.production_credit = plant.place.per_unit
    for link in model.links:
        link.off = 0.0
    for rule in model.content:
        _offer(model, rule)
    for need in model.needs:
        for link in need.links:
            link.off = min(link.off, model.parameters.largest_credit * _price(link))
        off = sum(link.weight * link.off for link in need.links)
        need.credit = min(off, model.parameters.largest_credit * need.landed)


def _price(link: Link) -> float:
    """Return what the buyer pays for a unit with tariff and freight."""
    return exp(link.offer()) * (1.0 + link.corridor.tariff + link.corridor.freight)


def _offer(model: Stage, rule: ContentRule) -> None:
    """Add what a rule takes off each maker's good."""
    inside: dict[int, tuple[float, float, float]] = {}
    for need in model.households[rule.buyer].needs:
        for link in need.links if need.good == rule.good else ():
            if rule.makers[link.plant.region]:
                whole, allowed, barred = _traced(model, rule, link.plant, inside)
                share = allowed / whole if whole > 0.0 else 0.0
                earned = min(share / rule.threshold, 1.0) if rule.threshold > 0.0 else 1.0
                earned = min(earned, 1.0 - (barred / whole if whole > 0.0 else 0.0))
                link.off += float(rule.amount[0]) * earned


def _traced(
    model: Stage, rule: ContentRule, plant: Plant, inside: dict[int, tuple[float, float, float]]
) -> tuple[float, float, float]:
    """Return how much of the traced good is in a unit of a plant's, how much of it is allowed, how much barred."""
    if plant.good == rule.traced:
        return 1.0, float(rule.allowed[plant.region]), float(rule.barred[plant.row])
    if plant.row not in inside:
        found = [0.0, 0.0, 0.0]
        for need in plant.needs:
            for link in need.links:
                taken = need.coefficient * need.thrift * link.weight
                for kind, part in enumerate(_traced(model, rule, link.plant, inside)):
                    found[kind] += taken * part
        inside[plant.row] = (found[0], found[1], found[2])
    return inside[plant.row]


def support(model: Stage) -> None:
    """Pay makers per unit of output and what sales brought less than guaranteed, buyers their credit, and research."""
    for plant in model.plants:
        pay = partial(_pay_owner, model, plant)
        _spend(model, plant.region, "production_credits", plant.output * plant.production_credit, pay)
        short = max(plant.price_floor * plant.delivered - plant.revenue, 0.0)
        _spend(model, plant.region, "price_floors", short, pay)
    for region, people in enumerate(model.households):
        pay = partial(_pay_people, model, region)
        _spend(model, region, "research", model.governments[region].research, pay)
        for need in people.needs:
            for link in need.links:
                _spend(model, region, "purchase_credits", link.off * link.shipped, pay)


def _spend(model: Stage, region: int, purpose: str, amount: float, pay: Callable[[float], None]) -> None:
    """Let a treasury pay for a purpose."""
    model.governments[region].treasury -= amount
    model.governments[region].outlay[PURPOSES.index(purpose)] += amount
    pay(amount)


def _pay_owner(model: Stage, plant: Plant, amount: float) -> None:
    """Pay a plant's owner."""
    plant.owner.cash += amount
    plant.public_money += amount


def _pay_people(model: Stage, region: int, amount: float) -> None:
    """Pay a region's households."""
    model.households[region].household += amount


def give_back(owner: Owner, amount: float) -> None:
    """Enter what an owner pays back to a treasury against what its plants received, by the capacity of each."""
    capacity = sum(plant.capacity for plant in owner.plants)
    for plant in owner.plants:
        part = plant.capacity / capacity if capacity > 0.0 else 1.0 / len(owner.plants)
        plant.public_money -= amount * part
