"""Invest, one owner's business at a time."""

from math import exp

from oracle.cast import Owner, Plant
from oracle.stage import Stage
from oracle.things import Division, Pot
from oracle.trading import share

NEVER = 1e9


def invest(model: Stage) -> None:
    """Renew worn capacity, let wishes for more grow, and put forward the projects that are ripe."""
    _read_signals(model)
    for plant in model.plants:
        plant.needed = plant.decide("capacity_needed")
        renewed = plant.decide("replacement") * plant.investable * (1.0 - plant.owner.bankrupt)
        renewed *= 1.0 - model.parameters.renewal_tools * plant.unequipped
        begin(model, plant, renewed, (plant.capex, plant.lag))
    for plant in model.plants:
        plant.hope = 0.0
        for pot in model.pots:
            if is_open(model, pot):
                plant.hope = max(plant.hope, pot.eligible[plant.row] * pot.cap_share * pot.gift[plant.row])
    luck = model.dice.site(model.month)[:, 0].tolist()
    for division in model.divisions:
        _ripen(model, division)
        _choose_site(model, division, luck)
    for owner in model.owners:
        _raise_money(model, owner.divisions)


def _read_signals(model: Stage) -> None:
    """Let every owner read what its sites are worth and earn."""
    p = model.parameters
    for good in model.goods:
        places = [place for place in model.places if place.good == good]
        makers = [plant for place in places for plant in place.plants]
        capacity = sum(maker.capacity for maker in makers)
        world = share(sum(exp(m.log_price_export) * m.output for m in makers), sum(m.output for m in makers))
        for place in places:
            spent = sum(need.landed * need.received for need in place.needs)
            market = max(share(spent, sum(need.received for need in place.needs)), world)
            for plant in place.plants:
                plant.market_price, plant.tax_credit = market, place.tax_credit
                plant.presence = share(sum(other.capacity for other in place.plants), capacity)
                _read_site(model, plant)
    for plant in model.plants:
        plant.worth_now = plant.decide("site_worth") * plant.investable
        plant.worth += (plant.worth_now - plant.worth) / p.margin_memory
        margin = plant.decide("return_on_capital")
        plant.earning += (margin * plant.investable - plant.earning) / p.margin_memory


def _read_site(model: Stage, plant: Plant) -> None:
    """Let an owner read what new capacity costs now and when it would open."""
    place = plant.place
    plant.site_capex = plant.capex * place.capex_factor
    plant.site_lag = float(min(max(round(plant.lag - place.fast_track), 1), len(plant.ring) - 1))
    plant.site_annuity = plant.annuity
    if plant.site_lag != plant.lag and not model.parameters.payback_months:
        rate, opens = plant.hurdle, plant.site_lag
        plant.site_annuity = (exp(-rate * opens) - exp(-rate * (opens + max(plant.life, 1.0)))) / rate


def startable(plant: Plant) -> float:
    """Return the share of new capacity that is neither barred nor without tools."""
    return (1.0 - plant.barred) * (1.0 - plant.unequipped)


def is_open(model: Stage, pot: Pot) -> bool:
    """Return whether a programme takes in projects this month and has money left."""
    return pot.first <= model.step_number <= pot.last and pot.pot_left > 0.0


def best_of(plants: list[Plant], value: dict[int, float]) -> Plant:
    """Return the plant of highest value, the first of equals."""
    best = plants[0]
    for plant in plants:
        if value[plant.row] > value[best.row]:
            best = plant
    return best


def _ripen(model: Stage, division: Division) -> None:
    """Let a division's wish for capacity grow or fade; its size is a wish that makes a project, else 0."""
    p = model.parameters
    may = {plant.row: (1.0 - plant.owner.bankrupt) * plant.investable for plant in division.plants}
    capacity = sum(plant.capacity * may[plant.row] for plant in division.plants)
    going = {plant.row: sum(plant.leaving) / p.gap_months for plant in division.plants}
    need = max(sum((plant.decide("expansion") + going[plant.row]) * may[plant.row] for plant in division.plants), 0.0)
    gain = {q.row: q.worth - q.worth_start + q.hope if may[q.row] > 0.0 else -NEVER for q in division.plants}
    best = best_of(division.plants, gain)
    whole = best.project_size
    if capacity > 0.0:
        standing = sum(plant.capacity for plant in division.plants)
        earned = share(sum(plant.earning * plant.capacity for plant in division.plants), standing)
        growing = need if earned >= best.hurdle else 0.0
        lump = min(whole, p.lump_share * capacity)
    else:
        waiting = sum(plant.building for plant in division.plants) > 0.0
        growing = whole / p.entry_months if gain[best.row] >= p.entry_improvement and not waiting else 0.0
        lump = whole
    division.wish = division.wish + growing if growing > 0.0 else division.wish * (1.0 - p.wish_fading)
    largest = max(whole, p.largest_lump * p.lump_share * capacity)
    division.size = min(division.wish, largest) if division.wish >= lump > 0.0 else 0.0


def _choose_site(model: Stage, division: Division, luck: list[float]) -> None:
    """Choose the site of a ripe project, with the grants it may hope for and without; drop what is worth nothing."""
    scale = model.parameters.site_scale
    value, hoped = {}, {}
    for plant in division.plants:
        seen = plant.decide("site_value") + luck[plant.row]
        for pot in model.pots:
            owner = division.owner
            at_risk = pot.granted[owner.number] + sum(pot.grant_due[other.row] for other in owner.plants)
            seen -= share(at_risk * pot.barred[plant.row], division.size * plant.site_capex) / scale
        seen -= NEVER * max(startable(plant) <= 0.0, plant.owner.bankrupt)
        value[plant.row], hoped[plant.row] = seen, seen + plant.hope / scale
    division.chosen, division.plain = best_of(division.plants, hoped), best_of(division.plants, value)
    chosen = division.chosen
    if chosen.worth_now + chosen.hope <= 0.0 or value[chosen.row] <= -0.5 * NEVER:
        division.size = 0.0
    division.wish = max(division.wish - division.size * (1.0 - startable(chosen)), 0.0)
    division.size *= startable(chosen)
    gap = 0.0 if chosen is division.plain else (value[division.plain.row] - value[chosen.row]) * scale
    division.short = max(gap, -chosen.worth_now, 0.0)


def _raise_money(model: Stage, divisions: list[Division]) -> None:
    """Shrink an owner's projects to what cash, credit and new equity can pay for; shareholders at the sites pay in."""
    p, owner = model.parameters, divisions[0].owner
    wanted = sum(division.size * division.chosen.site_capex for division in divisions)
    own = means(model, owner)
    paid = min(share(own + p.equity_share * wanted, wanted), 1.0)
    equity = max(wanted * paid - own, 0.0)
    owner.cash += equity
    for division in divisions:
        asked = division.size * division.chosen.site_capex
        model.households[division.chosen.region].household -= equity * share(asked, wanted)
        division.size *= paid
        division.project_cost = division.size * division.chosen.site_capex


def public_loans(model: Stage, owner: Owner) -> float:
    """Return what an owner owes to programmes of loans."""
    return sum(pot.holding[owner.number] for pot in model.pots if pot.form == "loan")


def means(model: Stage, owner: Owner) -> float:
    """Return what an owner can spend without new equity: cash and what the bank still lends."""
    assets = sum((plant.capacity + plant.building) * plant.capex for plant in owner.plants)
    room = model.parameters.borrow_limit * assets - owner.debt - public_loans(model, owner)
    return max(room, 0.0) + max(owner.cash, 0.0)


def begin(model: Stage, plant: Plant, capacity: float, terms: tuple[float, float]) -> None:
    """Break ground: capacity opens after the lag and is paid for over the usual build; terms are capex and lag."""
    capex, lag = terms
    plant.ring[(model.step_number + int(lag)) % len(plant.ring)] += capacity
    plant.building += capacity
    plant.due += capacity * capex
    plant.started += capacity
