"""The firm: one plant of an owner, a named row of the books, and the rules every kind of maker shares."""

import numpy as np

from abm.agents.actor import Actor
from abm.agents.columns import Column, Rows
from abm.axes import Floats


class Firm(Actor):
    """One owner's plant of one good at one site; ``rows`` is its row, ``slots`` are its input slots."""

    rows: Rows
    slots: Rows

    capacity = Column("state")
    building = Column("state")
    stock = Column("state")
    log_price_home = Column("state")
    log_price_export = Column("state")
    expected = Column("state")
    usual = Column("state")
    trend = Column("state")
    experience = Column("state")
    cost = Column("state")
    earning = Column("state")
    outage = Column("state")
    age = Column("state")

    stock_cover = Column("traits")
    production_lag = Column("traits")
    markup = Column("traits")
    price_tension = Column("traits")
    price_cost = Column("traits")
    log_price_start = Column("traits")
    other_cost = Column("traits")
    learning = Column("traits")
    experience_start = Column("traits")
    depreciation = Column("traits")
    lag = Column("traits")
    planning = Column("traits")
    contraction = Column("traits")
    capex = Column("traits")
    annuity = Column("traits")
    site_bias = Column("traits")
    hurdle = Column("traits")
    qualification = Column("traits")

    in_progress = Column("flow")
    desired = Column("flow")
    input_limit = Column("flow")
    input_bill = Column("flow")
    makeshift = Column("flow")
    idle_share = Column("flow")
    tension_home = Column("flow")
    tension_export = Column("flow")
    own_experience = Column("flow")
    others_experience = Column("flow")
    market_price = Column("flow")
    tax_credit = Column("flow")

    input_stock = Column("state", "slots")
    price_rise = Column("state", "slots")
    input_cover = Column("traits", "slots")
    planned_use = Column("flow", "slots")
    usual_use = Column("flow", "slots")
    use_growth = Column("flow", "slots")

    @property
    def name(self) -> str:
        """Return owner, site and good in words."""
        label: str = self.books.traits.label[self.rows]
        return label

    @property
    def owner(self) -> str:
        """Return the owner's name."""
        return self._word("owner", self.books.frame.world.owners.name)

    @property
    def region(self) -> str:
        """Return the code of the site's region."""
        return self._word("region", self.books.frame.world.regions)

    @property
    def good(self) -> str:
        """Return the code of the good it makes."""
        return self._word("good", self.books.frame.world.goods.code)

    def suppliers(self) -> dict["Firm", float]:
        """Return whom it buys from, the share of its orders of that good each gets, the largest first."""
        return self._partners("link_slot", "link_row", self.slots)

    def customers(self) -> dict["Firm", float]:
        """Return the makers that buy from it and the share of their orders of its good it gets, the largest first."""
        return self._partners("link_row", "link_slot", self.rows)

    def _partners(self, own: str, other: str, mine: Rows) -> dict["Firm", float]:
        """Return the firms at the other end of its links with the link's weight, the mean of all runs."""
        network, cast = self.books.frame.network, self.books.cast
        numbers = np.atleast_1d(np.arange(len(network.link_slot) + 1)[mine])
        links = np.flatnonzero(np.isin(getattr(network, own), numbers))
        ends = getattr(network, other)[links]
        rows = network.slot_row[ends] if other == "link_slot" else ends
        weight = self.books.state.weight[links].mean(axis=-1)
        order = np.argsort(-weight, kind="stable")
        return {cast.firms[rows[at]]: float(weight[at]) for at in order if rows[at] >= 0 and weight[at] > 0.0}

    def _word(self, axis: str, words: tuple[str, ...]) -> str:
        """Return the word behind the firm's index on an axis."""
        word: str = words[getattr(self.books.frame.world.plants, axis)[self.rows]]
        return word

    def forecast(self) -> Floats:
        """Return orders a planner reckons with now, units/month: the smoothed past brought up to date by its growth.

        A new plant makes what its buyers have qualified it for: it must have goods to offer before orders can come.
        """
        p = self.parameters
        asked = self.expected * (1.0 + self.growth() / p.order_smoothing)
        qualified = p.launch_share * self.planning * self.capacity * np.minimum(self.age / self.qualification, 1.0)
        return np.where(self.age <= p.launch_months, np.maximum(asked, qualified), asked)

    def usual_output(self) -> Floats:
        """Return the output that keeps stock and work in progress growing with orders, units/month."""
        return self.forecast() * (1.0 + self.growth() * (self.stock_cover + self.production_lag))

    def desired_output(self) -> Floats:
        """Return the output the planner wants to start, units/month: orders, and gaps of stock and pipeline.

        Source: sterman1989.
        """
        p = self.parameters
        ahead = self.forecast()
        stock_gap = self.stock_cover * ahead - self.stock
        pipeline_gap = self.production_lag * ahead - self.in_progress
        correction = p.stock_adjustment * (stock_gap + p.pipeline_adjustment * pipeline_gap)
        return np.minimum(np.maximum(self.usual_output() + correction, 0.0) * self.willingness(), self.runnable())

    def willingness(self) -> Floats:
        """Return the share of wanted output worth making: all while this month's or the past year's price covers cost.

        Stopping and starting again costs money, so a plant sits out a bad quarter. Source: dixit1989.
        """
        price = np.exp(np.maximum(self.log_price_home, self.log_price_export))
        cost = np.maximum(self.cost, 1e-12)
        lasting = 1.0 + (self.earning + self.depreciation) * self.capex / (self.planning * cost)
        low = self.parameters.shutdown_ratio
        covered = (np.maximum(price / cost, lasting) - low) / max(1.0 - low, 1e-9)
        share: Floats = np.minimum(np.maximum(covered, 0.0), 1.0)
        return share

    def runnable(self) -> Floats:
        """Return the most that can be started this month, units/month."""
        return self.parameters.max_utilisation * self.capacity * (1.0 - self.idle_share)

    def input_orders(self) -> Floats:
        """Return orders of inputs, units/month (slot): planned use and the gap to the wanted input stock.

        Buyers stock up only when they expect prices to rise faster than a threshold.
        """
        p = self.parameters
        fear = 1.0 + p.hoard_strength * np.maximum(self.price_rise - p.hoard_threshold, 0.0)
        wanted = (1.0 + self.input_cover) * self.usual_use * fear
        feed = self.use_growth * wanted
        return np.maximum(self.planned_use + feed + p.stock_adjustment * (wanted - self.input_stock), 0.0)

    def output(self) -> Floats:
        """Return the output started this month, units/month: as wanted, as can be run, as critical inputs allow."""
        return np.minimum(np.minimum(self.desired, self.runnable()), self.input_limit)

    def running_cost(self) -> Floats:
        """Return operating cost without inputs after learning, M USD per unit.

        Cost falls by the learning rate per doubling of the owner's experience, wherever it was gained, and a share
        of others'. Source: irwin1994.
        """
        known = self.own_experience + self.parameters.learning_spillover * self.others_experience
        learned: Floats = np.power(np.maximum(known / self.experience_start, 1e-3), np.log2(1.0 - self.learning))
        return self.other_cost * learned * (1.0 + self.makeshift)

    def unit_cost(self) -> Floats:
        """Return unit cost, M USD per unit: inputs at landed prices and operating cost."""
        return self.input_bill + self.running_cost()

    def home_price(self) -> Floats:
        """Return next month's log price at home."""
        return self._repriced(self.log_price_home, self.tension_home)

    def export_price(self) -> Floats:
        """Return next month's log price for export."""
        return self._repriced(self.log_price_export, self.tension_export)

    def _repriced(self, log_price: Floats, tension: Floats) -> Floats:
        """Return a log price moved towards cost plus markup and by the tension of its market."""
        p = self.parameters
        goal = np.log((1.0 + self.markup) * np.maximum(self.cost, 1e-12))
        moved = log_price + self.price_cost * (goal - log_price) + self.price_tension * tension
        low, high = np.log(p.price_floor), np.log(p.price_cap)
        bounded: Floats = np.minimum(np.maximum(moved, self.log_price_start + low), self.log_price_start + high)
        return bounded

    def growth(self) -> Floats:
        """Return the growth of its orders that the owner extrapolates, 1/month."""
        return self.trend

    def capacity_needed(self) -> Floats:
        """Return output the owner expects to need when new capacity runs, units/month: last years' orders, grown."""
        p = self.parameters
        growth = self.growth()
        now = self.usual * (1.0 + growth * (p.growth_memory + 1.0 / p.order_smoothing))
        stocks = 1.0 + growth * (self.stock_cover + self.production_lag)
        return now * stocks * (1.0 + growth * np.minimum(self.lag + p.ramp_months, p.growth_horizon))

    def replacement(self) -> Floats:
        """Return worn capacity that is renewed, units/month: all of it unless the plant is too large or loses money."""
        surplus = np.maximum(self._later() - self.capacity_needed() / self.contraction, 0.0)
        renewed = np.maximum(self.depreciation * self.capacity - surplus / self.parameters.gap_months, 0.0)
        return np.where(self.earning > -self.depreciation, renewed, 0.0)

    def expansion(self) -> Floats:
        """Return the capacity the owner would like to start, units/month, negative where there is too much."""
        target = self.capacity_needed() / self.planning
        grown = self.growth() * target + self.depreciation * (target - self.capacity)
        return grown + (target - self._later()) / self.parameters.gap_months

    def _later(self) -> Floats:
        """Return the capacity there will be when something started now opens if worn plant is renewed, units/month."""
        ahead = self.lag + self.parameters.ramp_months - 2.0
        worn = ahead * self.depreciation * self.capacity
        return self.capacity - worn + self.building

    def site_worth(self) -> Floats:
        """Return the net present value of new capacity here per capex, without grants.

        A plant that sells counts on its own price, a new one on the market's.
        """
        own = np.exp(np.maximum(self.log_price_home, self.log_price_export))
        price = np.where(self.capacity > 0.0, own, self.market_price)
        margin = self.planning * (price - self.cost)
        return margin * self.annuity / self.capex - (1.0 - self.tax_credit)

    def site_value(self) -> Floats:
        """Return how good a site looks to its owner, in units of the logit and without luck or grants."""
        p = self.parameters
        here = np.where(self.capacity > 0.0, p.brownfield_bias, 0.0)
        return self.site_bias + here + self.site_worth() / p.site_scale
