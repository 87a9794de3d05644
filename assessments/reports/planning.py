"""An attempt's study plan with all that it follows from; its owner and a coach read the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from assessments.instrument.document import Questionnaire, Value
from assessments.reports.models import StudyPlan
from assessments.reports.plan_page import (
    RETAKE_AFTER_WEEKS,
    PlanPage,
    plan_page,
    readiness_since,
)
from assessments.reports.services import plan_or_new
from assessments.responses.models import Attempt
from assessments.scoring import Report
from assessments.scoring.plan import Plan, write_plan


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

    def plan(self) -> Plan | None:
        """The plan as it is today."""
        return write_plan(
            self.document,
            self.report,
            goal=self.goal,
            hours_per_week=self.chosen.hours_per_week,
            weeks=self.chosen.weeks,
            since=readiness_since(self.document, self.chosen.rerated),
        )

    def retake_from(self) -> datetime:
        """The day from which taking it all again makes sense."""
        finished_at = self.attempt.finished_at or self.attempt.started_at
        return finished_at + timedelta(weeks=RETAKE_AFTER_WEEKS)

    def page(self) -> PlanPage:
        """The plan in words."""
        return plan_page(
            self.document,
            self.report,
            self.plan(),
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
