"""Reliability from data instead of assumed: a frozen, numbered record (measurement 3 and 9).

A calibration belongs to one edition. Reports name the one that they were written with, and keep
it: today's reliability says nothing about an old attempt.
"""

import datetime
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field

from assessments.instrument.document import (
    MAX_ITEMS,
    RATING_MAX,
    RATING_MIN,
    Dimension,
    Form,
    Questionnaire,
)
from assessments.scoring.item_analysis import INTERVALS_UNTIL, scale_statistics
from assessments.scoring.notation import Number, canonical, written
from assessments.scoring.report import Facet, Part, QualityLevel
from assessments.scoring.scales import scales_of
from assessments.scoring.sums import ScaleSums
from assessments.scoring.uncertainty import ERROR_VARIANCE

CALIBRATION_SCHEMA: Literal["calibration/1"] = "calibration/1"

MIN_CALIBRATION_PEOPLE = 100


class CalibrationFilter(Part):
    """Whose answers count: of each person the first finished attempt, of these qualities."""

    quality: tuple[QualityLevel, ...]


class ScaleReliability(Part):
    """A scale of `items` items over its `n` complete rows.

    `sd` is of the mean of its items. `reliability` is the one to use: alpha, or the lower limit
    of its 95 % interval while n < 300.
    """

    key: str
    items: Annotated[int, Field(ge=2, le=MAX_ITEMS)]
    n: Annotated[int, Field(ge=MIN_CALIBRATION_PEOPLE)]
    alpha: Number
    alpha_low: Number
    alpha_high: Number
    reliability: Annotated[Number, Field(lt=1)]
    sd: Annotated[Number, Field(gt=0, le=RATING_MAX - RATING_MIN)]

    @property
    def error_variance(self) -> float:
        """Of one item: k SD_k² (1 - α_k).

        A mean of m of the k items then has SEM = SD_k √(1 - α_k) · √(k/m).
        """
        return self.items * self.sd**2 * (1 - self.reliability)


class Calibration(Part):
    """`n` is how many people's answers to `form` it rests on."""

    schema_: Literal["calibration/1"] = Field(alias="schema")
    number: Annotated[int, Field(ge=1)]
    questionnaire: str
    edition: int
    edition_digest: str
    form: str
    n: Annotated[int, Field(ge=MIN_CALIBRATION_PEOPLE)]
    date: datetime.date
    filter: CalibrationFilter
    scales: tuple[ScaleReliability, ...]

    def error_variance(self, facet: Facet, dimension: Dimension) -> float:
        """Of one item of a dimension's facet: from the narrowest scale that was calibrated.

        A dimension has one rating a side, which alone has no reliability: then the ratings of
        its side and cluster speak for it, or all of its side. Nothing calibrated: the assumed.
        """
        by_key = {scale.key: scale for scale in self.scales}
        for key in _narrowest_first(facet, dimension):
            if key in by_key:
                return by_key[key].error_variance
        return ERROR_VARIANCE

    def canonical(self) -> str:
        """The calibration as canonical JSON: what is stored."""
        return canonical(self.model_dump(mode="json", by_alias=True))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a calibration from its JSON; raises ValueError if it is not a `calibration/1`."""
        return cls.model_validate_json(text)


def _narrowest_first(facet: Facet, dimension: Dimension) -> tuple[str, ...]:
    if facet == "preference":
        return (f"pairs:dimension:{dimension.key}", f"pairs:cluster:{dimension.cluster}", "pairs")
    ratings = "ratings:a" if facet == "readiness_a" else "ratings:b"
    return (f"{ratings}:cluster:{dimension.cluster}", ratings)


def error_variance(calibration: Calibration | None, facet: Facet, dimension: Dimension) -> float:
    """Of one item of a dimension's facet, calibrated or assumed."""
    if calibration is None:
        return ERROR_VARIANCE
    return calibration.error_variance(facet, dimension)


def calibrate(
    document: Questionnaire,
    form: Form,
    sums: Mapping[str, ScaleSums],
    *,
    number: int,
    edition: int,
    edition_digest: str,
    people: int,
    date: datetime.date,
    quality: tuple[QualityLevel, ...],
) -> Calibration:
    """The calibration of an edition from the sums of a form's scales, by scale key.

    Left out are scales with fewer than 100 complete rows, and those without any error or any
    variance, which real answers do not have. Raises ValueError under 100 people.
    """
    if people < MIN_CALIBRATION_PEOPLE:
        raise ValueError(f"A calibration needs {MIN_CALIBRATION_PEOPLE} people, not {people}.")
    found = (
        _reliability(scale.key, sums[scale.key])
        for scale in scales_of(document, form)
        if scale.key in sums
    )
    return Calibration(
        schema=CALIBRATION_SCHEMA,
        number=number,
        questionnaire=document.slug,
        edition=edition,
        edition_digest=edition_digest,
        form=form.key,
        n=people,
        date=date,
        filter=CalibrationFilter(quality=quality),
        scales=tuple(scale for scale in found if scale),
    )


def _reliability(key: str, sums: ScaleSums) -> ScaleReliability | None:
    found = scale_statistics(sums)
    alpha, interval, sd = found.alpha, found.alpha_interval, found.sd
    if found.n < MIN_CALIBRATION_PEOPLE or alpha is None or interval is None or sd is None:
        return None
    if written(alpha) >= 1 or written(sd) <= 0:
        return None
    return ScaleReliability(
        key=key,
        items=len(sums.s1),
        n=found.n,
        alpha=alpha,
        alpha_low=interval.low,
        alpha_high=interval.high,
        reliability=interval.low if found.n < INTERVALS_UNTIL else alpha,
        sd=sd,
    )
