"""Automaker."""

from abm.agents.firm import Firm


class Automaker(Firm):
    """A carmaker's plants for one drive at one site."""
