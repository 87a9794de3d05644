"""All scores of one form, unrounded and without a verdict (measurement 2)."""

from collections.abc import Iterator
from dataclasses import dataclass

from assessments.instrument.document import (
    SIDES,
    Dimension,
    Form,
    Item,
    Questionnaire,
    Side,
)
from assessments.scoring.answers import AnswerSheet
from assessments.scoring.calibration import Calibration, error_variance
from assessments.scoring.preference import Preference, preference_of
from assessments.scoring.readiness import Readiness, readiness_of
from assessments.scoring.report import Facet, TraceLine
from assessments.scoring.uncertainty import Estimate, standard_deviation, weighted_mean

READINESS_FACET: dict[Side, Facet] = {"a": "readiness_a", "b": "readiness_b"}


@dataclass(frozen=True, slots=True)
class DimensionScores:
    """The three scores of one dimension, never added up."""

    dimension: Dimension
    preference: Preference
    readiness: dict[Side, Readiness]

    def trace(self) -> Iterator[TraceLine]:
        """Every answer's part in the three scores."""
        for part in self.preference.contributions:
            yield part.line("preference")
        for side in SIDES:
            for part in self.readiness[side].contributions:
                yield part.line(READINESS_FACET[side])


@dataclass(frozen=True, slots=True)
class Profile:
    """The scores of every dimension with an item on the form, and those of the whole form.

    `asked` counts the form's dimensions (those with a pair on it), `scored` those of them with
    a preference.
    """

    dimensions: tuple[DimensionScores, ...]
    asked: int
    scored: int
    overall: Estimate | None
    spread: float | None
    readiness: dict[Side, Estimate | None]


def profile_of(
    document: Questionnaire,
    form: Form,
    sheet: AnswerSheet,
    calibration: Calibration | None = None,
) -> Profile:
    """Score over the form's items: a skipped item is a missing value, never an absent one.

    Standard errors rest on the calibration; without one they are assumed.
    """
    dimensions = tuple(
        _dimension_scores(document.dimension[key], items, sheet, calibration)
        for key, items in _items_by_dimension(document, form).items()
    )
    preferences = [
        (scores.dimension.weight, estimate)
        for scores in dimensions
        if (estimate := scores.preference.estimate)
    ]
    return Profile(
        dimensions=dimensions,
        asked=len(document.scored_dimensions(form)),
        scored=len(preferences),
        overall=weighted_mean(preferences),
        spread=standard_deviation([estimate.value for _, estimate in preferences]),
        readiness={side: _overall_readiness(dimensions, side) for side in SIDES},
    )


def _items_by_dimension(document: Questionnaire, form: Form) -> dict[str, list[Item]]:
    items: dict[str, list[Item]] = {key: [] for key in document.dimension}
    for item in document.items_of(form):
        items[item.dimension].append(item)
    return {key: found for key, found in items.items() if found}


def _dimension_scores(
    dimension: Dimension, items: list[Item], sheet: AnswerSheet, calibration: Calibration | None
) -> DimensionScores:
    pairs = [item for item in items if item.kind == "pair"]
    ratings = [item for item in items if item.kind == "rating"]
    scenarios = [item for item in items if item.kind == "scenario"]
    readiness = {
        side: readiness_of(
            [rating for rating in ratings if rating.side == side],
            [scenario for scenario in scenarios if side in scenario.sides],
            side,
            sheet,
            error_variance(calibration, READINESS_FACET[side], dimension),
        )
        for side in SIDES
    }
    preference = preference_of(pairs, sheet, error_variance(calibration, "preference", dimension))
    return DimensionScores(dimension, preference, readiness)


def _overall_readiness(dimensions: tuple[DimensionScores, ...], side: Side) -> Estimate | None:
    estimates = [scores.readiness[side].estimate for scores in dimensions]
    return weighted_mean([(1.0, estimate) for estimate in estimates if estimate])
