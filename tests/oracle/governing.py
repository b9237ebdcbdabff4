"""Govern and open, one agent at a time."""

from dataclasses import replace
from math import exp

import numpy as np

from abm.policies.levers import Levers, idle
from oracle.cast import Owner, Plant
from oracle.moving import close_down
from oracle.reacting import react
from oracle.stage import Stage
from oracle.things import Place, Pot


def govern(model: Stage) -> None:
    """Hand the month's levers to whom they concern, then let luck strike."""
    levers = idle(model.world, 1)
    model.signals = replace(
        model.signals,
        under_cost=np.array([[_under_cost(place)] for place in model.places]),
        added=np.array([[_added(place)] for place in model.places]),
        held={pot.name: np.array([[_held(pot, owner)] for owner in model.owners]) for pot in model.pots},
    )
    for policy in model.policies:
        policy.act(model.world, levers, model.month, model.signals)
    if model.reaction is not None:
        react(model, levers, model.reaction)
    _hand_over(model, levers)
    _hand_to_makers(model, levers)
    _use_reserves(model)
    _strike(model)
    _wander(model)


def _under_cost(place: Place) -> float:
    """Return how far a place's export prices lie under unit cost, share of cost, mean of makers by output."""
    sold = sum(plant.expected for plant in place.plants)
    gap = sum(
        max(1.0 - exp(plant.log_price_export) / max(plant.cost, 1e-12), 0.0) * plant.expected for plant in place.plants
    )
    return gap / sold if sold > 1e-200 else 0.0


def _added(place: Place) -> float:
    """Return the share of a place's capacity that has come since the start."""
    now = sum(plant.capacity for plant in place.plants)
    return max(1.0 - place.capacity_at_start / now, 0.0) if now > 0.0 else 0.0


def _held(pot: Pot, owner: Owner) -> float:
    """Return the money an owner had or was promised by a programme."""
    return pot.granted[owner.number] + sum(pot.grant_due[plant.row] for plant in owner.plants)


def _hand_over(model: Stage, levers: Levers) -> None:
    """Give every lever to whom it concerns."""
    for number, corridor in enumerate(model.corridors):
        corridor.tariff = float(levers.tariff[number, 0])
        corridor.blocked = float(levers.blocked[number, 0])
        corridor.friend_premium = float(levers.friend_premium[number, 0])
        corridor.rated = float(levers.rated[number, 0])
    for number, place in enumerate(model.places):
        place.quota = float(levers.quota[number, 0])
        place.tax_credit = float(levers.tax_credit[number, 0])
        place.capex_factor, place.fast_track = (
            float(levers.capex_factor[number, 0]),
            float(levers.fast_track[number, 0]),
        )
        place.demand = float(levers.demand[number, 0])
        for name in ("procurement", "stock_target", "stock_pace", "stock_release", "pooled"):
            setattr(place, name, float(getattr(levers, name)[number, 0]))
    for plant in model.plants:
        plant.standing, plant.barred = float(levers.outage[plant.row, 0]), float(levers.barred[plant.row, 0])
    regions = len(model.regions)
    for plant in model.plants:
        plant.unequipped = float(levers.unequipped[plant.row, 0])
        reach = slice(plant.row * regions, (plant.row + 1) * regions)
        plant.denied, plant.shunned = levers.denied[reach, 0].tolist(), levers.shunned[reach, 0].tolist()
    for number, supply in enumerate(model.supplies):
        supply.stopped = levers.input_stop[number * regions : (number + 1) * regions, 0].tolist()


def _hand_to_makers(model: Stage, levers: Levers) -> None:
    """Give the levers of making and selling to whom they concern."""
    model.content = levers.content
    for number, place in enumerate(model.places):
        place.running_cost = float(levers.running_cost[number, 0])
        place.per_unit = float(levers.production_credit[number, 0])
        place.found = float(levers.know_how[number, 0])
        place.collection = float(levers.collection[number, 0])
    for plant in model.plants:
        plant.price_floor = float(levers.price_floor[plant.row, 0])
    for region, government in enumerate(model.governments):
        government.information = float(levers.information[region, 0])
        government.research = float(levers.research[region, 0])


def _use_reserves(model: Stage) -> None:
    """Let every region live off its reserves of critical inputs whose supply is stopped, and refill them after."""
    for supply in model.supplies:
        lost = sum(share * stopped for share, stopped in zip(supply.shares, supply.stopped, strict=True))
        supply.short = max(lost - supply.reserve, 0.0)
        refilled = supply.full / 12.0 if lost <= 0.0 else 0.0
        supply.reserve = min(max(supply.reserve - lost, 0.0) + refilled, supply.full)


def _strike(model: Stage) -> None:
    """Let accidents, outages and missing critical inputs idle plants."""
    p = model.parameters
    luck = model.dice.outage(model.month)[:, 0].tolist()
    for plant in model.plants:
        plants = max(plant.capacity / max(plant.project_size, 1e-12), 1.0)
        struck = p.outage_depth / plants if luck[plant.row] < p.outage_chance * plants else 0.0
        plant.outage = max(plant.outage * p.outage_memory, struck)
        starts, plant.finishes = _fed(model, plant)
        plant.idle_share = 1.0 - (1.0 - plant.outage) * (1.0 - plant.standing) * starts


def _fed(model: Stage, plant: Plant) -> tuple[float, float]:
    """Return the shares of a plant's starts, and of what is due, for which critical inputs are there."""
    starts, finishes, inputs = 1.0, 1.0, model.world.critical_inputs
    for kind, (use, late) in enumerate(zip(inputs.use, inputs.late.tolist(), strict=True)):
        lost = float(use[plant.good]) * model.supplies[kind * len(model.regions) + plant.region].short
        starts *= 1.0 - (1.0 - late) * lost
        finishes *= 1.0 - late * lost
    return starts, finishes


def _wander(model: Stage) -> None:
    """Let demand wander: passing shocks by place, lasting ones by good."""
    p = model.parameters
    passing, lasting = model.dice.demand(model.month)[:, 0].tolist(), model.dice.drift(model.month)[:, 0].tolist()
    for good in model.goods:
        model.demand_trend[good] += p.demand_drift * lasting[good]
    for place, luck in zip(model.places, passing, strict=True):
        place.demand_shock = p.demand_memory * place.demand_shock + p.demand_noise * luck
    for need in model.needs:
        place = need.place
        need.demand_factor = exp(place.demand_shock + model.demand_trend[need.good]) * place.demand


def open_plants(model: Stage) -> None:
    """Wear down capacity, open what was under construction, land what was in transit."""
    for plant in model.plants:
        due = model.step_number % len(plant.ring)
        plant.ramping += plant.ring[due]
        plant.ring[due] = 0.0
        plant.opened = plant.ramping / model.parameters.ramp_months
        plant.ramping -= plant.opened
        plant.building = max(plant.building - plant.opened, 0.0)
        plant.capacity = plant.capacity * (1.0 - plant.depreciation) + plant.opened
        close_down(model, plant)
        if plant.capacity > 0.0:
            plant.age += 1.0
    for need in model.needs:
        need.input_stock += need.transit
        need.transit = 0.0
