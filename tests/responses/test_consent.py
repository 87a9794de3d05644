"""What a person agrees to at the start is true for them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from assessments.people.models import User
from assessments.responses.consent import consent_digest
from assessments.responses.models import Attempt
from tests.cast import published, signed_in

pytestmark = pytest.mark.django_db
START = {"length": "full", "consent": "on"}


@pytest.mark.parametrize("in_account", [False, True])
def test_the_words_at_the_start_are_those_of_whoever_starts(in_account: bool):
    published()
    browser = signed_in(User.objects.create_user("a@example.org")) if in_account else Client()
    page = browser.get(reverse("responses:start")).content.decode()
    assert ("No name and no e-mail address." in page) is not in_account
    assert ("days after your last visit, and then deleted" in page) is not in_account
    assert ("the account in which you are signed in" in page) is in_account
    browser.post(reverse("responses:start"), START)
    assert Attempt.objects.get().consent_digest == consent_digest(in_account=in_account)


def test_other_words_have_another_digest():
    assert consent_digest(in_account=True) != consent_digest(in_account=False)
