"""DrugMaker."""

from abm.agents.firm import Firm


class DrugMaker(Firm):
    """A maker of starting materials, ingredients or finished medicines."""
