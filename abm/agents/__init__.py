"""Who decides. KINDS names the class of agent behind every kind of maker in the data."""

from abm.agents.automaker import Automaker
from abm.agents.cell_maker import CellMaker, ComponentMaker
from abm.agents.device_maker import DeviceMaker
from abm.agents.drug_maker import DrugMaker
from abm.agents.fab import Fab
from abm.agents.firm import Firm
from abm.agents.government import Government
from abm.agents.household import Household
from abm.agents.magnet_maker import MagnetMaker
from abm.agents.miner import Miner
from abm.agents.recycler import Recycler
from abm.agents.refiner import Refiner

KINDS: dict[str, type[Firm]] = {
    kind.__name__: kind
    for kind in (
        Miner,
        Refiner,
        MagnetMaker,
        CellMaker,
        ComponentMaker,
        Fab,
        DeviceMaker,
        Automaker,
        DrugMaker,
        Recycler,
    )
}

__all__ = [
    "KINDS",
    "Automaker",
    "CellMaker",
    "ComponentMaker",
    "DeviceMaker",
    "DrugMaker",
    "Fab",
    "Firm",
    "Government",
    "Household",
    "MagnetMaker",
    "Miner",
    "Recycler",
    "Refiner",
]
