"""The behavioural parameters: one field per table of ``data/parameters.toml``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Parameters:
    """Every behavioural parameter."""

    stock_adjustment: float
    pipeline_adjustment: float
    max_utilisation: float
    planning_utilisation: float
    contraction_band: float
    order_smoothing: float
    price_watch: float
    hoard_threshold: float
    hoard_strength: float
    share_adjustment: float
    unfilled_haste: float
    hazard_learning: float
    hazard_forgetting: float
    hazard_scale: float
    memory_speed: float
    learning_spillover: float
    substitute_cost: float
    price_floor: float
    price_cap: float
    thrift_threshold: float
    thrift_floor: float
    gap_months: float
    growth_memory: float
    trend_memory: float
    growth_cap: float
    growth_horizon: float
    margin_memory: float
    site_scale: float
    home_site_bias: float
    brownfield_bias: float
    cluster_bias: float
    lump_share: float
    wish_fading: float
    largest_lump: float
    entry_improvement: float
    entry_months: float
    borrow_limit: float
    default_ratio: float
    default_months: float
    fire_sale: float
    equity_share: float
    cash_months: float
    start_leverage: float
    interest: float
    ev_price_sensitivity: float
    ev_inertia: float
    ev_saturation: float
    scrap_response: float
    demand_noise: float
    demand_memory: float
    demand_drift: float
    outage_chance: float
    outage_depth: float
    outage_memory: float
    ramp_months: float
    launch_months: float
    launch_share: float
    launch_stock: float
    shutdown_ratio: float
    renewal_tools: float
    pool_threshold: float
    largest_credit: float
