"""What sums say about a scale and its items (measurement 9).

Everything up to the last division is in whole numbers, so that equal sums give equal results.
Variances are with n - 1; people who left out an item of a scale are not in its sums.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass

from assessments.scoring.intervals import Interval, feldt_interval
from assessments.scoring.omega import omega_total
from assessments.scoring.sums import ScaleSums

MIN_PEOPLE = 30
"""Under so many nothing is shown."""
INTERVALS_UNTIL = 300
"""People from whom on a figure may stand without its interval."""
MIN_COUNT_UNDER_A_FILTER = 5
"""People who must have chosen an option for its count to be shown under a filter."""


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """One item of a scale, keyed; over the complete rows of the scale.

    `item_rest_r` is its correlation with the sum of the other items, `alpha_if_dropped` the
    alpha of these.
    """

    mean: float | None
    sd: float | None
    item_rest_r: float | None
    alpha_if_dropped: float | None


@dataclass(frozen=True, slots=True)
class ScaleStatistics:
    """A scale over its `n` complete rows; None where a number cannot be worked out.

    `mean`, `sd` and `sem_mean` are of the mean of its items, `sem_sum` of their sum. `omega` is
    None too where one item's own variance came to nought (`is_heywood`). `items` are in the
    order of the scale.
    """

    n: int
    alpha: float | None
    alpha_interval: Interval | None
    omega: float | None
    is_heywood: bool
    sem_sum: float | None
    sem_mean: float | None
    mean: float | None
    sd: float | None
    items: tuple[ItemStatistics, ...]


def scale_statistics(
    sums: ScaleSums, *, reversed_items: Collection[int] = (), ends: int = 0
) -> ScaleStatistics:
    """Alpha, omega and the rest of a scale, from its sums.

    The sums of a questionnaire are keyed already. For raw ones `reversed_items` are the places
    of the items to be turned round, and `ends` is the lowest plus the highest value.
    """
    n, k = sums.n, len(sums.s1)
    totals = [n * ends - s if i in reversed_items else s for i, s in enumerate(sums.s1)]
    products = _products(sums, reversed_items)
    rows = [sum(row) for row in products]
    whole, own = sum(rows), sum(products[j][j] for j in range(k))
    alpha = _alpha(k, own, whole)
    sd_sum = math.sqrt(whole / (n * (n - 1))) if n > 1 else None
    sem_sum = None if alpha is None or sd_sum is None else sd_sum * math.sqrt(1 - alpha)
    factor = omega_total([[p / (n * (n - 1)) for p in row] for row in products] if n > 1 else [])
    return ScaleStatistics(
        n=n,
        alpha=alpha,
        alpha_interval=None if alpha is None else feldt_interval(alpha, n, k),
        omega=factor.omega,
        is_heywood=factor.is_heywood,
        sem_sum=sem_sum,
        sem_mean=None if sem_sum is None else sem_sum / k,
        mean=sum(totals) / (n * k) if n and k else None,
        sd=None if sd_sum is None or not k else sd_sum / k,
        items=tuple(
            ItemStatistics(
                mean=totals[j] / n if n else None,
                sd=math.sqrt(products[j][j] / (n * (n - 1))) if n > 1 else None,
                item_rest_r=_item_rest_r(products[j][j], rows[j], whole),
                alpha_if_dropped=_alpha(
                    k - 1, own - products[j][j], whole - 2 * rows[j] + products[j][j]
                ),
            )
            for j in range(k)
        ),
    )


def _products(sums: ScaleSums, reversed_items: Collection[int]) -> list[list[int]]:
    """n S2 - S1 S1ᵀ, which is n (n - 1) times the covariances: exact, and keyed."""
    k = len(sums.s1)
    sign = [-1 if j in reversed_items else 1 for j in range(k)]
    products = [[0] * k for _ in range(k)]
    packed = iter(sums.s2)
    for i in range(k):
        for j in range(i, k):
            product = sums.n * next(packed) - sums.s1[i] * sums.s1[j]
            products[i][j] = products[j][i] = sign[i] * sign[j] * product
    return products


def _alpha(items: int, own: int, whole: int) -> float | None:
    """k/(k-1) · (1 - tr C / T) (Cronbach 1951); None under two items or without variance."""
    return items / (items - 1) * (1 - own / whole) if items >= 2 and whole else None


def _item_rest_r(own: int, row: int, whole: int) -> float | None:
    """(r - c) / √(c (T - 2 r + c)); None where the item or the rest never varies."""
    rest = whole - 2 * row + own
    return (row - own) / math.sqrt(own * rest) if own and rest else None
