"""The government of a region."""

import numpy as np

from abm.agents.actor import Actor
from abm.agents.columns import Column, Rows
from abm.axes import Floats
from abm.parameters import Parameters


class Government(Actor):
    """A region's government: it owns a treasury and public stocks; dated policies set its levers.

    ``rows`` are its places (good x region), ``seat`` its row in tables of regions, ``corridors`` those it buys
    through and ``others`` its pairs with every region. Where governments follow rules, they decide by those below.
    """

    rows: Rows
    seat: Rows
    corridors: Rows
    others: Rows

    treasury = Column("state", "seat")
    public_stock = Column("state")
    stock_release = Column("levers")
    fill_rate = Column("flow")
    missing = Column("flow")

    observed = Column("stance", "corridors")
    error = Column("stance", "corridors")
    reviewed = Column("stance", "corridors")
    unlocked = Column("stance", "corridors")
    perceived = Column("stance", "corridors")
    alarm = Column("stance")
    drive = Column("stance")
    bill = Column("stance")
    daily = Column("stance")
    exposure = Column("stance", "others")
    hit = Column("stance", "others")
    chance = Column("stance", "others")
    patience = Column("stance", "others")
    due = Column("stance", "others")

    @property
    def name(self) -> str:
        """Return the region it governs, in words."""
        title: str = self.books.frame.world.region_titles[self.seat]
        return title

    @property
    def owner(self) -> str:
        """Return its own name: no firm owns it."""
        return self.name

    @property
    def region(self) -> str:
        """Return the code of the region it governs."""
        code: str = self.books.frame.world.regions[self.seat]
        return code

    def emergency(self) -> Floats:
        """Return 1 for goods of which too few orders were filled this month, else 0 (good x region)."""
        return np.where(self.fill_rate < self.parameters.pool_threshold, 1.0, 0.0)

    def offered_stock(self) -> Floats:
        """Return public stock that may be sold this month, units (good x region)."""
        return self.public_stock * self.stock_release

    def look(self) -> Floats:
        """Return the dependence it sees, share of purchases (corridor): as it is, but for an error reviews lessen."""
        p = self.parameters
        spread = p.view_error + (p.reviewed_error - p.view_error) * self.reviewed
        return np.minimum(np.maximum(self.observed * (1.0 + spread * self.error), 0.0), 1.0)

    def fear(self) -> Floats:
        """Return how far a dependence lies above the threshold, which a review lowers (corridor)."""
        return _excess(self.parameters, self.perceived, self.reviewed)

    def ambition(self) -> Floats:
        """Return how far it lies above the threshold for programmes, which a finished review lowers (corridor)."""
        return _excess(self.parameters, self.perceived, self.unlocked)

    def asked_premium(self) -> Floats:
        """Return the extra log cost that it asks its buyers to see in a rival's goods (corridor)."""
        return self.parameters.premium_response * _excess(self.parameters, self.perceived, self.reviewed)

    def joined_share(self) -> Floats:
        """Return the share of an ally's premium that it asks of its own buyers too (corridor)."""
        return self.parameters.ally_compliance * (1.0 - self.perceived)

    def wanted_budget(self) -> Floats:
        """Return the money it wants to have ready for plants at home, M USD (good x region)."""
        return self.parameters.budget_response * self.drive * self.bill

    def wanted_stock(self) -> Floats:
        """Return the public stock it wants, units (good x region)."""
        return self.parameters.reserve_response * self.alarm * self.daily

    def answer(self) -> Floats:
        """Return the months until it answers each other government: counted down, or drawn anew after a hit (pair)."""
        p = self.parameters
        width = np.maximum(p.retaliation_latest - p.retaliation_soonest, 0.0)
        months = np.floor(p.retaliation_soonest + self.patience * (width + 1.0))
        provoked = (self.hit > 0.0) & (self.due <= 0.0) & (self.chance < p.retaliation_chance)
        return np.where(provoked, np.maximum(months, 1.0), np.maximum(self.due - 1.0, 0.0))

    def solidarity(self) -> Floats:
        """Return the share of an ally's answer to another government that it goes along with (pair)."""
        return self.parameters.ally_compliance * (1.0 - self.exposure)


def _excess(p: Parameters, perceived: Floats, known: Floats) -> Floats:
    """Return how far a dependence lies above what is too much, by how far a review has told (corridor)."""
    threshold = p.alarm_threshold + (p.reviewed_threshold - p.alarm_threshold) * known
    return np.maximum(perceived - threshold, 0.0)
