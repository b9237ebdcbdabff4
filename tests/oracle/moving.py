"""Deals with named firms and plants paid to move, one owner at a time."""

from oracle.building import NEVER, best_of, is_open, means, startable
from oracle.cast import Owner, Plant
from oracle.stage import Stage
from oracle.things import Division, Pot


def keep_deal(model: Stage, pot: Pot, begun: list[float]) -> None:
    """Begin what a firm agreed to begin this month, whatever it is worth by now."""
    if model.step_number != pot.first or pot.deal <= 0.0:
        return
    for plant in model.plants:
        if pot.eligible[plant.row] > 0.0:
            size = pot.deal * startable(plant) * (1.0 - plant.owner.bankrupt)
            cost = size * plant.site_capex
            _pay(model, pot, {plant.row: (size, cost, min(cost, pot.pot_left))})
            plant.division.wish = max(plant.division.wish - size, 0.0)
            begun[plant.row] += size
            model.diary["deals kept"] += size > 0.0


def move_out(model: Stage, pot: Pot, begun: list[float]) -> None:
    """Let divisions begin new plants in place of those they leave, as fast as they may and as the pot can pay."""
    if pot.pace <= 0.0 or not is_open(model, pot):
        return
    moves = [(division, *_move(pot, division)) for division in model.divisions]
    total = sum(pot.move_share * size * there.site_capex for _, there, _, size in moves)
    if total <= 0.0:
        return
    part, before, deals = min(pot.pot_left / total, 1.0), pot.pot_left, {}
    for division, there, going, full in moves:
        size = full * part
        if size <= 0.0:
            continue
        cost = size * there.site_capex
        deals[there.row] = (size, cost, pot.move_share * cost)
        for plant in division.plants:
            month = (model.step_number + int(there.site_lag)) % len(plant.leaving)
            plant.leaving[month] += _standing(pot, plant) * size / going * pot.pace
        begun[there.row] += size
        model.diary["plants moved"] += 1
    _pay(model, pot, deals)
    if pot.pot_left <= 1e-12 * before:
        pot.pot_left = 0.0


def _standing(pot: Pot, plant: Plant) -> float:
    """Return what of a plant at the origin is not already going."""
    return max(plant.capacity - sum(plant.leaving), 0.0) * pot.origin[plant.row] * (1.0 - plant.owner.bankrupt)


def _move(pot: Pot, division: Division) -> tuple[Plant, float, float]:
    """Return where a division would move to, what could go, and what goes if the money is there."""
    going = sum(_standing(pot, plant) for plant in division.plants) * pot.pace
    value = {}
    for plant in division.plants:
        may = pot.eligible[plant.row] * startable(plant) * (1.0 - plant.owner.bankrupt)
        value[plant.row] = plant.decide("site_value") if may > 0.0 else -NEVER
    there = best_of(division.plants, value)
    goes = there.worth_now + pot.move_share > 0.0 and value[there.row] > -0.5 * NEVER
    return there, going, going * startable(there) if goes else 0.0


def _pay(model: Stage, pot: Pot, deals: dict[int, tuple[float, float, float]]) -> None:
    """Promise money for what is begun, by row size, cost and money, and raise as equity what is still lacking."""
    for row, (size, _, money) in deals.items():
        pot.pot_left = max(pot.pot_left - money, 0.0)
        pot.grant_due[row] += money
        pot.projects += size > 0.0
        pot.supported += size
    for owner in model.owners:
        _raise(model, owner, {row: cost - money for row, (_, cost, money) in deals.items()})


def _raise(model: Stage, owner: Owner, open_cost: dict[int, float]) -> None:
    """Let the households at an owner's sites pay in what its cash and credit do not reach for."""
    wanted = sum(open_cost.get(plant.row, 0.0) for plant in owner.plants)
    equity = max(wanted - means(model, owner), 0.0)
    if equity <= 0.0:
        return
    owner.cash += equity
    for plant in owner.plants:
        model.households[plant.region].household -= equity * open_cost.get(plant.row, 0.0) / wanted


def close_down(model: Stage, plant: Plant) -> None:
    """Close what is left of a plant whose successor comes up to speed."""
    due = model.step_number % len(plant.leaving)
    closed = plant.leaving[due] / model.parameters.ramp_months
    plant.leaving[(due + 1) % len(plant.leaving)] += plant.leaving[due] - closed
    plant.leaving[due] = 0.0
    plant.capacity = max(plant.capacity - closed, 0.0)
