"""The firm: the rules every kind of maker shares, each answered from a plant's own row of the books."""

import numpy as np

from abm.agents.plant import Plant
from abm.arithmetic import LN2, log, power
from abm.axes import Floats


class Firm(Plant):
    """An owner deciding about one plant: what to make, what to ask for it, where to build."""

    def forecast(self) -> Floats:
        """Return orders a planner reckons with now, units/month: the smoothed past brought up to date by its growth.

        Planners who share information see final demand as it is: usual orders, and how far demand is above its usual.
        Who sells to final buyers alone sees theirs anyway: the world's would tell it of buyers that are not its own.
        A new plant makes part of what its buyers have qualified it for, less the more lies unsold: it must have goods
        to offer before orders can come.
        Source of the value of information: lee1997.
        """
        p = self.parameters
        recent = 1.0 + self.growth() / p.order_smoothing
        told = self.informed * self.upstream
        asked = (1.0 - told) * self.expected * recent + told * self.usual * self.demand_rise * recent
        planned = self.planning * self.capacity
        unsold = np.minimum(self.stock / np.maximum(p.launch_stock * planned, 1e-12), 1.0)
        ahead = p.launch_share * (1.0 - unsold) * planned * np.minimum(self.age / self.qualification, 1.0)
        return np.where(self.age <= p.launch_months, np.maximum(asked, ahead), asked)

    def usual_output(self) -> Floats:
        """Return the output that keeps stock and work in progress growing with orders, units/month."""
        return self.foreseen * (1.0 + self.growth() * (self.stock_cover + self.production_lag))

    def desired_output(self) -> Floats:
        """Return the output the planner wants to start, units/month: orders, and gaps of stock and pipeline.

        Planners who see final demand also count on all that is in progress. Source: sterman1989.
        """
        p = self.parameters
        counted = p.pipeline_adjustment + (1.0 - p.pipeline_adjustment) * self.informed
        stock_gap = self.stock_cover * self.foreseen - self.stock
        pipeline_gap = self.production_lag * self.foreseen - self.in_progress
        correction = p.stock_adjustment * (stock_gap + counted * pipeline_gap)
        return np.minimum(np.maximum(self.usual_output() + correction, 0.0) * self.willingness(), self.runnable())

    def willingness(self) -> Floats:
        """Return the share of wanted output worth making: all while this month's or the past year's price covers cost.

        Stopping and starting again costs money, so a plant sits out a bad quarter. Source: dixit1989.
        """
        price = self._proceeds(np.maximum(self.price_home, self.price_export))
        cost = np.maximum(self.cost, 1e-12)
        lasting = 1.0 + (self.earning + self.depreciation) * self.capex / (self.planning * cost)
        low = self.parameters.shutdown_ratio
        covered = (np.maximum(price / cost, lasting) - low) / max(1.0 - low, 1e-9)
        share: Floats = np.minimum(np.maximum(covered, 0.0), 1.0)
        return share

    def _proceeds(self, price: Floats) -> Floats:
        """Return what a unit sold at a price brings with guaranteed price and production credit, M USD."""
        return np.maximum(price, self.price_floor) + self.production_credit

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
        of others', and with what public research found; energy and standards may raise it. Source: irwin1994.
        """
        known = self.own_experience + self.parameters.learning_spillover * self.others_experience
        learned: Floats = power(np.maximum(known / self.experience_start, 1e-3), log(1.0 - self.learning) / LN2)
        return self.other_cost * learned * (1.0 + self.makeshift) * self.cost_factor

    def unit_cost(self) -> Floats:
        """Return unit cost, M USD per unit: inputs at landed prices and operating cost."""
        return self.input_bill + self.operating_cost

    def home_price(self) -> Floats:
        """Return next month's log price at home."""
        return self._repriced(self.log_price_home, self.tension_home)

    def export_price(self) -> Floats:
        """Return next month's log price for export."""
        return self._repriced(self.log_price_export, self.tension_export)

    def _repriced(self, log_price: Floats, tension: Floats) -> Floats:
        """Return a log price moved towards cost plus markup and by the tension of its market."""
        p = self.parameters
        goal = log((1.0 + self.markup) * np.maximum(self.cost, 1e-12))
        moved = log_price + self.price_cost * (goal - log_price) + self.price_tension * tension
        low, high = log(p.price_floor), log(p.price_cap)
        bounded: Floats = np.minimum(np.maximum(moved, self.log_price_start + low), self.log_price_start + high)
        return bounded

    def growth(self) -> Floats:
        """Return the growth of its orders that the owner extrapolates, 1/month."""
        return self.parameters.extrapolation * self.trend

    def capacity_needed(self) -> Floats:
        """Return output the owner expects to need when new capacity runs, units/month: last years' orders, grown."""
        p = self.parameters
        growth = self.growth()
        now = self.usual * (1.0 + growth * (p.growth_memory + 1.0 / p.order_smoothing))
        stocks = 1.0 + growth * (self.stock_cover + self.production_lag)
        return now * stocks * (1.0 + growth * np.minimum(self.lag + p.ramp_months, p.growth_horizon))

    def replacement(self) -> Floats:
        """Return worn capacity that is renewed, units/month: all of it unless the plant is too large or loses money."""
        surplus = np.maximum(self._later() - self.needed / self.contraction, 0.0)
        renewed = np.maximum(self.depreciation * self.capacity - surplus / self.parameters.gap_months, 0.0)
        return np.where(self.earning > -self.depreciation, renewed, 0.0)

    def expansion(self) -> Floats:
        """Return the capacity the owner would like to start, units/month, negative where there is too much."""
        target = self.needed / self.planning
        grown = self.growth() * target + self.depreciation * (target - self.capacity)
        return grown + (target - self._later()) / self.parameters.gap_months

    def _later(self) -> Floats:
        """Return the capacity there will be when something started now opens if worn plant is renewed, units/month."""
        ahead = self.lag + self.parameters.ramp_months - 2.0
        worn = ahead * self.depreciation * self.capacity
        return self.capacity - worn + self.building

    def return_on_capital(self) -> Floats:
        """Return what capacity here earns now, share of its cost after wear, 1/month."""
        margin = self.planning * (self._proceeds(self.price_home) - self.cost)
        return margin / self.capex - self.depreciation

    def site_worth(self) -> Floats:
        """Return the net present value of new capacity here per capex, without grants.

        A plant that sells counts on its own price, a new one on the market's.
        """
        own = np.maximum(self.price_home, self.price_export)
        price = np.where(self.capacity > 0.0, own, self.market_price)
        margin = self.planning * (self._proceeds(price) - self.cost)
        return margin * self.site_annuity / self.site_capex - (1.0 - self.tax_credit)

    def site_value(self) -> Floats:
        """Return how good a site looks to its owner, in units of the logit and without luck or grants."""
        p = self.parameters
        here = np.where(self.capacity > 0.0, p.brownfield_bias, 0.0)
        cluster = p.cluster_bias * log(self.presence + 0.02)
        return self.site_bias + cluster + here + self.worth_now / p.site_scale
