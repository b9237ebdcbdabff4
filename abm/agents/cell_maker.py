"""CellMaker."""

from abm.agents.firm import Firm


class CellMaker(Firm):
    """A maker of battery cells."""


class ComponentMaker(Firm):
    """A maker of cathodes, anodes and separators."""
