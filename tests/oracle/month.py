"""The oracle: the month of abm as plain Mesa, for one run."""

from datetime import date

from oracle.accounts import finance
from oracle.awarding import award
from oracle.building import invest
from oracle.governing import govern, open_plants
from oracle.making import cost, order, plan, price, produce, recycle, thrift
from oracle.reacting import remember
from oracle.reserves import help_out
from oracle.stage import Stage
from oracle.trading import choose, exchange, pay

PHASES = (
    govern,
    open_plants,
    plan,
    order,
    choose,
    exchange,
    pay,
    help_out,
    produce,
    cost,
    price,
    thrift,
    invest,
    award,
    finance,
    recycle,
)


class Oracle(Stage):
    """The same month, slow and obvious: rules are called one agent at a time, markets are loops over links."""

    def step(self) -> None:
        """Let one month happen."""
        if self.reaction is not None and self.step_number > 0:
            remember(self, self.reaction)
        self.clear()
        for plant in self.plants:
            plant.quote()
        for phase in PHASES:
            phase(self)
        self.step_number += 1
        self.month = date(self.month.year + self.month.month // 12, self.month.month % 12 + 1, 1)
