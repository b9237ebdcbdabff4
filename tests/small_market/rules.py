"""The rules of the small market for agents one at a time, whoever calls them."""

from typing import Any

import numpy as np

from abm.axes import Floats
from small_market import (
    BUILD,
    BUYERS,
    COVER,
    FIRMS,
    GAP,
    MARKUP,
    MONTHS,
    PULL,
    SIGMA,
    SMOOTH,
    SPEED,
    TENSION,
    TIERS,
    USUAL,
    WIDE,
    Start,
)


class Buyer:
    """Whoever buys: a household, or a firm that needs inputs."""

    def meet(self, makers: list[Any], taste: list[float], weight: list[float]) -> None:
        """Get to know some makers."""
        self.makers, self.taste, self.weight = makers, taste, weight

    def choose(self) -> None:
        """Shift shares towards those who are cheap for their taste."""
        pull = [taste * maker.price**-SIGMA for taste, maker in zip(self.taste, self.makers, strict=True)]
        total = sum(pull)
        self.weight = [weight + SPEED * (each / total - weight) for weight, each in zip(self.weight, pull, strict=True)]

    def order(self) -> None:
        """Order from every maker."""
        want = self.want()
        self.orders = [weight * want for weight in self.weight]
        for maker, order in zip(self.makers, self.orders, strict=True):
            maker.asked += order

    def receive(self) -> None:
        """Take what every maker ships, and pay for it."""
        received = paid = 0.0
        for maker, order in zip(self.makers, self.orders, strict=True):
            shipped = order * maker.fill
            maker.shipped += shipped
            received += shipped
            paid += shipped * maker.price
        self.take(received, paid)

    def want(self) -> float:
        """Return what is wanted this month."""
        raise NotImplementedError

    def take(self, received: float, paid: float) -> None:
        """Take what has come."""


class House(Buyer):
    """A household."""

    def settle(self, demand: float) -> None:
        """Begin with some demand; ``season`` is what it is multiplied by."""
        self.demand, self.season = demand, 1.0

    def want(self) -> float:
        """Return what is wanted this month."""
        return self.demand * self.season


class Works(Buyer):
    """A firm."""

    def settle(self, expected: float, capacity: float, own_cost: float) -> None:
        """Begin with stocks at their target."""
        self.expected, self.capacity, self.own_cost = expected, capacity, own_cost
        self.stock = self.inputs = COVER * expected
        self.price = self.paid = self.fill = 1.0
        self.made = 0.0

    def begin(self) -> None:
        """Plan the month, and open the order book."""
        self.plan = min(self.capacity, max(self.expected + GAP * (COVER * self.expected - self.stock), 0.0))
        self.asked = self.shipped = 0.0

    def want(self) -> float:
        """Return what is wanted this month."""
        return max(self.plan + GAP * (COVER * self.expected - self.inputs), 0.0)

    def ration(self) -> None:
        """Cut all buyers alike where stock does not reach."""
        self.fill = min(1.0, self.stock / max(self.asked, 1e-12))

    def take(self, received: float, paid: float) -> None:
        """Take inputs in."""
        self.inputs += received
        self.paid = paid / max(received, 1e-12)

    def produce(self) -> None:
        """Make what inputs allow; a firm of the first tier needs none."""
        self.made = min(self.plan, self.inputs) if self.makers else self.plan
        if self.makers:
            self.inputs -= self.made
        self.stock += self.made - self.shipped

    def adapt(self) -> None:
        """Set the price, learn from orders and build."""
        self.price *= 1.0 + TENSION * min(max(self.asked / self.expected - 1.0, -0.5), 0.5)
        self.price += PULL * (MARKUP * (0.5 * self.paid + 0.5 * self.own_cost) - self.price)
        self.expected += SMOOTH * (self.asked - self.expected)
        self.capacity *= 1.0 + BUILD * min(max(self.made / self.capacity - USUAL, -0.5), 0.5)


def introduce(start: Start, firms: list[Any], houses: list[Any]) -> None:
    """Give everyone a start and the makers they buy from."""
    for number, firm in enumerate(firms):
        firm.settle(float(start.expected[number]), float(start.capacity[number]), float(start.own_cost[number]))
        firm.meet([], [], [])
    for house, demand in zip(houses, start.demand.tolist(), strict=True):
        house.settle(demand)
    for buyer, number in zip([*firms[WIDE:], *houses], range(BUYERS), strict=True):
        makers = [firms[place] for place in start.maker[number].tolist()]
        buyer.meet(makers, start.taste[number].tolist(), start.weight[number].tolist())


def tiers(firms: list[Any]) -> list[list[float]]:
    """Return output, mean price and lowest fill of every tier."""
    return [
        [
            sum(firm.made for firm in firms[first : first + WIDE]),
            sum(firm.price for firm in firms[first : first + WIDE]) / WIDE,
            min(firm.fill for firm in firms[first : first + WIDE]),
        ]
        for first in range(0, FIRMS, WIDE)
    ]


def recorded(rows: list[list[list[float]]]) -> Floats:
    """Return the record of all months (month, tier, series)."""
    return np.array(rows).reshape(MONTHS, TIERS, 3)
