"""Recyclers, and the collectors of what they recycle."""

import numpy as np

from abm.agents.columns import Column
from abm.agents.firm import Firm
from abm.arithmetic import exp
from abm.axes import Floats


class Recycler(Firm):
    """A plant whose input is scrap, or a region's collection of scrap itself.

    A collector's capacity is what is retired and collected; nobody invests in it.
    """

    scrap_collected = Column("traits")
    retired = Column("flow")
    mandated = Column("flow")

    def collection(self) -> Floats:
        """Return scrap that can be collected, units/month: retired goods x collection rate, more when it is dear.

        A mandate adds to the rate until all that retires is collected.
        """
        rise = self.log_price_home - self.log_price_start
        gathered = self.scrap_collected * self.retired * exp(self.parameters.scrap_response * rise)
        return np.maximum(gathered, np.minimum(gathered + self.mandated * self.retired, self.retired))
