"""Light and dark: the colours of letters and lines that belong to no region."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from experiments.app.charts.chart import Option
from experiments.palette import FAINT, INK, QUIET, REGIONS

# Stand for colours that depend on the theme.
INKED, QUIETED, GROUND, EDGE = "$ink", "$quiet", "$ground", "$edge"
_AXES = ("xAxis", "yAxis")
# A canvas inherits none from its page.
LETTERS = "Roboto, Helvetica, Arial, sans-serif"


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours of one theme.

    ink, quiet  letters;  faint  lines behind the figures;  ground  behind everything
    edge        around areas, so that the darkest can be told from the ground
    """

    ink: str
    quiet: str
    faint: str
    ground: str
    edge: str


LIGHT = Theme(INK, QUIET, FAINT, "#ffffff", "#ffffff")
DARK = Theme("#f2f2f2", "#b8b8b8", "#4a4a4a", "#1e1e1e", "#d0d0d0")
# The darkest regions, lightened where they are lines on a dark ground; areas keep their colour and get an edge.
_LIGHTER = {REGIONS["EU"]: "#7f8cff", REGIONS["IN"]: "#c489c4", REGIONS["ROW"]: "#a8a8a8", REGIONS["US"]: "#5f86ff"}
_LIGHTER |= {REGIONS["CN"]: "#ff5c6c", REGIONS["TW"]: "#3fbf74"}


def themed(option: Option, *, dark: bool) -> Option:
    """Return an option with the colours of a theme."""
    theme = DARK if dark else LIGHT
    named = {INKED: theme.ink, QUIETED: theme.quiet, GROUND: theme.ground, EDGE: theme.edge}
    found = cast("Option", _coloured(option, named, dark=dark))
    if "baseOption" in found:
        return {**found, "baseOption": _dressed(found["baseOption"], theme)}
    return _dressed(found, theme)


def _coloured(part: object, named: Mapping[str, str], *, dark: bool) -> object:
    """Return a part of an option with the names of colours replaced, lines of dark regions lightened."""
    if isinstance(part, dict):
        made = {key: _coloured(value, named, dark=dark) for key, value in part.items()}
        line = made.get("lineStyle")
        if dark and isinstance(line, dict) and line.get("color") in _LIGHTER and made.get("type") == "line":
            made["lineStyle"] = {**line, "color": _LIGHTER[line["color"]]}
        return made
    if isinstance(part, list):
        return [_coloured(value, named, dark=dark) for value in part]
    return named.get(part, part) if isinstance(part, str) else part


def _dressed(option: Option, theme: Theme) -> Option:
    """Return an option whose axes, letters, legend and hover box have the colours of a theme."""
    lines, letters = {"lineStyle": {"color": theme.faint}}, {"color": theme.quiet}
    dressed = {"backgroundColor": "transparent", **option, "textStyle": {"color": theme.ink, "fontFamily": LETTERS}}
    if "title" in option:
        heads = option["title"] if isinstance(option["title"], list) else [option["title"]]
        told = [{**head, "textStyle": {"color": theme.ink, **head.get("textStyle", {})}} for head in heads]
        dressed["title"] = told if isinstance(option["title"], list) else told[0]
    for key in _AXES:
        if key in option:
            axes = option[key] if isinstance(option[key], list) else [option[key]]
            dressed[key] = [
                {
                    **axis,
                    "axisLabel": {**letters, **axis.get("axisLabel", {})},
                    "axisLine": {**lines, **axis.get("axisLine", {})},
                    "splitLine": {**lines, **axis.get("splitLine", {})},
                    "nameTextStyle": {**letters, **axis.get("nameTextStyle", {})},
                }
                for axis in axes
            ]
    box = {"backgroundColor": theme.ground, "borderColor": theme.quiet}
    if "tooltip" in option:
        letter = {"color": theme.ink, **option["tooltip"].get("textStyle", {})}
        dressed["tooltip"] = {**box, **option["tooltip"], "textStyle": letter}
    if "legend" in option:
        dressed["legend"] = {**option["legend"], "textStyle": {**letters, **option["legend"].get("textStyle", {})}}
    return dressed
