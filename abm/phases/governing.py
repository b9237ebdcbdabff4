"""Phases in which policies and luck set the scene."""

import numpy as np

from abm.books import Books
from abm.policies.levers import idle


def govern(books: Books) -> None:
    """Set the levers to what dated policies and shocks ask for this month."""
    books.levers = idle(books.frame.world, books.runs)
    for policy in books.policies:
        policy.act(books.frame.world, books.levers, books.month, books.exports)
    _meet_luck(books)


def _meet_luck(books: Books) -> None:
    """Let accidents happen and demand wander."""
    p, state, flow, dice = books.parameters, books.state, books.flow, books.dice
    plants = np.maximum(state.capacity / np.maximum(books.traits.project_size, 1e-12), 1.0)
    struck = np.where(dice.outage(books.month) < p.outage_chance * plants, p.outage_depth / plants, 0.0)
    state.outage = np.maximum(state.outage * p.outage_memory, struck)
    flow.idle_share = 1.0 - (1.0 - state.outage) * (1.0 - books.levers.outage)
    state.demand_shock = p.demand_memory * state.demand_shock + p.demand_noise * dice.demand(books.month)
    state.demand_trend = state.demand_trend + p.demand_drift * dice.drift(books.month)
    trend = np.repeat(state.demand_trend, books.regions, axis=0)
    factor = np.exp(state.demand_shock + trend) * books.levers.demand
    flow.demand_factor = factor[books.traits.place_of_slot]


def open_plants(books: Books) -> None:
    """Wear down capacity, open what was under construction, land what was in transit, age what is in use."""
    state, traits, flow = books.state, books.traits, books.flow
    due = books.step % len(state.ring)
    flow.plants_opened = np.where((state.capacity <= 0.0) & (state.ring[due] > 0.0), 1.0, 0.0)
    state.ramping = state.ramping + state.ring[due]
    state.ring[due] = 0.0
    opened = state.ramping / books.parameters.ramp_months
    state.ramping = state.ramping - opened
    state.building = np.maximum(state.building - opened, 0.0)
    state.capacity = state.capacity * (1.0 - traits.depreciation) + opened
    state.age = state.age + (state.capacity > 0.0)
    flow.opened = opened
    state.input_stock = state.input_stock + state.transit
    state.transit = np.zeros_like(state.transit)
