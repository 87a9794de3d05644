"""From answers to report: the whole way in one function."""

from collections.abc import Callable, Mapping

from assessments.instrument.document import Questionnaire, Side
from assessments.scoring.answers import AnswerSheet
from assessments.scoring.calibration import Calibration
from assessments.scoring.profile import DimensionScores, Profile, profile_of
from assessments.scoring.quality import is_flat, quality_of
from assessments.scoring.report import (
    REPORT_SCHEMA,
    DimensionReport,
    Headline,
    Overall,
    OverallReadiness,
    RankBy,
    Report,
    RoleFit,
)
from assessments.scoring.roles import equally_close, ranked, standings_of
from assessments.scoring.verdicts import (
    band,
    dimension_pattern,
    exceptions,
    headline,
    overall_pattern,
    row_verdict,
    sureness,
)

SCORING = 1
"""The version of the scorer that new reports are written with."""


def write_report(
    document: Questionnaire,
    sheet: AnswerSheet,
    *,
    edition: int,
    edition_digest: str,
    calibration: Calibration | None = None,
) -> Report:
    """Score one attempt; a pure function of what it is given.

    `edition` and `edition_digest` say which edition `document` is. Raises ValueError if an
    answer does not fit its item, or the calibration is of another edition.
    """
    if calibration is not None and calibration.edition_digest != edition_digest:
        raise ValueError(f"Calibration {calibration.number} is of another edition.")
    return SCORERS[SCORING](document, sheet, edition, edition_digest, calibration)


def _score_1(
    document: Questionnaire,
    sheet: AnswerSheet,
    edition: int,
    edition_digest: str,
    calibration: Calibration | None,
) -> Report:
    sheet.check(document)
    form = document.form[sheet.form]
    profile = profile_of(document, form, sheet, calibration)
    quality = quality_of(document, form, sheet, profile)
    verdict = headline(profile, quality.level, rows=form.rules.rows)
    overall = _overall(profile, verdict)
    rank_by: RankBy = "none"
    roles: tuple[RoleFit, ...] = ()
    if quality.level != "low" and not is_flat(quality):
        standings = standings_of(profile.dimensions)
        rank_by, roles = ranked(document.roles, standings, overall.readiness_pattern)
    show_rows = form.rules.rows and quality.level != "low"
    return Report(
        schema=REPORT_SCHEMA,
        scoring=1,
        calibration=calibration.number if calibration else None,
        questionnaire=document.slug,
        edition=edition,
        edition_digest=edition_digest,
        form=form.key,
        answers_digest=sheet.digest(document),
        answered=sum(sheet.is_answered(item) for item in document.items_of(form)),
        asked=len(form.item_keys),
        quality=quality,
        overall=overall,
        dimensions=tuple(_dimension(scores, show_rows) for scores in profile.dimensions),
        exceptions=exceptions(profile.dimensions, profile.overall, verdict) if show_rows else (),
        roles=roles,
        rank_by=rank_by,
        equally_close=equally_close(roles, rank_by),
    )


def _overall(profile: Profile, verdict: Headline) -> Overall:
    overall = profile.overall
    return Overall(
        preference=overall.value if overall else None,
        low=overall.low if overall else None,
        high=overall.high if overall else None,
        verdict=verdict,
        sureness=sureness(overall, verdict),
        spread=profile.spread,
        readiness_pattern=overall_pattern(profile.readiness["a"], profile.readiness["b"]),
        readiness_a=_overall_readiness(profile, "a"),
        readiness_b=_overall_readiness(profile, "b"),
    )


def _overall_readiness(profile: Profile, side: Side) -> OverallReadiness:
    readiness = profile.readiness[side]
    return OverallReadiness(
        mean=readiness.value if readiness else None,
        low=readiness.low if readiness else None,
        high=readiness.high if readiness else None,
        band=band(readiness),
    )


def _dimension(scores: DimensionScores, show_row: bool) -> DimensionReport:
    preference = scores.preference.estimate
    a, b = scores.readiness["a"].estimate, scores.readiness["b"].estimate
    return DimensionReport(
        key=scores.dimension.key,
        preference=preference.value if preference else None,
        low=preference.low if preference else None,
        high=preference.high if preference else None,
        verdict=row_verdict(scores.preference) if show_row else None,
        readiness_a=a.value if a else None,
        readiness_a_band=band(a),
        readiness_b=b.value if b else None,
        readiness_b_band=band(b),
        pattern=dimension_pattern(scores),
        trace=tuple(scores.trace()),
    )


Scorer = Callable[[Questionnaire, AnswerSheet, int, str, Calibration | None], Report]

SCORERS: Mapping[int, Scorer] = {1: _score_1}
"""Every scorer that ever wrote a report, so that an old report can still be verified."""
