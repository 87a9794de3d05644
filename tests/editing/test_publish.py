"""Publishing says what it does before it does it; retiring and loading ask first."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from assessments.editing.publish_views import kind_words
from assessments.errors import DomainError
from assessments.instrument.canonical import digest
from assessments.instrument.comparison import compare_documents
from assessments.questionnaires.desk import document_of, read_desk
from assessments.questionnaires.editions import newest_edition, published_edition
from assessments.questionnaires.models import DeskChange, Questionnaire
from assessments.questionnaires.rows import Dimension, Item, Recommendation, Role, Target
from assessments.questionnaires.services import freeze, load_onto_desk, publish
from assessments.responses.models import Attempt
from tests.cast import finished_attempt, new_attempt
from tests.editing.desks import (
    address,
    desk_with,
    editor,
    later,
    published_desk,
    publisher,
)
from tests.instrument.small import small, small_data

pytestmark = pytest.mark.django_db
NOTE = "Plainer words"


def reword(desk: Questionnaire, text: str = "Something else altogether") -> None:
    """Change a text of the desk that takers do not read."""
    Role.objects.filter(questionnaire=desk).update(rationale=text)


def seen(desk: Questionnaire) -> str:
    """The digest that the page for publishing shows now."""
    return digest(document_of(desk))


def text_of(html: bytes) -> str:
    """What a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.decode()).split())


# --- Publishing ----------------------------------------------------------------------------------


def test_publishing_freezes_what_the_page_showed_with_its_note():
    desk, first = published_desk()
    reword(desk)
    browser, shown = publisher(), seen(desk)
    page = browser.get(address("publish", desk))
    assert {first.digest, shown} <= set(re.findall(r"sha256:[0-9a-f]{64}", page.content.decode()))
    assert "Publish edition 2" in page.content.decode()

    reply = browser.post(address("publish", desk), {"note": NOTE, "seen": shown}, follow=True)

    edition = desk.editions.get(number=2)
    assert (edition.digest, edition.note, edition.published_by.email) == (
        shown,
        NOTE,
        "publishers@example.org",
    )
    assert f"Edition 2 is published: {shown}" in text_of(reply.content)
    assert "There is nothing to publish" in text_of(reply.content)


def test_a_note_is_asked_for():
    desk, _edition = published_desk()
    reword(desk)
    reply = publisher().post(address("publish", desk), {"note": " ", "seen": seen(desk)})
    assert reply.status_code == 422
    assert "Say in a few words what changes, and why." in text_of(reply.content)
    assert desk.editions.count() == 1


@pytest.mark.parametrize("posted", ["sha256:" + "0" * 64, "", "nonsense"])
def test_a_desk_that_changed_since_the_page_was_opened_is_not_published(posted: str):
    desk, _edition = published_desk()
    reword(desk)
    reply = publisher().post(address("publish", desk), {"note": NOTE, "seen": posted})
    assert reply.status_code == 409
    assert "The desk has changed since you opened this page." in text_of(reply.content)
    # The note is not lost, and what is there now can be published from here.
    assert NOTE in reply.content.decode()
    assert f'value="{seen(desk)}"' in reply.content.decode()
    assert desk.editions.count() == 1


def test_nothing_changed_has_no_button():
    desk, edition = published_desk()
    browser = publisher()
    page = browser.get(address("publish", desk)).content.decode()
    assert "There is nothing to publish." in page
    assert 'name="note"' not in page
    posted = {"note": NOTE, "seen": edition.digest}
    assert browser.post(address("publish", desk), posted).status_code == 302
    assert desk.editions.count() == 1


def test_faults_stand_in_the_way_and_lead_to_the_check():
    desk, _edition = published_desk()
    Dimension.objects.filter(questionnaire=desk).update(source_refs="")
    browser = publisher()
    page = browser.get(address("publish", desk))
    assert "faults stand in the way." in text_of(page.content)
    assert 'name="note"' not in page.content.decode()
    reply = browser.post(address("publish", desk), {"note": NOTE, "seen": seen(desk)})
    assert reply.status_code == 409
    assert "This cannot be published yet." in text_of(reply.content)
    assert desk.editions.count() == 1


def test_an_incomplete_desk_leads_to_the_check():
    desk, _edition = published_desk()
    Questionnaire.objects.update(licence="")
    browser = publisher()
    page = browser.get(address("publish", desk))
    assert "it cannot be read" in text_of(page.content)
    reply = browser.post(address("publish", desk), {"note": NOTE, "seen": "x"})
    assert reply.status_code == 409
    assert desk.editions.count() == 1


def test_the_first_edition_has_nothing_before_it():
    desk = desk_with()
    browser = publisher()
    assert "this would be the first" in text_of(browser.get(address("publish", desk)).content)
    browser.post(address("publish", desk), {"note": NOTE, "seen": seen(desk)})
    assert desk.editions.get().number == 1


def test_takers_in_the_middle_are_counted_and_stay_on_theirs():
    desk, edition = published_desk()
    attempt = new_attempt(published_edition(edition.pk))
    finished_attempt(published_edition(edition.pk), "short")
    reword(desk)
    browser = publisher()
    said = text_of(browser.get(address("publish", desk)).content)
    assert "1 attempt is under way" in said
    browser.post(address("publish", desk), {"note": NOTE, "seen": seen(desk)})
    assert Attempt.objects.get(pk=attempt.pk).edition_id == edition.pk
    newest = newest_edition(desk.slug)
    assert newest is not None
    assert newest.number == 2


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda: Role.objects.update(rationale="For other reasons"), "of texts only"),
        (lambda: Recommendation.objects.update(title="Read on"), "of texts only"),
        (lambda: Target.objects.filter(weight=3).update(weight=2), "of roles and their targets"),
        (lambda: Recommendation.objects.update(hours=7), "of study plans"),
        (lambda: Dimension.objects.update(half_weight=True), "of scoring"),
        (lambda: Item.objects.filter(kind="rating").update(text="Done it"), "of questions"),
    ],
)
def test_a_change_of_texts_or_roles_is_told_apart_from_one_of_questions(change, sentence: str):
    desk, edition = published_desk()
    change()
    found = compare_documents(published_edition(edition.pk).document, document_of(desk))
    assert sentence in kind_words(found.what_it_means)
    assert sentence in text_of(publisher().get(address("publish", desk)).content)


# --- Retiring ------------------------------------------------------------------------------------


def test_retiring_and_offering_again_ask_for_a_note_and_are_remembered():
    desk, _edition = published_desk()
    browser = publisher()
    for name, is_retired in (("retire", True), ("reinstate", False)):
        assert browser.get(address(name, desk)).status_code == 200
        assert browser.post(address(name, desk), {"note": ""}).status_code == 422
        assert browser.post(address(name, desk), {"note": NOTE}).status_code == 302
        desk.refresh_from_db()
        assert (desk.retired_at is not None) == is_retired
        assert (newest_edition(desk.slug) is None) == is_retired
        # Twice is once.
        reply = browser.post(address(name, desk), {"note": NOTE})
        assert reply.status_code == 409
        assert "is retired already" in text_of(reply.content) or not is_retired
    deeds = DeskChange.objects.filter(note=NOTE).values_list("deed", "by__email")
    assert list(deeds) == [
        ("reinstated", "publishers@example.org"),
        ("retired", "publishers@example.org"),
    ]


# --- An edition back onto the desk ---------------------------------------------------------------


def test_loading_an_edition_says_what_it_replaces_and_makes_it_the_desk():
    desk, edition = published_desk()
    before = read_desk(desk).plain
    reword(desk)
    browser = editor()
    page = browser.get(address("load", desk, 1))
    assert "A change of texts only" in text_of(page.content)
    assert "Whatever on it was not published is lost." in text_of(page.content)
    desk.refresh_from_db()
    posted = {"note": NOTE, "seen": desk.changed_at.isoformat()}
    assert f'value="{posted["seen"]}"' in page.content.decode()

    reply = browser.post(address("load", desk, 1), posted)

    assert reply.status_code == 302
    assert read_desk(desk).plain == before
    assert DeskChange.objects.first().note == f"1: {NOTE}"
    assert DeskChange.objects.first().deed == DeskChange.Deed.LOADED
    assert desk.editions.get().digest == edition.digest


@pytest.mark.parametrize("posted", ["", "nonsense", "2001-01-01T00:00:00+00:00", "2001-99-99"])
def test_a_desk_that_changed_since_the_page_was_opened_is_not_replaced(posted: str):
    desk, _edition = published_desk()
    reword(desk)
    reply = editor().post(address("load", desk, 1), {"note": NOTE, "seen": posted})
    assert reply.status_code == 409
    assert Role.objects.filter(questionnaire=desk)[0].rationale == "Something else altogether"


def test_an_incomplete_desk_can_be_replaced():
    desk, _edition = published_desk()
    Questionnaire.objects.update(licence="")
    page = editor().get(address("load", desk, 1))
    assert "All of it is replaced." in text_of(page.content)


def test_an_edition_that_is_not_there_cannot_be_loaded():
    desk, _edition = published_desk()
    assert editor().get(address("load", desk, 9)).status_code == 404


def test_the_deeds_themselves_refuse_what_was_not_seen():
    desk, _edition = published_desk()
    reword(desk)
    with pytest.raises(DomainError, match="has changed"):
        publish(questionnaire=desk, at=timezone.now(), seen="sha256:old")
    with pytest.raises(DomainError, match="has changed"):
        load_onto_desk(document=small(), at=later(), seen=later(9))


# --- What it costs -------------------------------------------------------------------------------


@pytest.mark.parametrize("is_large", [False, True])
def test_the_page_asks_the_same_number_of_queries_at_two_sizes(
    is_large: bool, django_assert_num_queries
):
    desk, edition = published_desk()
    Role.objects.update(rationale="For other reasons")
    if is_large:
        publish_many(desk, 5)
        for _number in range(8):
            new_attempt(published_edition(edition.pk))
    browser = publisher()
    browser.get(address("publish", desk))  # a process reads an edition once
    with django_assert_num_queries(QUERIES_OF_PUBLISH):
        assert browser.get(address("publish", desk)).status_code == 200


def publish_many(desk: Questionnaire, count: int) -> None:
    """Editions with other titles of their own."""
    for number in range(count):
        data = small_data()
        data["title"] = f"Title {number}"
        freeze(questionnaire=desk, document=small(data), at=timezone.now())


QUERIES_OF_PUBLISH = 32
