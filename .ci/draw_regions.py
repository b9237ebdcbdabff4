"""Draw the regions of the map anew: the countries of Natural Earth, put together by abm/data/countries.csv.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    uv run python .ci/draw_regions.py package/countries-50m.json

The countries come as arcs that neighbours share. They are thinned out, every border that lies within a region is left
out, and what is left is joined into rings and written to experiments/app/data/regions.geojson.
"""

import csv
import json
import math
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "experiments/app/data/regions.geojson"
COUNTRIES = ROOT / "abm/data/countries.csv"
NOTE = {
    "source": "Natural Earth 1:50m, public domain, as in the npm package world-atlas 2.0.2 (countries-50m.json)",
    "made_by": ".ci/draw_regions.py",
    "note": "Shapes show the regions of the model, not anybody's claim to territory. Antarctica is left out.",
}
# Degrees: how far a point may lie from a thinned line, and the grid points are rounded to.
TOLERANCE, DIGITS = 0.1, 2
# Square degrees: rings under this are left out, unless they lie in a box that is kept (west, south, east, north).
SMALLEST = 0.12
KEPT = {"Singapore": (103.5, 1.1, 104.2, 1.6)}
# Countries that reach over the 180th meridian: on which side of a longitude points move, and by how much.
UNWRAPPED = {"Russia": (-160.0, 360.0), "Fiji": (0.0, 360.0), "United States of America": (170.0, -360.0)}
LEFT_OUT = {"Antarctica"}
# Names in Natural Earth that countries.csv writes otherwise, with the two letters it has for them.
CODES = {
    "Antigua and Barb.": "AG", "Ashmore and Cartier Is.": "AU", "Bosnia and Herz.": "BA", "Br. Indian Ocean Ter.": "IO",
    "British Virgin Is.": "VG", "Brunei": "BN", "Cayman Is.": "KY", "Central African Rep.": "CF", "Cook Is.": "CK",
    "Dem. Rep. Congo": "CD", "Dominican Rep.": "DO", "Eq. Guinea": "GQ", "Faeroe Is.": "FO", "Falkland Is.": "FK",
    "Fr. Polynesia": "PF", "Fr. S. Antarctic Lands": "TF", "Heard I. and McDonald Is.": "HM",
    "Indian Ocean Ter.": "CX", "Macedonia": "MK", "Marshall Is.": "MH", "Micronesia": "FM", "N. Cyprus": "CY",
    "N. Mariana Is.": "MP", "Palestine": "PS", "Pitcairn Is.": "PN", "Russia": "RU", "S. Geo. and the Is.": "GS",
    "S. Sudan": "SS", "Saint Helena": "SH", "Siachen Glacier": "IN", "Sint Maarten": "SX", "Solomon Is.": "SB",
    "Somaliland": "SO", "St-Barthélemy": "BL", "St-Martin": "MF", "St. Kitts and Nevis": "KN",
    "St. Pierre and Miquelon": "PM", "St. Vin. and Gren.": "VC", "São Tomé and Principe": "ST", "Turkey": "TR",
    "Turks and Caicos Is.": "TC", "U.S. Virgin Is.": "VI", "United States of America": "US", "Vatican": "VA",
    "W. Sahara": "EH", "Wallis and Futuna Is.": "WF", "eSwatini": "SZ", "Åland": "AX",
}  # fmt: skip
Point = tuple[float, float]
Line = list[Point]


def main(atlas: Path) -> None:
    """Write the shapes of the regions.

    atlas  TopoJSON of the countries
    """
    topology = json.loads(atlas.read_text(encoding="utf-8"))
    arcs = [thin(arc) for arc in decoded(topology)]
    with COUNTRIES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    regions = {row["iso2"]: row["region"] for row in rows}
    named = {row["country"]: row["iso2"] for row in rows}
    lines: dict[str, list[Line]] = {code: [] for code in dict.fromkeys(regions.values())}
    for country in topology["objects"]["countries"]["geometries"]:
        name = country["properties"]["name"]
        if name not in LEFT_OUT:
            region = regions[CODES.get(name) or named[name]]
            lines[region] += [moved(line, name) for line in outlines(country, arcs)]
    features = [feature(region, rings(parts)) for region, parts in sorted(lines.items())]
    text = json.dumps({"type": "FeatureCollection", **NOTE, "features": features}, separators=(",", ":"))
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(f"{TARGET}: {len(text) / 1000:.0f} kB\n")


def decoded(topology: dict[str, Any]) -> Iterator[Line]:
    """Yield the arcs of a topology, degrees of longitude and latitude."""
    (wide, tall), (west, south) = (topology["transform"][key] for key in ("scale", "translate"))
    for arc in topology["arcs"]:
        steps = accumulate(arc, lambda here, step: [here[0] + step[0], here[1] + step[1]])
        yield [(west + wide * x, south + tall * y) for x, y in steps]


def thin(line: Line) -> Line:
    """Return a line without the points that lie next to it anyway, rounded; its ends stay (Douglas and Peucker)."""
    if line[0] == line[-1] and len(line) > 3:
        middle = max(range(len(line)), key=lambda at: math.dist(line[0], line[at]))
        return [*_thin(line[: middle + 1])[:-1], *_thin(line[middle:])]
    return _thin(line)


def _thin(line: Line) -> Line:
    """Return an open line thinned and rounded."""
    kept, open_ends = {0, len(line) - 1}, [(0, len(line) - 1)]
    while open_ends:
        first, last = open_ends.pop()
        far = [(_beside(line[at], line[first], line[last]), at) for at in range(first + 1, last)]
        if far and max(far)[0] > TOLERANCE:
            middle = max(far)[1]
            kept.add(middle)
            open_ends += [(first, middle), (middle, last)]
    return [(round(x, DIGITS), round(y, DIGITS)) for x, y in (line[at] for at in sorted(kept))]


def _beside(point: Point, start: Point, end: Point) -> float:
    """Return how far a point lies from a stretch."""
    (x, y), (dx, dy) = start, (end[0] - start[0], end[1] - start[1])
    length = dx * dx + dy * dy
    part = min(1.0, max(0.0, ((point[0] - x) * dx + (point[1] - y) * dy) / length)) if length else 0.0
    return math.dist(point, (x + part * dx, y + part * dy))


def outlines(country: dict[str, Any], arcs: Sequence[Line]) -> Iterator[Line]:
    """Yield the closed outlines of a country, holes included."""
    polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
    for outline in (ring for polygon in polygons for ring in polygon):
        parts = [arcs[arc] if arc >= 0 else arcs[~arc][::-1] for arc in outline]
        yield [parts[0][0], *(point for part in parts for point in part[1:])]


def moved(line: Line, country: str) -> Line:
    """Return an outline with what lies beyond the 180th meridian on the side of the rest."""
    if country not in UNWRAPPED:
        return line
    edge, by = UNWRAPPED[country]
    return [(round(x + by * ((x < edge) if by > 0 else (x > edge)), DIGITS), y) for x, y in line]


def rings(lines: Iterable[Line]) -> list[Line]:
    """Return the outlines of some countries put together: stretches that run both ways are borders within."""
    stretches: dict[tuple[Point, Point], int] = {}
    for here, there in (pair for line in lines for pair in pairwise(line) if pair[0] != pair[1]):
        if stretches.get((there, here)):
            stretches[there, here] -= 1
        else:
            stretches[here, there] = stretches.get((here, there), 0) + 1
    onward: dict[Point, list[Point]] = {}
    for (here, there), times in stretches.items():
        if times:
            onward.setdefault(here, []).extend([there] * times)
    return [ring for ring in _joined(onward) if _worth(ring)]


def _joined(onward: dict[Point, list[Point]]) -> Iterator[Line]:
    """Yield closed rings, walking from point to point until nothing is left."""
    while onward:
        start = next(iter(onward))
        walk, place = [start], {start: 0}
        while walk[-1] in onward:
            here = walk[-1]
            there = onward[here].pop()
            if not onward[here]:
                del onward[here]
            walk.append(there)
            if there in place:
                ring = walk[place[there] :]
                for point in ring[1:-1]:
                    del place[point]
                del walk[place[there] + 1 :]
                yield ring
            else:
                place[there] = len(walk) - 1


def _worth(ring: Line) -> bool:
    """Return whether a ring is large enough to be seen, or kept in any case."""
    west, south = (min(point[axis] for point in ring) for axis in (0, 1))
    east, north = (max(point[axis] for point in ring) for axis in (0, 1))
    inside = any(w <= west and s <= south and e >= east and n >= north for w, s, e, n in KEPT.values())
    return len(ring) > 3 and (inside or abs(_area(ring)) >= SMALLEST)


def _area(ring: Line) -> float:
    """Return the area of a ring, square degrees; its sign says which way round it goes."""
    return 0.5 * sum(x * v - u * y for (x, y), (u, v) in pairwise(ring))


def feature(region: str, outlines: list[Line]) -> dict[str, Any]:
    """Return a region as a feature; outlines that run the other way round are holes in the one they lie in."""
    shells = sorted((ring for ring in outlines if _area(ring) < 0), key=lambda ring: -abs(_area(ring)))
    polygons = [[shell] for shell in shells]
    for hole in (ring for ring in outlines if _area(ring) > 0):
        around = [polygon for polygon in polygons if _inside(hole[0], polygon[0])]
        if around:
            around[-1].append(hole)
    geometry = {"type": "MultiPolygon", "coordinates": polygons}
    return {"type": "Feature", "properties": {"name": region}, "geometry": geometry}


def _inside(point: Point, ring: Line) -> bool:
    """Return whether a point lies within a ring."""
    (x, y), odd = point, False
    for (u, v), (w, z) in pairwise(ring):
        if (v > y) != (z > y) and x < u + (y - v) / (z - v) * (w - u):
            odd = not odd
    return odd


if __name__ == "__main__":
    main(Path(sys.argv[1]))
