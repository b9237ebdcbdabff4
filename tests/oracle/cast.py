"""Who takes part in the oracle's month: Mesa agents, each with its own plain numbers."""

from collections.abc import Callable
from inspect import isfunction
from math import exp
from typing import Any

import mesa

from abm.agents import Firm
from abm.parameters import Parameters
from oracle.things import Division, Link, Need, Place


class Plant(mesa.Agent):  # type: ignore[misc]
    """A firm's plant of one good at one site; its rules are those of its kind in abm.agents (see ``kind_of``).

    Its numbers are the columns of State, Flow and Traits over rows, by the same names.
    ``ring``, ``leaving`` and ``making`` are by month modulo their length; ``standing``, ``barred``, ``price_floor``,
    ``denied`` and ``shunned`` are levers, the last two by region; ``finishes`` is the share of what is due that is
    finished.
    """

    row: int
    good: int
    region: int
    parameters: Parameters
    needs: list[Need]
    links: list[Link]
    place: Place
    owner: "Owner"
    division: Division
    ring: list[float]
    leaving: list[float]
    making: list[float]
    standing: float
    denied: list[float]
    shunned: list[float]
    barred: float
    unequipped: float
    price_floor: float

    capacity: float
    building: float
    ramping: float
    stock: float
    log_price_home: float
    log_price_export: float
    expected: float
    usual: float
    trend: float
    experience: float
    cost: float
    earning: float
    worth: float
    worth_start: float
    age: float
    outage: float
    due: float
    credit_due: float

    stock_cover: float
    production_lag: float
    log_price_start: float
    forgetting: float
    depreciation: float
    lag: float
    planning: float
    capex: float
    annuity: float
    life: float
    hurdle: float
    qualification: float
    upstream: float
    substitution: float
    project_size: float
    scrap_collected: float
    investable: float

    price_home: float
    price_export: float
    foreseen: float
    needed: float
    in_progress: float
    desired: float
    idle_share: float
    finishes: float
    input_limit: float
    makeshift: float
    input_bill: float
    operating_cost: float
    offered: float
    ordered: float
    asked_abroad: float
    allowed_abroad: float
    revenue: float
    output: float
    finished: float
    delivered: float
    tension_home: float
    tension_export: float
    own_experience: float
    others_experience: float
    market_price: float
    worth_now: float
    site_capex: float
    site_lag: float
    site_annuity: float
    presence: float
    tax_credit: float
    retired: float
    cost_factor: float
    production_credit: float
    informed: float
    demand_rise: float
    mandated: float
    started: float
    opened: float
    capex_paid: float
    wages: float
    public_money: float
    plants_begun: float
    hope: float

    def decide(self, rule: str) -> float:
        """Return what one of the plant's own rules answers."""
        return float(getattr(type(self), rule)(self))

    def quote(self) -> None:
        """Write out the prices the plant asks now."""
        self.price_home, self.price_export = exp(self.log_price_home), exp(self.log_price_export)

    def accepted(self) -> float:
        """Return how far buyers have qualified the plant."""
        return min(self.age / self.qualification, 1.0)


class Household(mesa.Agent):  # type: ignore[misc]
    """Everyone in a region who is neither an owner nor the government; buys final goods through ``needs``."""

    parameters: Parameters
    needs: list[Need]
    household: float
    electric_share: float
    electric_taste: float
    electric_premium: float
    taste: float
    ev_policy: float


class Government(mesa.Agent):  # type: ignore[misc]
    """A region's government."""

    treasury: float
    tariff_revenue: float
    outlay: list[float]
    information: float
    research: float


class Owner(mesa.Agent):  # type: ignore[misc]
    """Whoever owns plants; ``home`` is the region of its shareholders."""

    number: int
    home: int
    plants: list[Plant]
    divisions: list[Division]
    cash: float
    debt: float
    distress: float
    bankrupt: float


def kind_of(firm: type[Firm]) -> type[Plant]:
    """Return a plant that decides by the rules of a kind of firm, called on its own numbers."""
    rules = {
        name: rule
        for kind in reversed(firm.__mro__)
        if issubclass(kind, Firm)
        for name, rule in vars(kind).items()
        if isfunction(rule)
    }
    return type(firm.__name__, (Plant,), rules)


def answer(rule: Callable[..., Any], who: object) -> float:
    """Return what a rule of abm.agents says of one plant, need, region or place."""
    return float(rule(who))
