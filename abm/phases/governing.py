"""Phases in which policies and luck set the scene."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from abm.arithmetic import exp
from abm.axes import Floats, GoodRegionRun, OwnerRun, RowRun
from abm.books import Books
from abm.markets.network import summed
from abm.markets.orders import share_of
from abm.phases.moving import close_down
from abm.phases.reacting import react
from abm.policies.levers import idle


def govern(books: Books) -> None:
    """Set the levers to what dated policies and shocks ask for this month, and governments that follow rules."""
    books.levers = idle(books.frame.world, books.runs)
    seen = {name for policy in books.policies for name in policy.looks_at}
    if seen:
        books.signals = replace(books.signals, **{name: _SIGNALS[name](books) for name in seen})
    for policy in books.policies:
        policy.act(books.frame.world, books.levers, books.month, books.signals)
    if books.stance is not None:
        react(books, books.stance)
    _meet_luck(books)


def _under_cost(books: Books) -> GoodRegionRun:
    """Return how far export prices lie under unit cost, share of cost, mean of makers by output (place, run)."""
    state, network = books.state, books.frame.network
    gap = np.maximum(1.0 - books.flow.price_export / np.maximum(state.cost, 1e-12), 0.0)
    return share_of(network.row_to_good_region(gap * state.expected), network.row_to_good_region(state.expected))


def _added(books: Books) -> GoodRegionRun:
    """Return the share of every place's capacity that has come since the start (place, run)."""
    network = books.frame.network
    now = network.row_to_good_region(books.state.capacity)
    start = network.row_to_good_region(books.frame.balance.capacity[:, None])
    return np.where(now > 0.0, np.maximum(1.0 - share_of(start, now), 0.0), 0.0)


def _held(books: Books) -> dict[str, OwnerRun]:
    """Return the money that owners had or were promised by every programme, M USD (owner, run)."""
    state, to_owner = books.state, books.frame.network.row_to_owner
    return {name: state.granted[pot] + to_owner(state.grant_due[pot]) for pot, name in enumerate(books.pots.name)}


_SIGNALS: dict[str, Callable[[Books], Any]] = {"under_cost": _under_cost, "added": _added, "held": _held}


def _meet_luck(books: Books) -> None:
    """Let accidents happen and demand wander."""
    p, state, flow, dice = books.parameters, books.state, books.flow, books.dice
    plants = np.maximum(state.capacity / np.maximum(books.traits.project_size, 1e-12), 1.0)
    struck = (dice.outage(books.month) < p.outage_chance * plants) * (p.outage_depth / plants)
    state.outage = np.maximum(state.outage * p.outage_memory, struck)
    starved, flow.unfinished = _starved(books)
    running = (1.0 - state.outage) * (1.0 - books.levers.outage) * (1.0 - starved)
    flow.idle_share = 1.0 - running
    state.demand_shock = p.demand_memory * state.demand_shock + p.demand_noise * dice.demand(books.month)
    state.demand_trend = state.demand_trend + p.demand_drift * dice.drift(books.month)
    trend = state.demand_trend.repeat(books.regions, axis=0)
    factor = exp(state.demand_shock + trend) * books.levers.demand
    flow.demand_factor = factor.take(books.traits.place_of_slot, axis=0)


def _starved(books: Books) -> tuple[RowRun, RowRun]:
    """Return the shares of starts, and of what is due, that critical inputs, after users' reserves, deny (row, run)."""
    state, world = books.state, books.frame.world
    inputs, lost = world.critical_inputs, _stopped(books)
    short = np.maximum(lost - state.reserve, 0.0)
    full = inputs.stock.repeat(books.regions)[:, None]
    # What is not stopped refills a reserve within a year.
    state.reserve = np.minimum(np.maximum(state.reserve - lost, 0.0) + (lost <= 0.0) * full / 12.0, full)
    if not short.any():
        return np.zeros(state.outage.shape), np.zeros(state.outage.shape)
    begun, finished, plants = np.ones_like(state.outage), np.ones_like(state.outage), world.plants
    by_region = short.reshape(len(inputs.name), books.regions, books.runs)
    for use, late, missing in zip(inputs.use, inputs.late, by_region, strict=True):
        wanting = use[plants.good][:, None] * missing[plants.region]
        begun = begun * (1.0 - (1.0 - late) * wanting)
        finished = finished * (1.0 - late * wanting)
    return 1.0 - begun, 1.0 - finished


def _stopped(books: Books) -> Floats:
    """Return the share of every region's supply of a critical input that is stopped (input x region, run)."""
    stop, share = books.levers.input_stop, books.frame.world.critical_inputs.share
    if not stop.any():
        return np.zeros(books.state.reserve.shape)
    by_pair = stop.reshape(len(share), books.regions, books.regions, books.runs)
    return summed(share[:, None, :, None] * by_pair, 2).reshape(books.state.reserve.shape)


def open_plants(books: Books) -> None:
    """Wear down capacity, open what was under construction, land what was in transit, age what is in use."""
    state, traits, flow = books.state, books.traits, books.flow
    due = books.frame.pipeline.due(books.step)
    state.ramping = state.ramping + state.ring[due]
    state.ring[due] = 0.0
    opened = state.ramping / books.parameters.ramp_months
    state.ramping = state.ramping - opened
    state.building = np.maximum(state.building - opened, 0.0)
    state.capacity = state.capacity * (1.0 - traits.depreciation) + opened
    close_down(books)
    state.age = state.age + (state.capacity > 0.0)
    flow.opened = opened
    state.input_stock = state.input_stock + state.transit
    state.transit = np.zeros(state.transit.shape)
