"""The government of a region."""

import numpy as np

from abm.agents.actor import Actor
from abm.agents.columns import Column, Rows
from abm.axes import Floats


class Government(Actor):
    """A region's government: it owns a treasury and public stocks; dated policies set its levers.

    ``rows`` are its places (good x region), ``seat`` its row in tables of regions.
    """

    rows: Rows
    seat: Rows

    treasury = Column("state", "seat")
    public_stock = Column("state")
    stock_release = Column("levers")
    fill_rate = Column("flow")
    missing = Column("flow")

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
