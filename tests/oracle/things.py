"""What lies between those who take part in the oracle's month: needs, links, places, pots, each with its numbers."""

from typing import TYPE_CHECKING

from abm.parameters import Parameters

if TYPE_CHECKING:
    from oracle.cast import Owner, Plant


class Thing:
    """Something that is no agent but has numbers."""


class Need(Thing):
    """A buyer's need for one good: an input of ``plant``, or final demand of a region where there is none."""

    plant: "Plant | None"
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
    credit: float


class Link(Thing):
    """A buyer's need and a plant that can serve it; ``off`` is what the buyer's government takes off a unit's price."""

    need: Need
    plant: "Plant"
    corridor: "Corridor"
    abroad: bool
    quality: float
    weight: float
    memory: float
    pull: float
    asked: float
    placed: float
    shipped: float
    off: float

    def offer(self) -> float:
        """Return the log price the plant asks of this buyer."""
        return self.plant.log_price_export if self.abroad else self.plant.log_price_home


class Corridor(Thing):
    """All trade in a good from one region to another; ``tariff`` and what follows are levers."""

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
    rated: float


class Place(Thing):
    """One good in one region; ``quota`` and what follows are levers."""

    good: int
    region: int
    parameters: Parameters
    plants: list["Plant"]
    needs: list[Need]
    exports: list[Link]
    capacity_at_start: float
    in_use: float
    public_stock: float
    know_how: float
    demand_shock: float
    fill_rate: float
    missing: float
    emergency: float
    released: float
    taken: float
    quota: float
    tax_credit: float
    capex_factor: float
    fast_track: float
    demand: float
    procurement: float
    stock_target: float
    stock_pace: float
    stock_release: float
    running_cost: float
    collection: float
    per_unit: float
    found: float
    pooled: float


class Division(Thing):
    """One owner's business in one good; its project of the month is ``size`` at ``chosen``, or else at ``plain``."""

    owner: "Owner"
    plants: list["Plant"]
    wish: float
    chosen: "Plant"
    plain: "Plant"
    size: float
    project_cost: float
    short: float
    money: float
    awards: list[tuple["Pot", float]]
    gift: float
    granted: float


class Supply(Thing):
    """What a region holds of a critical input; ``stopped`` is the lever, by supplying region."""

    reserve: float
    full: float
    shares: list[float]
    stopped: list[float]
    short: float


class Pot(Thing):
    """A programme; ``gift`` is the grant equivalent of its money by plant, ``holding`` is by owner."""

    name: str
    form: str
    region: int
    cap_share: float
    floor_share: float
    rate: float
    term: float
    deal: float
    pace: float
    move_share: float
    gift: list[float]
    eligible: list[float]
    weight: list[float]
    barred: list[float]
    origin: list[float]
    first: int
    last: int
    pot_left: float
    grant_due: list[float]
    granted: list[float]
    holding: list[float]
    grants_paid: float
    clawed_back: float
    repaid: float
    projects: float
    supported: float
