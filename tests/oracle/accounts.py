"""Finance, one owner at a time."""

from abm.flow import PURPOSES
from oracle.building import public_loans
from oracle.cast import Owner, Plant
from oracle.public_money import give_back, support
from oracle.stage import Stage
from oracle.things import Place, Pot


def finance(model: Stage) -> None:
    """Pay for operation and building, receive subsidies, then close every owner's month."""
    for plant in model.plants:
        wages = plant.operating_cost * plant.output
        plant.owner.cash -= wages
        plant.wages = wages
        model.households[plant.region].household += wages
    support(model)
    _repay(model)
    for plant in model.plants:
        _pay_for_building(model, plant)
    for owner in model.owners:
        _close(model, owner)
    _default(model)


def _repay(model: Stage) -> None:
    """Let every owner pay interest and an instalment on every programme's loans."""
    for pot in model.pots:
        for owner in model.owners if pot.form == "loan" else ():
            loan, lent = pot.holding[owner.number], pot.granted[owner.number]
            part = min(loan, lent / pot.term)
            pot.holding[owner.number] = loan - part if loan - part > 1e-12 * loan else 0.0
            owner.cash -= part + pot.rate * loan
            _return(model, pot, owner, part + pot.rate * loan)
            model.diary["loans repaid"] += part > 0.0


def _return(model: Stage, pot: Pot, owner: Owner, paid: float) -> None:
    """Let what an owner pays on a programme's money go to its treasury."""
    pot.repaid += paid
    give_back(owner, paid)
    model.governments[pot.region].treasury += paid


def _pay_for_building(model: Stage, plant: Plant) -> None:
    """Pay a month's share of capex to the site's builders; grants and tax credits come as it is spent."""
    paid, credit = plant.due / plant.lag, plant.credit_due / plant.lag
    plant.due, plant.credit_due = max(plant.due - paid, 0.0), max(plant.credit_due - credit, 0.0)
    plant.capex_paid = paid
    model.households[plant.region].household += paid
    model.governments[plant.region].outlay[PURPOSES.index("tax_credits")] += credit
    model.governments[plant.region].treasury -= credit
    plant.owner.cash += credit - paid
    plant.public_money += credit
    for pot in model.pots:
        grant = pot.grant_due[plant.row] / plant.lag
        pot.grant_due[plant.row] = max(pot.grant_due[plant.row] - grant, 0.0)
        pot.granted[plant.owner.number] += grant
        if pot.form != "grant":
            pot.holding[plant.owner.number] += grant * (1.0 if pot.form == "loan" else 1.0 - pot.gift[plant.row])
        pot.grants_paid += grant
        model.governments[pot.region].treasury -= grant
        plant.owner.cash += grant
        plant.public_money += grant


def _assets(owner: Owner) -> float:
    """Return the value of plant in use and under construction."""
    return sum((plant.capacity + plant.building) * plant.capex for plant in owner.plants)


def _close(model: Stage, owner: Owner) -> None:
    """Pay interest, borrow or repay, and pay dividends."""
    p = model.parameters
    interest = p.interest * owner.debt
    owner.cash -= interest
    target = p.cash_months * sum(plant.expected * plant.price_home for plant in owner.plants)
    public = public_loans(model, owner)
    net = _assets(owner) + owner.cash - owner.debt - public
    loan = min(max(-owner.cash, 0.0), max(p.borrow_limit * _assets(owner) - owner.debt - public, 0.0))
    spare = max(owner.cash - target, 0.0)
    repaid = min(spare, owner.debt, max(owner.debt + public - p.start_leverage * _assets(owner), 0.0))
    dividend = spare - repaid
    owner.cash += loan - repaid - dividend
    owner.debt = max(owner.debt + loan - repaid, 0.0)
    model.bank -= loan - repaid
    model.claims = max(model.claims + loan - repaid, 0.0)
    model.households[owner.home].household += interest + dividend - _public_dividend(model, owner, dividend, net)


def _public_dividend(model: Stage, owner: Owner, dividend: float, net: float) -> float:
    """Pay programmes their part of an owner's dividend by what they hold of its net assets; return it."""
    funds = [pot for pot in model.pots if pot.form == "equity"]
    held = sum(pot.holding[owner.number] for pot in funds)
    for pot in funds:
        if pot.holding[owner.number] > 0.0:
            paid = dividend * pot.holding[owner.number] / max(net, held)
            _return(model, pot, owner, paid)
            model.diary["public dividends"] += paid > 0.0
    return dividend * held / max(net, held) if held > 0.0 else 0.0


def _default(model: Stage) -> None:
    """Count months of distress; sell the plants of owners who default and write their debt off."""
    p = model.parameters
    failing = []
    for owner in model.owners:
        worth = _assets(owner)
        owed = owner.debt + public_loans(model, owner) - min(owner.cash, 0.0)
        strained = worth > 0.0 and owed > p.default_ratio * worth
        owner.distress = owner.distress + 1.0 if strained else 0.0
        if owner.distress >= p.default_months and owner.bankrupt < 1.0:
            failing.append(owner)
    for owner in failing:
        owner.bankrupt = 1.0
    if failing:
        for place in model.places:
            _fire_sale(place, p.fire_sale)
    for owner in failing:
        _write_off(model, owner)
    for owner in model.owners:
        if owner.bankrupt and owner.cash < 0.0:
            model.bank += owner.cash
            owner.cash = 0.0
            model.diary["the bank bore a loss"] += 1


def _fire_sale(place: Place, discount: float) -> None:
    """Sell the bankrupts' plants of a place to its solvent owners by their size; scrap them where there are none."""
    sellers = [plant for plant in place.plants if plant.owner.bankrupt]
    buyers = [plant for plant in place.plants if not plant.owner.bankrupt]
    size = sum(plant.capacity for plant in buyers)
    shares = [plant.capacity / size if size > 0.0 else 0.0 for plant in buyers]
    for seller in sellers:
        for buyer, part in zip(buyers, shares, strict=True):
            price = part * seller.capacity * discount * seller.capex
            buyer.capacity += part * seller.capacity
            buyer.owner.cash -= price
            seller.owner.cash += price
        seller.capacity = 0.0


def _write_off(model: Stage, owner: Owner) -> None:
    """Repay what an owner in default has, write off the rest and stop what it is building."""
    repaid = min(max(owner.cash, 0.0), owner.debt)
    owner.cash -= repaid
    model.bank += repaid
    model.claims = max(model.claims - owner.debt, 0.0)
    owner.debt = 0.0
    for pot in model.pots:
        pot.holding[owner.number] = 0.0
    for plant in owner.plants:
        plant.ring, plant.leaving = [0.0 for _ in plant.ring], [0.0 for _ in plant.leaving]
        plant.building = plant.ramping = plant.due = plant.credit_due = 0.0
        for pot in model.pots:
            pot.grant_due[plant.row] = 0.0
