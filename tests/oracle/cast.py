"""Who takes part in the oracle's month: Mesa agents and the things between them, each with its own plain numbers."""

from collections.abc import Callable
from inspect import isfunction
from typing import Any

import mesa

from abm.agents import Firm
from abm.parameters import Parameters


class Plant(mesa.Agent):  # type: ignore[misc]
    """A firm's plant of one good at one site; its rules are those of its kind in abm.agents (see ``kind_of``).

    Its numbers are the columns of State, Flow and Traits over rows, by the same names.
    ``ring`` and ``making`` are by month modulo their length; ``standing`` and ``barred`` are levers.
    """

    row: int
    good: int
    region: int
    parameters: Parameters
    needs: list["Need"]
    links: list["Link"]
    place: "Place"
    owner: "Owner"
    division: "Division"
    ring: list[float]
    making: list[float]
    standing: float
    barred: float

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
    hurdle: float
    qualification: float
    substitution: float
    project_size: float
    scrap_collected: float
    investable: float

    in_progress: float
    desired: float
    idle_share: float
    input_limit: float
    makeshift: float
    input_bill: float
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
    tax_credit: float
    retired: float
    started: float
    opened: float
    capex_paid: float
    plants_begun: float
    hope: float

    def decide(self, rule: str) -> float:
        """Return what one of the plant's own rules answers."""
        return float(getattr(type(self), rule)(self))

    def accepted(self) -> float:
        """Return how far buyers have qualified the plant."""
        return min(self.age / self.qualification, 1.0)


class Household(mesa.Agent):  # type: ignore[misc]
    """Everyone in a region who is neither an owner nor the government; buys final goods through ``needs``."""

    parameters: Parameters
    needs: list["Need"]
    household: float
    electric_share: float
    electric_taste: float
    electric_premium: float
    taste: float
    ev_policy: float


class Government(mesa.Agent):  # type: ignore[misc]
    """A region's government; ``pooled`` is a lever."""

    treasury: float
    tariff_revenue: float
    outlay: list[float]
    pooled: float


class Owner(mesa.Agent):  # type: ignore[misc]
    """Whoever owns plants; ``home`` is the region of its shareholders."""

    number: int
    home: int
    plants: list[Plant]
    divisions: list["Division"]
    cash: float
    debt: float
    distress: float
    bankrupt: float


class Thing:
    """Something that is no agent but has numbers."""


class Need(Thing):
    """A buyer's need for one good: an input of ``plant``, or final demand of a region where there is none."""

    plant: Plant | None
    good: int
    region: int
    place: "Place"
    parameters: Parameters
    links: list["Link"]
    coefficient: float
    critical: bool

    input_stock: float
    transit: float
    thrift: float
    landed: float
    landed_year: float
    price_rise: float
    backlog: float
    base_demand: float
    fill: float

    thrift_speed: float
    landed_start: float
    patience: float
    trend: float

    wanted: float
    received: float
    bill: float
    used: float
    planned_use: float
    usual_use: float
    use_growth: float
    demand_factor: float
    lost: float


class Link(Thing):
    """A buyer's need and a plant that can serve it."""

    need: Need
    plant: Plant
    corridor: "Corridor"
    abroad: bool
    quality: float
    weight: float
    memory: float
    pull: float
    asked: float
    placed: float
    shipped: float

    def offer(self) -> float:
        """Return the log price the plant asks of this buyer."""
        return self.plant.log_price_export if self.abroad else self.plant.log_price_home


class Corridor(Thing):
    """All trade in a good from one region to another; ``tariff``, ``blocked`` and ``friend_premium`` are levers."""

    buyer: int
    freight: float
    elasticity: float
    hazard: float
    priority: float
    traded: float
    traded_value: float
    fill: float
    asked: float
    tariff: float
    blocked: float
    friend_premium: float


class Place(Thing):
    """One good in one region; ``quota``, ``tax_credit``, ``demand`` and ``stock_release`` are levers."""

    good: int
    region: int
    parameters: Parameters
    plants: list[Plant]
    needs: list[Need]
    exports: list[Link]
    in_use: float
    public_stock: float
    demand_shock: float
    fill_rate: float
    missing: float
    released: float
    taken: float
    quota: float
    tax_credit: float
    demand: float
    stock_release: float


class Division(Thing):
    """One owner's business in one good; its project of the month is ``size`` at ``chosen``, or else at ``plain``."""

    owner: Owner
    plants: list[Plant]
    wish: float
    chosen: Plant
    plain: Plant
    size: float
    project_cost: float
    short: float
    granted: float


class Supply(Thing):
    """What a region holds of a critical input; ``stopped`` is the lever, by supplying region."""

    reserve: float
    full: float
    shares: list[float]
    stopped: list[float]
    short: float


class Pot(Thing):
    """A grant programme."""

    region: int
    cap_share: float
    floor_share: float
    eligible: list[float]
    weight: list[float]
    barred: list[float]
    first: int
    last: int
    pot_left: float
    grant_due: list[float]
    granted: list[float]
    grants_paid: float
    clawed_back: float
    projects: float
    supported: float


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
