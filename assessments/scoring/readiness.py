"""Readiness of a dimension and side: how much I have done (measurement 2).

Unipolar, 0 to 4, one score a side. Self-rated readiness is not skill (Zell & Krizan 2014, mean r
about .29): it is always "readiness as you report it".
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assessments.instrument.document import Rating, Scenario, Side
from assessments.scoring.answers import AnswerSheet
from assessments.scoring.trace import Contribution
from assessments.scoring.uncertainty import ERROR_VARIANCE, Estimate, sem_of_mean

RATING_SHARE = 0.75  # of a cell with an answered scenario; our judgement
SCENARIO_SHARE = 0.25
POINTS_PER_FIT = 2  # an option's fit of 0 to 2 on the scale of a rating, 0 to 4


@dataclass(frozen=True, slots=True)
class Readiness:
    """`rating` and `scenario` are the two means (0 to 4) that the score was made of."""

    rating: float | None
    scenario: float | None
    estimate: Estimate | None
    contributions: tuple[Contribution, ...]


def readiness_of(
    ratings: Sequence[Rating],
    scenarios: Sequence[Scenario],
    side: Side,
    sheet: AnswerSheet,
    error_variance: float = ERROR_VARIANCE,
) -> Readiness:
    """R = rating; with an answered scenario .75 × rating + .25 × (2 × option fit).

    Several ratings, or several scenarios, of the cell count by their mean. The rating missing:
    no estimate. `error_variance` is that of one rating (uncertainty.py).
    """
    rated = [(r.key, points) for r in ratings if (points := sheet.number(r)) is not None]
    solved = [
        (s.key, POINTS_PER_FIT * s.option(option).fit(side))
        for s in scenarios
        if (option := sheet.option_key(s)) is not None
    ]
    rating, scenario = _mean(rated), _mean(solved)
    if rating is None:
        return Readiness(None, scenario, None, ())
    if scenario is None:
        value, rating_share = rating, 1.0
    else:
        value, rating_share = RATING_SHARE * rating + SCENARIO_SHARE * scenario, RATING_SHARE
    contributions = (
        *(Contribution(key, points, rating_share / len(rated)) for key, points in rated),
        *(Contribution(key, points, SCENARIO_SHARE / len(solved)) for key, points in solved),
    )
    # A scenario leaves the SEM at that of the rating: how it adds is not known before data.
    estimate = Estimate(value, sem_of_mean(len(rated), error_variance))
    return Readiness(rating, scenario, estimate, contributions)


def _mean(points: Sequence[tuple[str, int]]) -> float | None:
    return math.fsum(value for _, value in points) / len(points) if points else None
