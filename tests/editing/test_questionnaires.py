"""A questionnaire's own page: its values, and the way to all that stands on its desk."""

from __future__ import annotations

import re

import pytest
from django.test import Client as Browser
from django.urls import reverse

from assessments.questionnaires.models import Questionnaire
from tests.editing.pages import document, editor_of, newest, opened, page_of, told

ADD = "admin:assessments_questionnaire_add"


@pytest.fixture
def desk(shipped_desk: Questionnaire) -> Questionnaire:
    """Here it takes many rows."""
    return shipped_desk


def test_a_questionnaire_is_made_from_scratch(db: None, ed: Browser):
    fields = opened(ed, reverse(ADD))
    typed = {
        "slug": "tea-coffee", "title": "Tea or coffee",
        "pole_a_name": "Tea", "pole_a_long_name": "Drinking tea",
        "pole_b_name": "Coffee", "pole_b_long_name": "Drinking coffee",
    }  # fmt: skip
    assert {name for name, value in fields.items() if not value} >= set(typed)

    assert ed.post(reverse(ADD), {**fields, **typed}).status_code == 302

    desk = Questionnaire.objects.get(slug="tea-coffee")
    said = document(desk)
    assert said["poles"]["b"] == {
        "name": "Coffee", "long_name": "Drinking coffee", "colour": "blue",
    }  # fmt: skip
    assert said["anchors"]["pair"][2] == "Both or neither equally"
    assert said["anchors"]["rating"][0]["label"] == "Not yet"
    assert said["study"]["step_hours"] == [2, 4, 6]
    change = newest(desk)
    assert (change.deed, editor_of(change)) == ("edited", "Ed")
    assert ("questionnaire", "title", "changed", "", "Tea or coffee") in told(change)


def test_its_values_are_changed_and_its_slug_stays(desk: Questionnaire, ed: Browser):
    fields = opened(ed, page_of(desk))
    assert "slug" not in fields
    reply = ed.post(
        page_of(desk), {**fields, "slug": "x", "title": "New", "step_hours": "1, 2, 3"}
    )
    assert reply.status_code == 302
    assert (document(desk)["slug"], document(desk)["title"]) == (desk.slug, "New")
    assert document(desk)["study"]["step_hours"] == [1, 2, 3]
    assert {part for part, *_ in told(newest(desk))} == {"questionnaire", "study"}


def test_what_is_changed_meanwhile_is_told(desk: Questionnaire, ed: Browser, eve: Browser):
    mine, theirs = opened(ed, page_of(desk)), opened(eve, page_of(desk))
    eve.post(page_of(desk), {**theirs, "step_hours": "1, 2, 3", "licence": "CC0"})
    reply = ed.post(page_of(desk), {**mine, "title": "New"})
    said = {clash.what for clash in reply.context["clashes"]}
    assert said >= {"Questionnaire: licence"}
    assert any("hours a step" in what for what in said)
    assert document(desk)["title"] == desk.title


def test_it_leads_to_each_part_and_says_how_many_there_are(
    desk: Questionnaire, other_desk: Questionnaire, ed: Browser
):
    page = ed.get(page_of(desk)).content.decode()
    hub = page.partition('class="desk-parts"')[2].partition("</ul>")[0]
    counts = dict(re.findall(r">([^<]+)</a>\s*<span>(\d+)<", hub))
    assert counts == {
        "Sources": "54", "Glossary": "96", "Background questions": "6", "Clusters": "4",
        "Dimensions": "14", "Questions": "64", "Forms": "2", "Roles": "10", "Resources": "47",
        "Study recommendations": "165", "Targets of roles": "140", "Steps for every plan": "9",
    }  # fmt: skip
    assert [ed.get(link).status_code for link in re.findall(r'href="([^"]+)"', hub)] == [200] * 12


def test_nobody_deletes_one_and_guests_see_none(desk: Questionnaire, ed: Browser, guest: Browser):
    assert ed.get(page_of(desk, "delete")).status_code == 403
    pages = [page_of(desk), reverse(ADD), reverse("admin:assessments_questionnaire_changelist")]
    assert [guest.get(page).status_code for page in pages] == [403] * 3
    gone = reverse("admin:assessments_questionnaire_change", args=[10**6])
    assert ed.get(gone).status_code == 302
