"""Quantiles and intervals that Python's own library does not have (measurement 9).

F and beta quantiles bisect the regularised incomplete beta function, which is Lentz's continued
fraction (Press et al. 2007, Numerical Recipes 6.4).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist

CONFIDENCE = 0.95
LOWER_TAIL, UPPER_TAIL = 0.025, 0.975
TINY = 1e-300  # stands for nought in a denominator
PRECISION = 1e-14  # relative, of the continued fraction


@dataclass(frozen=True, slots=True)
class Interval:
    """The two limits of a 95 % interval."""

    low: float
    high: float


def incomplete_beta(x: float, a: float, b: float) -> float:
    """I_x(a, b), the share of a beta distribution below x; 0 ≤ x ≤ 1, a and b above 0."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    # The fraction converges fast on this side of the mean only.
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(1 - x, b, a)
    log_front = (
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    return math.exp(log_front) / a * _continued_fraction(x, a, b)


def _continued_fraction(x: float, a: float, b: float) -> float:
    numerators = _numerators(x, a, b)
    c, d, value, factor = 1.0, 0.0, 1.0, 0.0
    while abs(factor - 1) > PRECISION:
        numerator = next(numerators)
        d = 1 / _not_nought(1 + numerator * d)
        c = _not_nought(1 + numerator / c)
        factor = c * d
        value *= factor
    return 1 / value


def _numerators(x: float, a: float, b: float) -> Iterator[float]:
    yield -(a + b) * x / (a + 1)
    m = 1
    while True:
        yield m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        yield -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        m += 1


def _not_nought(number: float) -> float:
    return number if abs(number) > TINY else TINY


def beta_quantile(share: float, a: float, b: float) -> float:
    """The x below which `share` (0 to 1) of a beta distribution lies."""
    low, high = 0.0, 1.0
    while low < (middle := (low + high) / 2) < high:
        if incomplete_beta(middle, a, b) < share:
            low = middle
        else:
            high = middle
    return high


def f_quantile(share: float, df1: float, df2: float) -> float:
    """The F below which `share` (0 to 1) of an F distribution lies."""
    x = beta_quantile(share, df1 / 2, df2 / 2)
    return df2 * x / (df1 * (1 - x))


def feldt_interval(alpha: float, people: int, items: int) -> Interval:
    """The 95 % interval of alpha: 1 - (1 - α) F, F with n-1 and (n-1)(k-1) (Feldt 1965).

    For two people and two items or more.
    """
    df1, df2 = people - 1, (people - 1) * (items - 1)
    return Interval(
        1 - (1 - alpha) * f_quantile(UPPER_TAIL, df1, df2),
        1 - (1 - alpha) * f_quantile(LOWER_TAIL, df1, df2),
    )


def wilson_interval(hits: int, people: int) -> Interval | None:
    """The 95 % interval of a share, 0 to 1 (Wilson 1927); None of nobody."""
    if not people:
        return None
    z = NormalDist().inv_cdf(UPPER_TAIL)
    share, spread = hits / people, z * z / people
    middle = (share + spread / 2) / (1 + spread)
    half = z * math.sqrt((share * (1 - share) + spread / 4) / people) / (1 + spread)
    # At 0 and 1 the limits are exact; the sums above miss them by a rounding error.
    return Interval(0.0 if hits == 0 else middle - half, 1.0 if hits == people else middle + half)


@dataclass(frozen=True, slots=True)
class Percentile:
    """0 to 100, with the limits of its 95 % interval."""

    value: float
    low: float
    high: float


def percentile(below: int, equal: int, people: int) -> Percentile | None:
    """Where a score stands among people: 100 (below + ½ equal) / n; None among nobody.

    Limits: the quantiles of Beta(s + ½, n - s + ½), s = below + ½ equal (Crawford, Garthwaite
    and Slick 2009).
    """
    if not people:
        return None
    s = below + equal / 2
    low, high = (
        100 * beta_quantile(share, s + 0.5, people - s + 0.5) for share in (LOWER_TAIL, UPPER_TAIL)
    )
    return Percentile(100 * s / people, low, high)
