"""Preference of a dimension: which way of working draws me (measurement 2).

Bipolar, -2 (pole a) to 2 (pole b). A bipolar item cannot tell "both" from "neither" (Spence,
Helmreich & Stapp 1975; Bem 1977; Cacioppo & Berntson 1994), so it is never added to readiness.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assessments.instrument.document import Pair
from assessments.scoring.answers import AnswerSheet
from assessments.scoring.trace import Contribution
from assessments.scoring.uncertainty import ERROR_VARIANCE, Estimate, sem_of_mean


@dataclass(frozen=True, slots=True)
class Preference:
    """`pairs` is how many pairs of the dimension are on the form, `values` what was answered."""

    pairs: int
    values: tuple[int, ...]
    estimate: Estimate | None
    contributions: tuple[Contribution, ...]

    @property
    def rests_on_enough(self) -> bool:
        """Whether over half of the pairs were answered: one of two is not enough for a row."""
        return len(self.values) > self.pairs / 2

    @property
    def is_complete(self) -> bool:
        """Whether there are two pairs or more, and all were answered."""
        return len(self.values) == self.pairs >= 2


def preference_of(
    pairs: Sequence[Pair], sheet: AnswerSheet, error_variance: float = ERROR_VARIANCE
) -> Preference:
    """P = mean of the answered pairs, keyed so that + is pole b. None answered: no estimate.

    `error_variance` is that of one pair (uncertainty.py).
    """
    answered = [(p.key, value) for p in pairs if (value := sheet.number(p)) is not None]
    values = tuple(value for _, value in answered)
    if not values:
        return Preference(len(pairs), (), None, ())
    sem = sem_of_mean(len(values), error_variance)
    estimate = Estimate(math.fsum(values) / len(values), sem)
    weight = 1 / len(values)
    contributions = tuple(Contribution(key, value, weight) for key, value in answered)
    return Preference(len(pairs), values, estimate, contributions)
