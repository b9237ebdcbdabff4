"""The behavioural parameters: one field per table of ``data/parameters.toml``, which holds values, units and sources."""

from dataclasses import dataclass

from abm.axes import Run


@dataclass(frozen=True, slots=True, eq=False)
class Parameters:
    """Every behavioural parameter; a float, or one value per run (run,) where a sweep varies it."""

    stock_adjustment: float | Run
    pipeline_adjustment: float | Run
    max_utilisation: float | Run
    planning_utilisation: float | Run
    contraction_band: float | Run
    order_smoothing: float | Run
    hoard_threshold: float | Run
    hoard_strength: float | Run
    share_adjustment: float | Run
    unfilled_haste: float | Run
    hazard_learning: float | Run
    hazard_forgetting: float | Run
    hazard_scale: float | Run
    memory_speed: float | Run
    learning_spillover: float | Run
    substitute_cost: float | Run
    price_floor: float | Run
    price_cap: float | Run
    thrift_threshold: float | Run
    thrift_floor: float | Run
    gap_months: float | Run
    growth_memory: float | Run
    growth_cap: float | Run
    growth_horizon: float | Run
    margin_memory: float | Run
    site_scale: float | Run
    home_site_bias: float | Run
    brownfield_bias: float | Run
    cluster_bias: float | Run
    lump_share: float | Run
    entry_improvement: float | Run
    entry_months: float | Run
    borrow_limit: float | Run
    default_ratio: float | Run
    default_months: float | Run
    fire_sale: float | Run
    equity_share: float | Run
    cash_months: float | Run
    start_leverage: float | Run
    interest: float | Run
    ev_price_sensitivity: float | Run
    ev_inertia: float | Run
    ev_saturation: float | Run
    scrap_response: float | Run
    demand_noise: float | Run
    demand_memory: float | Run
    demand_drift: float | Run
    outage_chance: float | Run
    outage_depth: float | Run
    outage_memory: float | Run
    ramp_months: float | Run
    shutdown_ratio: float | Run
    pool_threshold: float | Run
    pool_strength: float | Run
