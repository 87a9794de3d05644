"""Each part of the desk has a list and a page, and what is saved there is all that changes."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, models
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.instrument.differences import differences
from assessments.questionnaires.models import DeskChange, Questionnaire
from assessments.questionnaires.rows import (
    PARTS,
    BackgroundQuestion,
    Cluster,
    Dimension,
    Form,
    Item,
    Part,
    Recommendation,
    Resource,
    Role,
    Source,
    Term,
)
from assessments.questionnaires.services import load_onto_desk
from tests.editing.pages import (
    document,
    editor_of,
    fields_of,
    list_of,
    newest,
    opened,
    page_of,
    told,
)
from tests.instrument.small import small

A_TEXT: dict[Any, str] = {
    Source: "title", Term: "gloss", BackgroundQuestion: "text", Cluster: "both",
    Dimension: "definition", Item: "left_text", Form: "title", Role: "gloss", Resource: "note",
    Recommendation: "done_when",
}  # fmt: skip
# Queries of a list, of any length.
QUERIES = {
    Source: 10, Term: 10, BackgroundQuestion: 10, Cluster: 11, Dimension: 11, Item: 16, Form: 10,
    Role: 10, Resource: 10, Recommendation: 13,
}  # fmt: skip


def first(model: Any, desk: Questionnaire) -> Any:
    return model._default_manager.filter(questionnaire=desk).order_by("place").first()


def test_parts_are_listed_added_changed_and_deleted_on_pages_for_editors_only(
    desk: Questionnaire, ed: Browser, guest: Browser
):
    for model in PARTS:
        row = model._default_manager.filter(questionnaire=desk)[0]
        pages = [
            list_of(model),
            reverse(f"admin:assessments_{model._meta.model_name}_add"),
            page_of(row),
            page_of(row, "delete"),
        ]
        assert [ed.get(page).status_code for page in pages] == [200] * 4, model
        assert [guest.get(page).status_code for page in pages] == [403] * 4, model
        assert [guest.post(page).status_code for page in pages] == [403] * 4, model


@pytest.mark.soak
def test_saving_a_page_changes_what_was_typed_and_nothing_else(desk: Questionnaire, ed: Browser):
    for model, text in A_TEXT.items():
        row, before, last = first(model, desk), document(desk), newest(desk)
        fields = opened(ed, page_of(row))

        # Saved as it is, it says what it said.
        assert ed.post(page_of(row), fields).status_code == 302
        assert newest(desk) == last

        old = getattr(row, text)
        reply = ed.post(page_of(row), {**fields, text: f"{old} Indeed"})

        assert (reply.status_code, reply["Location"]) == (302, list_of(model, desk))
        [difference] = differences(before, document(desk))
        assert (difference.part, difference.before, difference.after) == (
            row.part, old, f"{old} Indeed",
        )  # fmt: skip
        change = newest(desk)
        assert (change.deed, editor_of(change)) == ("edited", "Ed")
        assert change.differences == [difference.to_data()]


@pytest.mark.parametrize("model", [Source, Dimension, Role], ids=lambda m: m._meta.model_name)
def test_deleting_a_part_is_one_entry_of_the_history(
    desk: Questionnaire, ed: Browser, model: type[Part]
):
    row = first(model, desk)
    part, entries = row.part, DeskChange.objects.count()

    assert ed.post(page_of(row, "delete"), {"post": "yes"}).status_code == 302

    assert not model._default_manager.filter(pk=row.pk).exists()
    assert DeskChange.objects.count() == entries + 1
    removed = {"/".join(part)}
    kinds = {(name, kind) for name, field, kind, *_ in told(newest(desk)) if not field}
    assert {name for name, kind in kinds if kind == "removed"} >= removed


def test_several_parts_are_deleted_as_one_entry_of_the_history(desk: Questionnaire, ed: Browser):
    pks = [row.pk for row in Source.objects.filter(questionnaire=desk)[:2]]
    action = {"action": "delete_selected", "_selected_action": pks}

    assert ed.post(list_of(Source, desk), {**action, "index": 0}).status_code == 200
    assert newest(desk).deed == DeskChange.Deed.LOADED
    assert ed.post(list_of(Source, desk), {**action, "post": "yes"}).status_code == 302

    assert not Source.objects.filter(pk__in=pks).exists()
    kinds = [kind for part, _field, kind, *_ in told(newest(desk)) if part.startswith("sources/")]
    assert kinds == ["removed"] * 2


def test_what_others_hang_on_is_not_deleted(desk: Questionnaire, ed: Browser):
    cluster = first(Cluster, desk)
    reply = ed.post(page_of(cluster, "delete"), {"post": "yes"})
    assert reply.status_code == 200
    assert "would require deleting the following protected" in reply.content.decode()
    assert newest(desk).deed == DeskChange.Deed.LOADED


def test_a_list_costs_the_same_queries_at_any_length(shipped_desk: Questionnaire, ed: Browser):
    def queries() -> dict[type[Part], int]:
        found = {}
        for model in PARTS:
            with CaptureQueriesContext(connection) as asked:
                assert ed.get(list_of(model)).status_code == 200
            found[model] = len(asked)
        return found

    assert queries() == QUERIES
    Dimension.objects.update(cluster=first(Cluster, shipped_desk))
    for model in PARTS:
        rows = model._default_manager.filter(questionnaire=shipped_desk).order_by("place")
        model._default_manager.filter(pk__in=[row.pk for row in rows[2:]]).delete()
    assert queries() == QUERIES


def test_what_names_a_part_stays(desk: Questionnaire, ed: Browser):
    row = first(Source, desk)
    ref = row.ref
    ed.post(page_of(row), {**opened(ed, page_of(row)), "ref": "9.9"})
    row.refresh_from_db()
    assert row.ref == ref


def test_a_new_part_comes_last_on_its_own_desk(
    desk: Questionnaire, other_desk: Questionnaire, ed: Browser
):
    for at, place in ((desk, 18), (other_desk, 2)):
        filters = f"questionnaire__id__exact%3D{at.pk}"
        address = f"{reverse('admin:assessments_source_add')}?_changelist_filters={filters}"
        fields = {**opened(ed, address), "ref": "9.9", "title": "A talk"}
        reply = ed.post(address, fields)
        assert (reply.status_code, reply["Location"]) == (302, list_of(Source, at))
        new = Source.objects.get(questionnaire=at, ref="9.9")
        assert new.place == place
        assert told(newest(at)) == [
            ("sources/9.9", "", "added", None, {"ref": "9.9", "title": "A talk"})
        ]


def test_a_name_that_is_taken_is_refused(desk: Questionnaire, ed: Browser):
    address = reverse("admin:assessments_source_add")
    fields = {**opened(ed, address), "ref": first(Source, desk).ref, "title": "A talk"}
    reply = ed.post(address, fields)
    assert reply.status_code == 200
    assert "There is one of this name." in reply.content.decode()


# --- One questionnaire at a time ---------------------------------------------------------------


def test_a_list_shows_one_questionnaire(
    desk: Questionnaire, other_desk: Questionnaire, ed: Browser
):
    def listed(address: str) -> set[int]:
        return {row.questionnaire_id for row in ed.get(address).context["cl"].result_list}

    for model in (Source, Item, Dimension, Form, Role):
        assert listed(list_of(model)) == {desk.pk}
        assert listed(list_of(model, desk)) == {desk.pk}
        assert listed(list_of(model, other_desk)) == {other_desk.pk}


def test_with_one_questionnaire_there_is_none_to_choose(desk: Questionnaire, ed: Browser):
    asked = "By questionnaire"
    assert asked not in ed.get(list_of(Dimension)).content.decode()
    load_onto_desk(document=small(), at=timezone.now())
    assert asked in ed.get(list_of(Dimension)).content.decode()


@pytest.mark.parametrize(
    ("model", "field", "of"),
    [
        (Item, "dimension", Dimension),
        (Dimension, "cluster", Cluster),
        (Recommendation, "role", Role),
        (Role, "near-0-other", Role),
        (Recommendation, "readings-0-resource", Resource),
    ],
    ids=str,
)
def test_nothing_of_another_questionnaire_is_offered_or_taken(
    desk: Questionnaire,
    other_desk: Questionnaire,
    ed: Browser,
    model: type[Part],
    field: str,
    of: type[models.Model],
):
    before = document(desk)
    row = first(model, desk)
    prefix = field.split("-")[0] if "-" in field else ""
    if prefix:
        row = next(
            one
            for one in model._default_manager.filter(questionnaire=desk)
            if getattr(one, prefix).exists()
        )
    theirs = of._default_manager.filter(questionnaire=other_desk).first()
    if theirs is None:
        theirs = Resource.objects.create(questionnaire=other_desk, key="R1", title="A book")
    page = ed.get(page_of(row)).content.decode()
    fields = fields_of(page)
    assert field in fields

    reply = ed.post(page_of(row), {**fields, field: theirs.pk})

    assert reply.status_code == 200
    assert "Select a valid choice" in reply.content.decode()
    assert document(desk) == before


def test_the_filters_offer_parts_of_the_same_questionnaire(
    desk: Questionnaire, other_desk: Questionnaire, ed: Browser
):
    page = ed.get(list_of(Item, other_desk)).content.decode()
    mine = Dimension.objects.filter(questionnaire=other_desk)
    theirs = Dimension.objects.filter(questionnaire=desk)
    assert {d.pk for d in mine if f"dimension__id__exact={d.pk}" in page} == {d.pk for d in mine}
    assert [d.pk for d in theirs if f'dimension__id__exact={d.pk}"' in page] == []


# --- Order ---------------------------------------------------------------------------------------


def test_one_request_saves_the_order_of_a_list(
    shipped_desk: Questionnaire, ed: Browser, guest: Browser
):
    address = reverse("admin:assessments_dimension_order", args=[shipped_desk.pk])
    rows = list(Dimension.objects.filter(questionnaire=shipped_desk))
    keys = [row.key for row in rows]
    # Only the second and the fourth are on the page, as after a search; they change places.
    sent = {"updatedItems": [[str(rows[3].pk), 1], [str(rows[1].pk), 2]]}

    assert guest.post(address, sent, content_type="application/json").status_code == 403
    assert ed.get(address).status_code == 405
    assert ed.post(address, sent, content_type="application/json").status_code == 200

    after = [dimension["key"] for dimension in document(shipped_desk)["dimensions"]]
    assert after == [keys[0], keys[3], keys[2], keys[1], *keys[4:]]
    assert {kind for _part, _field, kind, *_ in told(newest(shipped_desk))} == {"moved"}


@pytest.mark.parametrize("body", ["", "[]", '{"updatedItems": 1}', '{"updatedItems": [["x", 1]]}'])
def test_what_is_no_order_is_refused(desk: Questionnaire, ed: Browser, body: str):
    address = reverse("admin:assessments_dimension_order", args=[desk.pk])
    assert ed.post(address, body, content_type="application/json").status_code == 400


def test_the_order_of_one_desk_leaves_another_alone(
    desk: Questionnaire, other_desk: Questionnaire, ed: Browser
):
    before = document(other_desk)
    theirs = Dimension.objects.filter(questionnaire=other_desk)
    sent = {"updatedItems": [[row.pk, place] for place, row in enumerate(reversed(theirs))]}
    address = reverse("admin:assessments_dimension_order", args=[desk.pk])
    ed.post(address, sent, content_type="application/json")
    assert document(other_desk) == before
