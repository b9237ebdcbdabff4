"""One colour for every region wherever it is drawn, and how pictures look."""

from typing import Any, Literal

INK = "#1a1a1a"
QUIET = "#5f5f5f"
FAINT = "#dcdcdc"
WORLD = "#8a8a8a"
# Found by search: apart from each other for every kind of colour blindness, and stepwise darker in grey.
REGIONS = {
    "EU": "#00006e",
    "IN": "#5d1e5d",
    "ROW": "#464646",
    "US": "#0032f1",
    "CN": "#c00015",
    "TW": "#008336",
    "JP": "#d74693",
    "AU": "#cb800e",
    "KR": "#18abd1",
    "SEA": "#85b489",
}
Dashes = Literal["solid"] | tuple[float, tuple[float, ...]]
# Too light for letters.
LIGHT, DARKER = frozenset({"AU", "KR", "SEA"}), 0.68
SOLID: Dashes = "solid"
DASHED: Dashes = (0.0, (5.0, 2.2))
# Of the scenarios between the first, which is dashed, and the last, which is solid.
BETWEEN: tuple[Dashes, ...] = (
    (0.0, (6.0, 1.6, 1.2, 1.6)),
    (0.0, (1.2, 1.4)),
    (0.0, (9.0, 2.0, 1.2, 2.0, 1.2, 2.0)),
    (0.0, (3.0, 1.0)),
)
STYLE: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 12.0,
    "text.color": INK,
    "text.parse_math": False,
    "text.hinting": "none",
    "axes.labelcolor": INK,
    "axes.edgecolor": WORLD,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.color": FAINT,
    "grid.linewidth": 0.8,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.major.pad": 6.0,
    "ytick.major.size": 0.0,
    "lines.solid_capstyle": "round",
    "legend.frameon": False,
    "figure.facecolor": "white",
    "svg.fonttype": "path",
    "svg.hashsalt": "friendshore",
}


def colour(region: str) -> str:
    """Return the colour of a region; ink for one that has none."""
    return REGIONS.get(region, INK)


def lettering(region: str) -> str:
    """Return the colour of a region for letters: a light one is darkened until it can be read."""
    shade = colour(region)
    parts = [int(shade[at : at + 2], 16) for at in (1, 3, 5)]
    return f"#{''.join(f'{round(DARKER * part):02x}' for part in parts)}" if region in LIGHT else shade


def dashes(place: int, count: int) -> Dashes:
    """Return the line style of a scenario: the last is solid, the first dashed, those between are told apart.

    place, count  of the scenario among all that are drawn
    """
    if place == count - 1:
        return SOLID
    return DASHED if place == 0 else BETWEEN[(place - 1) % len(BETWEEN)]
