"""DeviceMaker."""

from abm.agents.firm import Firm


class DeviceMaker(Firm):
    """A maker of phones, computers and network gear: it buys chips and can be listed."""
