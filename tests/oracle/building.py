"""Invest and award, one owner's business at a time."""

from math import ceil, exp

from oracle.cast import Division, Plant, Pot
from oracle.stage import Stage
from oracle.trading import share

NEVER = 1e9


def invest(model: Stage) -> None:
    """Renew worn capacity, let wishes for more grow, and put forward the projects that are ripe."""
    _read_signals(model)
    for plant in model.plants:
        renewed = plant.decide("replacement") * plant.investable * (1.0 - plant.owner.bankrupt)
        _begin(model, plant, renewed)
    for plant in model.plants:
        plant.hope = 0.0
        for pot in model.pots:
            if _is_open(model, pot):
                plant.hope = max(plant.hope, pot.eligible[plant.row] * pot.cap_share)
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
        world = share(sum(exp(m.log_price_export) * m.output for m in makers), sum(m.output for m in makers))
        for place in places:
            spent = sum(need.landed * need.received for need in place.needs)
            market = max(share(spent, sum(need.received for need in place.needs)), world)
            for plant in place.plants:
                plant.market_price, plant.tax_credit = market, place.tax_credit
    for plant in model.plants:
        plant.worth_now = plant.decide("site_worth") * plant.investable
        plant.worth += (plant.worth_now - plant.worth) / p.margin_memory
        margin = plant.planning * (exp(plant.log_price_home) - plant.cost) / plant.capex - plant.depreciation
        plant.earning += (margin * plant.investable - plant.earning) / p.margin_memory


def _is_open(model: Stage, pot: Pot) -> bool:
    """Return whether a programme takes in projects this month and has money left."""
    return pot.first <= model.step_number <= pot.last and pot.pot_left > 0.0


def _best(plants: list[Plant], value: dict[int, float]) -> Plant:
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
    need = max(sum(plant.decide("expansion") * may[plant.row] for plant in division.plants), 0.0)
    gain = {q.row: q.worth - q.worth_start + q.hope if may[q.row] > 0.0 else -NEVER for q in division.plants}
    best = _best(division.plants, gain)
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
            owed = pot.granted[division.owner.number] * pot.barred[plant.row]
            seen -= share(owed, division.size * plant.capex) / scale
        seen -= NEVER * max(plant.barred, plant.owner.bankrupt)
        value[plant.row], hoped[plant.row] = seen, seen + plant.hope / scale
    division.chosen, division.plain = _best(division.plants, hoped), _best(division.plants, value)
    chosen = division.chosen
    if chosen.worth_now + chosen.hope <= 0.0 or value[chosen.row] <= -0.5 * NEVER:
        division.size = 0.0
    gap = (value[division.plain.row] - value[chosen.row]) * scale
    division.short = 0.0 if chosen is division.plain else max(gap, 0.0)


def _raise_money(model: Stage, divisions: list[Division]) -> None:
    """Shrink an owner's projects to what cash, credit and new equity can pay for; shareholders at the sites pay in."""
    p, owner = model.parameters, divisions[0].owner
    wanted = sum(division.size * division.chosen.capex for division in divisions)
    assets = sum((plant.capacity + plant.building) * plant.capex for plant in owner.plants)
    means = max(p.borrow_limit * assets - owner.debt, 0.0) + max(owner.cash, 0.0)
    paid = min(share(means + p.equity_share * wanted, wanted), 1.0)
    equity = max(wanted * paid - means, 0.0)
    owner.cash += equity
    for division in divisions:
        asked = division.size * division.chosen.capex
        model.households[division.chosen.region].household -= equity * share(asked, wanted)
        division.size *= paid
        division.project_cost = division.size * division.chosen.capex


def award(model: Stage) -> None:
    """Award grants to the projects put forward and begin what is funded; the rest moves, shrinks or waits."""
    for division in model.divisions:
        division.granted = 0.0
    for pot in model.pots:
        _award_one(model, pot)
    begun = [0.0 for _ in model.plants]
    for division in model.divisions:
        needed = division.short * division.project_cost
        funded = min(division.granted / needed, 1.0) if needed > 0.0 else 1.0
        here = division.size * funded
        elsewhere = division.size - here
        if division.plain.worth_now <= 0.0 or division.plain.barred >= 1.0:
            elsewhere = 0.0
        model.diary["moved"] += elsewhere > 0.0
        model.diary["shrank"] += 0.0 < here + elsewhere < division.size
        model.diary["dropped"] += division.size > 0.0 >= here + elsewhere
        begun[division.chosen.row] += here
        begun[division.plain.row] += elsewhere
        division.wish = max(division.wish - here - elsewhere, 0.0)
    for plant, capacity in zip(model.plants, begun, strict=True):
        plants = capacity / max(plant.project_size, 1e-12)
        plant.plants_begun = float(round(plants) if plant.capacity > 0.0 else ceil(plants))
        _begin(model, plant, capacity)
        plant.credit_due += capacity * plant.capex * plant.tax_credit
    _claw_back(model, begun)


def _award_one(model: Stage, pot: Pot) -> None:
    """Serve one programme's applicants, the best merit first, until the pot is empty."""
    queue = []
    for number, division in enumerate(model.divisions):
        part = min(max(division.short, pot.floor_share), pot.cap_share)
        may = _is_open(model, pot) and division.granted <= 0.0 and pot.eligible[division.chosen.row] > 0.0
        if may and part * division.project_cost > 0.0:
            queue.append((-pot.weight[division.chosen.row] / part, number, part * division.project_cost))
    for _, number, asked in sorted(queue):
        division = model.divisions[number]
        grant = min(asked, pot.pot_left)
        pot.pot_left -= grant
        pot.grant_due[division.chosen.row] += grant
        division.granted += grant
        if grant > 0.0:
            pot.projects += 1.0
            pot.supported += division.size


def _begin(model: Stage, plant: Plant, capacity: float) -> None:
    """Break ground: capacity opens after the site's lag and is paid for over the build."""
    plant.ring[(model.step_number + int(plant.lag)) % len(plant.ring)] += capacity
    plant.building += capacity
    plant.due += capacity * plant.capex
    plant.started += capacity


def _claw_back(model: Stage, begun: list[float]) -> None:
    """Take grants back from owners who begin new capacity in a region their programme bars."""
    for pot in model.pots:
        for number, owner in enumerate(model.owners):
            if any(begun[plant.row] * pot.barred[plant.row] > 0.0 for plant in owner.plants):
                owner.cash -= pot.granted[number]
                model.governments[pot.region].treasury += pot.granted[number]
                pot.clawed_back += pot.granted[number]
                pot.granted[number] = 0.0
                for plant in owner.plants:
                    pot.grant_due[plant.row] = 0.0
