"""What the title of a picture says, found in the figures that are drawn."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from abm.places import called
from experiments.chart_data import Story, over
from experiments.digest import Series, series_of
from experiments.sentence import band, counted, figure
from experiments.verdict import Spread

# A difference of a share smaller than this, in points, is not worth a title.
WORTH_TELLING = 0.3


@dataclass(frozen=True, slots=True)
class Shares:
    """Mean share in % of every region at the start and at the end, by scenario, and how much more than in the first.

    gains  run by run, in points, of the last scenario
    """

    start: dict[str, dict[str, float]]
    end: dict[str, dict[str, float]]
    gains: dict[str, Spread]

    def movement(self, name: str) -> float:
        """Return the largest difference from the first scenario, or change since the start where there is none."""
        if self.gains:
            return max(abs(gain.mean) for gain in self.gains.values())
        end, start = self.end[name], self.start[name]
        return max((abs(known(share) - known(start.get(region, 0.0))) for region, share in end.items()), default=0.0)

    def differs(self, region: str) -> bool:
        """Return whether the difference of a share is worth telling: large, and of one sign in eight runs of ten."""
        gain = self.gains.get(region)
        return gain is not None and abs(gain.mean) >= WORTH_TELLING and gain.low * gain.high >= 0.0


def told(story: Story, shares: pl.DataFrame) -> Shares:
    """Return what a title may say of shares by month."""
    spans = [*story.spans.values()]
    start, end = over(shares, spans[0]), over(shares, spans[-1])
    return Shares(_means(start, story), _means(end, story), _gains(end, story))


def _means(share: pl.DataFrame, story: Story) -> dict[str, dict[str, float]]:
    """Return the mean over the runs by scenario and region."""
    means = share.group_by("scenario", "region", maintain_order=True).agg(pl.col("share").fill_nan(None).mean())
    found: dict[str, dict[str, float]] = {name: {} for name in story.names}
    for name, region, mean in means.rows():
        found[name][region] = math.nan if mean is None else mean
    return found


def _gains(share: pl.DataFrame, story: Story) -> dict[str, Spread]:
    """Return the difference between last and first scenario by region."""
    if story.rival is None:
        return {}
    mine, theirs = (share.filter(scenario=each.name) for each in (story.asked, story.rival))
    gain = pl.col("share") - pl.col("share_right")
    both = mine.join(theirs, on=["run", "region"], maintain_order="left").with_columns(gain=gain.fill_nan(None))
    value = pl.col("gain")
    spread = [value.mean(), value.quantile(0.1, "linear").alias("low"), value.quantile(0.9, "linear").alias("high")]
    rows = both.group_by("region", maintain_order=True).agg(spread).drop_nulls().rows()
    return {region: Spread(mean, low, high) for region, mean, low, high in rows}


def subject(story: Story, series: Series, shares: Shares) -> str:
    """Return the region a title speaks of: that of the headline, or whose share differs most, else is largest."""
    end = shares.end[story.asked.name]
    if len(story.scenarios) > 2:
        by_region = {region: [known(each.get(region)) for each in shares.end.values()] for region in end}
        return max(by_region, key=lambda region: max(by_region[region]) - min(by_region[region]))
    moved = {region: abs(gain.mean) for region, gain in shares.gains.items() if shares.differs(region)}
    if (own := headlined(story, series)) in moved:
        return own
    sizes = moved or end
    return max(sizes, key=lambda region: known(sizes[region]))


def headlined(story: Story, series: Series) -> str:
    """Return the region the headline speaks of, if it is a share of this series."""
    headline = story.asked.headline
    return headline.region if headline and series_of(headline, story.world.goods) == series else ""


def counterpart(shares: Shares, region: str) -> str:
    """Return the region that loses most of what another gains, or gains most of what it loses, if worth telling."""
    gain = shares.gains[region].mean
    turns = {other: each.mean for other, each in shares.gains.items() if each.mean * gain < 0.0}
    return max(filter(shares.differs, turns), key=lambda other: abs(turns[other]), default="")


def spoken_of(story: Story, series: Series, shares: Shares) -> set[str]:
    """Return the regions a title speaks of."""
    region = subject(story, series, shares)
    return {region, counterpart(shares, region)} if shares.differs(region) else {region}


def share_title(story: Story, series: Series, shares: Shares, of: str = "") -> str:
    """Return what became of the shares of a good.

    of  the region to speak of, where it is not left to the figures
    """
    region = of or subject(story, series, shares)
    if len(story.scenarios) > 2:
        return _of_several(story, series, shares, region)
    if shares.differs(region):
        return _difference(story, series, shares, region)
    end, start = shares.end[story.asked.name], shares.start[story.asked.name]
    if known(end.get(region)) == 0.0:
        return f"Nobody {series.verb} {series.phrase}"
    words = f"{capital(called(story.title(region)))} {series.verb} {end[region]:.0f} % of the world's {series.phrase}"
    return f"{words} in {[*story.spans][-1]}, {_change(story, start, end, region)}{_no_difference(story, shares)}"


def _difference(story: Story, series: Series, shares: Shares, region: str) -> str:
    """Return how much more a region has than in the first scenario, and who has less in turn."""
    gain, share = shares.gains[region], shares.end[story.asked.name][region]
    word, sign = ("more", 1.0) if gain.mean > 0 else ("less", -1.0)
    ends = sorted((sign * gain.low, sign * gain.high))
    size = Spread(sign * gain.mean, ends[0], ends[1])
    words = (
        f"With {story.asked.name} {called(story.title(region))} {series.verb} {share:.1f} % of the world's "
        f"{series.phrase} in {[*story.spans][-1]}, {size.mean:.1f} points {band(size)}{word} than with "
        f"{story.names[0]}"
    )
    if not (other := counterpart(shares, region)):
        return words
    turn = "less" if gain.mean > 0 else "more"
    return f"{words}; {called(story.title(other))} {abs(shares.gains[other].mean):.1f} points {turn}"


def _of_several(story: Story, series: Series, shares: Shares, region: str) -> str:
    """Return the share of a region in every scenario."""
    of_world = f" of the world's {series.phrase} in {[*story.spans][-1]}"
    each = [f"{known(shares.end[name].get(region)):.1f} %{{}} with {name}" for name in reversed(story.names)]
    told = listed([each[0].format(of_world), *(words.format("") for words in each[1:])])
    return f"{capital(called(story.title(region)))} {series.verb} {told}"


def _change(story: Story, start: dict[str, float], end: dict[str, float], region: str) -> str:
    """Return how a share changed since the start, in whole per cent."""
    first, since = start.get(region, 0.0), next(iter(story.spans))
    if f"{first:.0f}" == f"{end[region]:.0f}":
        return f"as in {since}"
    return f"{'up' if end[region] > first else 'down'} from {first:.0f} % in {since}"


def _no_difference(story: Story, shares: Shares) -> str:
    """Return that the last scenario hardly differs from the first, if there is one."""
    if story.rival is None:
        return ""
    largest = max((abs(gain.mean) for gain in shares.gains.values()), default=0.0)
    if float(figure(largest)) == 0.0:
        return f", with {story.asked.name} as with {story.rival.name}"
    return f"; {story.asked.name} moves no share by more than {math.ceil(10.0 * largest) / 10.0:.1f} points"


def method(story: Story, *notes: str, sign: str = "") -> str:
    """Return the lines at the foot: what was run, what line, band and brackets are, and where figures come from.

    sign  what the drawing's signs are, where there are no lines and bands
    """
    last, *others = [f"{each.name} ({each.title})" for each in reversed(story.scenarios)]
    against = f"{last} against {listed(others[::-1])}" if others else last
    luck = ", same luck" if others else ""
    changed = f"With {listed(story.changed)}." if story.changed else ""
    spread = "Line: mean of the runs; band and brackets: 8 runs in 10." if story.runs > 1 else "Line: one run."
    spread = sign or spread
    setting = f"Source: friendshore, a simulation: {against}; {counted(story.runs)}, seed {story.seed}{luck}."
    return " ".join(part for part in (setting, changed, spread, *notes, "Inputs: friendshore data check.") if part)


def listed(words: Sequence[str]) -> str:
    """Return words in a row, with commas and an ``and``."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def known(value: float | None) -> float:
    """Return a number, 0 where it is not known."""
    return 0.0 if value is None or math.isnan(value) else value


def level(value: float | None, unit: str) -> str:
    """Return a number with its unit; a dash where it is not known."""
    return f"{figure(math.nan if value is None else value)}{unit}"


def capital(text: str) -> str:
    """Return a text with a capital in front."""
    return text[:1].upper() + text[1:]
