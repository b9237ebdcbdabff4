"""Pool: public stocks are sold in an emergency, shared among allies, and bought, one place at a time."""

from math import exp

from abm.agents import Government
from abm.flow import PURPOSES
from oracle.cast import Plant, answer
from oracle.stage import Stage
from oracle.things import Need, Place
from oracle.trading import charge, rest, share


def help_out(model: Stage) -> None:
    """Sell public stock and favour allies next month where orders went unfilled, and buy for stock elsewhere."""
    for place in model.places:
        wanted = sum(need.wanted for need in place.needs)
        received = sum(need.received for need in place.needs)
        place.fill_rate = min(received / wanted, 1.0) if wanted > 0.0 else 1.0
        place.missing = max(wanted - received, 0.0)
        place.emergency = answer(Government.emergency, place)
    regions = len(model.regions)
    for number, corridor in enumerate(model.corridors):
        buyer, seller = model.places[number // regions], model.places[number // regions**2 * regions + number % regions]
        in_need = buyer.emergency > 0.0 and buyer.pooled > 0.0
        corridor.priority = 1.0 / (1.0 - seller.pooled) if in_need else 1.0
    for good in model.goods:
        _release(model, [place for place in model.places if place.good == good])
    _stock_up(model)


def _release(model: Stage, places: list[Place]) -> None:
    """Release public stock of a good: each region helps itself, then members of the pool help each other pro rata."""
    short = [place.missing * place.emergency for place in places]
    ready = [answer(Government.offered_stock, place) for place in places]
    own = [min(want, have) for want, have in zip(short, ready, strict=True)]
    wants = [a - b if place.pooled > 0.0 else 0.0 for a, b, place in zip(short, own, places, strict=True)]
    spares = []
    for place, have, used in zip(places, ready, own, strict=True):
        kept = (1.0 - place.pooled) * place.stock_target
        spares.append(min((have - used) * place.pooled, max(place.public_stock - kept - used, 0.0)))
    moved = min(sum(wants), sum(spares))
    model.diary["allies gave of their stock"] += moved > 0.0
    for place, helped, want, spare in zip(places, own, wants, spares, strict=True):
        place.released = helped + want * share(moved, sum(wants))
        place.taken = helped + spare * share(moved, sum(spares))
        place.public_stock = max(place.public_stock - place.taken, 0.0)
    paid = 0.0
    for place in places:
        gaps = [max(need.wanted - need.received, 0.0) for need in place.needs]
        for need, gap in zip(place.needs, gaps, strict=True):
            extra = gap * share(place.released, sum(gaps))
            _hand_out(need, extra)
            charge(model, need, extra * need.landed)
            need.bill += extra * need.landed
            paid += extra * need.landed
    taken = sum(place.taken for place in places)
    for place in places:
        _spend(model, place, -share(place.taken, taken) * paid)


def _spend(model: Stage, place: Place, amount: float) -> None:
    """Let a treasury pay for stock, or take in what is negative."""
    government = model.governments[place.region]
    government.treasury -= amount
    government.outlay[PURPOSES.index("stockpile")] += amount


def _hand_out(need: Need, extra: float) -> None:
    """Hand released stock to a buyer left short."""
    need.received += extra
    if need.plant is not None:
        need.transit += extra
    else:
        waiting = extra * need.patience
        need.backlog = max(need.backlog - waiting, 0.0)
        need.lost = max(need.lost - (extra - waiting), 0.0)


def _stock_up(model: Stage) -> None:
    """Let states buy towards their targets from what makers have left; who is asked for too much shares it out."""
    left = {plant.row: plant.stock * plant.accepted() for plant in model.plants}
    asked: dict[int, dict[int, float]] = {plant.row: {} for plant in model.plants}
    for place in model.places:
        wanted = place.stock_pace * max(place.stock_target - place.public_stock, 0.0) * (1.0 - place.emergency)
        makers = [plant for plant in model.plants if plant.good == place.good]
        pull = [left[plant.row] * _may_buy(model, place, plant) for plant in makers]
        for plant, most in zip(makers, pull, strict=True):
            asked[plant.row][place.region] = most * min(share(wanted, sum(pull)), 1.0)
    for origin in model.places:
        _keep_to_quota(model, origin, asked)
    for plant in model.plants:
        orders = asked[plant.row]
        served = min(share(left[plant.row], sum(orders.values())), 1.0)
        for buyer, order in orders.items():
            _sell_to_state(model, plant, buyer, order * served)
        sold = sum(orders.values()) * served
        plant.stock = rest(plant.stock, sold)
        plant.delivered += sold


def _may_buy(model: Stage, place: Place, plant: Plant) -> float:
    """Return the share of a plant's stock that a state may buy."""
    number = (place.good * len(model.regions) + place.region) * len(model.regions) + plant.region
    return (1.0 - model.corridors[number].blocked) * (1.0 - plant.shunned[place.region])


def _keep_to_quota(model: Stage, origin: Place, asked: dict[int, dict[int, float]]) -> None:
    """Cut what states abroad ask of a place's makers to what its quota has left."""
    room = max(origin.quota - sum(link.shipped for link in origin.exports), 0.0)
    abroad = [(plant, buyer) for plant in origin.plants for buyer in asked[plant.row] if buyer != origin.region]
    leaving = sum(asked[plant.row][buyer] for plant, buyer in abroad)
    if leaving > room:
        for plant, buyer in abroad:
            asked[plant.row][buyer] *= room / leaving
        model.diary["a quota cut what states bought"] += 1


def _sell_to_state(model: Stage, plant: Plant, buyer: int, amount: float) -> None:
    """Sell to a state for stock: at the price at home or for export, with freight and without tariff."""
    place = model.places[plant.good * len(model.regions) + buyer]
    corridor = model.corridors[(plant.good * len(model.regions) + buyer) * len(model.regions) + plant.region]
    value = amount * exp(plant.log_price_home if buyer == plant.region else plant.log_price_export)
    place.public_stock += amount
    plant.revenue += value
    plant.owner.cash += value
    model.households[buyer].household += value * corridor.freight
    _spend(model, place, value * (1.0 + corridor.freight))
    model.diary["stock was bought"] += amount > 0.0
