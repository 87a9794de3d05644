"""One cast for all tests: the shipped questionnaire, people, and attempts in every state."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path

from django.test import Client
from django.utils import timezone
from django.utils.text import slugify

from assessments.coaching.models import Client as CoachedClient
from assessments.coaching.services import set_rates_first, share
from assessments.instrument.document import Questionnaire, Value
from assessments.instrument.files import read_yaml
from assessments.people.actors import HELD_ATTEMPTS
from assessments.people.consents import Consent, Scope
from assessments.people.models import User
from assessments.people.services import Terms, open_desk
from assessments.questionnaires.editions import (
    PublishedEdition,
    newest_edition,
    published_edition,
)
from assessments.questionnaires.services import load_onto_desk, publish
from assessments.responses import services
from assessments.responses.models import Attempt
from assessments.responses.saving import Sent

SHIPPED = Path(__file__).parent.parent / "assessments" / "content" / "pm-b2b-b2c.yaml"


@cache
def shipped_questionnaire() -> Questionnaire:
    """The questionnaire that ships."""
    return read_yaml(SHIPPED.read_text(encoding="utf-8"))


def published(document: Questionnaire | None = None) -> PublishedEdition:
    """An edition of the document, by default of the shipped questionnaire."""
    document = document or shipped_questionnaire()
    newest = newest_edition(document.slug)
    if newest is not None and newest.document == document:
        return newest
    desk = load_onto_desk(document=document, at=timezone.now())
    return published_edition(publish(questionnaire=desk, at=timezone.now()).pk)


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


def some_answers(document: Questionnaire, form: str = "full") -> dict[str, Value]:
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


def signed_in(user: User) -> Client:
    """A browser in which the user is signed in."""
    client = Client()
    client.force_login(user)
    return client


# --- Coaching -----------------------------------------------------------------------------------

ALL_SCOPES = tuple(scope.value for scope in Scope)


def coach(email: str = "tom@example.org", *, rates_first: bool = False) -> User:
    """Somebody with a desk; by default one who reads results without a view of their own."""
    user = User.objects.create_user(email)
    desk = open_desk(user=user, name="Tom Adeyemi", practice="", at=timezone.now())
    set_rates_first(desk=desk, rates_first=rates_first)
    return user


def consent_of(
    person: User, coach: User, attempt: Attempt, scopes: Collection[str] = ALL_SCOPES
) -> Consent:
    """The person lets the coach see the attempt for half a year."""
    now = timezone.now()
    terms = Terms(scopes, now + timedelta(days=180), "sha256:text")
    return share(person=person, coach=coach, attempt=attempt, terms=terms, at=now)


def client_who_shares(
    coach: User,
    name: str = "Priya Raman",
    *,
    scopes: Collection[str] = ALL_SCOPES,
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
