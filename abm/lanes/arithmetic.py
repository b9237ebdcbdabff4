"""Loops for exponential, logarithm and power: the steps of ``abm.arithmetic``, one number at a time."""

import numpy as np
from numba import float64, njit, types

from abm import coefficients as c
from abm.axes import Floats

VECTOR = types.Array(float64, 1, "C", readonly=True)
LINE = float64[::1]

# nan is told by its bits alone: compared as a number it makes processors complain.
_EXPONENT, _SIGN = np.uint64(c.EXPONENT), np.uint64(c.SIGN)
_MANTISSA, _MAGNITUDE, _UPPER_HALF = np.uint64(c.MANTISSA), np.uint64(c.MAGNITUDE), np.uint64(c.UPPER_HALF)
_ONE, _ROOT_HALF, _TWO_52 = np.uint64(c.ONE), np.uint64(c.ROOT_HALF), np.uint64(c.TWO_52)
_LIFT, _NOTHING, _ANY = np.uint64(c.LIFT), np.uint64(0), np.uint64(1)
_NORMAL, _INFINITE, _HIGHEST, _LOWEST, _DEEP = (
    np.float64(edge).view(np.uint64) for edge in (c.SMALLEST_NORMAL, np.inf, c.EXP_HIGHEST, -c.EXP_LOWEST, -c.EXP_DEEP)
)


def exp(exponent: Floats | float) -> Floats:
    """Return e ** exponent."""
    asked = np.asarray(exponent, np.float64)
    found: Floats = _exp(asked.ravel()).reshape(asked.shape)[()]
    return found


def log(number: Floats | float) -> Floats:
    """Return the natural logarithm."""
    asked = np.asarray(number, np.float64)
    found: Floats = _log(asked.ravel()).reshape(asked.shape)[()]
    return found


def power(base: Floats | float, exponent: Floats | float) -> Floats:
    """Return base ** exponent, nan for a base below 0 unless the exponent is 0."""
    bases, exponents = np.broadcast_arrays(np.asarray(base, np.float64), np.asarray(exponent, np.float64))
    found: Floats = _power(bases.ravel(), exponents.ravel()).reshape(bases.shape)[()]
    return found


@njit(error_model="numpy")
def _bits(number):
    return np.float64(number).view(np.uint64)


@njit(error_model="numpy")
def _number(bits):
    return np.uint64(bits).view(np.float64)


@njit(error_model="numpy")
def _pick(condition, one, other):
    """Return one or the other without a branch, so that several numbers are worked out at a time."""
    mask = _NOTHING - np.uint64(condition)
    return _number((_bits(one) & mask) | (_bits(other) & ~mask))


@njit(error_model="numpy")
def _upper(number):
    return _number(_bits(number) & _UPPER_HALF)


@njit(error_model="numpy")
def _whole(bits):
    """Return the exponent of 2 in the bits of a positive number."""
    return _number((bits >> _EXPONENT) | _TWO_52) - c.BIAS


@njit(error_model="numpy")
def _scaled(number, rounded, deep):
    """Return number x 2 ** k where ROUNDER + k is the second; deep is 64 where that may be subnormal, else 0."""
    up = _number(_bits(number) + ((_bits(rounded) + deep) << _EXPONENT))
    return up * _pick(deep > _NOTHING, c.LOWER, 1.0)


@njit(error_model="numpy")
def exp_of(exponent) -> float:
    """Return e ** exponent, for use in other loops."""
    bits = _bits(exponent)
    size, negative = bits & _MAGNITUDE, bits >= _SIGN
    inside = (size <= _HIGHEST) | (negative & (size <= _LOWEST))
    x = _pick(inside, exponent, 0.0)
    rounded = x * c.INVERSE_LN2 + c.ROUNDER
    whole = rounded - c.ROUNDER
    high = x - whole * c.LN2_HIGH
    low = whole * c.LN2_LOW
    rest = high - low
    square = rest * rest
    odd = rest - square * (c.P1 + square * (c.P2 + square * (c.P3 + square * (c.P4 + square * c.P5))))
    value = 1.0 - ((low - rest * odd / (2.0 - odd)) - high)
    value = _scaled(value, rounded, _LIFT * np.uint64(negative & inside & (size > _DEEP)))
    value = _pick(inside, value, _pick(negative, 0.0, np.inf))
    return _pick(size <= _INFINITE, value, np.nan)


@njit(error_model="numpy")
def log_of(number) -> float:
    """Return the natural logarithm, for use in other loops."""
    own = _bits(number)
    inside = (own - _ANY) < (_INFINITE - _ANY)
    small = own < _NORMAL
    x = _pick(inside, number, 1.0)
    bits = _bits(x * _pick(small, c.RAISE, 1.0)) + (_ONE - _ROOT_HALF)
    whole = _whole(bits) - c.RAISED * np.float64(small)
    part = _number((bits & _MANTISSA) + _ROOT_HALF) - 1.0
    half_square = 0.5 * part * part
    ratio = part / (2.0 + part)
    square = ratio * ratio
    fourth = square * square
    even = fourth * (c.G2 + fourth * (c.G4 + fourth * c.G6))
    odd = square * (c.G1 + fourth * (c.G3 + fourth * (c.G5 + fourth * c.G7)))
    value = ratio * (half_square + (odd + even)) + whole * c.LN2_LOW - half_square + part + whole * c.LN2_HIGH
    value = _pick(inside, value, np.nan)
    value = _pick(own == _INFINITE, np.inf, value)
    return _pick(own & _MAGNITUDE == _NOTHING, -np.inf, value)


@njit(LINE(VECTOR), error_model="numpy", cache=True)
def _exp(exponents):
    found = np.empty(len(exponents))
    for at in range(len(exponents)):
        found[at] = exp_of(exponents[at])
    return found


@njit(LINE(VECTOR), error_model="numpy", cache=True)
def _log(numbers):
    found = np.empty(len(numbers))
    for at in range(len(numbers)):
        found[at] = log_of(numbers[at])
    return found


@njit(error_model="numpy")
def _log2(base):
    """Return the binary logarithm in two parts, the first of half a number's digits."""
    small = base < c.SMALLEST_NORMAL
    bits = _bits(base * _pick(small, c.RAISE, 1.0))
    near = _number((bits & _MANTISSA) | _ONE)
    big = near >= c.ROOT_THREE
    middle = (near >= c.ROOT_MIDDLE) & (near < c.ROOT_THREE)
    whole = _whole(bits) - c.RAISED * np.float64(small) + np.float64(big)
    near = near * _pick(big, 0.5, 1.0)
    centre = _pick(middle, 1.5, 1.0)
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
    main = ratio_high * factor_high
    minor = ratio_low * factor_high + factor_low * ratio
    sum_high = _upper(main + minor)
    sum_low = minor - (sum_high - main)
    high = c.SCALE_HIGH * sum_high
    low = c.SCALE_LOW * sum_high + sum_low * c.SCALE + _pick(middle, c.LOG_MIDDLE_LOW, 0.0)
    offset = _pick(middle, c.LOG_MIDDLE_HIGH, 0.0)
    first = _upper(((high + low) + offset) + whole)
    return first, low - (((first - whole) - offset) - high)


@njit(error_model="numpy")
def _exp2(high, low):
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
    square = rest * rest
    odd = rest - square * (c.P1 + square * (c.P2 + square * (c.P3 + square * (c.P4 + square * c.P5))))
    value = 1.0 - ((rest * odd / (odd - 2.0) - (error + rest * error)) - rest)
    over = (whole == c.POWER_HIGHEST) & (value >= 1.0)
    found = _scaled(_pick(over, 0.5, value), rounded, _LIFT * np.uint64(total < c.POWER_DEEP))
    return _pick(over, np.inf, found)


@njit(LINE(VECTOR, VECTOR), error_model="numpy", cache=True)
def _power(bases, exponents):
    found = np.empty(len(bases))
    for at in range(len(bases)):
        base, exponent = bases[at], exponents[at]
        own, other = _bits(base), _bits(exponent)
        known = other & _MAGNITUDE <= _INFINITE
        inside = (own - _ANY) < (_INFINITE - _ANY)
        first, second = _log2(_pick(inside, base, 1.0))
        grade = _pick(known, exponent, 0.0)
        most = _pick(grade < c.EXPONENT_LARGEST, grade, c.EXPONENT_LARGEST)
        most = _pick(most > -c.EXPONENT_LARGEST, most, -c.EXPONENT_LARGEST)
        upper = _upper(most)
        low, high = (most - upper) * first + most * second, upper * first
        total = low + high
        finite = (total <= c.POWER_HIGHEST) & (total > c.POWER_LOWEST)
        value = _exp2(_pick(finite, high, 0.0), _pick(finite, low, 0.0))
        # Base 0 and base infinite are as far from 1 as can be: what is beyond is infinite or 0.
        side = _pick(inside, total, _pick(own == _INFINITE, grade, -grade))
        value = _pick(inside & finite, value, _pick(side > 0.0, np.inf, 0.0))
        value = _pick(((own <= _INFINITE) | (own == _SIGN)) & known, value, np.nan)
        found[at] = _pick((own == _ONE) | (other & _MAGNITUDE == _NOTHING), 1.0, value)
    return found
