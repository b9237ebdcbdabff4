"""The month, read aloud from top to bottom."""

from collections.abc import Callable

from abm.books import Books
from abm.phases.accounts import finance
from abm.phases.awarding import award
from abm.phases.building import invest
from abm.phases.governing import govern, open_plants
from abm.phases.making import cost, order, plan, price, produce, recycle, thrift
from abm.phases.reserves import help_out
from abm.phases.trading import choose, exchange, pay

Phase = Callable[[Books], None]


PHASES: tuple[tuple[str, Phase], ...] = (
    ("govern", govern),
    ("open", open_plants),
    ("plan", plan),
    ("order", order),
    ("choose", choose),
    ("trade", exchange),
    ("pay", pay),
    ("pool", help_out),
    ("produce", produce),
    ("cost", cost),
    ("price", price),
    ("thrift", thrift),
    ("invest", invest),
    ("award", award),
    ("finance", finance),
    ("recycle", recycle),
)
