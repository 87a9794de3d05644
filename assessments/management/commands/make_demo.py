"""`make_demo`: invented people with results in every state, for trying the site out."""

import hashlib
import hmac
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from assessments.management import demo_coaching
from assessments.management.demo_people import PERSONAS, Persona
from assessments.people.models import User
from assessments.questionnaires.editions import PublishedEdition, newest_edition
from assessments.responses import services
from assessments.responses.consent import consent_digest
from assessments.responses.links import add_private_link
from assessments.responses.models import Attempt
from assessments.responses.saving import Sent

ADMIN = "admin@example.org"


class Command(BaseCommand):
    help = "Make an admin and invented results in every state. Existing data is never touched."

    def handle(self, **options: Any) -> None:
        edition = newest_edition(settings.HOME_QUESTIONNAIRE)
        if edition is None:
            raise CommandError("Publish a questionnaire first: load_questionnaire FILE --publish")
        self.stdout.write("Sign-ins and private links of the invented people:")
        self.stdout.write(f"  {_admin()}  {settings.SITE_URL}{reverse('admin:index')}")
        for line in demo_coaching.make(edition, secret=_secret, start=_attempt):
            self.stdout.write(f"  {line}")
        for persona in PERSONAS:
            if persona.form in edition.document.form:
                self.stdout.write(f"  {_link(edition, persona)}  {persona.name}")


def _secret(name: str) -> str:
    """A token that only this installation can work out, the same at each run."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"demo:{name}".encode(), hashlib.sha256)
    return digest.hexdigest()


def _admin() -> str:
    password = _secret(ADMIN)[:20]
    user = User.objects.filter(email=ADMIN).first()
    if user is None:
        user = User.objects.create_superuser(ADMIN, password, name="Demo admin")
    shown = password if user.check_password(password) else "(its own password)"
    return f"{ADMIN}  {shown}"


@transaction.atomic
def _link(edition: PublishedEdition, persona: Persona) -> str:
    pk = uuid5(NAMESPACE_URL, _secret(f"attempt {persona.name}"))
    token = _secret(f"link {persona.name}")
    if not Attempt.objects.filter(pk=pk).exists():
        attempt = _attempt(edition, persona, pk)
        add_private_link(attempt=attempt, token=token, at=timezone.now())
    return settings.SITE_URL + reverse("responses:link", args=[token])


def _attempt(edition: PublishedEdition, persona: Persona, pk: UUID) -> Attempt:
    document, now = edition.document, timezone.now()
    attempt = services.start_attempt(
        edition=edition,
        form=persona.form,
        consent_digest=consent_digest(in_account=False),
        owner_id=None,
        at=now,
        pk=pk,
    )
    items = list(document.items_of(document.form[persona.form]))
    answers = persona.answers(document, items)
    kept = list(answers.items())[: round(len(answers) * persona.share)]
    sent = [Sent(key, str(value), "demonstration", 1, 0) for key, value in kept]
    services.save_answers(attempt=attempt, sent=sent, at=now)
    if persona.finishes:
        services.finish(attempt=attempt, at=now)
    return attempt
