"""Who pays and who gains: buyers, makers and treasury, at home and abroad, and the firms that move most."""

import math
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from abm.places import called
from experiments.chart_data import Story
from experiments.chart_frame import DIGIT, EDGE, FIGURES_SIZE, KEY_SIZE, RIGHT, WIDTH, sheet
from experiments.chart_words import capital, listed, method
from experiments.compare_tables import signed
from experiments.digest import series_of
from experiments.effects import ABROAD, SUM, WORLD, home
from experiments.palette import INK, QUIET, colour, lettering
from experiments.palette import WORLD as GREY
from experiments.sentence import counted, figure
from experiments.verdict import Gain
from experiments.who import LINES, rate, scale_of, winners

PARTS = ("buyers", "margin", "plants", "treasury", SUM)
# Labels left of the bars, the second panel and its labels, as shares of the width.
LABELS, MIDDLE, NAMES = 0.135, 0.58, 0.17
# Letters of a firm's name on a line, and points between a bar and its figures.
LETTERS, GAP = 24, 5.0
THIN, THICK = 0.34, 0.62
# A panel has room for at least so many bars.
FEWEST = 5


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: how high it stands, how long it is and how sure, and its region, if it is of one."""

    height: float
    gain: Gain
    region: str


def draw_who(story: Story) -> Figure:
    """Return the picture of who pays and who gains with the last scenario compared with the first."""
    account = story.effects.filter(measure="who_pays")
    firms = story.effects.filter(measure="firm_share")
    factor, unit = scale_of(account)
    places = _places(story)
    sides = {code: {part: _gain(account, part, code, factor) for part in PARTS} for code in places}
    names = [*places.values()]
    colours = f"In colour {names[0]}, grey {names[1]}. " if len(names) > 1 else ""
    below = (
        f"{story.asked.name} less {story.names[0]}, {unit} {rate(account)}; right of the line gains, left pays. "
        f"{colours}Makers are counted where their plants stand."
    )
    page = sheet(_title(story, places, sides, unit), method(story, sign=_signs(story)), below)
    rows = winners(firms) if firms.height and story.asked.headline else []
    room = (page.bottom + 0.02, page.top - (0.06 if rows else 0.02))
    left, end = EDGE + LABELS, MIDDLE - 0.02 if rows else RIGHT
    axes = page.figure.add_axes((left, room[0], end - left, room[1] - room[0]))
    _account(axes, sides)
    if rows:
        _firms(page.figure, story, rows, room)
    return page.figure


def _signs(story: Story) -> str:
    """Return what bars and whiskers are."""
    if story.runs == 1:
        return "Bar: one run."
    return "Bar: mean difference, run against run; whisker and ±: its 90 % interval; ?: it includes 0."


def _places(story: Story) -> dict[str, str]:
    """Return code and name of the acting region and of everyone else, or of the world where nobody acts alone."""
    at_home = home(story.asked, story.rival, story.asked.headline.region if story.asked.headline else "")
    return {at_home: called(story.title(at_home)), ABROAD: "everyone else"} if at_home else {WORLD: "the world"}


def _gain(account: pl.DataFrame, part: str, code: str, factor: float) -> Gain:
    """Return one figure of the account in the unit shown."""
    mean, error = account.filter(item=part, region=code).select("gain_mean", "gain_error").row(0)
    return Gain(factor * mean, math.nan if error is None else factor * error)


def _title(story: Story, places: Mapping[str, str], sides: Mapping[str, Mapping[str, Gain]], unit: str) -> str:
    """Return who pays and who gains, in a sentence, as far as it can be told: at home if it can be told there."""
    first = next(iter(places.values()))
    told = {code: _told(sides[code]) for code in places}
    code = next((code for code, words in told.items() if words), None)
    if code is None:
        return f"{capital(counted(story.runs))} of {story.asked.name} do not tell who pays and who gains"
    place = f"outside {first}" if code == ABROAD else f"in {first}"
    lead = f"With {story.asked.name} {place} {listed(told[code])} {unit} dollars"
    if len(places) == 1:
        return lead
    if code == ABROAD:
        return f"{lead}; in {first} {counted(story.runs)} do not tell"
    rest = sides[ABROAD][SUM]
    if rest.open:
        return f"{lead}; for everyone else {counted(story.runs)} do not tell"
    if float(figure(rest.mean)) == 0.0:
        return f"{lead}; everyone else neither gains nor loses"
    return f"{lead}; everyone else {'gains' if rest.mean > 0 else 'loses'} {figure(abs(rest.mean))} in all"


def _told(side: Mapping[str, Gain]) -> list[str]:
    """Return who pays and who gains on one side, whoever pays most in front, as far as it can be told."""
    # The intervals of two parts add up at most.
    makers = Gain(side["margin"].mean + side["plants"].mean, side["margin"].error + side["plants"].error)
    amounts = (("the treasury", side["treasury"]), ("makers", makers), ("final buyers", side["buyers"]))
    sure = [(who, gain) for who, gain in sorted(amounts, key=lambda pair: pair[1].mean) if not gain.open]
    return [_paid(who, gain) for who, gain in sure if float(figure(gain.mean)) != 0.0]


def _paid(who: str, gain: Gain) -> str:
    """Return what somebody pays or gains."""
    word = "gain" if gain.mean > 0.0 else "pay" if who != "makers" else "lose"
    return f"{who} {word}{'s' if who == 'the treasury' else ''} {figure(abs(gain.mean))}"


def _account(axes: Axes, sides: Mapping[str, Mapping[str, Gain]]) -> None:
    """Draw the parts of the account one below the other, a bar for each place."""
    middle = (len(sides) - 1) / 2.0
    bars = [
        Bar(row + (place - middle) * (THIN + 0.02), parts[part], "" if code in {ABROAD, WORLD} else code)
        for place, (code, parts) in enumerate(sides.items())
        for row, part in enumerate(PARTS)
    ]
    labels = [capital(LINES[part]).replace(": ", ":\n") for part in PARTS]
    _draw(axes, bars, labels, THIN if len(sides) > 1 else THICK)
    axes.axhline(len(PARTS) - 1.5, color=GREY, linewidth=0.8)


def _firms(page: Figure, story: Story, rows: Sequence[dict[str, Any]], room: tuple[float, float]) -> None:
    """Draw the firms whose share rises and falls most."""
    assert story.asked.headline is not None
    series = series_of(story.asked.headline, story.world.goods)
    axes = page.add_axes((MIDDLE + NAMES, room[0], RIGHT - MIDDLE - NAMES, room[1] - room[0]))
    gains = [Gain(row["gain_mean"], math.nan if row["gain_error"] is None else row["gain_error"]) for row in rows]
    bars = [Bar(height, gain, row["region"]) for height, (gain, row) in enumerate(zip(gains, rows, strict=True))]
    names = [textwrap.fill(row["item"], LETTERS) for row in rows]
    _draw(axes, bars, names, THICK)
    axes.tick_params(axis="y", labelsize=FIGURES_SIZE)
    told = f"Firms: points of the world's {series.phrase}, {story.asked.until:%Y}"
    page.text(MIDDLE, room[1] + 0.018, told, va="bottom", size=KEY_SIZE, color=QUIET)


def _draw(axes: Axes, bars: Sequence[Bar], labels: Sequence[str], thick: float) -> None:
    """Draw bars with whiskers and figures, and leave room for the figures on either side."""
    wide = axes.get_position().width * WIDTH * 72.0
    texts = [signed(bar.gain) for bar in bars]
    beside = 2.0 * GAP + DIGIT * FIGURES_SIZE * 1.15 * max(map(len, texts))
    ends = [bar.gain.mean + side * _error(bar.gain) for bar in bars for side in (-1.0, 1.0)]
    low, high = min(0.0, *ends), max(0.0, *ends)
    falls, rises = any(bar.gain.mean < 0.0 for bar in bars), any(bar.gain.mean >= 0.0 for bar in bars)
    unit = ((high - low) or 1.0) / (wide - beside * (falls + rises))
    axes.set_xlim(low - beside * falls * unit, high + beside * rises * unit)
    for bar, text in zip(bars, texts, strict=True):
        _bar(axes, bar, text, thick)
    axes.axvline(0.0, color=INK, linewidth=1.0)
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(max(len(labels), FEWEST) - 0.45, -0.55)
    axes.grid(visible=False)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.tick_params(bottom=False, labelbottom=False, left=False)


def _bar(axes: Axes, bar: Bar, text: str, thick: float) -> None:
    """Draw one bar with its whisker, and its figure beyond."""
    gain, error = bar.gain, _error(bar.gain)
    axes.barh(bar.height, gain.mean, thick, color=colour(bar.region) if bar.region else GREY, alpha=0.85, zorder=2.0)
    axes.plot([gain.mean - error, gain.mean + error], [bar.height] * 2, color=INK, linewidth=1.2, zorder=3.0)
    side = 1.0 if gain.mean >= 0.0 else -1.0
    axes.annotate(
        text,
        (gain.mean + side * error, bar.height),
        (side * GAP, 0.0),
        textcoords="offset points",
        ha="left" if side > 0.0 else "right",
        va="center",
        size=FIGURES_SIZE,
        color=lettering(bar.region) if bar.region else INK,
    )


def _error(gain: Gain) -> float:
    """Return half of the interval, 0 where it is not known."""
    return 0.0 if math.isnan(gain.error) else gain.error
