"""Fab."""

from abm.agents.firm import Firm


class Fab(Firm):
    """A semiconductor fab of one node class at one site."""
