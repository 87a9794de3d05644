"""Reports for tests, with an edition made up."""

from assessments.instrument.canonical import digest
from assessments.instrument.document import Questionnaire
from assessments.scoring import AnswerSheet, Report, write_report
from assessments.scoring.calibration import Calibration
from assessments.scoring.profile import Profile, profile_of
from assessments.scoring.report import DimensionReport, Flag


def report_on(document: Questionnaire, sheet: AnswerSheet) -> Report:
    return write_report(document, sheet, edition=3, edition_digest=digest(document))


def profile_on(
    document: Questionnaire, sheet: AnswerSheet, calibration: Calibration | None = None
) -> Profile:
    return profile_of(document, document.form[sheet.form], sheet, calibration)


def row(report: Report, key: str) -> DimensionReport:
    return next(dimension for dimension in report.dimensions if dimension.key == key)


def flags(report: Report) -> dict[str, str]:
    """The levels of its flags by code, in order."""
    return {flag.code: flag.level for flag in report.quality.flags}


def flag(report: Report, code: str) -> Flag | None:
    return next((flag for flag in report.quality.flags if flag.code == code), None)
