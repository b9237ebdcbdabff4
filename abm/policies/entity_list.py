"""An entity list: suppliers and buyers of some regions may not deal with named firms."""

from datetime import date
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from abm.axes import Bools, Ints
from abm.policies.instrument import AnyGoods, Inputs, Instrument, Region, Regions, among, cells, codes, dose, either
from abm.policies.levers import Levers, Signals, own
from abm.policies.tool_control import deny_tools
from abm.world import World

Listed = Annotated[tuple[str, ...], Field(strict=False, min_length=1, json_schema_extra={"vocabulary": "firm"})]


class EntityList(Instrument):
    """A list of firms that may not be supplied, and what it scares off besides.

    government       region that keeps the list
    suppliers        regions that comply with it; the government's own if none is named
    firms            listed owners, with all their plants anywhere
    goods            goods whose plants are meant; all that the firms make if none is named
    depth            share of the listed plants' orders that complying suppliers refuse
    purchase_ban     share of complying buyers' orders on listed plants that is refused, per depth
    over_compliance  share of other orders from the firms' home regions for the same inputs that is refused, per depth
    tools            share of the complying regions' tools that is kept from new capacity of the firms, per depth
    inputs           critical inputs that are such tools

    Source: crosignani2024, on untargeted links between the same regions.
    """

    kind: Literal["entity_list"]
    government: Region
    suppliers: Regions = ()
    firms: Listed
    goods: AnyGoods = ()
    inputs: Inputs = ()
    depth: float = dose(
        1.0,
        unit="share of orders",
        low=0.0,
        high=1.0,
        sentence="Share of the listed plants' orders that complying suppliers refuse.",
        source="by definition",
    )
    purchase_ban: float = dose(
        0.0,
        unit="share of orders",
        low=0.0,
        high=1.0,
        sentence="Share of complying regions' orders on the listed plants that is refused too.",
        source="by definition",
    )
    over_compliance: float = dose(
        0.0,
        unit="share of orders",
        low=0.0,
        high=1.0,
        sentence="Share by which suppliers also cut untargeted orders from the listed firms' home regions.",
        source="by definition",
    )
    tools: float = dose(
        0.0,
        unit="share of supply",
        low=0.0,
        high=1.0,
        sentence="Share of the complying regions' tools that is kept from new capacity of the listed firms.",
        source="by definition",
    )

    @model_validator(mode="after")
    def _knows_its_tools(self) -> Self:
        """Refuse to keep back tools that are not named."""
        if self.tools > 0.0 and not self.inputs:
            raise ValueError('it keeps tools back but names none. Name them: inputs = ["fab_tools"].')
        return self

    def act(self, world: World, levers: Levers, month: date, signals: Signals) -> None:  # noqa: ARG002
        """Refuse the depth, and what hangs on it, of what earlier measures left open."""
        if not self.holds(month):
            return
        complying = codes(self.suppliers or (self.government,), world.regions)
        listed = self._listed(world)
        links = (np.flatnonzero(listed)[:, None] * len(world.regions) + complying).ravel()
        levers.denied, levers.shunned = own(levers.denied), own(levers.shunned)
        levers.denied[links] = either(levers.denied[links], self.depth)
        levers.shunned[links] = either(levers.shunned[links], self.depth * self.purchase_ban)
        struck = self._untargeted(world, listed)
        levers.blocked[struck] = either(levers.blocked[struck], self.depth * self.over_compliance)
        for government in (self.suppliers or (self.government,)) if self.inputs else ():
            deny_tools(world, levers, listed, self.inputs, government, self.depth * self.tools)

    def _listed(self, world: World) -> Bools:
        """Return the listed plants (row)."""
        plants = world.plants
        chosen = among(plants.owner, self.firms, world.owners.name)
        return chosen & among(plants.good, self.goods, world.goods.code)

    def _untargeted(self, world: World, listed: Bools) -> Ints:
        """Return corridors of what listed plants use, from complying regions to the firms' home regions (cell)."""
        recipes = world.recipes
        used = recipes.input[np.isin(recipes.user, world.plants.process[listed])]
        homes = world.owners.region[codes(self.firms, world.owners.name)]
        goods = tuple(world.goods.code[good] for good in np.unique(used))
        if not goods:
            return np.empty(0, np.int64)
        buyers = tuple(world.regions[home] for home in np.unique(homes))
        return cells(world, goods, buyers, self.suppliers or (self.government,))
