"""A person about whom something is stored in every place, with a mark planted in every text."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from assessments.coaching import services as coaching
from assessments.coaching.models import Assignment, Client, Cohort
from assessments.editing.models import ImpactRun, PendingImport
from assessments.people.consents import Consent, Look
from assessments.people.models import User
from assessments.people.services import Terms, note_looks, open_desk
from assessments.people.tokens import digest_of, new_token
from assessments.questionnaires.models import DeskChange, Questionnaire
from assessments.reports.models import StudyPlan
from assessments.responses.models import Answer, Attempt
from tests.cast import (
    PASSWORD,
    answer,
    finished_attempt,
    new_attempt,
    published,
    signed_in,
    some_answers,
)


def a_coach(name: str, at: datetime | None = None) -> User:
    """Somebody with an open desk."""
    user = User.objects.create_user(f"{name}@example.org", PASSWORD)
    open_desk(user=user, name=name, practice=f"{name} practice", at=at or timezone.now())
    return user


def shared(person: User, coach: User, attempt: Attempt, at: datetime, days: int = 90) -> Consent:
    """A consent to everything."""
    terms = Terms(("answers", "plan"), at + timedelta(days=days), "sha256:text")
    return coaching.share(person=person, coach=coach, attempt=attempt, terms=terms, at=at)


def invited(coach: User, name: str, email: str, at: datetime, **more: Any) -> Client:
    """An invitation that nobody took up yet."""
    token = digest_of(new_token())
    return Client.objects.create(
        coach=coach,
        name=name,
        email=email,
        token_digest=token,
        invited_at=at,
        touched_at=at,
        **more,
    )


def look_at(consent: Consent, at: datetime) -> None:
    """A look at the result that a consent opens."""
    note_looks(reads=[(consent, consent.attempt_id)], look=Look.RESULT, at=at)


def coached(coach: User, person: User, words: str, at: datetime) -> Client:
    """What a coach keeps of somebody who shares: notes, a step, a view; the words are in each."""
    attempt = Attempt.objects.filter(owner=person).finished().latest("finished_at")
    consent = shared(person, coach, attempt, at)
    client = Client.objects.get(coach=coach, person=person)
    coaching.save_second_view(
        client=client, attempt=attempt, ratings={words: {"preference": 1}}, at=at
    )
    coaching.write_note(client=client, text=f"{words} private", is_shared=False, at=at)
    coaching.write_note(client=client, text=f"{words} shared", is_shared=True, at=at)
    kind = Assignment.Kind.STEP
    coaching.assign(client=client, kind=kind, key=f"{words}-step", due_on=None, at=at)
    look_at(consent, at)
    return client


@dataclass
class World:
    """The person, who coaches and is coached, and those around them."""

    person: User
    coach: User
    client: User


def on_the_desk(person: User, mark: str, at: datetime) -> None:
    """What an editor leaves: a change, an impact worked out, and an upload not imported yet."""
    questionnaire = Questionnaire.objects.get(slug="pm-b2b-b2c")
    DeskChange.objects.create(questionnaire=questionnaire, deed="edited", at=at, by=person)
    ImpactRun.objects.create(
        questionnaire=questionnaire, desk_digest="sha256:x", last=5, result={}, at=at, by=person
    )
    PendingImport.objects.create(by=person, at=at, file_name=f"{mark}.yaml", document="{}")


def populate(mark: str) -> World:
    """The world; `mark` stands in every text that is stored about the person."""
    at = timezone.now() - timedelta(days=1)
    edition = published()
    person = a_coach(mark, at)
    coach, client = a_coach("coach", at), User.objects.create_user("client@example.org", PASSWORD)
    for owner in (person, coach, client):
        attempt = finished_attempt(edition, "short", owner)
        Attempt.objects.filter(pk=attempt.pk).update(
            background={"role": owner.email}, goal="b2b-enterprise-saas"
        )
        StudyPlan.objects.create(
            attempt=attempt, started_on=at.date(), done=[owner.email], note=f"{owner.email} plan"
        )
        half = new_attempt(edition, "short", owner)
        answer(half, dict(list(some_answers(edition.document, "short").items())[:3]))
        Answer.objects.filter(attempt=half).update(client=f"{owner.email}-page"[:40])
        session = signed_in(owner).session
        UserSession.objects.create(
            user=owner, session_key=session.session_key, ip="203.0.113.0", user_agent=owner.email
        )
    anonymous = finished_attempt(edition, "short")
    # As a client, with an invitation to another address of the same person before.
    invitation = invited(
        coach, f"{mark} wanted", f"{mark}@example.org", at, message=f"{mark} message",
        role="b2b-enterprise-saas", cohort=Cohort.objects.create(coach=coach, name="a group"),
    )  # fmt: skip
    attempt = Attempt.objects.filter(owner=person).finished().get()
    coaching.accept_invitation(client=invitation, attempt=attempt, at=at)
    coached(coach, person, mark, at)
    # And one never taken up, typed in capitals.
    invited(coach, f"{mark} again", f"{mark}@example.org".upper(), at)
    # As a coach.
    coached(person, client, f"{mark} of client", at)
    coached(coach, client, "about the client", at)
    Cohort.objects.create(coach=person, name=f"{mark} group")
    invited(person, f"{mark} sent", "typed@example.org", at, message=f"{mark} asks")
    Attempt.objects.filter(pk=anonymous.pk).update(invited_by=person)
    # Signing in.
    for owner in (person, coach):
        EmailAddress.objects.create(user=owner, email=owner.email, verified=True, primary=True)
        Authenticator.objects.create(user=owner, type="totp", data={"secret": f"{owner.email}"})
    # In the admin.
    users = ContentType.objects.get_for_model(User)
    for by, about in ((coach, person), (person, client), (coach, client)):
        LogEntry.objects.create(
            user=by, content_type=users, object_id=str(about.pk), object_repr=str(about),
            action_flag=CHANGE, change_message=f"{about} changed",
        )  # fmt: skip
    on_the_desk(person, mark, at)
    person.groups.add(Group.objects.get(name="Editors"))
    person.user_permissions.add(Permission.objects.get(codename="view_edition"))
    return World(person, coach, client)
