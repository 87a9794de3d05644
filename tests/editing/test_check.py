"""Check tells all faults at once, where to mend each, and how the forms are built."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from assessments.editing.check import check_desk, row_address
from assessments.instrument.checks import publishing_faults
from assessments.instrument.document import Questionnaire as Document
from assessments.questionnaires.models import Questionnaire
from assessments.questionnaires.rows import Cluster, Dimension, Form, Item, Option, Placement
from tests.cast import shipped_questionnaire
from tests.editing.desks import address, desk_with, editor, publisher
from tests.instrument.small import small, small_data

pytestmark = pytest.mark.django_db


def text_of(html: bytes) -> str:
    """What a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.decode()).split())


def faulty() -> Document:
    """The small questionnaire with a rating that is too long, and with both poles alike."""
    data = small_data()
    rating = next(item for item in data["items"] if item["kind"] == "rating")
    rating["text"] = "I have done this " + "and this as well " * 6
    data["poles"]["b"]["colour"] = data["poles"]["a"]["colour"]
    return small(data)


def test_nothing_wrong_says_so_and_leads_to_publishing():
    desk = desk_with()
    page = publisher().get(address("check", desk))
    assert "Nothing is wrong, and nothing asks for a second look." in text_of(page.content)
    assert f'href="{address("publish", desk)}"' in page.content.decode()


def test_who_may_not_publish_is_not_led_to_it():
    desk = desk_with()
    assert address("publish", desk) not in editor().get(address("check", desk)).content.decode()


def test_every_fault_stands_on_the_page_in_words_at_its_row():
    document = faulty()
    desk = desk_with(document)
    found = check_desk(desk)
    faults = publishing_faults(document)
    assert [line.message for line in found.lines] == [fault.message for fault in faults]
    assert found.faults == sum(fault.level == "fault" for fault in faults) > 0
    said = text_of(editor().get(address("check", desk)).content)
    assert [line.message for line in found.lines if line.message not in said] == []
    colour = next(line for line in found.lines if line.field.endswith("colour"))
    assert (colour.part, colour.field) == (
        "Questionnaire Making or managing",
        "poles › pole B › colour",
    )
    assert colour.url == reverse("admin:assessments_questionnaire_change", args=[desk.pk])


def test_what_has_no_page_of_its_own_has_no_address():
    desk_with()
    assert row_address(Option.objects.first()) == ""


def test_a_desk_that_is_no_document_yet_tells_what_is_missing():
    desk = desk_with()
    Dimension.objects.filter(questionnaire=desk, key=small().dimensions[0].key).update(name="")
    Questionnaire.objects.filter(pk=desk.pk).update(licence="")
    desk.refresh_from_db()
    found = check_desk(desk)
    assert not found.is_complete
    assert (found.forms, found.uncovered) == ([], [])
    assert [(line.part.split()[0], line.field) for line in found.lines] == [
        ("Questionnaire", "licence"),
        ("Dimension", "name"),
    ]
    said = text_of(editor().get(address("check", desk)).content)
    assert "The desk is not complete yet" in said


def test_an_empty_desk_is_no_error():
    desk = Questionnaire.objects.create(slug="new", title="New", changed_at="2020-01-01T00:00Z")
    assert editor().get(address("check", desk)).status_code == 200


def test_a_form_says_how_long_it_is_and_how_it_is_mixed():
    document = small()
    found = check_desk(desk_with(document))
    form, first = found.forms[0], document.forms[0]
    items = list(document.items_of(first))
    assert (form.items, form.sections) == (len(items), len(first.sections))
    assert form.total.pairs == sum(item.kind == "pair" for item in items)
    assert form.total.left_a + form.total.left_b == form.total.pairs
    assert form.total.ratings_a + form.total.ratings_b == sum(i.kind == "rating" for i in items)
    assert [row.name for row in form.rows] == [d.name for d in document.dimensions]
    assert sum(row.pairs for row in form.rows) == form.total.pairs
    assert [(count, wanted) for _name, count, wanted in form.scenarios] == [
        (sum(i.kind == "scenario" and i.setting == setting for i in items), wanted)
        for setting, wanted in first.rules.scenarios
    ]
    assert not form.is_too_long


def test_a_form_that_takes_too_long_says_so():
    desk = desk_with()
    Form.objects.filter(questionnaire=desk).update(minutes_max=1)
    assert any(form.is_too_long for form in check_desk(desk).forms)
    assert "That is too long." in text_of(editor().get(address("check", desk)).content)


def test_a_point_of_the_sources_that_nothing_meets_is_listed():
    found = check_desk(desk_with(small()))
    assert [row.ref for row in found.uncovered] == [
        source.ref
        for source in small().sources
        if not any(
            source.ref in part.source_refs
            for part in (
                *small().dimensions,
                *small().items,
                *small().study.recommendations,
            )
        )
    ]
    assert check_desk(desk_with(shipped_questionnaire())).uncovered == []


@pytest.mark.parametrize("is_large", [False, True])
def test_check_asks_the_same_number_of_queries_at_two_sizes(
    is_large: bool, django_assert_num_queries
):
    desk, browser = desk_with(), editor()
    if is_large:
        cluster = Cluster.objects.filter(questionnaire=desk)[0]
        of_desk = {"questionnaire": desk}
        more = [
            Dimension.objects.create(**of_desk, key=f"more-{n}", cluster=cluster, tie_place=n)
            for n in range(20)
        ]
        items = Item.objects.bulk_create(
            Item(**of_desk, key=f"more-{n}", kind="rating", dimension=more[n % 20])
            for n in range(100)
        )
        section = Form.objects.filter(**of_desk)[0].sections.first()
        Placement.objects.bulk_create(Placement(section=section, item=item) for item in items)
    with django_assert_num_queries(QUERIES_OF_CHECK):
        assert browser.get(address("check", desk)).status_code == 200


QUERIES_OF_CHECK = 30
