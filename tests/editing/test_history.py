"""The history of a desk: who changed what when, in words; and nobody changes it."""

from __future__ import annotations

import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.editing.history import history_address
from assessments.errors import DomainError
from assessments.people.models import User
from assessments.questionnaires.models import DeskChange, Questionnaire
from assessments.questionnaires.rows import Item, Role
from assessments.questionnaires.services import editing, publish, retire
from tests.cast import signed_in
from tests.editing.desks import EDITORS, address, desk_with, staff

pytestmark = pytest.mark.django_db


def reword(desk: Questionnaire, key: str, text: str, by: User | None = None) -> None:
    """An editor gives an item of the desk another text."""
    with editing(questionnaire=desk, at=timezone.now(), by=by):
        Item.objects.filter(questionnaire=desk, key=key).update(text=text)


def rating(desk: Questionnaire, place: int = 0) -> Item:
    """A rating of the desk."""
    return Item.objects.filter(questionnaire=desk, kind="rating")[place]


def said(html: bytes) -> str:
    """What a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.decode()).split())


def deeds(html: bytes) -> list[str]:
    """The entries shown, each by what was done."""
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split())
            for one in re.findall(r"<h2>(.*?)</h2>", html.decode(), re.DOTALL)]  # fmt: skip


def test_each_deed_is_told_with_who_and_what_before_and_after():
    ada = staff(EDITORS)
    desk = desk_with(by=ada)
    item = rating(desk)
    reword(desk, item.key, "I have <u>taught</u> this.", by=ada)
    publish(questionnaire=desk, at=timezone.now(), by=ada, note="First of all")
    retire(questionnaire=desk, at=timezone.now(), by=ada, note="Too soon")
    page = signed_in(ada).get(address("history", desk)).content
    assert [one.partition(":")[0] for one in deeds(page)] == [
        "Retired", "Published", "Edited", "Loaded",
    ]  # fmt: skip
    assert f"Edited: Question {item.key}" in deeds(page)
    assert "by editors@example.org" in said(page)
    assert {"First of all", "Too soon"} <= set(re.findall(r"First of all|Too soon", said(page)))
    assert "taught" in said(page)
    assert "<u>" not in page.decode()


def test_a_part_a_sort_of_parts_and_a_person_can_be_asked_for():
    ada, ben = staff(EDITORS), staff(EDITORS, "ben@example.org")
    desk = desk_with()
    one, other = rating(desk), rating(desk, 1)
    reword(desk, one.key, "First.", by=ada)
    reword(desk, other.key, "Second.", by=ben)
    with editing(questionnaire=desk, at=timezone.now(), by=ben):
        Role.objects.filter(questionnaire=desk).update(gloss="Third.")
    browser = signed_in(ada)

    def shown(**asked: object) -> list[str]:
        return deeds(browser.get(address("history", desk), asked).content)

    assert shown(part=f"items.{one.key}") == [
        f"Edited: Question {one.key}", f"Loaded: Question {one.key}",
    ]  # fmt: skip
    assert len(shown(part="items")) == 3
    assert len(shown(part="roles")) == 2
    assert len(shown(part="roles", by=ben.pk)) == 1
    assert len(shown(by=ben.pk)) == 2
    assert shown(part=f"items.{one.key[:-1]}") == []
    assert browser.get(address("history", desk), {"by": "9999999"}).status_code == 404


def test_the_link_of_a_row_names_its_part():
    desk = desk_with()
    item = rating(desk)
    place = f"{address('history', desk)}?part=items.{item.key}"
    assert history_address(desk.pk, item.part) == place
    browser = signed_in(staff(EDITORS))
    own = reverse("admin:assessments_item_history", args=[item.pk])
    assert browser.get(own).headers["Location"] == place
    of_desk = reverse("admin:assessments_questionnaire_history", args=[desk.pk])
    assert of_desk == address("history", desk)
    gone = reverse("admin:assessments_item_history", args=[0])
    assert browser.get(gone).status_code == 302


def test_a_large_deed_is_shown_in_full_on_a_page_of_its_own():
    desk = desk_with()
    browser = signed_in(staff(EDITORS))
    change = DeskChange.objects.get()
    entry = reverse("admin:desk-history-entry", args=[desk.pk, change.pk])
    assert entry in browser.get(address("history", desk)).content.decode()
    parts = change.parts.split()
    shown = browser.get(entry).content.decode()
    assert shown.count("<article") == len(parts) > 20
    other = Questionnaire.objects.create(slug="other", title="Other", changed_at=timezone.now())
    elsewhere = reverse("admin:desk-history-entry", args=[other.pk, change.pk])
    assert browser.get(elsewhere).status_code == 404


def test_a_page_holds_25_and_the_filters_stay():
    desk = desk_with()
    for number in range(30):
        reword(desk, rating(desk).key, f"Done {number} times.")
    browser = signed_in(staff(EDITORS))
    first = browser.get(address("history", desk), {"part": "items"})
    assert len(deeds(first.content)) == 25
    assert "part=items&amp;page=2" in first.content.decode()
    assert len(deeds(browser.get(address("history", desk), {"page": 2}).content)) == 6


# --- Nobody changes it ---------------------------------------------------------------------------


def test_models_and_querysets_refuse_to_change_or_delete_history():
    desk_with()
    change = DeskChange.objects.get()
    for deed in (
        change.save,
        change.delete,
        DeskChange.objects.all().delete,
        lambda: DeskChange.objects.update(note="changed"),
        lambda: DeskChange.objects.update(by=None, note="changed"),
    ):
        with pytest.raises(DomainError, match="never changes"):
            deed()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE assessments_deskchange SET note = 'x'",
        "UPDATE assessments_deskchange SET differences = '[]'",
        "UPDATE assessments_deskchange SET parts = ''",
        "UPDATE assessments_deskchange SET at = '2001-01-01 00:00:00+00:00'",
        "UPDATE assessments_deskchange SET by_id = (SELECT MAX(id) FROM assessments_user)",
        "UPDATE assessments_deskchange SET by_id = NULL, note = 'x'",
        "DELETE FROM assessments_deskchange",
    ],
)
def test_the_database_refuses_to_change_or_delete_history(statement: str):
    desk_with(by=staff(EDITORS))
    staff(EDITORS, "another@example.org")
    before = list(DeskChange.objects.values())
    with pytest.raises(IntegrityError, match="history"), transaction.atomic():
        connection.cursor().execute(statement)
    assert list(DeskChange.objects.values()) == before


def test_each_database_refuses_its_own_way_round():
    desk_with()
    around = {
        "sqlite": "REPLACE INTO assessments_deskchange SELECT * FROM assessments_deskchange",
        "postgresql": "TRUNCATE assessments_deskchange",
    }
    with pytest.raises(IntegrityError, match="history"), transaction.atomic():
        connection.cursor().execute(around[connection.vendor])


def test_erasing_a_person_takes_their_name_out_and_leaves_what_was_done():
    ada = staff(EDITORS)
    desk_with(by=ada)
    [before] = DeskChange.objects.values()
    User.objects.filter(pk=ada.pk).delete()
    assert list(DeskChange.objects.values()) == [{**before, "by_id": None}]


@pytest.mark.parametrize("is_large", [False, True])
def test_history_asks_the_same_number_of_queries_at_two_sizes(
    is_large: bool, django_assert_num_queries
):
    ada = staff(EDITORS)
    desk = desk_with(by=ada)
    if is_large:
        for number in range(12):
            reword(desk, rating(desk).key, f"Done {number} times.", by=ada)
    browser = signed_in(ada)
    with django_assert_num_queries(QUERIES_OF_HISTORY):
        assert browser.get(address("history", desk)).status_code == 200


QUERIES_OF_HISTORY = 9
