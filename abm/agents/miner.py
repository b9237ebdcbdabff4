"""Miner."""

from abm.agents.firm import Firm


class Miner(Firm):
    """A mine: its good comes out of the ground, so it has no inputs and cannot move to another deposit."""
