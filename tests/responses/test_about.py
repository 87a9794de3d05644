"""The page about oneself: empty for whoever has not answered it, whoever answered before."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from assessments.responses.models import Attempt
from tests.cast import holder_of, new_attempt, published
from tests.second import second_questionnaire

pytestmark = pytest.mark.django_db


def page(client: Client, attempt: Attempt) -> str:
    return client.get(reverse("responses:about", args=[attempt.pk])).content.decode()


def chosen(text: str) -> list[str]:
    return re.findall(r'<option value="([^"]+)"\s+selected', text)


def test_what_one_person_chose_is_shown_to_them_and_to_nobody_else():
    edition = published()
    asked = edition.document.background[0]
    mine, other = new_attempt(edition), new_attempt(edition)
    client = holder_of(mine, other)
    assert chosen(page(client, mine)) == []
    client.post(reverse("responses:about", args=[mine.pk]), {asked.key: asked.options[1].key})
    assert chosen(page(client, mine)) == [asked.options[1].key]
    assert chosen(page(client, other)) == []


def test_each_edition_asks_its_own():
    first, second = published(), published(second_questionnaire())
    for edition in (first, second):
        attempt = new_attempt(edition, edition.document.forms[0].key)
        text = page(holder_of(attempt), attempt)
        names = re.findall(r'<select[^>]* name="([^"]+)"', text)
        assert names == [asked.key for asked in edition.document.background]
