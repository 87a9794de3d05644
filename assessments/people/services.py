"""Deeds about people: open a desk, give and end consent, note a look."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.errors import DomainError, Gone
from assessments.people.consents import AccessEvent, Consent, ConsentEvent, Deed, Look, Scope
from assessments.people.models import CoachProfile, User


def rename(*, user: User, name: str) -> None:
    """What others are told the user is called; empty: the e-mail address."""
    user.name = name
    user.save(update_fields=["name"])


@transaction.atomic
def open_desk(*, user: User, name: str, practice: str, at: datetime) -> CoachProfile:
    """Give a user a coach desk, or rename it; clients read the name and the practice.

    With `COACH_SIGNUP = "approval"` a new desk waits until staff approve it.
    """
    rename(user=user, name=name)
    desk, _is_new = CoachProfile.objects.get_or_create(
        user=user,
        defaults={"opened_at": at, "is_approved": settings.COACH_SIGNUP == "open"},
    )
    desk.practice = practice
    desk.save(update_fields=["practice"])
    return desk


@dataclass(frozen=True, slots=True)
class Terms:
    """What a client agrees to: the scopes, the end, and the digest of the words shown."""

    scopes: Collection[str]
    expires_at: datetime
    text_digest: str


@transaction.atomic
def give_consent(
    *, client: User, coach: User, attempt_id: UUID, terms: Terms, at: datetime
) -> Consent:
    """Let a coach see a result on these terms; whatever was agreed before between them ends."""
    if client == coach:
        raise DomainError(_("You cannot share a result with yourself."))
    # The person is locked, since there may be no consent yet to lock: of two given at once the
    # second finds the first.
    if not User.objects.select_for_update(no_key=True).filter(pk=client.pk):
        raise Gone
    open_ones = Consent.objects.select_for_update().filter(
        client=client, coach=coach, ended_at=None
    )
    for before in open_ones:
        _end(before, Deed.REPLACED, at)
    consent = Consent.objects.create(
        client=client,
        coach=coach,
        attempt_id=attempt_id,
        text_digest=terms.text_digest,
        given_at=at,
        expires_at=terms.expires_at,
        **{scope.value: scope.value in terms.scopes for scope in Scope},
    )
    _record(consent, Deed.GIVEN, at)
    return consent


@transaction.atomic
def end_consents(*, consents: Iterable[Consent], deed: Deed, at: datetime) -> int:
    """End those still open, from this moment on; how many there were."""
    pks = [consent.pk for consent in consents]
    # Not the two people: whoever gives a consent locks its giver first.
    locked = Consent.objects.select_for_update(of=("self",)).filter(pk__in=pks, ended_at=None)
    found = list(locked.select_related("client", "coach"))
    for consent in found:
        _end(consent, deed, at)
    return len(found)


def _end(consent: Consent, deed: Deed, at: datetime) -> None:
    # An end before the beginning, by a clock that was set back, would be no end.
    consent.ended_at = max(at, consent.given_at)
    consent.save(update_fields=["ended_at"])
    _record(consent, deed, at)


def _record(consent: Consent, deed: Deed, at: datetime) -> None:
    ConsentEvent.objects.create(
        consent_ref=consent.pk,
        client_ref=consent.client.ledger_ref,
        coach_ref=consent.coach.ledger_ref,
        deed=deed,
        scopes=" ".join(consent.scopes),
        expires_at=consent.expires_at,
        text_digest=consent.text_digest,
        at=at,
    )


def record_erasure(*, person: User, at: datetime) -> None:
    """Close a person's part of the ledger; their lines may go from then on, after their time."""
    ConsentEvent.objects.create(client_ref=person.ledger_ref, deed=Deed.ERASED, at=at)


def note_looks(*, reads: Iterable[tuple[Consent, UUID]], look: Look, at: datetime) -> None:
    """Write a line for each consent that was used and the attempt that was read by it.

    Belongs into the transaction in which the read is allowed: no line, no read.
    """
    AccessEvent.objects.bulk_create(
        AccessEvent(
            client_id=consent.client_id,
            reader_id=consent.coach_id,
            attempt_id=attempt_id,
            look=look,
            at=at,
        )
        for consent, attempt_id in reads
    )
