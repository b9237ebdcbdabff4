"""Phases of the makers: plan, order, produce, cost, price, thrift, recycle."""

import numpy as np

from abm.arithmetic import exp, log
from abm.axes import Floats
from abm.books import Books
from abm.frame import lasting_sales
from abm.markets.finance import landed
from abm.markets.inputs import limits
from abm.markets.network import summed
from abm.markets.orders import approach, rest, share_of
from abm.markets.prices import export_tension, tension
from abm.phases.public_money import announce


def plan(books: Books) -> None:
    """Let every maker say what it wants to start."""
    _read_public_signals(books)
    books.flow.in_progress = summed(books.state.making)
    books.flow.foreseen = books.cast.rule("forecast")
    books.flow.desired = books.cast.rule("desired_output")


def _read_public_signals(books: Books) -> None:
    """Write what measures and last month's final demand tell every maker."""
    state, flow, plants = books.state, books.flow, books.frame.world.plants
    announce(books)
    flow.informed = books.levers.information[plants.region]
    flow.demand_rise = share_of(state.end_demand, state.usual_end_demand)[plants.good]


def order(books: Books) -> None:
    """Let makers order inputs and the regions' buyers order final goods."""
    state, flow, traits, network = books.state, books.flow, books.traits, books.frame.network
    makers = network.slot_row[: network.inputs]
    per_unit = network.coefficient * state.thrift
    inputs = slice(0, network.inputs)
    flow.planned_use[inputs] = per_unit[inputs] * flow.desired[makers]
    flow.usual_use[inputs] = per_unit[inputs] * books.cast.rule("usual_output")[makers]
    flow.use_growth[inputs] = books.cast.rule("growth")[makers]
    flow.wanted[inputs] = books.cast.slot_rule("input_orders")
    _split_cars(books)
    state.base_demand = state.base_demand * (1.0 + traits.trend)
    flow.wanted[network.inputs :] = books.cast.households.purchases()
    _add_up_demand(books)


def _add_up_demand(books: Books) -> None:
    """Work out the new final demand behind every good, smoothed as makers smooth orders, and what is usual."""
    p, state, network = books.parameters, books.state, books.frame.network
    ends = slice(network.inputs, network.slots)
    new = np.zeros_like(state.backlog)
    new[ends] = rest(books.flow.wanted[ends], state.backlog[ends])
    final = summed(network.slot_to_good_region(new).reshape(-1, books.regions, books.runs), 1)
    behind = summed(books.frame.required[:, :, None] * final, 1)
    state.end_demand = state.end_demand + p.order_smoothing * (behind - state.end_demand)
    state.usual_end_demand = state.usual_end_demand + (state.end_demand - state.usual_end_demand) / p.growth_memory


def _split_cars(books: Books) -> None:
    """Split each region's pool of cars between electric and combustion; the pool itself follows its trend."""
    state, flow, world, network = books.state, books.flow, books.frame.world, books.frame.network
    slots = books.frame.cars
    regions = network.slot_region[slots[0]]
    seen = state.landed - flow.credit
    dearer = [log(seen[own] / books.traits.landed_start[own]) for own in slots]
    flow.electric_premium[regions] = dearer[0] - dearer[1]
    months = books.step + 1.0
    flow.electric_taste[:] = books.frame.taste + world.demand.ev_policy[:, None] * months
    state.electric_share = books.cast.households.electric_choice()
    pool = state.base_demand[slots[0]] + state.base_demand[slots[1]]
    state.base_demand[slots[0]] = pool * state.electric_share[regions]
    state.base_demand[slots[1]] = pool * (1.0 - state.electric_share[regions])


def produce(books: Books) -> None:
    """Start output as inputs allow, use the inputs up, finish what is due; what lacks its last input waits a month."""
    state, flow, network = books.state, books.flow, books.frame.network
    inputs = slice(0, network.inputs)
    per_unit = network.coefficient[inputs] * state.thrift[inputs]
    flow.input_limit, missing = limits(network, per_unit, state.input_stock[inputs], flow.desired)
    flow.makeshift = books.parameters.substitute_cost * missing
    flow.output = books.cast.rule("output")
    needed = per_unit * flow.output[network.slot_row[inputs]]
    flow.used[inputs] = np.minimum(needed, state.input_stock[inputs])
    state.input_stock = rest(state.input_stock, flow.used)
    ready = (books.step + books.traits.production_lag[:, 0].astype(np.int64)) % len(state.making)
    state.making[ready, np.arange(network.rows)] += flow.output
    due = books.step % len(state.making)
    flow.finished = state.making[due] * (1.0 - flow.unfinished)
    waiting = state.making[due] - flow.finished
    state.making[due] = 0.0
    state.making[(due + 1) % len(state.making)] += waiting
    state.stock = state.stock + flow.finished
    state.experience = state.experience * (1.0 - books.traits.forgetting) + flow.output


def cost(books: Books) -> None:
    """Work out what inputs cost where they are used and what a unit costs to make."""
    state, flow, network = books.state, books.flow, books.frame.network
    wedge = 1.0 + books.levers.tariff + books.frame.freight
    paid = landed(network, state.weight, books.offers(), wedge)
    rise = paid / state.landed - 1.0
    state.price_rise = approach(state.price_rise, rise, books.parameters.price_watch)
    state.landed = paid
    state.landed_year = state.landed_year + (paid - state.landed_year) / 12.0
    flow.input_bill = network.slot_to_row(network.coefficient * state.thrift * paid)
    _share_experience(books)
    state.know_how = state.know_how + books.levers.know_how
    flow.cost_factor = (books.levers.running_cost * exp(-state.know_how))[books.traits.place]
    flow.operating_cost = books.cast.rule("running_cost")
    state.cost = books.cast.rule("unit_cost")


def _share_experience(books: Books) -> None:
    """Add up what each owner has learned in a good at all its sites, and what all others have."""
    state, flow, network = books.state, books.flow, books.frame.network
    flow.own_experience = network.row_to_division(state.experience)[network.division_of_row]
    by_region = network.row_to_good_region(state.experience).reshape(-1, books.regions, books.runs)
    total = summed(by_region, 1)[books.frame.world.plants.good]
    flow.others_experience = np.maximum(total - flow.own_experience, 0.0)


def price(books: Books) -> None:
    """Let every maker reprice at home and for export."""
    state, flow, traits = books.state, books.flow, books.traits
    runnable = books.cast.rule("runnable")
    busy = np.where(runnable > 0.0, share_of(flow.desired, runnable), 1.0)
    flow.tension_home = tension(flow.ordered, flow.offered, traits.stock_cover, state.capacity, busy)
    flow.tension_export = export_tension(flow.tension_home, flow.asked_abroad, flow.allowed_abroad, state.capacity)
    home, export = books.cast.rule("home_price"), books.cast.rule("export_price")
    state.log_price_home, state.log_price_export = home, export
    books.quote()


def thrift(books: Books) -> None:
    """Let users of scarce inputs redesign while the input stays dear, at full speed once it is more than twice as dear.

    Source: alfaro2025.
    """
    p, state, traits = books.parameters, books.state, books.traits
    excess = state.landed_year / traits.landed_start - 1.0 - p.thrift_threshold
    dear = np.minimum(np.maximum(excess, 0.0), 1.0)
    saved = state.thrift * (1.0 - traits.thrift_speed * dear)
    state.thrift = np.maximum(saved, np.minimum(p.thrift_floor, state.thrift))


def recycle(books: Books) -> None:
    """Let goods in use retire and collectors take in their share; capacity of collectors follows."""
    state, flow, world = books.state, books.flow, books.frame.world
    shape = (len(world.goods.code), books.regions, books.runs)
    sold = lasting_sales(_final_receipts(books).reshape(shape), books.frame.contents)
    life = np.where(world.goods.in_use_life > 0.0, world.goods.in_use_life, 1.0)[:, None, None]
    retired = state.in_use.reshape(shape) / life
    state.in_use = np.maximum(state.in_use + (sold - retired).reshape(state.in_use.shape), 0.0)
    for rows, lasting in books.frame.scrap:
        flow.mandated[rows] = books.levers.collection[books.traits.place[rows]]
        flow.retired[rows] = retired[lasting][world.plants.region[rows]]
    collectors = books.cast.collectors
    state.capacity[collectors.rows] = collectors.collection()


def _final_receipts(books: Books) -> Floats:
    """Return what reached final buyers this month, units (good x region, run)."""
    network, received = books.frame.network, books.flow.received.copy()
    received[: network.inputs] = 0.0
    return network.slot_to_good_region(received)
