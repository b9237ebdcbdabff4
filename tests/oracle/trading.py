"""Choose, trade and pay, one link at a time."""

from collections.abc import Callable
from math import exp, inf, log

from abm.flow import PURPOSES
from oracle.stage import Stage
from oracle.things import Link, Need


def share(part: float, whole: float) -> float:
    """Return part / whole, 0 of nothing."""
    return part / whole if whole > 0.0 else 0.0


def rest(amount: float, gone: float) -> float:
    """Return amount - gone, 0 if that is no more than the rounding of a subtraction."""
    return amount - gone if amount - gone > 1e-12 * amount else 0.0


def choose(model: Stage) -> None:
    """Move every buyer's relationships towards the suppliers it would choose today."""
    p = model.parameters
    for link in model.links:
        plant, corridor = link.plant, link.corridor
        cheaper = plant.substitution * (plant.log_price_start - link.offer())
        wedge = log(1.0 + corridor.tariff + corridor.freight) + corridor.hazard + corridor.friend_premium
        friction = exp(-corridor.elasticity * wedge)
        link.pull = link.quality * plant.capacity * plant.accepted() * exp(cheaper) * friction
        link.pull *= (1.0 - link.off / (exp(link.offer()) * (1.0 + corridor.tariff + corridor.freight))) ** (
            -corridor.elasticity
        )
    for need in model.needs:
        total = sum(link.pull for link in need.links)
        speed = p.share_adjustment * (1.0 + p.unfilled_haste * (1.0 - need.fill))
        if total > 0.0:
            for link in need.links:
                link.weight += speed * (link.pull / total - link.weight)


def exchange(model: Stage) -> None:
    """Turn wants into orders and orders into shipments."""
    for need in model.needs:
        usable = sum(link.weight * _passing(link) for link in need.links)
        refused = rest(sum(link.weight for link in need.links), usable)
        free = sum(link.weight for link in need.links if _passing(link) >= 1.0)
        for link in need.links:
            moved = link.weight * share(refused, free) if _passing(link) >= 1.0 else 0.0
            link.asked = (link.weight * _passing(link) + moved) * need.wanted
            link.placed = link.asked
    _cut_to_quota(model, lambda link: link.placed, _place_less, already=False)
    for plant in model.plants:
        plant.offered = plant.stock
        _allocate(plant.links, plant.stock)
        plant.asked_abroad = sum(link.asked for link in plant.links if link.abroad)
        plant.allowed_abroad = sum(link.placed for link in plant.links if link.abroad)
        plant.ordered = sum(link.placed for link in plant.links)
    _note_fill(model)
    _spill_over(model)
    for plant in model.plants:
        plant.delivered = sum(link.shipped for link in plant.links)
        plant.stock = rest(plant.stock, plant.delivered)
    for need in model.needs:
        need.received = sum(link.shipped for link in need.links)
    _remember(model)
    _carry_over(model)


def _passing(link: Link) -> float:
    """Return the share of a link's orders that neither its corridor nor a list of firms stops."""
    plant, need = link.plant, link.need
    denied = need.plant.denied[plant.region] if need.plant else 0.0
    return (1.0 - link.corridor.blocked) * (1.0 - plant.shunned[need.region]) * (1.0 - denied)


def _place_less(link: Link, cut: float) -> None:
    """Place fewer orders."""
    link.placed *= cut


def _ask_less(link: Link, cut: float) -> None:
    """Turn to a supplier for less."""
    link.pull *= cut


def _cut_to_quota(
    model: Stage, amount: Callable[[Link], float], cut: Callable[[Link, float], None], *, already: bool
) -> None:
    """Cut all exports of a good from a region by the same share, to the quota or what shipments left of it."""
    for place in model.places:
        if place.quota == inf:
            continue
        room = place.quota
        if already:
            room = max(room - sum(link.shipped for link in place.exports), 0.0)
        leaving = sum(amount(link) for link in place.exports)
        if leaving > room:
            for link in place.exports:
                cut(link, room / leaving)


def _allocate(links: list[Link], stock: float) -> None:
    """Let a supplier serve its usual buyers first and share out the rest pro rata."""
    claim = [
        (link.plant.parameters.memory_share * link.memory + (1.0 - link.plant.parameters.memory_share) * link.placed)
        * (link.corridor.priority * link.corridor.rated)
        for link in links
    ]
    for link, mine in zip(links, claim, strict=True):
        link.shipped = min(link.placed, mine * share(stock, sum(claim)))
    left = rest(stock, sum(link.shipped for link in links))
    unmet = sum(link.placed - link.shipped for link in links)
    served = min(share(left, unmet), 1.0)
    for link in links:
        link.shipped += (link.placed - link.shipped) * served


def _note_fill(model: Stage) -> None:
    """Note in every corridor which share of what was asked for is on its way before anyone turns elsewhere."""
    for corridor in model.corridors:
        corridor.asked, corridor.fill, corridor.traded = 0.0, 1.0, 0.0
    for link in model.links:
        link.corridor.asked += link.asked
        link.corridor.traded += link.shipped
    for corridor in model.corridors:
        if corridor.asked > 0.0:
            corridor.fill = corridor.traded / corridor.asked


def _spill_over(model: Stage) -> None:
    """Let buyers left short turn once to every accepted supplier they know that has stock left."""
    spare = [rest(p.stock, sum(link.shipped for link in p.links)) * p.accepted() for p in model.plants]
    for need in model.needs:
        missing = rest(need.wanted, sum(link.shipped for link in need.links))
        for link in need.links:
            link.pull = spare[link.plant.row] if _passing(link) >= 1.0 else 0.0
        total = sum(link.pull for link in need.links)
        for link in need.links:
            link.pull *= share(missing, total)
    _cut_to_quota(model, lambda link: link.pull, _ask_less, already=True)
    for plant in model.plants:
        served = min(share(spare[plant.row], sum(link.pull for link in plant.links)), 1.0)
        for link in plant.links:
            link.shipped += link.pull * served
            model.diary["spilled over"] += link.pull * served > 0.0


def _remember(model: Stage) -> None:
    """Let suppliers and buyers remember the month."""
    p = model.parameters
    for corridor in model.corridors:
        corridor.traded = 0.0
    for link in model.links:
        link.memory += p.memory_speed * (link.shipped - link.memory)
        link.corridor.traded += link.shipped
    for plant in model.plants:
        plant.expected += p.order_smoothing * (max(plant.ordered, plant.delivered) - plant.expected)
        plant.usual += (plant.expected - plant.usual) / p.growth_memory
        rise = share(plant.expected - plant.usual, plant.usual) / p.growth_memory
        plant.trend += (min(max(rise, -p.growth_cap), p.growth_cap) - plant.trend) / p.trend_memory
    for need in model.needs:
        need.fill = min(need.received / need.wanted, 1.0) if need.wanted > 0.0 else 1.0
    _learn_hazards(model)


def _learn_hazards(model: Stage) -> None:
    """Let buyers see corridors as hazardous that refuse what they would order, or fail to fill it."""
    p = model.parameters
    sought, let = [0.0 for _ in model.corridors], [0.0 for _ in model.corridors]
    place = {corridor: number for number, corridor in enumerate(model.corridors)}
    for link in model.links:
        order = link.weight * link.need.wanted
        sought[place[link.corridor]] += order
        let[place[link.corridor]] += order * _passing(link)
    for number, corridor in enumerate(model.corridors):
        allowed = let[number] / sought[number] if sought[number] > 0.0 else 1.0 - corridor.blocked
        broken = p.hazard_scale * (1.0 - allowed * corridor.fill)
        speed = p.hazard_learning if broken > corridor.hazard else p.hazard_forgetting
        corridor.hazard = max(corridor.hazard + speed * (broken - corridor.hazard), 0.0)


def _carry_over(model: Stage) -> None:
    """Put inputs in transit; let part of the unmet final demand wait and the rest give up."""
    for need in model.needs:
        if need.plant is not None:
            need.transit = need.received
        else:
            missing = max(need.wanted - need.received, 0.0)
            need.backlog = missing * need.patience
            need.lost = missing - need.backlog


def pay(model: Stage) -> None:
    """Settle every shipment between buyer, seller, government and carrier."""
    for link in model.links:
        need, plant, corridor = link.need, link.plant, link.corridor
        value = link.shipped * exp(link.offer())
        duty, carriage = value * corridor.tariff, value * corridor.freight
        corridor.traded_value += value
        plant.revenue += value
        plant.owner.cash += value
        model.governments[need.region].tariff_revenue += duty
        model.governments[need.region].treasury += duty
        model.households[need.region].household += carriage
        need.bill += value + duty + carriage
        charge(model, need, value + duty + carriage)


def charge(model: Stage, need: Need, bill: float) -> None:
    """Let a buyer pay, and the treasury its share of what final buyers buy."""
    if need.plant is not None:
        need.plant.owner.cash -= bill
        return
    public, government = bill * need.place.procurement, model.governments[need.region]
    model.households[need.region].household -= bill - public
    government.treasury -= public
    government.outlay[PURPOSES.index("procurement")] += public
