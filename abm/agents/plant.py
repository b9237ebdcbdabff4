"""The plant: a named row of the books, what it reads there and whom it deals with."""

import numpy as np

from abm.agents.actor import Actor
from abm.agents.columns import Column, Rows


class Plant(Actor):
    """One owner's plant of one good at one site; ``rows`` is its row, ``slots`` are its input slots."""

    rows: Rows
    slots: Rows

    capacity = Column("state")
    building = Column("state")
    stock = Column("state")
    log_price_home = Column("state")
    log_price_export = Column("state")
    expected = Column("state")
    usual = Column("state")
    trend = Column("state")
    experience = Column("state")
    cost = Column("state")
    earning = Column("state")
    outage = Column("state")
    age = Column("state")

    stock_cover = Column("traits")
    production_lag = Column("traits")
    markup = Column("traits")
    price_tension = Column("traits")
    price_cost = Column("traits")
    log_price_start = Column("traits")
    other_cost = Column("traits")
    learning = Column("traits")
    experience_start = Column("traits")
    depreciation = Column("traits")
    lag = Column("traits")
    planning = Column("traits")
    contraction = Column("traits")
    capex = Column("traits")
    annuity = Column("traits")
    site_bias = Column("traits")
    hurdle = Column("traits")
    qualification = Column("traits")
    upstream = Column("traits")

    price_home = Column("flow")
    price_export = Column("flow")
    foreseen = Column("flow")
    needed = Column("flow")
    in_progress = Column("flow")
    desired = Column("flow")
    input_limit = Column("flow")
    input_bill = Column("flow")
    operating_cost = Column("flow")
    makeshift = Column("flow")
    idle_share = Column("flow")
    tension_home = Column("flow")
    tension_export = Column("flow")
    own_experience = Column("flow")
    others_experience = Column("flow")
    market_price = Column("flow")
    worth_now = Column("flow")
    tax_credit = Column("flow")
    site_capex = Column("flow")
    site_lag = Column("flow")
    site_annuity = Column("flow")
    presence = Column("flow")
    cost_factor = Column("flow")
    production_credit = Column("flow")
    informed = Column("flow")
    demand_rise = Column("flow")

    price_floor = Column("levers")

    input_stock = Column("state", "slots")
    price_rise = Column("state", "slots")
    input_cover = Column("traits", "slots")
    planned_use = Column("flow", "slots")
    usual_use = Column("flow", "slots")
    use_growth = Column("flow", "slots")

    @property
    def name(self) -> str:
        """Return owner, site and good in words."""
        label: str = self.books.traits.label[self.rows]
        return label

    @property
    def owner(self) -> str:
        """Return the owner's name."""
        return self._word("owner", self.books.frame.world.owners.name)

    @property
    def region(self) -> str:
        """Return the code of the site's region."""
        return self._word("region", self.books.frame.world.regions)

    @property
    def good(self) -> str:
        """Return the code of the good it makes."""
        return self._word("good", self.books.frame.world.goods.code)

    def suppliers(self) -> dict["Plant", float]:
        """Return whom it buys from, the share of its orders of that good each gets, the largest first."""
        return self._partners("link_slot", "link_row", self.slots)

    def customers(self) -> dict["Plant", float]:
        """Return the makers that buy from it and the share of their orders of its good it gets, the largest first."""
        return self._partners("link_row", "link_slot", self.rows)

    def _partners(self, own: str, other: str, mine: Rows) -> dict["Plant", float]:
        """Return the firms at the other end of its links with the link's weight, the mean of all runs."""
        network, cast = self.books.frame.network, self.books.cast
        numbers = np.atleast_1d(np.arange(len(network.link_slot) + 1)[mine])
        links = np.flatnonzero(np.isin(getattr(network, own), numbers))
        ends = getattr(network, other)[links]
        rows = network.slot_row[ends] if other == "link_slot" else ends
        weight = self.books.state.weight[links].mean(axis=-1)
        order = np.argsort(-weight, kind="stable")
        return {cast.firms[rows[at]]: float(weight[at]) for at in order if rows[at] >= 0 and weight[at] > 0.0}

    def _word(self, axis: str, words: tuple[str, ...]) -> str:
        """Return the word behind the firm's index on an axis."""
        word: str = words[getattr(self.books.frame.world.plants, axis)[self.rows]]
        return word
