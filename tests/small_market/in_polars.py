"""The small market with polars: a frame of links and one of firms, joined and grouped every month."""

import numpy as np
import polars as pl

from abm.axes import Floats
from small_market import (
    BUILD,
    BUYERS,
    COVER,
    FIRMS,
    GAP,
    KNOWN,
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

ZERO, TINY = pl.lit(0.0), pl.lit(1e-12)


def run(start: Start) -> Floats:
    """Return output, mean price and lowest fill of every tier (month, tier, series)."""
    links, firms = _frames(start)
    houses = pl.DataFrame({"buyer": np.arange(FIRMS, FIRMS + WIDE), "demand": start.demand})
    record = []
    for month in range(MONTHS):
        links = _chosen(links, firms)
        plan = pl.col("expected") + GAP * (COVER * pl.col("expected") - pl.col("stock"))
        firms = firms.with_columns(plan=pl.min_horizontal("capacity", pl.max_horizontal(plan, ZERO)))
        want = pl.col("plan") + GAP * (COVER * pl.col("expected") - pl.col("inputs"))
        wants = firms.select(buyer="firm", want=pl.max_horizontal(want, ZERO))
        wants = pl.concat([wants, houses.select("buyer", want=pl.col("demand") * start.season[month, 0])])
        trade = links.join(wants, on="buyer").with_columns(order=pl.col("weight") * pl.col("want"))
        asked = trade.group_by("maker").agg(asked=pl.col("order").sum())
        firms = firms.drop("asked").join(asked, left_on="firm", right_on="maker", how="left", maintain_order="left")
        firms = firms.with_columns(pl.col("asked").fill_null(0.0))
        firms = firms.with_columns(fill=pl.min_horizontal(1.0, pl.col("stock") / pl.max_horizontal("asked", TINY)))
        trade = trade.join(firms.select(maker="firm", fill="fill", price="price"), on="maker")
        trade = trade.with_columns(shipped=pl.col("order") * pl.col("fill"))
        firms = _lived(_supplied(firms, trade))
        tier = firms.group_by(pl.col("firm") // WIDE, maintain_order=True)
        record.append(tier.agg(pl.col("made").sum(), pl.col("price").mean(), pl.col("fill").min()).drop("firm"))
    return np.stack([each.to_numpy() for each in record]).reshape(MONTHS, TIERS, 3)


def _frames(start: Start) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return links and firms at the start."""
    buyer = np.repeat(np.arange(WIDE, WIDE + BUYERS), KNOWN)
    many = {"maker": start.maker.ravel(), "taste": start.taste.ravel(), "weight": start.weight.ravel()}
    stock, one = COVER * start.expected, np.ones(FIRMS)
    held = {"stock": stock, "inputs": stock, "price": one, "paid": one, "asked": one, "own_cost": start.own_cost}
    own = {"firm": np.arange(FIRMS), "expected": start.expected, "capacity": start.capacity}
    return pl.DataFrame({"buyer": buyer, **many}), pl.DataFrame(own | held)


def _chosen(links: pl.DataFrame, firms: pl.DataFrame) -> pl.DataFrame:
    """Return the links with shares shifted towards makers who are cheap for the buyer's taste."""
    known = links.join(firms.select(maker="firm", price="price"), on="maker", maintain_order="left")
    known = known.with_columns(pull=pl.col("taste") * pl.col("price") ** -SIGMA)
    wished = pl.col("pull") / pl.col("pull").sum().over("buyer")
    return known.with_columns(weight=pl.col("weight") + SPEED * (wished - pl.col("weight"))).drop("price", "pull")


def _supplied(firms: pl.DataFrame, trade: pl.DataFrame) -> pl.DataFrame:
    """Return the firms with what they received, paid and shipped."""
    bill = (pl.col("shipped") * pl.col("price")).sum()
    came = trade.group_by("buyer").agg(received=pl.col("shipped").sum(), bill=bill)
    left = trade.group_by("maker").agg(shipped=pl.col("shipped").sum())
    firms = firms.join(came, left_on="firm", right_on="buyer", how="left", maintain_order="left")
    return firms.join(left, left_on="firm", right_on="maker", how="left", maintain_order="left")


def _lived(firms: pl.DataFrame) -> pl.DataFrame:
    """Return the firms after production, pricing and building."""
    works = pl.col("firm") >= WIDE
    paid = pl.col("bill") / pl.max_horizontal("received", TINY)
    firms = firms.with_columns(
        inputs=pl.col("inputs") + pl.col("received").fill_null(0.0),
        paid=pl.when(works).then(paid).otherwise(pl.col("paid")),
    )
    made = pl.when(works).then(pl.min_horizontal("plan", "inputs")).otherwise(pl.col("plan"))
    firms = firms.with_columns(made=made)
    tension = 1.0 + TENSION * (pl.col("asked") / pl.col("expected") - 1.0).clip(-0.5, 0.5)
    price, cost = pl.col("price") * tension, 0.5 * pl.col("paid") + 0.5 * pl.col("own_cost")
    return firms.with_columns(
        inputs=pl.when(works).then(pl.col("inputs") - pl.col("made")).otherwise(pl.col("inputs")),
        stock=pl.col("stock") + pl.col("made") - pl.col("shipped").fill_null(0.0),
        price=price + PULL * (MARKUP * cost - price),
        expected=pl.col("expected") + SMOOTH * (pl.col("asked") - pl.col("expected")),
        capacity=pl.col("capacity") * (1.0 + BUILD * (pl.col("made") / pl.col("capacity") - USUAL).clip(-0.5, 0.5)),
    ).drop("received", "bill", "shipped")
