"""Refiner."""

from abm.agents.firm import Firm


class Refiner(Firm):
    """A plant that separates or refines what mines deliver."""
