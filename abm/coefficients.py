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

# Of a random word the last twelve bits are dropped: 52 digits of a number in [1, 2) are left.
DROPPED: Final = 12
BELOW_ONE: Final = 1.0 - 2.0**-53

# Philox4x64-10: multipliers and steps of the key (Salmon et al. 2011).
ROUNDS: Final = 10
MULTIPLIERS: Final = (0xD2E7470EE14C6C93, 0xCA5A826395121157)
STEPS: Final = (0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B)

# Inverse of the normal distribution function (Wichura 1988, AS 241, PPND16), from the highest power down.
NEAR_EDGE: Final = 0.425
NEAR_SQUARE: Final = 0.180625
FAR_START: Final = 1.6
FAR_EDGE: Final = 5.0
NEAR: Final = (
    (
        2.5090809287301226727e3,
        3.3430575583588128105e4,
        6.7265770927008700853e4,
        4.5921953931549871457e4,
        1.3731693765509461125e4,
        1.9715909503065514427e3,
        1.3314166789178437745e2,
        3.3871328727963666080e0,
    ),
    (
        5.2264952788528545610e3,
        2.8729085735721942674e4,
        3.9307895800092710610e4,
        2.1213794301586595867e4,
        5.3941960214247511077e3,
        6.8718700749205790830e2,
        4.2313330701600911252e1,
        1.0,
    ),
)
FAR: Final = (
    (
        7.74545014278341407640e-4,
        2.27238449892691845833e-2,
        2.41780725177450611770e-1,
        1.27045825245236838258e0,
        3.64784832476320460504e0,
        5.76949722146069140550e0,
        4.63033784615654529590e0,
        1.42343711074968357734e0,
    ),
    (
        1.05075007164441684324e-9,
        5.47593808499534494600e-4,
        1.51986665636164571966e-2,
        1.48103976427480074590e-1,
        6.89767334985100004550e-1,
        1.67638483018380384940e0,
        2.05319162663775882187e0,
        1.0,
    ),
)
FARTHEST: Final = (
    (
        2.01033439929228813265e-7,
        2.71155556874348757815e-5,
        1.24266094738807843860e-3,
        2.65321895265761230930e-2,
        2.96560571828504891230e-1,
        1.78482653991729133580e0,
        5.46378491116411436990e0,
        6.65790464350110377720e0,
    ),
    (
        2.04426310338993978564e-15,
        1.42151175831644588870e-7,
        1.84631831751005468180e-5,
        7.86869131145613259100e-4,
        1.48753612908506148525e-2,
        1.36929880922735805310e-1,
        5.99832206555887937690e-1,
        1.0,
    ),
)
