"""What coaches suggest, in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.coaching.models import Assignment
from assessments.instrument.document import Questionnaire
from assessments.questionnaires.editions import published_edition


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """A suggestion with its title, as both sides read it."""

    assignment: Assignment
    title: str
    coach: str


def assignment_rows(assignments: Iterable[Assignment]) -> list[AssignmentRow]:
    """The suggestions in words; each brings its client with coach and attempt along."""
    return [
        AssignmentRow(one, assignment_title(one), one.client.coach.get_full_name())
        for one in assignments
    ]


def assignment_title(assignment: Assignment) -> str:
    """One suggestion in words, by the edition of the result that the client shares."""
    attempt = assignment.client.attempt
    document = published_edition(attempt.edition_id).document if attempt else None
    if assignment.kind == Assignment.Kind.ROLE:
        return _("Compare with the role %(name)s") % {"name": _role_name(assignment, document)}
    if assignment.kind == Assignment.Kind.STEP:
        return _("Take this step: %(name)s") % {"name": _step_title(assignment, document)}
    return _("Take the assessment again")


def _role_name(assignment: Assignment, document: Questionnaire | None) -> str:
    known = document.role if document else {}
    return known[assignment.key].name if assignment.key in known else assignment.key


def _step_title(assignment: Assignment, document: Questionnaire | None) -> str:
    known = document.recommendation if document else {}
    return known[assignment.key].title if assignment.key in known else assignment.key
