"""How far a score may be off: standard errors and likely ranges (measurement 3).

Until an edition has a calibration from data (`calibration.py`), reliability is *assumed*, and
the first two constants are the whole assumption.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

ITEM_CORRELATION = 0.30  # between two items of a scale; Clark & Watson 1995 recommend .15-.50
ITEM_SD = 1.0  # a quarter of the range of one item; our judgement
ERROR_VARIANCE = ITEM_SD**2 * (1 - ITEM_CORRELATION)  # of one item, assumed
LIKELY_Z = 1.2816  # 80 % of a normal distribution lie within ± this many SEM (Harvill 1991)
CLEAR_CHANGE_Z = 1.96  # standard errors of a difference (Jacobson & Truax 1991)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A score with its standard error of measurement (SEM), both on the scale of the score."""

    value: float
    sem: float

    @property
    def low(self) -> float:
        """Lower end of the likely range, not clipped to the scale."""
        return self.value - LIKELY_Z * self.sem

    @property
    def high(self) -> float:
        """Upper end of the likely range, not clipped to the scale."""
        return self.value + LIKELY_Z * self.sem

    @property
    def excludes_zero(self) -> bool:
        """Whether the likely range lies wholly on one side."""
        return self.low > 0 or self.high < 0


def sem_of_mean(answered: int, error_variance: float = ERROR_VARIANCE) -> float:
    """SEM of the mean of `answered` items: SD₁ √((1 - r₁) / m) (Lord & Novick 1968).

    One item .837, two items .592. `error_variance` is that of one item, if it was calibrated.
    """
    return math.sqrt(error_variance / answered)


def weighted_mean(parts: Sequence[tuple[float, Estimate]]) -> Estimate | None:
    """Σ w x / Σ w of (weight, score) parts, with SEM √(Σ w² SEM²) / Σ w (Mosier 1943)."""
    total = math.fsum(weight for weight, _ in parts)
    if not total:
        return None
    value = math.fsum(weight * part.value for weight, part in parts) / total
    sem = math.sqrt(math.fsum((weight * part.sem) ** 2 for weight, part in parts)) / total
    return Estimate(value, sem)


def standard_deviation(values: Sequence[float]) -> float | None:
    """Standard deviation with n-1; None for fewer than two values."""
    if len(values) < 2:
        return None
    mean = math.fsum(values) / len(values)
    return math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1))


def chance_below(z: float) -> float:
    """Φ(z): the share of a standard normal distribution below z."""
    return NormalDist().cdf(z)


def rating_change_is_clear(before: int, after: int) -> bool:
    """Whether one rating moved by more than chance: |RCI| ≥ 1.96 (Jacobson & Truax 1991)."""
    return abs(after - before) >= CLEAR_CHANGE_Z * math.sqrt(2) * sem_of_mean(1)
