"""Everything a phase of the month may read and write."""

from dataclasses import dataclass, fields
from datetime import date

import numpy as np

from abm.agents.cast import Cast
from abm.arithmetic import exp
from abm.axes import Floats
from abm.dice import Dice
from abm.flow import Flow
from abm.frame import Frame
from abm.markets.capital import Projects, Sites
from abm.markets.content import Credits
from abm.parameters import Parameters
from abm.policies.instrument import Instrument
from abm.policies.levers import Levers, Pots, Signals
from abm.stance import Stance
from abm.state import State
from abm.traits import Traits


@dataclass(slots=True, eq=False)
class Books:
    """The books of a batch: the fixed frame, the state, this month's flows and levers, and who decides.

    month    first day of the current month;  step  months since the start
    projects put forward this month;  credits  offered to final buyers this month
    signals  what measures may look at besides the calendar
    stance   what governments that follow rules remember; none where they do not
    """

    frame: Frame
    traits: Traits
    parameters: Parameters
    state: State
    flow: Flow
    levers: Levers
    pots: Pots
    policies: tuple[Instrument, ...]
    dice: Dice
    sites: Sites
    signals: Signals
    month: date
    step: int
    projects: Projects
    credits: Credits
    cast: Cast
    stance: Stance | None = None

    @property
    def runs(self) -> int:
        """Number of runs in the batch."""
        return int(self.state.capacity.shape[1])

    @property
    def regions(self) -> int:
        """Number of regions."""
        return len(self.frame.world.regions)

    def offers(self) -> Floats:
        """Return prices at home stacked on export prices, M USD per unit (2 row, run)."""
        return np.concatenate([self.flow.price_home, self.flow.price_export])

    def quote(self) -> None:
        """Write out the prices that makers ask now."""
        self.flow.price_home = exp(self.state.log_price_home)
        self.flow.price_export = exp(self.state.log_price_export)

    def columns(self) -> list[Floats]:
        """Return every column of the state."""
        return [getattr(self.state, column.name) for column in fields(self.state)]

    def begin(self) -> None:
        """Clear the flows of the last month, all but prices; governments that follow rules remember what was traded."""
        if self.stance is not None and self.step > 0:
            self.stance.traded[:] = self.flow.traded
        self.flow.clear()
        self.quote()
