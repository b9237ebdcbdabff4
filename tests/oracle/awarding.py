"""Award, one owner's business at a time."""

from math import ceil

from oracle.building import begin, is_open, startable
from oracle.moving import keep_deal, move_out
from oracle.public_money import give_back
from oracle.stage import Stage
from oracle.things import Division, Pot


def award(model: Stage) -> None:
    """Award public money to the projects put forward and begin what is funded; the rest moves, shrinks or waits."""
    for division in model.divisions:
        division.gift = division.money = division.granted = 0.0
        division.awards = []
    begun = [0.0 for _ in model.plants]
    for pot in model.pots:
        keep_deal(model, pot, begun)
    for pot in model.pots:
        move_out(model, pot, begun)
    for pot in sorted(model.pots, key=lambda pot: pot.form != "grant"):
        _award_one(model, pot)
    for division in model.divisions:
        here = division.size * _funded(division)
        elsewhere = (division.size - here) * startable(division.plain)
        if division.plain.worth_now <= 0.0:
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
        begin(model, plant, capacity, (plant.site_capex, plant.site_lag))
        plant.credit_due += capacity * plant.site_capex * plant.tax_credit
    _claw_back(model, begun)


def _award_one(model: Stage, pot: Pot) -> None:
    """Serve one programme's applicants, the best merit first, until the pot is empty."""
    queue = []
    for number, division in enumerate(model.divisions):
        row, part = division.chosen.row, _part(division, pot)
        may = is_open(model, pot) and pot.eligible[row] > 0.0
        if may and part * division.project_cost > 0.0:
            queue.append((-pot.weight[row] / part, number, part * division.project_cost))
    for _, number, asked in sorted(queue):
        division = model.divisions[number]
        money = min(asked, pot.pot_left)
        pot.pot_left -= money
        division.awards.append((pot, money))
        division.money += money
        division.gift += money * pot.gift[division.chosen.row]
        division.granted += money if pot.form == "grant" else 0.0


def _funded(division: Division) -> float:
    """Return the share of a project that its money is enough for; if that is more than it costs, all goes back."""
    needed = division.short * division.project_cost
    enough = min(division.gift / needed, 1.0) if needed > 0.0 else 1.0
    if division.money - enough * division.project_cost > 1e-12 * division.money:
        enough = 0.0
    for pot, money in division.awards:
        if enough <= 0.0:
            pot.pot_left += money
        elif money > 0.0:
            pot.grant_due[division.chosen.row] += money
            pot.projects += 1.0
            pot.supported += division.size
    return enough


def _part(division: Division, pot: Pot) -> float:
    """Return the share of its cost that a project would have of a programme."""
    row, cost = division.chosen.row, division.project_cost
    got, paid = (division.gift / cost, division.money / cost) if cost > 0.0 else (0.0, 0.0)
    open_cost = 1.0 - paid if 1.0 - paid > 1e-12 else 0.0
    if pot.form != "grant":
        return min(pot.cap_share if pot.gift[row] > 0.0 else min(pot.floor_share, pot.cap_share), open_cost)
    lacking = division.short - got if division.short - got > 1e-12 * division.short else 0.0
    wanted = lacking / pot.gift[row] if pot.gift[row] > 0.0 else 0.0
    floor = pot.floor_share if division.granted <= 0.0 else 0.0
    return min(max(wanted, floor), pot.cap_share, open_cost)


def _claw_back(model: Stage, begun: list[float]) -> None:
    """Take grants back from owners who begin new capacity in a region their programme bars."""
    for pot in model.pots:
        for number, owner in enumerate(model.owners):
            if any(begun[plant.row] * pot.barred[plant.row] > 0.0 for plant in owner.plants):
                owner.cash -= pot.granted[number]
                give_back(owner, pot.granted[number])
                model.governments[pot.region].treasury += pot.granted[number]
                pot.clawed_back += pot.granted[number]
                pot.granted[number] = 0.0
                for plant in owner.plants:
                    pot.grant_due[plant.row] = 0.0
