"""A capex grant programme: a pot of money that pays part of the cost of new capacity until it is empty."""

from dataclasses import replace
from typing import Literal

from abm.policies.instrument import Regions
from abm.policies.programme import Pot, Programme, rows
from abm.world import World


class CapexGrant(Programme):
    """A programme of grants; it moves no lever: its pot is opened with the first month of a run.

    barred_regions  new capacity there makes an owner pay its grants back
    """

    kind: Literal["capex_grant"]
    barred_regions: Regions = ()

    def pot(self, world: World) -> Pot:
        """Return a pot of grants."""
        pot = super().pot(world)
        if not self.barred_regions:
            return pot
        return replace(pot, barred=rows(world, self.goods, self.barred_regions, self.firms))
