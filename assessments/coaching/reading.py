"""A coach reads a client's result: allowed, gated and written down in one transaction.

Every page that holds anything of a client's result gets it here and nowhere else. Nothing of
the result is fetched before the line in the access log stands.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import transaction

from assessments.coaching.models import Client, SecondView
from assessments.coaching.services import NotSharing, has_looked
from assessments.errors import Gone
from assessments.instrument.document import Questionnaire
from assessments.people.consents import AccessEvent, Consent, Look, Scope
from assessments.people.models import CoachProfile
from assessments.people.services import note_looks
from assessments.questionnaires.editions import PublishedEdition, published_edition
from assessments.responses.models import Attempt
from assessments.responses.models import Report as StoredReport
from assessments.responses.sheets import answer_sheet
from assessments.scoring import AnswerSheet, Report


class ViewFirst(Exception):
    """The coach gives a view of their own before this result opens; holds the attempt's id."""

    def __init__(self, attempt_pk: UUID) -> None:
        super().__init__(attempt_pk)
        self.attempt_pk = attempt_pk


@dataclass(frozen=True, slots=True)
class Reading:
    """A client's result as far as the consent goes: no answers without their scope."""

    client: Client
    consent: Consent
    attempt: Attempt
    edition: PublishedEdition
    report: Report
    sheet: AnswerSheet | None

    @property
    def document(self) -> Questionnaire:
        """The questionnaire as it was taken."""
        return self.edition.document

    @property
    def goal(self) -> str:
        """The role to compare with: the client's choice, else what the coach prepares for.

        "" for none: a coach may prepare for a role of another questionnaire than the one shared.
        """
        if self.attempt.goal:
            return self.attempt.goal
        return self.client.role if self.client.role in self.document.role else ""


@transaction.atomic
def read(
    *,
    client: Client,
    desk: CoachProfile,
    look: Look,
    at: datetime,
    needs: Scope | None = None,
    attempt_pk: UUID | None = None,
) -> Reading:
    """What the coach may read of a client now, the newest attempt shared unless one is named.

    Raises `NotSharing` without a consent in force, `Gone` where it does not reach (a scope, an
    attempt), `ViewFirst` where the coach's own view comes before.
    """
    consent, attempt = shared_attempt(client=client, at=at, attempt_pk=attempt_pk)
    if needs is not None and not getattr(consent, needs.value):
        raise Gone
    if is_view_due(client=client, desk=desk, attempt_pk=attempt.pk):
        raise ViewFirst(attempt.pk)
    note_looks(reads=[(consent, attempt.pk)], look=look, at=at)
    edition = published_edition(attempt.edition_id)
    items = edition.document.item
    return Reading(
        client=client,
        consent=consent,
        attempt=attempt,
        edition=edition,
        report=Report.parse(attempt.report.document),
        sheet=answer_sheet(attempt=attempt, items=items) if consent.answers else None,
    )


def shared_attempt(
    *, client: Client, at: datetime, attempt_pk: UUID | None = None
) -> tuple[Consent, Attempt]:
    """The consent in force and the attempt that it opens; raises `NotSharing` or `Gone`.

    Holds nothing that the coach may see before their own view: that is for `read`.
    """
    if client.person_id is None:
        raise NotSharing(client)
    between = Consent.objects.filter(client=client.person_id, coach=client.coach_id)
    consent = between.in_force(at).select_related("attempt").first()
    if consent is None:
        raise NotSharing(client)
    shared = Attempt.objects.shared_by(consent).select_related("report")
    attempt = (shared.filter(pk=attempt_pk) if attempt_pk else shared).first()
    if attempt is None:
        raise Gone
    return consent, attempt


def is_view_due(*, client: Client, desk: CoachProfile, attempt_pk: UUID) -> bool:
    """Whether the coach's own view must be saved before this result opens."""
    if not desk.rates_first:
        return False
    if SecondView.objects.filter(client=client, attempt=attempt_pk).exists():
        return False
    return not has_looked(client=client, attempt_pk=attempt_pk)


# --- A group ------------------------------------------------------------------------------------

WhyLeftOut = Literal[
    "not_sharing", "no_export", "no_rows", "other_questionnaire", "view_first", "unreadable"
]


@dataclass(frozen=True, slots=True)
class MemberReading:
    """One client of a group whose result lies open."""

    client: Client
    consent: Consent
    attempt: Attempt
    edition: PublishedEdition
    report: Report


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A client of the group of whom nothing is shown, and why."""

    client: Client
    why: WhyLeftOut
    attempt_pk: UUID | None = None


@dataclass(frozen=True, slots=True)
class GroupReading:
    """What of a group may be laid side by side; `document` is None where nothing may."""

    document: Questionnaire | None
    members: list[MemberReading]
    left_out: list[LeftOut]


@transaction.atomic
def read_group(
    *,
    clients: Sequence[Client],
    desk: CoachProfile,
    look: Look,
    at: datetime,
    least: int,
    needs: Scope | None = None,
) -> GroupReading:
    """The newest shared result of each client of a group, as far as each consent goes.

    Results of one questionnaire only, the one that most of the group took. With fewer than
    `least` people to read, nothing is read and nothing is written down. As many queries for a
    few clients as for many.
    """
    shared = _shared_attempts(clients, desk, at)
    open_to, left_out = _sorted_out(clients, shared, desk, needs)
    if len(open_to) < least:
        return GroupReading(None, [], left_out)
    note_looks(reads=[(shared[c.pk][0], shared[c.pk][1].pk) for c in open_to], look=look, at=at)
    stored = StoredReport.objects.in_bulk([shared[client.pk][1].pk for client in open_to])
    members = []
    for client in open_to:
        consent, attempt = shared[client.pk]
        report = Report.parse(stored[attempt.pk].document)
        if report.quality.level == "low":
            left_out.append(LeftOut(client, "unreadable"))
            continue
        edition = published_edition(attempt.edition_id)
        members.append(MemberReading(client, consent, attempt, edition, report))
    if len(members) < least:
        return GroupReading(None, [], left_out)
    newest = max((member.edition for member in members), key=lambda edition: edition.number)
    return GroupReading(newest.document, members, left_out)


def _shared_attempts(
    clients: Sequence[Client], desk: CoachProfile, at: datetime
) -> dict[UUID, tuple[Consent, Attempt]]:
    """By client: the consent in force and the newest attempt that it opens; else nothing."""
    people = [client.person_id for client in clients if client.person_id]
    consents = Consent.objects.filter(coach=desk.user_id, client__in=people).in_force(at)
    by_person = {consent.client_id: consent for consent in consents}
    newest: dict[int, Attempt] = {}
    for attempt in Attempt.objects.shared_by_any(consents):
        if attempt.owner_id is not None:
            newest.setdefault(attempt.owner_id, attempt)
    return {
        client.pk: (by_person[client.person_id], newest[client.person_id])
        for client in clients
        if client.person_id in by_person and client.person_id in newest
    }


def _sorted_out(
    clients: Sequence[Client],
    shared: Mapping[UUID, tuple[Consent, Attempt]],
    desk: CoachProfile,
    needs: Scope | None,
) -> tuple[list[Client], list[LeftOut]]:
    """Whose result may be read, and why not the others'. No result is looked at for it."""
    due = _views_due(shared, desk)
    slug = _most_taken(shared)
    open_to, left_out = [], []
    for client in clients:
        why: WhyLeftOut | None = None
        consent, attempt = shared.get(client.pk, (None, None))
        if consent is None or attempt is None:
            why = "not_sharing"
        elif needs is not None and not getattr(consent, needs.value):
            why = "no_export"
        elif not _gives_rows(attempt):
            why = "no_rows"
        elif published_edition(attempt.edition_id).document.slug != slug:
            why = "other_questionnaire"
        elif client.pk in due:
            why = "view_first"
        if why is None:
            open_to.append(client)
        else:
            left_out.append(LeftOut(client, why, attempt.pk if attempt else None))
    return open_to, left_out


def _views_due(
    shared: Mapping[UUID, tuple[Consent, Attempt]], desk: CoachProfile
) -> Collection[UUID]:
    """The clients of whom the coach's own view comes first; the rule of `is_view_due`."""
    if not desk.rates_first:
        return set()
    attempts = [attempt.pk for _consent, attempt in shared.values()]
    views = SecondView.objects.filter(client__in=list(shared), attempt__in=attempts)
    rated = set(views.values_list("client_id", "attempt_id"))
    looks = AccessEvent.objects.filter(reader=desk.user_id, attempt__in=attempts)
    looked_at = set(looks.values_list("attempt_id", flat=True).distinct())
    return {
        pk
        for pk, (_consent, attempt) in shared.items()
        if (pk, attempt.pk) not in rated and attempt.pk not in looked_at
    }


def _most_taken(shared: Mapping[UUID, tuple[Consent, Attempt]]) -> str:
    slugs = Counter(
        published_edition(attempt.edition_id).document.slug
        for _consent, attempt in shared.values()
        if _gives_rows(attempt)
    )
    return min(slugs, key=lambda slug: (-slugs[slug], slug), default="")


def _gives_rows(attempt: Attempt) -> bool:
    return published_edition(attempt.edition_id).document.form[attempt.form].rules.rows
