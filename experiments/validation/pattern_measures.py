"""Which function measures which check of patterns.toml: each returns a number for every run, or a single one."""

from collections.abc import Callable, Mapping

from experiments.validation import pattern_decade as decade
from experiments.validation import pattern_minerals as minerals
from experiments.validation.pattern_bands import Check
from experiments.validation.pattern_sums import Array, Seen

MEASURES: Mapping[tuple[str, str], Callable[[Seen, Check], Array]] = {
    ("P1", "upstream"): decade.upstream,
    ("P1", "shared"): decade.shared,
    ("P2", "year_rivals"): decade.rivals,
    ("P2", "long_rivals"): decade.rivals,
    ("P2", "monopoly"): decade.monopolised,
    ("P3", "skew"): minerals.skewness,
    ("P3", "kurtosis"): minerals.tails,
    ("P3", "flat"): minerals.flatness,
    ("P4", "two_tier"): minerals.tiers,
    ("P5", "points"): minerals.farthest,
    ("P6", "in_2012"): minerals.from_china,
    ("P6", "in_2019"): minerals.from_china,
    ("P6", "least"): minerals.least,
    ("P7", "mine_share"): minerals.mine_share,
    ("P7", "lag"): minerals.head_start,
    ("P8", "utilisation"): decade.fullest,
    ("P8", "stock"): decade.emptiest,
    ("P8", "lost"): decade.cars_lost,
    ("P9", "before"): decade.moved,
    ("P10", "concave"): decade.marginal,
    ("P11", "learning"): decade.learnt,
    ("P11", "decade"): minerals.cells_cheaper,
    ("P12", "overshoot"): minerals.overshoot,
    ("P12", "exit"): minerals.exits,
    ("decade", "growth"): decade.growth,
    ("decade", "electric"): decade.electrified,
    ("decade", "plants"): decade.fewest_plants,
    ("decade", "jump"): decade.largest_jump,
}
