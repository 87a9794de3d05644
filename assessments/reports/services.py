"""Deeds of the study plan: set its size, tick steps, keep notes, rate again."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from django.db import transaction

from assessments.instrument.document import Questionnaire
from assessments.reports.models import (
    HOURS_PER_WEEK_DEFAULT,
    WEEKS_DEFAULT,
    WEEKS_MAX,
    StudyPlan,
)
from assessments.responses.models import Attempt
from assessments.responses.services import choose_goal

DAYS_A_WEEK = 7


def plan_or_new(*, attempt: Attempt, document: Questionnaire, today: date) -> StudyPlan:
    """The attempt's plan, or an unsaved one of the size the person named at the start."""
    plan = StudyPlan.objects.filter(attempt=attempt).first()
    return plan or new_plan(attempt, document, today)


def plans_or_new(
    *, attempts: Mapping[UUID, tuple[Attempt, Questionnaire]], today: date
) -> dict[UUID, StudyPlan]:
    """The same for many attempts, by their ids. One query."""
    stored = StudyPlan.objects.in_bulk(list(attempts))
    return {
        pk: stored.get(pk) or new_plan(attempt, document, today)
        for pk, (attempt, document) in attempts.items()
    }


def new_plan(attempt: Attempt, document: Questionnaire, today: date) -> StudyPlan:
    """An unsaved plan of the size that the person named at the start."""
    return StudyPlan(
        attempt=attempt,
        hours_per_week=_preset(attempt, document, "hours") or HOURS_PER_WEEK_DEFAULT,
        weeks=_preset(attempt, document, "weeks") or WEEKS_DEFAULT,
        started_on=today,
    )


def _preset(attempt: Attempt, document: Questionnaire, what: str) -> int | None:
    """A number from the questions about the person; None where none was given."""
    for asked in document.background:
        given = attempt.background.get(asked.key, "")
        if asked.sets == what and given.isdecimal():
            return int(given)
    return None


@transaction.atomic
def set_plan(
    *,
    plan: StudyPlan,
    goal: str,
    hours_per_week: int,
    weeks: int,
    interview_on: date | None,
    today: date,
) -> None:
    """Another goal or size; ticks, notes and scores stay. A date sets the weeks up to it.

    A plan that is over starts anew.
    """
    if plan.is_over(today):
        plan.started_on = today
    plan.hours_per_week, plan.interview_on = hours_per_week, interview_on
    plan.weeks = weeks_until(interview_on, plan.started_on) if interview_on else weeks
    plan.save()
    choose_goal(attempt=plan.attempt, goal=goal)


def weeks_until(day: date, start: date) -> int:
    """Whole weeks from the start to a day: at least one, at most as many as a plan has."""
    return min(max(1, (day - start).days // DAYS_A_WEEK), WEEKS_MAX)


def tick_steps(
    *, plan: StudyPlan, shown: Collection[str], ticked: Collection[str], note: str
) -> None:
    """Of the steps that the page showed, just these are done; steps it did not show stay."""
    kept = [key for key in plan.done if key not in shown]
    plan.done = sorted({*kept, *(key for key in ticked if key in shown)})
    plan.note = note
    plan.save()


def rate_again(*, plan: StudyPlan, ratings: Mapping[str, int], today: date) -> None:
    """Keep the new ratings of the focus themes; the rest of the plan follows from them."""
    plan.rerated = {**plan.rerated, **ratings}
    plan.rerated_on = today
    plan.save()
