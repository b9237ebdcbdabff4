"""Plan, order, produce, cost, price, thrift and recycle, one agent at a time."""

from math import exp, inf, log

from abm.agents import Household
from abm.frame import scrap_of
from oracle.cast import Plant, answer
from oracle.public_money import announce
from oracle.stage import Stage
from oracle.things import Need
from oracle.trading import rest


def plan(model: Stage) -> None:
    """Let every maker say what it wants to start."""
    announce(model)
    for plant in model.plants:
        now, usual = model.end_demand[plant.good], model.usual_end_demand[plant.good]
        plant.informed = model.governments[plant.region].information
        plant.demand_rise = now / usual if usual > 0.0 else 0.0
        plant.in_progress = sum(plant.making)
        plant.foreseen = plant.decide("forecast")
        plant.desired = plant.decide("desired_output")


def order(model: Stage) -> None:
    """Let makers order inputs and households final goods."""
    for plant in model.plants:
        for need in plant.needs:
            per_unit = need.coefficient * need.thrift
            need.planned_use = per_unit * plant.desired
            need.usual_use = per_unit * plant.decide("usual_output")
            need.use_growth = plant.decide("growth")
            need.wanted = answer(getattr(type(plant), "input_orders"), need)  # noqa: B009 - a rule of its kind
    for people in model.households:
        _split_cars(model, people.needs)
        for need in people.needs:
            need.base_demand *= 1.0 + need.trend
            need.wanted = answer(Household.purchases, need)
    _add_up_demand(model)


def _add_up_demand(model: Stage) -> None:
    """Work out the new final demand behind every good, and what is usual."""
    final = [0.0 for _ in model.goods]
    for people in model.households:
        for need in people.needs:
            final[need.good] += rest(need.wanted, need.backlog)
    for good in model.goods:
        behind = sum(need * sold for need, sold in zip(model.required[good], final, strict=True))
        model.end_demand[good] += model.parameters.order_smoothing * (behind - model.end_demand[good])
        gap = model.end_demand[good] - model.usual_end_demand[good]
        model.usual_end_demand[good] += gap / model.parameters.growth_memory


def _split_cars(model: Stage, needs: list[Need]) -> None:
    """Split a region's pool of cars between electric and combustion."""
    codes = model.world.goods.code
    cars = [need for need in needs if codes[need.good] in {"car_electric", "car_combustion"}]
    electric, combustion = sorted(cars, key=lambda need: codes[need.good] != "car_electric")
    people = model.households[electric.region]
    dearer = [log((need.landed - need.credit) / need.landed_start) for need in (electric, combustion)]
    people.electric_premium = dearer[0] - dearer[1]
    people.electric_taste = people.taste + people.ev_policy * (model.step_number + 1.0)
    people.electric_share = answer(Household.electric_choice, people)
    pool = electric.base_demand + combustion.base_demand
    electric.base_demand = pool * people.electric_share
    combustion.base_demand = pool * (1.0 - people.electric_share)


def produce(model: Stage) -> None:
    """Start output as inputs allow, use the inputs up, finish what was in progress."""
    for plant in model.plants:
        _limit(plant)
        plant.output = plant.decide("output")
        for need in plant.needs:
            need.used = min(need.coefficient * need.thrift * plant.output, need.input_stock)
            need.input_stock = rest(need.input_stock, need.used)
        ready = (model.step_number + int(plant.production_lag)) % len(plant.making)
        plant.making[ready] += plant.output
        now = model.step_number % len(plant.making)
        plant.finished = plant.making[now] * plant.finishes
        waiting, plant.making[now] = plant.making[now] - plant.finished, 0.0
        plant.making[(now + 1) % len(plant.making)] += waiting
        plant.stock += plant.finished
        plant.experience = plant.experience * (1.0 - plant.forgetting) + plant.output


def _limit(plant: Plant) -> None:
    """Note the output that critical inputs allow, and the cost rise by missing other inputs."""
    plant.input_limit = inf
    for need in plant.needs:
        allowed = need.input_stock / (need.coefficient * need.thrift)
        if need.critical:
            plant.input_limit = min(plant.input_limit, allowed)
        elif plant.desired > 0.0:
            plant.makeshift += plant.parameters.substitute_cost * max(1.0 - allowed / plant.desired, 0.0)


def cost(model: Stage) -> None:
    """Work out what inputs cost where they are used and what a unit costs to make."""
    for need in model.needs:
        landed = 0.0
        for link in need.links:
            landed += link.weight * exp(link.offer()) * (1.0 + link.corridor.tariff + link.corridor.freight)
        need.price_rise += model.parameters.price_watch * (landed / need.landed - 1.0 - need.price_rise)
        need.landed = landed
        need.landed_year += (landed - need.landed_year) / 12.0
    for place in model.places:
        place.know_how += place.found
    known = [0.0 for _ in model.goods]
    for plant in model.plants:
        known[plant.good] += plant.experience
    for plant in model.plants:
        plant.input_bill = sum(need.coefficient * need.thrift * need.landed for need in plant.needs)
        plant.own_experience = sum(other.experience for other in plant.division.plants)
        plant.others_experience = max(known[plant.good] - plant.own_experience, 0.0)
        plant.cost_factor = plant.place.running_cost * exp(-plant.place.know_how)
        plant.operating_cost = plant.decide("running_cost")
        plant.cost = plant.decide("unit_cost")


def price(model: Stage) -> None:
    """Let every maker reprice at home and for export."""
    for plant in model.plants:
        slack = 1e-3 * plant.capacity + 1e-12
        tight = log((plant.ordered * plant.stock_cover + slack) / (plant.offered + slack))
        runnable = plant.decide("runnable")
        busy = plant.desired / runnable if runnable > 0.0 else 1.0
        plant.tension_home = min(max(tight, -1.0), 1.0) * (busy if tight > 0.0 else 1.0)
        turned_away = log((plant.asked_abroad + slack) / (plant.allowed_abroad + slack))
        plant.tension_export = min(max(plant.tension_home + turned_away, -1.0), 1.0)
        home, export = plant.decide("home_price"), plant.decide("export_price")
        plant.log_price_home, plant.log_price_export = home, export
        plant.quote()


def thrift(model: Stage) -> None:
    """Let users of scarce inputs redesign while the input stays dear."""
    p = model.parameters
    for need in model.needs:
        excess = need.landed_year / need.landed_start - 1.0 - p.thrift_threshold
        dear = min(max(excess, 0.0), 1.0)
        # Whoever is at the floor already, or under it, does not go back.
        need.thrift = max(need.thrift * (1.0 - need.thrift_speed * dear), min(p.thrift_floor, need.thrift))


def recycle(model: Stage) -> None:
    """Let goods in use retire, sales take their place, and collectors take in their share."""
    regions = len(model.regions)
    retired = [0.0 for _ in model.places]
    for number, place in enumerate(model.places):
        life = float(model.world.goods.in_use_life[place.good])
        retired[number] = place.in_use / life if life > 0.0 else place.in_use
        sold = 0.0
        for part, sold_in, amount in model.contents:
            if part == place.good:
                final = model.places[sold_in * regions + place.region].needs
                sold += amount * sum(need.received for need in final if need.plant is None)
        place.in_use = max(place.in_use + sold - retired[number], 0.0)
    behind = scrap_of(model.world)
    for plant in model.plants:
        if plant.good in behind:
            plant.mandated = plant.place.collection
            plant.retired = retired[behind[plant.good] * regions + plant.region]
        if plant.scrap_collected > 0.0:
            plant.capacity = plant.decide("collection")
