"""The sheet every picture is drawn on: title, key and foot."""

import math
import textwrap
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments.chart_data import Story
from experiments.palette import INK, QUIET, dashes

# Sixteen to nine, as screens are.
WIDTH, HEIGHT = 12.8, 7.2
EDGE, LEFT, RIGHT = 0.025, 0.055, 0.985
TITLE_WIDTH, BELOW_WIDTH, FOOT_WIDTH = 84, 124, 148
TITLE_SIZE, KEY_SIZE, PANEL_SIZE, FIGURES_SIZE, FOOT_SIZE = 17.5, 12.0, 13.5, 11.0, 10.5
# A line of these sizes takes this share of the height.
TITLE_LINE, KEY_LINE, FOOT_LINE = 0.046, 0.034, 0.0263
# A letter of a name, one of a line of figures, and what stands beside a name in the key are about so many times their
# size wide.
LETTER, DIGIT, SAMPLE = 0.55, 0.51, 5.4
# Letters of a scenario's name.
LONGEST = 30


@dataclass(frozen=True, slots=True)
class Sheet:
    """An empty picture with its title and foot.

    top, bottom  of the room for axes, as shares of the height
    """

    figure: Figure
    top: float
    bottom: float


def sheet(title: str, foot: str, below: str = "") -> Sheet:
    """Return a sheet with a title on top, a quieter line below it, and the foot."""
    figure = Figure(figsize=(WIDTH, HEIGHT))
    lines = balanced(title, TITLE_WIDTH)
    figure.text(EDGE, 0.975, "\n".join(lines), va="top", size=TITLE_SIZE, weight="bold", linespacing=1.25)
    top = 0.965 - TITLE_LINE * len(lines)
    if below:
        under = balanced(below, BELOW_WIDTH)
        figure.text(EDGE, top, "\n".join(under), va="top", size=KEY_SIZE, color=QUIET, linespacing=1.3)
        top -= KEY_LINE * len(under) + 0.006
    feet = balanced(foot, FOOT_WIDTH)
    figure.text(EDGE, 0.015, "\n".join(feet), va="bottom", size=FOOT_SIZE, color=QUIET, linespacing=1.3)
    return Sheet(figure, top, 0.03 + FOOT_LINE * len(feet))


def balanced(text: str, width: int) -> list[str]:
    """Return a text in as few lines as fit, all about as long."""
    # A number stays with its sign, and words joined by hyphens stay together.
    text = text.replace(" %", "\u00a0%")
    wrapped = partial(textwrap.wrap, text, break_on_hyphens=False)
    fewest = len(wrapped(width))
    return wrapped(1 + bisect_left(range(1, width), -fewest, key=lambda narrower: -len(wrapped(narrower))))


def short(name: str) -> str:
    """Return the name of a scenario, cut where it is very long."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def key(page: Sheet, story: Story) -> Sheet:
    """Write under the title which line is which scenario; return the sheet with less room."""
    count = len(story.names)
    handles: list[Line2D | Patch] = []
    for place, name in reversed(list(enumerate(story.names))):
        style, asked = dashes(place, count), place == count - 1
        handles.append(Line2D([], [], color=INK, linestyle=style, linewidth=2.6 if asked else 1.7, label=short(name)))
    if story.runs > 1:
        handles.append(Patch(facecolor=INK, alpha=0.18, label=f"8 runs in 10 of {short(story.asked.name)}"))
    columns = _columns([str(each.get_label()) for each in handles])
    page.figure.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(EDGE - 0.006, page.top + 0.006),
        ncols=columns,
        fontsize=KEY_SIZE,
        handlelength=2.8,
        columnspacing=1.8,
        borderaxespad=0.0,
    )
    return Sheet(page.figure, page.top - KEY_LINE * math.ceil(len(handles) / columns) - 0.012, page.bottom)


def _columns(labels: Sequence[str]) -> int:
    """Return in how many columns the labels of a key fit side by side."""
    room = (1.0 - 2.0 * EDGE) * WIDTH * 72.0 / KEY_SIZE
    for count in range(len(labels), 1, -1):
        columns = np.array_split([LETTER * len(label) + SAMPLE for label in labels], count)
        if sum(column.max() for column in columns) <= room:
            return count
    return 1
