"""Deeds of coaching: invite, accept, share, withdraw, note down, assign, give a view first."""

import contextlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.coaching.models import Assignment, Client, Cohort, Note, SecondView
from assessments.errors import DomainError, Gone
from assessments.people.consents import AccessEvent, Consent, Deed
from assessments.people.erasures import put_on_file
from assessments.people.models import CoachProfile, User
from assessments.people.services import Terms, end_consents, give_consent, rename
from assessments.people.tokens import digest_of, new_token
from assessments.responses.models import Attempt
from assessments.responses.services import choose_goal


class NotSharing(DomainError):
    """The client lets the coach see nothing at this moment."""

    def __init__(self, client: Client) -> None:
        super().__init__(
            _("%(name)s does not share a result with you. Nothing was changed.")
            % {"name": client.name}
        )


# --- Inviting -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a coach asks of whom they invite; everything but the name may be left out."""

    name: str
    email: str = ""
    cohort: Cohort | None = None
    role: str = ""
    form: str = ""
    message: str = ""
    due_on: date | None = None


@transaction.atomic
def invite(*, coach: User, wanted: Wanted, at: datetime) -> tuple[Client, str]:
    """Put somebody on the desk; also the link that lets them in, which is shown this once."""
    client = Client.objects.create(
        coach=coach,
        name=wanted.name,
        email=wanted.email,
        cohort=wanted.cohort,
        role=wanted.role,
        form=wanted.form,
        message=wanted.message,
        due_on=wanted.due_on,
        invited_at=at,
        touched_at=at,
    )
    return client, _new_link(client)


def group_named(*, coach: User, name: str) -> Cohort:
    """The coach's group of that name, made if there is none."""
    group, _is_new = Cohort.objects.get_or_create(coach=coach, name=name)
    return group


@transaction.atomic
def change_client(*, client: Client, name: str, cohort: Cohort | None, role: str) -> None:
    """What the coach calls a client, the group, and the role to prepare for."""
    rows = Client.objects.filter(pk=client.pk)
    if not rows.update(name=name, cohort=cohort, role=role):
        raise Gone


@transaction.atomic
def renew_invitation(*, client: Client, at: datetime) -> str:
    """A new link for an invitation that was not taken up; the one before ends."""
    locked = Client.objects.select_for_update().filter(pk=client.pk).first()
    if locked is None:
        raise Gone
    if locked.person_id or locked.revoked_at or locked.attempt_id:
        raise DomainError(_("This invitation has been taken up or taken back."))
    locked.reminded_at = locked.touched_at = at
    locked.save(update_fields=["reminded_at", "touched_at"])
    return _new_link(locked)


def _new_link(client: Client) -> str:
    token = new_token()
    client.token_digest = digest_of(token)
    client.save(update_fields=["token_digest"])
    return settings.SITE_URL + reverse("coaching:invitation-link", args=[token])


def invitation_of(token: str) -> Client | None:
    """The invitation that a token opens; None for a wrong one and for one taken back."""
    invitations = Client.objects.filter(token_digest=digest_of(token), revoked_at=None)
    return invitations.select_related("coach__coach_profile").first()


def note_opened(*, client: Client, at: datetime) -> None:
    """Remember that the invitation was read."""
    Client.objects.filter(pk=client.pk, opened_at=None).update(opened_at=at, touched_at=at)


@transaction.atomic
def accept_invitation(*, client: Client, attempt: Attempt, at: datetime) -> None:
    """Tie an attempt to the invitation, so that the coach learns how far it is and no more.

    Not where somebody else has shared by it: another's attempt must not take the place of theirs.
    """
    rows = Client.objects.filter(pk=client.pk, revoked_at=None)
    rows = rows.filter(Q(person=None) | Q(person=attempt.owner_id))
    if not rows.update(attempt=attempt, touched_at=at):
        raise DomainError(_("This invitation has been taken up or taken back."))
    Attempt.objects.filter(pk=attempt.pk).update(invited_by=client.coach)
    if client.role:
        choose_goal(attempt=attempt, goal=client.role)


def end_coaching(*, client: Client, at: datetime) -> None:
    """Take an invitation back or stop seeing a client's results; own notes stay their time."""
    now = Client.objects.filter(pk=client.pk).first()
    if now is None:
        raise Gone
    between = Consent.objects.filter(client=now.person_id, coach=now.coach_id)
    with _ending(between, at):
        # First the consents and then the entry, as whoever shares and withdraws.
        end_consents(consents=between, deed=Deed.ENDED_BY_COACH, at=at)
        rows = Client.objects.filter(pk=client.pk, person=now.person_id)
        if not rows.update(revoked_at=at, touched_at=at, token_digest=None):
            raise DomainError(
                _("%(name)s shared a result at this moment. Nothing was changed.")
                % {"name": client.name}
            )


@contextlib.contextmanager
def _ending(between: QuerySet[Consent], at: datetime) -> Iterator[None]:
    """A transaction that may end consents; a restored backup opens none of them again."""

    def is_open() -> bool:
        return between.filter(pk__in=erasure.consents, ended_at=None).exists()

    with put_on_file(at=at, is_there=is_open) as erasure:
        yield
        ended = between.filter(ended_at__gte=at)
        erasure.consents += ended.values_list("pk", flat=True)


# --- Sharing ------------------------------------------------------------------------------------


def share(
    *,
    person: User,
    coach: User,
    attempt: Attempt,
    terms: Terms,
    at: datetime,
    invitation_pk: UUID | None = None,
    person_name: str | None = None,
) -> Consent:
    """Let a coach see a finished result on these terms; the coach finds the person on the desk.

    The invitation that led here, if it is the coach's, has found its person.
    """
    if not attempt.is_finished or attempt.owner_id != person.pk:
        raise DomainError(_("Only a finished result of your own can be shared."))
    if not CoachProfile.objects.filter(user=coach, is_approved=True).exists():
        raise DomainError(_("This person has no coach desk here."))
    with _ending(Consent.objects.filter(client=person, coach=coach), at):
        if person_name is not None and person_name != person.name:
            rename(user=person, name=person_name)
        consent = give_consent(
            client=person, coach=coach, attempt_id=attempt.pk, terms=terms, at=at
        )
        _put_on_desk(person, coach, attempt, invitation_pk, at)
    return consent


def _put_on_desk(
    person: User, coach: User, attempt: Attempt, invitation_pk: UUID | None, at: datetime
) -> None:
    desk = Client.objects.select_for_update().filter(coach=coach)
    known = desk.filter(person=person).first()
    waiting = desk.filter(person=None, revoked_at=None)
    invited = waiting.filter(Q(attempt=attempt) | Q(pk=invitation_pk)).first()
    if known and invited:
        # Invited once more: what the coach asks now counts, notes and views stay.
        for name in ("cohort", "role", "form", "message", "due_on", "invited_at", "opened_at"):
            setattr(known, name, getattr(invited, name))
        invited.delete()
    client = known or invited or Client(coach=coach, name=person.get_full_name())
    client.person, client.attempt = person, attempt
    client.revoked_at, client.token_digest = None, None
    client.touched_at = at
    client.save()


def withdraw(*, consent: Consent, at: datetime) -> None:
    """End a consent from this moment on; ending it twice changes nothing."""
    with _ending(Consent.objects.filter(pk=consent.pk), at):
        if end_consents(consents=[consent], deed=Deed.WITHDRAWN, at=at):
            desk = Client.objects.filter(coach=consent.coach_id, person=consent.client_id)
            desk.update(touched_at=at)


def consent_in_force(*, client: Client, at: datetime) -> Consent:
    """The consent that lets the coach see the client now, locked; raises `NotSharing`.

    To be called in the transaction of what rests on it: a withdrawal comes before or after.
    """
    if client.person_id is None:
        raise NotSharing(client)
    between = Consent.objects.filter(client=client.person_id, coach=client.coach_id).in_force(at)
    consent = between.select_for_update(of=("self",)).select_related("attempt").first()
    if consent is None:
        raise NotSharing(client)
    return consent


# --- Notes and assignments ----------------------------------------------------------------------


@transaction.atomic
def write_note(*, client: Client, text: str, is_shared: bool, at: datetime) -> Note:
    """Keep a note about a client who shares a result; raises `NotSharing`."""
    consent_in_force(client=client, at=at)
    _touch(client, at)
    return Note.objects.create(
        client=client, text=text, is_shared=is_shared, written_at=at, changed_at=at
    )


@transaction.atomic
def change_note(*, note: Note, text: str, is_shared: bool, at: datetime) -> None:
    """Reword a note, show it or hide it again; raises `NotSharing`, or `Gone` if it is deleted."""
    consent_in_force(client=note.client, at=at)
    rows = Note.objects.filter(pk=note.pk)
    if not rows.update(text=text, is_shared=is_shared, changed_at=at):
        raise Gone


def delete_note(*, note: Note) -> None:
    """Remove a note for good; one's own notes can go whether or not anything is shared."""
    note.delete()


@transaction.atomic
def assign(
    *, client: Client, kind: Assignment.Kind, key: str, due_on: date | None, at: datetime
) -> Assignment:
    """Suggest a role, a step or a retake to a client who shares; raises `NotSharing`."""
    consent_in_force(client=client, at=at)
    _touch(client, at)
    return Assignment.objects.create(client=client, kind=kind, key=key, due_on=due_on, made_at=at)


@transaction.atomic
def withdraw_assignment(*, assignment: Assignment, at: datetime) -> None:
    """Take back what was suggested; raises `NotSharing`, after which it is not shown anyway."""
    consent_in_force(client=assignment.client, at=at)
    Assignment.objects.filter(pk=assignment.pk, withdrawn_at=None).update(withdrawn_at=at)


@transaction.atomic
def do_assignment(*, assignment: Assignment, at: datetime) -> None:
    """The client did it; a role becomes the goal of the result that they share.

    Raises `NotSharing`.
    """
    consent = consent_in_force(client=assignment.client, at=at)
    attempt = Attempt.objects.shared_by(consent).first()
    if assignment.kind == Assignment.Kind.ROLE and attempt is not None:
        choose_goal(attempt=attempt, goal=assignment.key)
    Assignment.objects.filter(pk=assignment.pk, done_at=None).update(done_at=at)


def _touch(client: Client, at: datetime) -> None:
    Client.objects.filter(pk=client.pk).update(touched_at=at)


# --- Groups -------------------------------------------------------------------------------------


def make_group(*, coach: User, name: str) -> Cohort:
    """A new group without members; a coach has one of a name."""
    try:
        with transaction.atomic():
            return Cohort.objects.create(coach=coach, name=name)
    except IntegrityError:
        raise DomainError(_("You have a group of this name. Choose another name.")) from None


@transaction.atomic
def change_group(*, cohort: Cohort, name: str, members: Collection[Client]) -> None:
    """Rename a group, and let just these clients of the same desk be in it."""
    try:
        with transaction.atomic():
            renamed = Cohort.objects.filter(pk=cohort.pk).update(name=name)
    except IntegrityError:
        raise DomainError(_("You have a group of this name. Choose another name.")) from None
    if not renamed:
        raise Gone
    desk = Client.objects.filter(coach=cohort.coach_id)
    pks = [client.pk for client in members]
    desk.filter(cohort=cohort).exclude(pk__in=pks).update(cohort=None)
    desk.filter(pk__in=pks).update(cohort=cohort)


def delete_group(*, cohort: Cohort) -> None:
    """The group goes; its clients stay on the desk with all that is theirs."""
    cohort.delete()


# --- The coach's own view -----------------------------------------------------------------------


@transaction.atomic
def save_second_view(
    *, client: Client, attempt: Attempt, ratings: Mapping[str, Mapping[str, int]], at: datetime
) -> SecondView:
    """Keep how the coach sees the client, once, before the result was read."""
    consent_in_force(client=client, at=at)
    if has_looked(client=client, attempt_pk=attempt.pk):
        raise DomainError(
            _("You have read this result already, so a view from before it cannot be written.")
        )
    try:
        with transaction.atomic():
            return SecondView.objects.create(
                client=client,
                attempt=attempt,
                ratings={key: dict(said) for key, said in ratings.items()},
                saved_at=at,
            )
    except IntegrityError:
        raise DomainError(_("You have saved your view of this result already.")) from None


def has_looked(*, client: Client, attempt_pk: UUID) -> bool:
    """Whether the coach has read anything of this result before."""
    looks = AccessEvent.objects.filter(reader=client.coach_id, attempt=attempt_pk)
    return looks.exists()


def set_rates_first(*, desk: CoachProfile, rates_first: bool) -> None:
    """Whether a view of one's own comes before a result."""
    desk.rates_first = rates_first
    desk.save(update_fields=["rates_first"])


@transaction.atomic
def show_second_view(*, view: SecondView, at: datetime) -> None:
    """Let the client see how the coach saw them; raises `NotSharing`."""
    consent_in_force(client=view.client, at=at)
    SecondView.objects.filter(pk=view.pk, shared_at=None).update(shared_at=at)
