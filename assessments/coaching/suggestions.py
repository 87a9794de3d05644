"""What a coach asked of a client, with the invitation and since, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessments.coaching.models import Assignment, Client
from assessments.instrument.document import Questionnaire
from assessments.questionnaires.addresses import page_of
from assessments.questionnaires.editions import published_edition


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What was suggested, and how it stands; what is open can be taken back."""

    pk: UUID
    what: str
    state: str
    is_open: bool
    is_late: bool


def suggestions(
    assignments: Iterable[Assignment], document: Questionnaire, today: date
) -> list[Suggestion]:
    """The suggestions in the given order, named by the client's edition."""
    return [
        Suggestion(
            pk=assignment.pk,
            what=what_words(assignment, document),
            state=_state(assignment, today),
            is_open=assignment.done_at is None,
            is_late=_is_late(assignment, today),
        )
        for assignment in assignments
    ]


@dataclass(frozen=True, slots=True)
class Asked:
    """A suggestion as the client reads it."""

    assignment: Assignment
    what: str
    coach: str
    start_url: str


def asked_of_client(assignments: Iterable[Assignment]) -> list[Asked]:
    """The suggestions in the given order; each brings its client with coach and attempt along."""
    return [_asked(one, _document_of(one.client)) for one in assignments]


def _asked(assignment: Assignment, document: Questionnaire | None) -> Asked:
    kind = str(Assignment.Kind(assignment.kind).label)
    slug = document.slug if document else settings.HOME_QUESTIONNAIRE
    return Asked(
        assignment=assignment,
        what=what_words(assignment, document) if document else kind,
        coach=assignment.client.coach.get_full_name(),
        start_url=page_of(slug, "responses:start"),
    )


def _document_of(client: Client) -> Questionnaire | None:
    """The questionnaire that the client took; None without an attempt."""
    return published_edition(client.attempt.edition_id).document if client.attempt else None


def what_words(assignment: Assignment, document: Questionnaire) -> str:
    """What is asked; without its name if the edition does not know it."""
    kinds = Assignment.Kind
    kind = kinds(assignment.kind)
    if kind == kinds.ROLE and assignment.key in document.role:
        return f"{kind.label}: {document.role[assignment.key].name}"
    if kind == kinds.STEP and assignment.key in document.recommendation:
        return f"{kind.label}: {document.recommendation[assignment.key].title}"
    return str(kind.label)


def _state(assignment: Assignment, today: date) -> str:
    if assignment.done_at:
        return _("done on %(date)s") % {"date": _day(assignment.done_at)}
    if assignment.due_on is None:
        return _("suggested on %(date)s") % {"date": _day(assignment.made_at)}
    said = _("was wanted by %(date)s") if _is_late(assignment, today) else _("by %(date)s")
    return said % {"date": _day(assignment.due_on)}


def _is_late(assignment: Assignment, today: date) -> bool:
    due_on = assignment.due_on
    return assignment.done_at is None and due_on is not None and due_on < today


def asked_lines(client: Client, document: Questionnaire | None) -> list[tuple[str, str]]:
    """What a client was invited to, and when; what was left open is left out."""
    forms = {form.key: form.title for form in document.forms} if document else {}
    roles = {role.key: role.name for role in document.roles} if document else {}
    lines = [
        (_("Invited on"), _day(client.invited_at)),
        (_("E-mail address"), client.email),
        (_("Questionnaire"), forms.get(client.form, "")),
        (_("Role to prepare for"), roles.get(client.role, "")),
        (_("Group"), client.cohort.name if client.cohort else ""),
        (_("Wanted by"), _day(client.due_on)),
        (_("Link opened on"), _day(client.opened_at)),
        (_("Reminded on"), _day(client.reminded_at)),
        (_("Your message"), client.message),
    ]
    return [(label, said) for label, said in lines if said]


def _day(moment: date | datetime | None) -> str:
    if moment is None:
        return ""
    day = timezone.localdate(moment) if isinstance(moment, datetime) else moment
    return date_format(day, "DATE_FORMAT")
