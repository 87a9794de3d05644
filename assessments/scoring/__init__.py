"""Answers and edition in, report out: pure, and without Django (docs/measurement).

In reading order: `answers` goes in, `preference`, `readiness` and `uncertainty` make the scores
of a `profile`, `quality` says how far to trust them, `verdicts` and `roles` put them into words
and order, `write` does all of it, `report` comes out, and `verify` proves it.

From answers to better questions: `scales` says what belongs together, `sums` what is kept,
`item_analysis` (with `omega` and `intervals`) what it means, `item_flags` where to look, and
`calibration` gives `uncertainty` its errors from data.
"""

from assessments.instrument.needs import needs
from assessments.scoring.answers import AnswerSheet
from assessments.scoring.report import Report, RoleFit
from assessments.scoring.roles import role_fit
from assessments.scoring.write import write_report

__all__ = ["AnswerSheet", "Report", "RoleFit", "needs", "role_fit", "write_report"]
