"""MagnetMaker."""

from abm.agents.firm import Firm


class MagnetMaker(Firm):
    """A maker of sintered rare-earth magnets."""
