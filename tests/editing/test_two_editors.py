"""Two editors at once: the later one is told what changed since, and nothing is lost."""

from __future__ import annotations

from typing import Any

from django.test import Client as Browser
from django.urls import reverse

from assessments.questionnaires.models import DeskChange, Questionnaire
from assessments.questionnaires.rows import Dimension, Form, Item, Option, Recommendation
from tests.editing.pages import document, editor_of, fields_of, newest, opened, page_of


def pair(desk: Questionnaire) -> Item:
    return Item.objects.filter(questionnaire=desk, kind="pair")[0]


def text_of(desk: Questionnaire, key: str) -> Any:
    [item] = [item for item in document(desk)["items"] if item["key"] == key]
    return item


def test_the_later_save_is_told_who_changed_what(desk: Questionnaire, ed: Browser, eve: Browser):
    item = pair(desk)
    mine, theirs = opened(ed, page_of(item)), opened(eve, page_of(item))
    eve.post(page_of(item), {**theirs, "left_text": "Hers."})

    reply = ed.post(page_of(item), {**mine, "left_text": "His.", "right_text": "His too."})

    assert reply.status_code == 200
    assert text_of(desk, item.key)["left"]["text"] == "Hers."
    [clash] = reply.context["clashes"]
    assert (clash.who, clash.before, clash.after) == ("Eve", item.left_text, "Hers.")
    assert clash.what == f"Question {item.key}: left statement › text"
    kept = fields_of(reply.content.decode())
    assert (kept["left_text"], kept["right_text"]) == ("His.", "His too.")

    # Having seen it, saving again is a decision.
    assert ed.post(page_of(item), kept).status_code == 302
    assert text_of(desk, item.key)["left"]["text"] == "His."
    assert editor_of(newest(desk)) == "Ed"


def test_a_change_of_another_part_is_no_clash(desk: Questionnaire, ed: Browser, eve: Browser):
    one, other = Item.objects.filter(questionnaire=desk, kind="pair")[:2]
    mine, theirs = opened(ed, page_of(one)), opened(eve, page_of(other))
    eve.post(page_of(other), {**theirs, "left_text": "Hers."})
    assert ed.post(page_of(one), {**mine, "left_text": "His."}).status_code == 302
    assert text_of(desk, other.key)["left"]["text"] == "Hers."


def test_moving_a_part_in_its_list_is_no_clash(desk: Questionnaire, ed: Browser, eve: Browser):
    one, other = Item.objects.filter(questionnaire=desk)[:2]
    mine = opened(ed, page_of(one))
    sent = {"updatedItems": [[other.pk, 0], [one.pk, 1]]}
    order = reverse("admin:assessments_item_order", args=[desk.pk])
    eve.post(order, sent, content_type="application/json")
    assert ed.post(page_of(one), {**mine, "left_text": "His."}).status_code == 302
    assert document(desk)["items"][1]["left"]["text"] == "His."


def test_a_page_that_does_not_say_what_it_saw_is_told_everything(desk: Questionnaire, ed: Browser):
    item = pair(desk)
    for seen in ("", "nonsense"):
        reply = ed.post(page_of(item), {**opened(ed, page_of(item)), "seen": seen})
        assert reply.status_code == 200
        assert len(reply.context["clashes"]) == 1


def test_rows_of_a_part_belong_to_it(desk: Questionnaire, ed: Browser, eve: Browser):
    item = Item.objects.filter(questionnaire=desk, kind="scenario")[0]
    mine, theirs = opened(ed, page_of(item)), opened(eve, page_of(item))
    eve.post(page_of(item), {**theirs, "options-1-text": "Hers"})
    reply = ed.post(page_of(item), {**mine, "text": "His"})
    [clash] = reply.context["clashes"]
    option = f"options › {theirs['options-1-key']} › text"
    assert (clash.what, clash.after) == (f"Question {item.key}: {option}", "Hers")


def test_a_row_of_a_part_deleted_meanwhile_is_shown_as_a_new_one(
    desk: Questionnaire, ed: Browser, eve: Browser
):
    item = Item.objects.filter(questionnaire=desk, kind="scenario")[0]
    mine, theirs = opened(ed, page_of(item)), opened(eve, page_of(item))
    assert eve.post(page_of(item), {**theirs, "options-1-DELETE": "on"}).status_code == 302
    assert Option.objects.filter(item=item).count() == 3

    reply = ed.post(page_of(item), {**mine, "options-1-text": "His", "options-2-text": "Third"})

    assert reply.status_code == 200
    kept = fields_of(reply.content.decode())
    a, b, c, d = (mine[f"options-{n}-key"] for n in range(4))
    assert [kept[f"options-{n}-key"] for n in range(4)] == [a, c, d, b]
    assert ed.post(page_of(item), kept).status_code == 302
    options = {option["key"]: option["text"] for option in text_of(desk, item.key)["options"]}
    assert (options[b], options[c], len(options)) == ("His", "Third", 4)


def test_a_part_deleted_meanwhile_gives_back_what_was_typed(
    desk: Questionnaire, ed: Browser, eve: Browser
):
    item = pair(desk)
    mine = opened(ed, page_of(item))
    eve.post(page_of(item, "delete"), {"post": "yes"})
    entries = DeskChange.objects.count()

    reply = ed.post(page_of(item), {**mine, "left_text": "His words."})

    shown = reply.content.decode()
    assert reply.status_code == 409
    assert f"“{item.key}” was deleted by" in shown
    assert "Eve" in shown
    assert "His words." in shown
    assert DeskChange.objects.count() == entries


def test_arranging_a_form_that_somebody_arranged_meanwhile_is_refused(
    shipped_desk: Questionnaire, ed: Browser, eve: Browser
):
    form = Form.objects.get(questionnaire=shipped_desk, key="short")
    address = reverse("admin:desk-arrange", args=[shipped_desk.pk, form.pk])
    mine, theirs = opened(ed, address), opened(eve, address)
    names = [name for name in mine if name.startswith("group-") and mine[name]]
    assert eve.post(address, {**theirs, names[0]: ""}).status_code == 302

    reply = ed.post(address, {**mine, names[1]: ""})

    assert reply.status_code == 409
    assert [clash.who for clash in reply.context["clashes"]] == ["Eve"]
    kept = fields_of(reply.content.decode())
    assert (kept[names[0]], kept[names[1]]) == (mine[names[0]], "")
    assert ed.post(address, kept).status_code == 302
    sections = document(shipped_desk)["forms"][1]["sections"]
    assert sum(len(section["items"]) for section in sections) == 14


def test_a_target_set_meanwhile_is_not_overwritten_unseen(
    desk: Questionnaire, ed: Browser, eve: Browser
):
    address = reverse("admin:desk-targets", args=[desk.pk])
    mine, theirs = opened(ed, address), opened(eve, address)
    one, other = [name for name in mine if name.startswith("weight-")][:2]
    assert eve.post(address, {**theirs, one: "1"}).status_code == 302
    reply = ed.post(address, {**mine, other: "1"})
    assert reply.status_code == 409
    assert [clash.who for clash in reply.context["clashes"]] == ["Eve"]
    assert fields_of(reply.content.decode())[other] == "1"


def test_an_order_in_ties_changed_meanwhile_is_not_overwritten_unseen(
    desk: Questionnaire, ed: Browser, eve: Browser
):
    address = reverse("admin:desk-ties", args=[desk.pk])
    mine, theirs = opened(ed, address), opened(eve, address)
    name = next(name for name in mine if name.startswith("place-"))
    assert eve.post(address, {**theirs, name: "99"}).status_code == 302
    assert ed.post(address, mine).status_code == 409
    last = Dimension.objects.order_by("-tie_place")[0]
    assert name == f"place-{last.pk}"


def test_a_step_chosen_to_be_added_is_kept_when_others_changed_the_lists(
    desk: Questionnaire, ed: Browser, eve: Browser
):
    address = reverse("admin:desk-packs", args=[desk.pk])
    mine, theirs = opened(ed, address), opened(eve, address)
    name = next(name for name in mine if name.startswith("group-closing-"))
    new = Recommendation.objects.exclude(pack_steps__pack="closing")[0]
    assert eve.post(address, {**theirs, name: ""}).status_code == 302

    reply = ed.post(address, {**mine, "add-closing": new.pk})

    assert reply.status_code == 409
    assert ed.post(address, fields_of(reply.content.decode())).status_code == 302
    assert document(desk)["study"]["closing"][-1] == new.key
