"""What the title of a picture says, found in the figures that are drawn."""

import math
from dataclasses import dataclass

import polars as pl

from experiments.chart_data import Story, over
from experiments.digest import Series
from experiments.sentence import band, called, counted, figure
from experiments.summary import Spread

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


def focus(story: Story, shares: Shares) -> str:
    """Return the region a title speaks of: whose share differs most, else changes most, else is largest."""
    if story.rival and (moved := _moved(story, shares)):
        return moved
    start, end = (each[story.asked.name] for each in (shares.start, shares.end))
    change = {region: abs(end[region] - start.get(region, 0.0)) for region in end}
    most = max(change, key=lambda region: known(change[region]))
    return most if change[most] >= WORTH_TELLING else max(end, key=lambda region: known(end[region]))


def _moved(story: Story, shares: Shares) -> str:
    """Return the region whose share differs most from the first scenario, if it is worth telling."""
    headline = story.asked.headline
    sizes = {region: abs(gain.mean) for region, gain in shares.gains.items()}
    if headline and sizes.get(headline.region, 0.0) >= WORTH_TELLING:
        return headline.region
    most = max(sizes, key=lambda region: sizes[region], default="")
    return most if sizes.get(most, 0.0) >= WORTH_TELLING else ""


def share_title(story: Story, series: Series, shares: Shares, of: str = "") -> str:
    """Return what became of the shares of a good.

    of  the region to speak of, where it is not left to the figures
    """
    if len(story.scenarios) > 2:
        return _of_several(story, series, shares, of)
    moved = of if of in shares.gains and abs(shares.gains[of].mean) >= WORTH_TELLING else _moved(story, shares)
    if moved and moved == (of or moved):
        return _difference(story, series, shares, moved)
    end, start = shares.end[story.asked.name], shares.start[story.asked.name]
    region = of or max(end, key=lambda region: known(end[region]), default="")
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
    others = {other: each.mean for other, each in shares.gains.items() if each.mean * gain.mean < 0.0}
    words = (
        f"With {story.asked.name} {called(story.title(region))} {series.verb} {share:.1f} % of the world's "
        f"{series.phrase} in {[*story.spans][-1]}, {size.mean:.1f} points {band(size)}{word} than with "
        f"{story.names[0]}"
    )
    if not others:
        return words
    most = max(others, key=lambda other: abs(others[other]))
    turn = "less" if gain.mean > 0 else "more"
    return f"{words}; {called(story.title(most))} {abs(others[most]):.1f} points {turn}"


def _of_several(story: Story, series: Series, shares: Shares, of: str) -> str:
    """Return the shares, in every scenario, of a region, or else of that whose share differs most between them."""
    regions = shares.end[story.asked.name]
    by_region = {region: [known(shares.end[name].get(region, 0.0)) for name in story.names] for region in regions}
    region = of or max(by_region, key=lambda region: max(by_region[region]) - min(by_region[region]))
    lead = f"{capital(called(story.title(region)))} {series.verb}"
    first, *others = reversed([*zip(story.names, by_region[region], strict=True)])
    lead += f" {first[1]:.1f} % of the world's {series.phrase} in {[*story.spans][-1]} with {first[0]}"
    each = [f"{share:.1f} % with {name}" for name, share in others]
    return f"{lead}, {', '.join(each[:-1])} and {each[-1]}"


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
    size = figure(largest)
    least = "nothing" if float(size) == 0.0 else f"at most {size} points"
    return f"; {story.asked.name} changes {least}"


def method(story: Story, *notes: str) -> str:
    """Return the lines at the foot: what was run, what line and band are, and where the figures come from."""
    against = f"{story.asked.name} against {' and '.join(story.names[:-1])}" if story.rival else story.asked.name
    luck = ", the same luck for all" if story.rival else ""
    spread = "Line: mean of the runs; band: 8 runs in 10." if story.runs > 1 else "Line: one run."
    setting = f"friendshore: {against}; {counted(story.runs)}, seed {story.seed}{luck}. {spread}"
    return " ".join([setting, *notes, "Figures and their sources: run friendshore data check."])


def known(value: float | None) -> float:
    """Return a number, 0 where it is not known."""
    return 0.0 if value is None or math.isnan(value) else value


def level(value: float | None, unit: str) -> str:
    """Return a number with its unit; a dash where it is not known."""
    return f"{figure(math.nan if value is None else value)}{unit}"


def capital(text: str) -> str:
    """Return a text with a capital in front."""
    return text[:1].upper() + text[1:]
