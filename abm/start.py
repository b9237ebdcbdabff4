"""The first month: books at which nothing moves unless something grows, shocks or governs."""

import numpy as np

from abm.arithmetic import exp, power
from abm.axes import Floats
from abm.flow import PURPOSES, zeros
from abm.frame import Frame, in_use_at_start
from abm.markets.network import summed, totals
from abm.policies.levers import Pots
from abm.state import State

_OLD = 1200.0


def sizes(frame: Frame, pots: Pots, runs: int) -> dict[str, int]:
    """Return the length of every axis of the books."""
    world, network = frame.world, frame.network
    regions, goods = len(world.regions), len(world.goods.code)
    return {
        "run": runs,
        "row": network.rows,
        "slot": network.slots,
        "link": len(network.link_slot),
        "cell": goods * regions * regions,
        "owner": len(world.owners.name),
        "division": network.divisions,
        "region": regions,
        "good": goods,
        "place": goods * regions,
        "pot": len(pots.name),
        "purpose": len(PURPOSES),
        "input": len(world.critical_inputs.name) * regions,
        "opening": frame.pipeline.places,
        # Months until what moves closes; the rows of 0 of a world in which nothing can move are not kept.
        "notice": int(frame.pipeline.length.max()) if pots.pace.any() else 1,
        "stage": int(world.goods.production_lag.max()) + 1,
    }


def first_books(frame: Frame, pots: Pots, runs: int) -> State:
    """Return the state at the start, every run alike."""
    world, balance, p = frame.world, frame.balance, frame.world.parameters
    state = zeros(State, sizes(frame, pots, runs))
    growth = balance.growth[world.plants.good]
    _fill_plants(state, frame, growth)
    _fill_slots_and_links(state, frame)
    _fill_accounts(state, frame)
    state.priority[:] = 1.0
    state.end_demand[:] = _end_demand(frame)[:, None] / (1.0 + balance.growth / p.order_smoothing)[:, None]
    state.usual_end_demand[:] = state.end_demand / (1.0 + balance.growth * p.growth_memory)[:, None]
    state.in_use[:] = in_use_at_start(world, balance, frame.contents).reshape(-1, 1)
    state.electric_share[:] = world.demand.ev_share[:, None]
    state.pot_left[:] = pots.amount
    state.reserve[:] = np.repeat(world.critical_inputs.stock, len(world.regions))[:, None]
    return state


def _fill_plants(state: State, frame: Frame, growth: Floats) -> None:
    """Write the columns of plants: expected orders are output, stocks are at target, the pipeline is full."""
    balance, traits, p = frame.balance, frame.traits, frame.world.parameters
    sales, goods = balance.sales[:, None], frame.world.goods
    made = frame.world.plants.good
    state.capacity[:] = balance.capacity[:, None]
    state.expected[:] = sales / (1.0 + growth[:, None] / p.order_smoothing)
    state.usual[:] = state.expected / (1.0 + growth[:, None] * p.growth_memory)
    state.trend[:] = growth[:, None]
    state.experience[:] = balance.experience[:, None]
    state.stock[:] = traits.stock_cover * sales
    state.log_price_home[:] = state.log_price_export[:] = traits.log_price_start
    state.cost[:] = balance.cost[:, None]
    state.age[:] = np.where(state.capacity > 0.0, _OLD, 0.0)
    for stage in range(len(state.making)):
        coming = sales * power(1.0 + growth[:, None], float(stage)) * (1.0 + growth[:, None] * traits.stock_cover)
        state.making[stage] = np.where(stage < traits.production_lag, coming, 0.0)
    rate = goods.depreciation[made] + np.maximum(growth, -goods.depreciation[made])
    pipeline = frame.pipeline
    row, ahead = pipeline.row, np.arange(pipeline.places) - pipeline.first[pipeline.row]
    opening = balance.capacity[row] * exp(growth[row] * ahead) * rate[row] * (ahead < traits.lag[row, 0])
    state.ring[:] = opening[:, None]
    state.ramping[:] = (p.ramp_months - 1.0) * (rate * balance.capacity)[:, None]
    state.building[:] = pipeline.to_row(state.ring) + state.ramping
    state.due[:] = (traits.lag - 1.0) * rate[:, None] * balance.capacity[:, None] * traits.capex
    margin = traits.planning * (exp(traits.log_price_start) - state.cost) / traits.capex - traits.depreciation
    state.earning[:] = margin * traits.investable


def _fill_slots_and_links(state: State, frame: Frame) -> None:
    """Write the columns of buyers and of their relationships."""
    balance, network, traits = frame.balance, frame.network, frame.traits
    flow = balance.weight * balance.purchases[network.link_slot]
    inputs = slice(0, network.inputs)
    growth = balance.growth[frame.world.plants.good[network.slot_row[inputs]]][:, None]
    held = balance.purchases[inputs, None] / (1.0 + growth * (1.0 + traits.input_cover[inputs]))
    # What was ordered last month lands before the first month's production.
    state.input_stock[inputs] = traits.input_cover[inputs] * held
    state.transit[inputs] = held
    state.thrift[:] = 1.0
    state.fill[:] = 1.0
    state.landed[:] = state.landed_year[:] = traits.landed_start
    state.base_demand[network.inputs :] = balance.purchases[network.inputs :, None]
    state.weight[:] = balance.weight[:, None]
    state.memory[:] = flow[:, None]


def _fill_accounts(state: State, frame: Frame) -> None:
    """Write the owners' cash and debt and what the bank is owed."""
    world, network, balance = frame.world, frame.network, frame.balance
    p = world.parameters
    sales = (balance.sales * balance.price)[:, None]
    state.cash[:] = p.cash_months * network.row_to_owner(sales)
    plant = balance.capacity[:, None] * frame.traits.capex
    state.debt[:] = p.start_leverage * network.row_to_owner(plant)
    state.claims[:] = summed(state.debt)


def _end_demand(frame: Frame) -> Floats:
    """Return the final demand behind every good at the start, units/month (good,)."""
    network, ends = frame.network, slice(frame.network.inputs, None)
    final = totals(network.slot_good[ends], frame.balance.purchases[ends], len(frame.world.goods.code))
    return np.asarray(summed(frame.required * final, 1))
