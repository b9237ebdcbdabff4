"""Exponential, logarithm and power out of + - * / and bits alone, so that they are the same on every processor.

What NumPy or the C library answers depends on processor and version. These err by less than one unit in the last
place, subnormal results by no more, and say infinite, 0 or nan without a warning.
"""

from collections.abc import Callable
from functools import wraps

import numpy as np

from abm import coefficients as c
from abm.axes import Bools, Floats, Words
from abm.backend import twin

LN2 = c.LN2

_EXPONENT, _MANTISSA, _UPPER_HALF = np.uint64(c.EXPONENT), np.uint64(c.MANTISSA), np.uint64(c.UPPER_HALF)
_ONE, _ROOT_HALF, _TWO_52 = np.uint64(c.ONE), np.uint64(c.ROOT_HALF), np.uint64(c.TWO_52)
_PART = 8192
_LIFT, _NOTHING = np.uint64(c.LIFT), np.uint64(0)

Law = Callable[..., Floats]


def _in_parts(law: Law) -> Law:
    """Work a law of numbers out for arrays of any shapes, a part at a time so that it stays in the cache."""

    @wraps(law)
    def whole(*asked: Floats | float) -> Floats:
        """Return what the law says of all that is asked."""
        shape = np.broadcast_shapes(*(np.shape(each) for each in asked))
        lines = [np.broadcast_to(np.asarray(each, dtype=np.float64), shape).ravel() for each in asked]
        found = np.empty(lines[0].shape)
        for start in range(0, len(found), _PART):
            part = slice(start, start + _PART)
            found[part] = law(*(line[part] for line in lines))
        shaped: Floats = found.reshape(shape)[()]
        return shaped

    return whole


@twin("abm.lanes.arithmetic")
@_in_parts
def exp(exponent: Floats | float) -> Floats:
    """Return e ** exponent."""
    asked = np.asarray(exponent)
    if _within(asked, c.EXP_DEEP, c.EXP_HIGHEST):
        return _exp(asked)
    inside = (asked <= c.EXP_HIGHEST) & (asked >= c.EXP_LOWEST)
    beyond = np.where(asked > 0.0, np.inf, np.where(asked < 0.0, 0.0, np.nan))
    kept = np.where(inside, asked, 0.0)
    return np.where(inside, _exp(kept, kept < c.EXP_DEEP), beyond)


@twin("abm.lanes.arithmetic")
@_in_parts
def log(number: Floats | float) -> Floats:
    """Return the natural logarithm, -inf of 0 and nan of what is less."""
    asked = np.asarray(number)
    if _within(asked, c.SMALLEST_NORMAL, c.LARGEST):
        return _log(asked, 0.0)
    inside = (asked > 0.0) & (asked <= c.LARGEST)
    beyond = np.where(asked == 0.0, -np.inf, np.where(asked > 0.0, np.inf, np.nan))
    kept = np.where(inside, asked, 1.0)
    small = kept < c.SMALLEST_NORMAL
    found = _log(kept * np.where(small, c.RAISE, 1.0), np.where(small, c.RAISED, 0.0))
    return np.where(inside, found, beyond)


@twin("abm.lanes.arithmetic")
@_in_parts
def power(base: Floats | float, exponent: Floats | float) -> Floats:
    """Return base ** exponent, nan for a base below 0 unless the exponent is 0."""
    bases, exponents = np.asarray(base), np.asarray(exponent)
    inside = (bases > 0.0) & (bases <= c.LARGEST)
    first, second = _log2(np.where(inside, bases, 1.0))
    most = np.maximum(np.minimum(exponents, c.EXPONENT_LARGEST), -c.EXPONENT_LARGEST)
    upper = _upper(most)
    low, high = (most - upper) * first + most * second, upper * first
    total = low + high
    finite = (total <= c.POWER_HIGHEST) & (total > c.POWER_LOWEST)
    value = _exp2(np.where(finite, high, 0.0), np.where(finite, low, 0.0))
    # Base 0 and base infinite are as far from 1 as can be: what is beyond is infinite or 0.
    side = np.where(inside, total, np.where(bases > 1.0, exponents, -exponents))
    beyond = np.where(side > 0.0, np.inf, np.where(side < 0.0, 0.0, np.nan))
    value = np.where(inside & finite, value, beyond)
    value = np.where(bases >= 0.0, value, np.nan)
    return np.where((exponents == 0.0) | (bases == 1.0), 1.0, value)


def _within(values: Floats, low: float, high: float) -> bool:
    """Return whether all values are from low to high; nan is not."""
    return bool(values.min() >= low and values.max() <= high)


def _exp(x: Floats, deep: Bools | None = None) -> Floats:
    """Return e ** x where that is finite and not 0; deep where it may be subnormal."""
    rounded = x * c.INVERSE_LN2
    rounded += c.ROUNDER
    low = rounded - c.ROUNDER
    high = low * c.LN2_HIGH
    np.subtract(x, high, out=high)
    low *= c.LN2_LOW
    rest = high - low
    odd = _odd(rest)
    rest *= odd
    rest /= np.subtract(2.0, odd, out=odd)
    np.subtract(low, rest, out=rest)
    rest -= high
    return _scaled(np.subtract(1.0, rest, out=rest), rounded, deep)


def _odd(rest: Floats) -> Floats:
    """Return what exp and powers of 2 are fractions of."""
    square = rest * rest
    odd = square * c.P5
    for part in (c.P4, c.P3, c.P2, c.P1):
        odd += part
        odd *= square
    return np.subtract(rest, odd, out=odd)


def _scaled(numbers: Floats, rounded: Floats, deep: Bools | None) -> Floats:
    """Return numbers x 2 ** k where rounded is ROUNDER + k, in place; by way of 2 ** (k + 64) where deep."""
    shift = rounded.view(np.uint64)
    if deep is not None:
        shift += np.where(deep, _LIFT, _NOTHING)
    shift <<= _EXPONENT
    bits = numbers.view(np.uint64)
    bits += shift
    if deep is not None:
        numbers *= np.where(deep, c.LOWER, 1.0)
    return numbers


def _whole(bits: Words) -> Floats:
    """Return the exponents of 2 in the bits of positive numbers."""
    whole = bits >> _EXPONENT
    whole |= _TWO_52
    numbers = whole.view(np.float64)
    numbers -= c.BIAS
    return numbers


def _log(x: Floats, raised: Floats | float) -> Floats:
    """Return the logarithm of normal numbers / 2 ** raised."""
    bits = x.view(np.uint64) + (_ONE - _ROOT_HALF)
    whole = _whole(bits)
    whole -= raised
    bits &= _MANTISSA
    bits += _ROOT_HALF
    part = bits.view(np.float64)
    part -= 1.0
    ratio = part / (2.0 + part)
    square = ratio * ratio
    fourth = square * square
    even = fourth * (c.G2 + fourth * (c.G4 + fourth * c.G6))
    odd = square * (c.G1 + fourth * (c.G3 + fourth * (c.G5 + fourth * c.G7)))
    odd += even
    half_square = 0.5 * part
    half_square *= part
    odd += half_square
    ratio *= odd
    ratio += whole * c.LN2_LOW
    ratio -= half_square
    ratio += part
    whole *= c.LN2_HIGH
    ratio += whole
    return ratio


def _upper(numbers: Floats) -> Floats:
    """Return numbers cut to half their digits, so that products of two are exact."""
    return (numbers.view(np.uint64) & _UPPER_HALF).view(np.float64)


def _log2(base: Floats) -> tuple[Floats, Floats]:
    """Return the binary logarithm in two parts, the first of half a number's digits."""
    small = base < c.SMALLEST_NORMAL
    bits = (base * np.where(small, c.RAISE, 1.0)).view(np.uint64)
    near = ((bits & _MANTISSA) | _ONE).view(np.float64)
    big, middle = near >= c.ROOT_THREE, (near >= c.ROOT_MIDDLE) & (near < c.ROOT_THREE)
    whole = _whole(bits) - np.where(small, c.RAISED, 0.0) + np.where(big, 1.0, 0.0)
    near = near * np.where(big, 0.5, 1.0)
    centre = np.where(middle, 1.5, 1.0)
    above, total = near - centre, near + centre
    inverse = 1.0 / total
    ratio = above * inverse
    ratio_high, total_high = _upper(ratio), _upper(total)
    total_low = near - (total_high - centre)
    ratio_low = inverse * ((above - ratio_high * total_high) - ratio_high * total_low)
    square = ratio * ratio
    tail = c.L1 + square * (c.L2 + square * (c.L3 + square * (c.L4 + square * (c.L5 + square * c.L6))))
    tail = square * square * tail + ratio_low * (ratio_high + ratio)
    square = ratio_high * ratio_high
    factor_high = _upper(3.0 + square + tail)
    factor_low = tail - ((factor_high - 3.0) - square)
    main, minor = ratio_high * factor_high, ratio_low * factor_high + factor_low * ratio
    sum_high = _upper(main + minor)
    sum_low = minor - (sum_high - main)
    high = c.SCALE_HIGH * sum_high
    low = c.SCALE_LOW * sum_high + sum_low * c.SCALE + np.where(middle, c.LOG_MIDDLE_LOW, 0.0)
    offset = np.where(middle, c.LOG_MIDDLE_HIGH, 0.0)
    first = _upper(((high + low) + offset) + whole)
    return first, low - (((first - whole) - offset) - high)


def _exp2(high: Floats, low: Floats) -> Floats:
    """Return 2 ** (high + low), infinite where that is more than the largest number."""
    total = low + high
    rounded = total + c.ROUNDER
    whole = rounded - c.ROUNDER
    high = high - whole
    sum_high = _upper(low + high)
    main = sum_high * c.POWER_LN2_HIGH
    minor = (low - (sum_high - high)) * c.LN2 + sum_high * c.POWER_LN2_LOW
    rest = main + minor
    error = minor - (rest - main)
    odd = _odd(rest)
    value = 1.0 - ((rest * odd / (odd - 2.0) - (error + rest * error)) - rest)
    over = (whole == c.POWER_HIGHEST) & (value >= 1.0)
    found = _scaled(np.where(over, 0.5, value), rounded, total < c.POWER_DEEP)
    return np.where(over, np.inf, found)
