"""An attempt's study plan with all that it follows from; its owner and a coach read the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from assessments.instrument.document import Questionnaire, Value
from assessments.reports.models import StudyPlan
from assessments.reports.plan_page import RETAKE_AFTER_WEEKS, PlanPage, plan_now, plan_page
from assessments.reports.services import plan_or_new
from assessments.responses.models import Attempt
from assessments.scoring import Report


@dataclass(frozen=True, slots=True)
class Planning:
    """A finished attempt with what its plan follows from; `answers` is empty if not to be told."""

    attempt: Attempt
    document: Questionnaire
    report: Report
    answers: Mapping[str, Value]
    goal: str
    chosen: StudyPlan
    today: date

    def retake_from(self) -> datetime:
        """The day from which taking it all again makes sense."""
        finished_at = self.attempt.finished_at or self.attempt.started_at
        return finished_at + timedelta(weeks=RETAKE_AFTER_WEEKS)

    def page(self) -> PlanPage:
        """The plan in words."""
        return plan_page(
            self.document,
            self.report,
            plan_now(self.document, self.report, self.chosen, goal=self.goal),
            self.chosen,
            goal_key=self.goal,
            answers=self.answers,
            today=self.today,
        )


def planning_of(
    *,
    attempt: Attempt,
    document: Questionnaire,
    report: Report,
    answers: Mapping[str, Value],
    goal: str,
    today: date,
) -> Planning | None:
    """The plan of an attempt; None where the questionnaire has nothing to study."""
    if not document.study.recommendations:
        return None
    chosen = plan_or_new(attempt=attempt, document=document, today=today)
    return Planning(attempt, document, report, answers, goal, chosen, today)
