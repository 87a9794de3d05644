"""While the site's questionnaire is retired, every page says something sensible."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.coaching.services import Wanted, invite
from assessments.questionnaires.editions import PublishedEdition
from assessments.questionnaires.models import Questionnaire
from assessments.questionnaires.services import reinstate, retire
from assessments.responses.models import Attempt
from tests.cast import (
    answer,
    coach,
    finished_attempt,
    holder_of,
    new_attempt,
    published,
    signed_in,
    some_answers,
)

pytestmark = pytest.mark.django_db
NOT_OFFERED = "not offered at the moment"


@pytest.fixture
def edition() -> PublishedEdition:
    """The shipped questionnaire, published, and retired by `withdraw`."""
    return published()


def home() -> Questionnaire:
    """The site's questionnaire."""
    return Questionnaire.objects.get(slug=settings.HOME_QUESTIONNAIRE)


def withdraw() -> None:
    """Retire the site's questionnaire."""
    retire(questionnaire=home(), at=timezone.now(), by=None, note="")


def test_the_start_page_and_the_start_say_so_and_nothing_begins(edition: PublishedEdition):
    withdraw()
    browser = Client()
    landing = browser.get(reverse("guide:landing"))
    assert landing.status_code == 200
    assert NOT_OFFERED in landing.content.decode()
    assert reverse("responses:start") not in landing.content.decode()
    start = reverse("responses:start")
    for reply in (
        browser.get(start),
        browser.post(start, {"length": "full", "consent": "on"}),
        signed_in(coach()).get(start),
    ):
        assert reply.status_code == 404
        assert "Not offered at the moment" in reply.content.decode()
    assert Attempt.objects.count() == 0
    reinstate(questionnaire=home(), at=timezone.now(), by=None, note="")
    assert browser.get(start).status_code == 200


def test_before_anything_is_published_the_start_page_does_not_speak_of_retiring(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(settings, "HOME_QUESTIONNAIRE", "not-there-yet")
    page = Client().get(reverse("guide:landing")).content.decode()
    assert "No questionnaire has been published" in page
    assert Client().get(reverse("responses:start")).status_code == 404


def test_what_was_begun_can_be_finished_and_read(edition: PublishedEdition):
    attempt = new_attempt(edition)
    answer(attempt, some_answers(edition.document))
    withdraw()
    browser = holder_of(attempt)
    assert browser.get(reverse("responses:section", args=[attempt.pk, 1])).status_code == 200
    reply = browser.post(reverse("responses:check", args=[attempt.pk]), {"goal": ""}, follow=True)
    assert reply.redirect_chain[-1][0] == reverse("reports:result", args=[attempt.pk])


def test_a_short_result_offers_no_way_on_and_none_is_open(edition: PublishedEdition):
    attempt = finished_attempt(edition, "short")
    browser = holder_of(attempt)
    result = reverse("reports:result", args=[attempt.pk])
    further = reverse("responses:continue", args=[attempt.pk, "full"])
    assert further in browser.get(result).content.decode()
    withdraw()
    assert further not in browser.get(result).content.decode()
    reply = browser.post(further)
    assert reply.status_code == 409
    assert NOT_OFFERED in reply.content.decode()
    assert Attempt.objects.count() == 1


def test_what_results_lead_to_is_still_there(edition: PublishedEdition):
    withdraw()
    key = edition.document.dimensions[0].key
    for place in (
        reverse("guide:dimension", args=[key]), reverse("guide:index"), reverse("reports:example"),
    ):  # fmt: skip
        assert Client().get(place).status_code == 200
    guide = Client().get(reverse("guide:index")).content.decode()
    assert reverse("guide:dimension", args=[key]) in guide


def test_an_invitation_says_so_and_leads_to_what_there_is(edition: PublishedEdition):
    tom = coach()
    client, link = invite(coach=tom, wanted=Wanted(name="Ravi"), at=timezone.now())
    withdraw()
    attempt = finished_attempt(edition)
    browser = holder_of(attempt)
    page = browser.get(link.replace("http://testserver", ""), follow=True)
    assert page.status_code == 200
    assert NOT_OFFERED in page.content.decode()
    assert reverse("coaching:share", args=[attempt.pk]) in page.content.decode()
    posted = browser.post(reverse("coaching:invitation"), {"length": "full", "consent": "on"})
    assert posted.status_code == 200
    assert Attempt.objects.count() == 1
    client.refresh_from_db()
    assert client.attempt is None


def test_nobody_is_invited_to_it(edition: PublishedEdition):
    tom = coach()
    withdraw()
    browser = signed_in(tom)
    for reply in (
        browser.get(reverse("coaching:invite")),
        browser.post(reverse("coaching:invite"), {"name": "Ravi"}),
    ):
        assert reply.status_code == 409
        assert NOT_OFFERED in reply.content.decode()
    assert tom.clients.count() == 0
