"""Answers and edition in, report out: pure, and without Django (docs/measurement).

In reading order: `answers` goes in, `preference`, `readiness` and `uncertainty` make the scores
of a `profile`, `quality` says how far to trust them, `verdicts` and `roles` put them into words
and order, `write` does all of it, `report` comes out, and `verify` proves it.
"""

from assessments.instrument.needs import needs
from assessments.scoring.answers import AnswerSheet
from assessments.scoring.report import Report, RoleFit
from assessments.scoring.roles import role_fit
from assessments.scoring.write import write_report

__all__ = ["AnswerSheet", "Report", "RoleFit", "needs", "role_fit", "write_report"]
