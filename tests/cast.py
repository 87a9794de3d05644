"""One cast for all tests: the shipped questionnaire, people, and attempts in every state."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from assessments.coaching import services as coaching
from assessments.coaching.models import Assignment
from assessments.coaching.models import Client as CoachedClient
from assessments.instrument.document import Questionnaire as Document
from assessments.instrument.document import Value
from assessments.instrument.files import read_yaml
from assessments.people.actors import HELD_ATTEMPTS
from assessments.people.consents import Consent, Scope
from assessments.people.models import CoachProfile, User
from assessments.people.services import Terms, open_desk
from assessments.questionnaires.editions import (
    PublishedEdition,
    newest_edition,
    published_edition,
)
from assessments.questionnaires.models import Questionnaire
from assessments.questionnaires.services import freeze
from assessments.responses import services
from assessments.responses.models import Attempt
from assessments.responses.saving import Sent

# Of the app of everybody who has a second factor, in base 32 as an app would be told.
APP_KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "seven grey herons upstairs"
SHIPPED = Path(__file__).parent.parent / "assessments" / "content" / "pm-b2b-b2c.yaml"


@cache
def shipped_questionnaire() -> Document:
    """The questionnaire that ships."""
    return read_yaml(SHIPPED.read_text(encoding="utf-8"))


def published(document: Document | None = None) -> PublishedEdition:
    """An edition of the document, by default of the shipped questionnaire."""
    document = document or shipped_questionnaire()
    newest = newest_edition(document.slug)
    if newest is not None and newest.document == document:
        return newest
    # Without the rows of the desk, which no page but the editors' reads.
    questionnaire, _created = Questionnaire.objects.get_or_create(
        slug=document.slug, defaults={"title": document.title, "changed_at": timezone.now()}
    )
    edition = freeze(questionnaire=questionnaire, document=document, at=timezone.now())
    return published_edition(edition.pk)


def new_attempt(
    edition: PublishedEdition, form: str = "full", owner: User | None = None
) -> Attempt:
    """An attempt without answers."""
    return services.start_attempt(
        edition=edition,
        form=form,
        consent_digest="sha256:text",
        owner_id=owner.pk if owner else None,
        at=timezone.now(),
    )


def answer(attempt: Attempt, answers: Mapping[str, Value]) -> None:
    """Store answers, given as values; None is left out."""
    sent = [Sent(k, str(v), "cast", 1, 0) for k, v in answers.items() if v is not None]
    services.save_answers(attempt=attempt, sent=sent, at=timezone.now())


def some_answers(document: Document, form: str = "full") -> dict[str, Value]:
    """An answer to every item of a form: readable, leaning to pole b, readier for side a."""
    answers: dict[str, Value] = {}
    for number, item in enumerate(document.items_of(document.form[form])):
        if item.kind == "pair":
            answers[item.key] = 2 if number % 3 else 1
        elif item.kind == "rating":
            answers[item.key] = 3 if item.side == "a" else 1
        else:
            answers[item.key] = item.options[number % len(item.options)].key
    return answers


def finished_attempt(
    edition: PublishedEdition, form: str = "full", owner: User | None = None
) -> Attempt:
    """An attempt with every question answered, and its report."""
    attempt = new_attempt(edition, form, owner)
    answer(attempt, some_answers(edition.document, form))
    services.finish(attempt=attempt, at=timezone.now())
    attempt.refresh_from_db()
    return attempt


def holder_of(*attempts: Attempt) -> Client:
    """A browser that holds these anonymous attempts."""
    client = Client()
    session = client.session
    session[HELD_ATTEMPTS] = [str(attempt.pk) for attempt in attempts]
    session.save()
    return client


def with_second_factor(user: User) -> User:
    """The same person, with an authenticator app."""
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": APP_KEY})
    return user


def with_password(email: str = "person@example.org", password: str = PASSWORD) -> User:
    """Somebody who has confirmed their address and chosen a password."""
    user = User.objects.create_user(email, password)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def signed_in(user: User) -> Client:
    """A browser in which the user is signed in."""
    client = Client()
    client.force_login(user)
    return client


def confirmed(user: User) -> Client:
    """The same, where the user has just shown once more who it is, by the password."""
    client = signed_in(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def desk_of(user: User) -> CoachProfile:
    """A coach's desk."""
    name = user.name or user.email.partition("@")[0]
    return open_desk(user=user, name=name, practice="", at=timezone.now())


def consent_of(
    person: User, coach: User, attempt: Attempt, scopes: Collection[str] = tuple(Scope)
) -> Consent:
    """A consent in force, by default to everything there is."""
    now = timezone.now()
    terms = Terms(scopes, now + timedelta(days=30), "sha256:text")
    return coaching.share(person=person, coach=coach, attempt=attempt, terms=terms, at=now)


def coached(person: User, coach: User, attempt: Attempt) -> dict[str, Any]:
    """A client who shares all of a result, with a note, a suggestion and the coach's own view."""
    now = timezone.now()
    consent = consent_of(person, coach, attempt, [Scope.ANSWERS, Scope.PLAN, Scope.EXPORT])
    client = coach.clients.get(person=person)
    note = coaching.write_note(client=client, text="A note.", is_shared=False, at=now)
    retake = Assignment.Kind.RETAKE
    return {
        "consent": consent,
        "client": client,
        "note": note,
        "suggestion": coaching.assign(client=client, kind=retake, key="", due_on=None, at=now),
        "view": coaching.save_second_view(
            client=client, attempt=attempt, ratings={"metrics": {"preference": 1}}, at=now
        ),
    }


def coach(email: str = "coach@example.org", name: str = "Tom Adeyemi", **fields: object) -> User:
    """A user with an approved desk that does not ask for a view of one's own first."""
    user = User.objects.create_user(email, name=name)
    desk: dict[str, object] = {"opened_at": timezone.now(), "rates_first": False}
    CoachProfile.objects.create(user=user, **desk | fields)
    return user


def shares_with(
    coach: User, attempt: Attempt, *scopes: str, days: int = 100, name: str = ""
) -> CoachedClient:
    """The owner of a finished attempt lets a coach see it; the entry on the coach's desk."""
    at = timezone.now()
    terms = Terms(scopes=scopes, expires_at=at + timedelta(days=days), text_digest="sha256:text")
    person = attempt.owner
    assert person is not None
    coaching.share(person=person, coach=coach, attempt=attempt, terms=terms, at=at)
    client = CoachedClient.objects.get(coach=coach, person=person)
    if name:
        client.name = name
        client.save(update_fields=["name"])
    return client


def stops_sharing(client: CoachedClient) -> None:
    """The person withdraws what they let the coach see."""
    consent = client.consent()
    assert consent is not None
    coaching.withdraw(consent=consent, at=timezone.now())


def client_who_shares(
    coach: User,
    name: str = "Priya Raman",
    *,
    scopes: Collection[str] = tuple(Scope),
    answers: Mapping[str, Value] | None = None,
    form: str = "full",
) -> CoachedClient:
    """Somebody on the coach's desk who shares a finished result."""
    person = User.objects.create_user(f"{slugify(name)}@example.org", name=name)
    edition = published()
    attempt = new_attempt(edition, form, person)
    answer(attempt, some_answers(edition.document, form) if answers is None else answers)
    services.finish(attempt=attempt, at=timezone.now())
    attempt.refresh_from_db()
    consent_of(person, coach, attempt, scopes)
    return CoachedClient.objects.get(coach=coach, person=person)


def headers_of(response: Any) -> dict[str, str]:
    """Its headers without the number that each request has."""
    return {name: said for name, said in response.headers.items() if name != "X-Request-ID"}
