"""What the list of clients shows: who, how far, and what to do next. No result is in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessments.coaching.models import Client, Status
from assessments.coaching.words import STATUS_TAGS, day_words, status_words
from assessments.people.consents import NOTES_KEPT_DAYS, REMIND_DAYS_BEFORE_END

REMINDER_RESTS_DAYS = 7
UNDER_WAY = (Status.INVITED, Status.OPENED, Status.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class ClientRow:
    """One line of the list."""

    pk: UUID
    name: str
    status: str
    tag: str
    group: str
    role: str
    last_active: str
    next_step: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many clients have a status."""

    status: str
    label: str
    number: int


@dataclass(frozen=True, slots=True)
class Case:
    """What the next step depends on; no result is among it."""

    status: str
    is_late: bool = False
    reminded_at: datetime | None = None
    shares_until: datetime | None = None
    is_view_due: bool = False
    was_read: bool = False
    shared_until: datetime | None = None
    has_notes: bool = False


def client_rows(
    clients: Sequence[Client], *, roles: Mapping[UUID, str], rates_first: bool, at: datetime
) -> list[ClientRow]:
    """The list; takes clients `with_status` and `with_next_step`, each one's role by name."""
    today = timezone.localdate(at)
    return [
        ClientRow(
            pk=client.pk,
            name=client.name,
            status=status_words(client.status),
            tag=STATUS_TAGS.get(client.status, ""),
            group=client.cohort.name if client.cohort else "",
            role=roles.get(client.pk, ""),
            last_active=day_words(client.active_at, today),
            next_step=next_step(case_of(client, rates_first=rates_first, at=at), at=at),
        )
        for client in clients
    ]


def case_of(client: Client, *, rates_first: bool, at: datetime) -> Case:
    """A client's case at that time."""
    return Case(
        status=client.status,
        is_late=client.due_on is not None and client.due_on < timezone.localdate(at),
        reminded_at=client.reminded_at,
        shares_until=client.shares_until,
        is_view_due=rates_first and not client.has_view and not client.was_read,
        was_read=client.was_read,
        shared_until=client.shared_until,
        has_notes=client.has_notes,
    )


def next_step(case: Case, *, at: datetime) -> str:
    """What a coach may do next, by rule: the first that holds."""
    if case.status in UNDER_WAY:
        return _step_under_way(case, at)
    if case.status == Status.FINISHED:
        return _("Ask whether to share")
    if case.status == Status.SHARING:
        return _step_sharing(case, at)
    if case.has_notes and case.shared_until:
        return _("No access; your notes stay until %(date)s") % {
            "date": _day(case.shared_until + timedelta(days=NOTES_KEPT_DAYS))
        }
    return _("No access")


def _step_under_way(case: Case, at: datetime) -> str:
    rests_until = case.reminded_at and case.reminded_at + timedelta(days=REMINDER_RESTS_DAYS)
    if not case.is_late or (rests_until and at < rests_until):
        return _("None needed yet")
    # Whoever has begun comes back by their own way; a new invitation would open nothing.
    return _("Ask how far it is") if case.status == Status.IN_PROGRESS else _("Send a reminder")


def _step_sharing(case: Case, at: datetime) -> str:
    ends_soon = timedelta(days=REMIND_DAYS_BEFORE_END)
    if case.shares_until and case.shares_until <= at + ends_soon:
        return _("Sharing ends on %(date)s: ask whether to go on") % {
            "date": _day(case.shares_until)
        }
    if case.is_view_due:
        return _("Write down your own view first")
    if not case.was_read:
        return _("Read the result before you talk")
    return _("None needed yet")


def _day(moment: datetime) -> str:
    return date_format(timezone.localdate(moment), "DATE_FORMAT")


def counts(numbers: Mapping[str, int]) -> list[Count]:
    """How many clients are how far, in the order in which they get there; no zeros."""
    return [
        Count(status.value, str(status.label), numbers[status.value])
        for status in Status
        if numbers.get(status.value)
    ]
