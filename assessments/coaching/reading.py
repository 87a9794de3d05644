"""A coach reads a client's result: allowed, gated and written down in one transaction.

Every page that holds anything of a client's result gets it here and nowhere else. Nothing of
the result is fetched before the line in the access log stands.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from assessments.coaching.models import Client, SecondView
from assessments.coaching.services import NotSharing, has_looked
from assessments.errors import Gone
from assessments.instrument.document import Questionnaire
from assessments.people.consents import Consent, Look, Scope
from assessments.people.models import CoachProfile
from assessments.people.services import note_looks
from assessments.questionnaires.editions import PublishedEdition, published_edition
from assessments.responses.models import Attempt
from assessments.responses.services import answer_sheet
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
