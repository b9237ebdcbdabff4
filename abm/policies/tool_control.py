"""A tool control: a government denies a region the tools that new plants are equipped with."""

from datetime import date
from typing import Literal

from pydantic import Field

from abm.arithmetic import power
from abm.axes import Bools, Floats
from abm.policies.instrument import Firms, Goods, Inputs, Instrument, Region, Regions, codes, dose, either
from abm.policies.levers import Levers, Signals
from abm.policies.programme import rows
from abm.world import World


class ToolControl(Instrument):
    """Part of new capacity cannot be equipped, such as chip lines in China since October 2022.

    A line needs tools of several kinds, each from makers of its own. A country with the share s of the tools made
    denies each kind, independently, to the share s x depth of the lines, and a line that lacks one kind is not
    built: so it denies 1 - (1 - s x depth) ** kinds of them. Several countries' controls compound likewise, and
    together deny less than all that each denies alone. Goods that need none of the tools are spared.

    government    region whose makers may not deliver
    inputs        critical inputs that are tools
    destinations  regions where the plants are built; all but the government's own if none is named
    goods         goods the plants make
    firms         owners it is aimed at; all if none is named
    depth         share of those tools that is denied
    """

    kind: Literal["tool_control"]
    government: Region
    inputs: Inputs = Field(("fab_tools",), min_length=1, json_schema_extra={"vocabulary": "input"})
    destinations: Regions = ()
    goods: Goods
    firms: Firms = ()
    depth: float = dose(
        ...,
        unit="share of tools",
        low=0.0,
        high=1.0,
        sentence="Share of the government's tools that is denied.",
        source="by definition",
    )

    def act(self, world: World, levers: Levers, month: date, signals: Signals) -> None:  # noqa: ARG002
        """Compound what is denied with what others deny."""
        if not self.holds(month):
            return
        aimed = rows(world, self.goods, self.destinations, self.firms)
        deny_tools(world, levers, aimed, self.inputs, self.government, self.depth)


def deny_tools(
    world: World, levers: Levers, aimed: Bools, inputs: tuple[str, ...], government: str, depth: Floats | float
) -> None:
    """Let part of new capacity in some plants go unequipped, of what others left.

    aimed   plants abroad that are meant (row);  inputs  critical inputs that are tools
    depth   share of the government's tools that is denied
    """
    plants, home = world.plants, world.regions.index(government)
    for kind in codes(inputs, world.critical_inputs.name).tolist():
        use, share = world.critical_inputs.use[kind], world.critical_inputs.share[kind, home]
        struck = aimed & (plants.region != home) & (use[plants.good] > 0.0)
        denied = 1.0 - power(1.0 - share * depth, world.critical_inputs.kinds[kind])
        levers.unequipped[struck] = either(levers.unequipped[struck], denied)
