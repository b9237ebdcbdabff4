"""Numbers in the approximations of ``abm.arithmetic`` and of its loops.

Polynomials and split constants: Sun Microsystems' fdlibm (e_exp.c, e_log.c, e_pow.c).
Copyright (C) 1993, 2004 by Sun Microsystems, Inc. Permission to use, copy, modify, and distribute that software is
freely granted, provided that this notice is preserved.
"""

from typing import Final

# Added and taken away again, this rounds to the nearest whole number, which is left in the lowest bits.
ROUNDER: Final = 6755399441055744.0
EXPONENT: Final = 52
MANTISSA: Final = 0x000FFFFFFFFFFFFF
MAGNITUDE: Final = 0x7FFFFFFFFFFFFFFF
SIGN: Final = 0x8000000000000000
UPPER_HALF: Final = 0xFFFFFFFF00000000
ONE: Final = 0x3FF0000000000000
ROOT_HALF: Final = 0x3FE6A09E667F3BCD
TWO_52: Final = 0x4330000000000000
BIAS: Final = 4503599627370496.0 + 1023.0
SMALLEST_NORMAL: Final = 2.0**-1022
LARGEST: Final = 1.7976931348623157e308

LN2: Final = 6.93147180559945286227e-01
INVERSE_LN2: Final = 1.44269504088896338700e00
# ln 2 in two parts: whole numbers below 2048 times the first are exact.
LN2_HIGH: Final = 6.93147180369123816490e-01
LN2_LOW: Final = 1.90821492927058770002e-10
# Beyond these e ** x is infinite, and 0.
EXP_HIGHEST: Final = 7.09782712893383973096e02
EXP_LOWEST: Final = -7.45133219101941108420e02
# Below this e ** x is worked out 2 ** 64 times too large, and then made subnormal in one rounding.
EXP_DEEP: Final = -707.0
LIFT: Final = 64
LOWER: Final = 2.0**-64
# A subnormal number is made normal before its bits are read.
RAISE: Final = 2.0**54
RAISED: Final = 54.0

# (r / 2) / tanh(r / 2) = 1 + r ** 2 / 12 - ...: exp on [-ln 2 / 2, ln 2 / 2].
P1: Final = 1.66666666666666019037e-01
P2: Final = -2.77777777770155933842e-03
P3: Final = 6.61375632143793436117e-05
P4: Final = -1.65339022054652515390e-06
P5: Final = 4.13813679705723846039e-08

# Logarithm of (1 + s) / (1 - s) without its first term, s up to .1716.
G1: Final = 6.666666666666735130e-01
G2: Final = 3.999999999940941908e-01
G3: Final = 2.857142874366239149e-01
G4: Final = 2.222219843214978396e-01
G5: Final = 1.818357216161805012e-01
G6: Final = 1.531383769920937332e-01
G7: Final = 1.479819860511658591e-01

# The same times 3 / 2, for powers: s up to .1010 around 1 and around 3 / 2.
L1: Final = 5.99999999999994648725e-01
L2: Final = 4.28571428578550184252e-01
L3: Final = 3.33333329818377432918e-01
L4: Final = 2.72728123808534006489e-01
L5: Final = 2.30660745775561754067e-01
L6: Final = 2.06975017800338417784e-01
ROOT_MIDDLE: Final = 1.224744871391589
ROOT_THREE: Final = 1.7320508075688772
# Binary logarithm of 3 / 2, 2 / (3 ln 2) and ln 2, each in two parts, and the last two whole.
LOG_MIDDLE_HIGH: Final = 5.84962487220764160156e-01
LOG_MIDDLE_LOW: Final = 1.35003920212974897128e-08
SCALE: Final = 9.61796693925975554329e-01
SCALE_HIGH: Final = 9.61796700954437255859e-01
SCALE_LOW: Final = -7.02846165095275826516e-09
POWER_LN2_HIGH: Final = 6.93147182464599609375e-01
POWER_LN2_LOW: Final = -1.90465429995776804525e-09
# A larger exponent makes every power 0, 1 or infinite.
EXPONENT_LARGEST: Final = 2.0**65
POWER_HIGHEST: Final = 1024.0
POWER_LOWEST: Final = -1076.0
POWER_DEEP: Final = -1020.0
