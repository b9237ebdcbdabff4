"""How the value of a lever is shown: in which unit, over which stretch of its range, in which steps."""

import math
from dataclasses import dataclass

# A slider is moved over so many times the value that it has at first, and in about so many steps.
STRETCH, STEPS = 4.0, 200
# Where the range is not this many times the value, all of it is shown.
WIDE = 12.0
THOUSAND = 1000.0
SHARE = "share"


@dataclass(frozen=True, slots=True)
class Scale:
    """How a number is shown.

    unit       in which it is read;  factor  from the model's unit to it
    low, high  of what is accepted, in the model's unit
    top, step  of the slider, in the model's unit
    """

    unit: str
    factor: float
    low: float
    high: float
    top: float
    step: float


def scale(unit: str, low: float, high: float, value: float) -> Scale:
    """Return how a number is shown.

    unit, low, high  of the model;  value  at first
    """
    read, factor = _read(unit, value)
    top = high
    if high - low > WIDE * max(abs(value - low), _least(high)):
        top = min(high, low + _round_up(STRETCH * max(abs(value - low), _least(high))))
    return Scale(read, factor, low, high, top, _round_down((top - low) / STEPS))


def _read(unit: str, value: float) -> tuple[str, float]:
    """Return the unit in which people read a number, and the factor to it."""
    if unit.startswith(SHARE):
        return f"%{unit.removeprefix(SHARE)}", 100.0
    if "M USD" in unit and abs(value) >= THOUSAND:
        return unit.replace("M USD", "billion USD"), 1.0 / THOUSAND
    return unit.replace("M USD", "million USD"), 1.0


def _least(high: float) -> float:
    """Return what a slider reaches to at least, as a part of the range."""
    return high / THOUSAND


def _round_up(value: float) -> float:
    """Return 1, 2 or 5 times a power of ten, not below a value."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(times * power for times in (1.0, 2.0, 5.0, 10.0) if times * power >= value * (1.0 - 1e-9))


def _round_down(value: float) -> float:
    """Return 1, 2 or 5 times a power of ten, not above a value."""
    power = 10.0 ** math.floor(math.log10(value))
    return max(times * power for times in (1.0, 2.0, 5.0) if times * power <= value * (1.0 + 1e-9))
