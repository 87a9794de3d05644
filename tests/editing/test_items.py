"""Questions: fields by kind, limits with counts, and what stands beside them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from assessments.questionnaires.models import Questionnaire
from assessments.questionnaires.rows import Dimension, Item, Placement
from tests.cast import published
from tests.editing.pages import document, list_of, newest, opened, page_of, told

ADD = "admin:assessments_item_add"
OWN = {
    "pair": {"left_pole", "left_text", "right_pole", "right_text"},
    "rating": {"side", "text"},
    "scenario": {"setting", "text", "question"},
}
ALL = set().union(*OWN.values())


def of_kind(desk: Questionnaire, kind: str) -> Item:
    return Item.objects.filter(questionnaire=desk, kind=kind)[0]


def test_the_kind_is_chosen_first(desk: Questionnaire, ed: Browser, guest: Browser):
    page = ed.get(reverse(ADD)).content.decode()
    assert re.findall(r'href="\?kind=(\w+)"', page) == ["pair", "rating", "scenario"]
    assert ed.get(f"{reverse(ADD)}?kind=essay").status_code == 200
    assert guest.get(reverse(ADD)).status_code == 403


@pytest.mark.parametrize("kind", OWN)
def test_a_kind_has_its_own_fields(desk: Questionnaire, ed: Browser, kind: str):
    for address in (f"{reverse(ADD)}?kind={kind}", page_of(of_kind(desk, kind))):
        fields = opened(ed, address)
        assert ALL & set(fields) == OWN[kind]
        assert ("options-TOTAL_FORMS" in fields) == (kind == "scenario")


def test_a_question_of_each_kind_is_added(desk: Questionnaire, ed: Browser):
    dimension = Dimension.objects.filter(questionnaire=desk)[0]
    common = {"dimension": dimension.pk, "source_refs": "2.1"}
    typed: dict[str, dict[str, Any]] = {
        "pair": {
            "left_pole": "a", "left_text": "One.", "right_pole": "b", "right_text": "Other.",
        },
        "rating": {"side": "b", "text": "Did it."},
        "scenario": {
            "setting": "mixed", "text": "It rains.", "question": "What first?",
            "options-TOTAL_FORMS": 2,
            "options-0-key": "a", "options-0-text": "Go", "options-0-fit_a": 2,
            "options-0-fit_b": 0,
            "options-1-key": "b", "options-1-text": "Stay", "options-1-fit_a": 1,
            "options-1-fit_b": 2,
        },
    }  # fmt: skip
    for kind, own in typed.items():
        address = f"{reverse(ADD)}?kind={kind}"
        fields = {**opened(ed, address), **common, **own, "key": f"new-{kind}"}
        assert ed.post(address, fields).status_code == 302
    *_, pair, rating, scenario = document(desk)["items"]
    head = {"dimension": dimension.key, "source_refs": ["2.1"]}
    assert pair == head | {
        "key": "new-pair", "kind": "pair", "left": {"pole": "a", "text": "One."},
        "right": {"pole": "b", "text": "Other."},
    }  # fmt: skip
    assert rating == head | {
        "key": "new-rating", "kind": "rating", "side": "b", "text": "Did it.",
    }  # fmt: skip
    assert scenario == head | {
        "key": "new-scenario", "kind": "scenario", "setting": "mixed", "text": "It rains.",
        "question": "What first?",
        "options": [
            {"key": "a", "text": "Go", "fit_a": 2, "fit_b": 0},
            {"key": "b", "text": "Stay", "fit_a": 1, "fit_b": 2},
        ],
    }  # fmt: skip
    assert [line[:3] for line in told(newest(desk))] == [("items/new-scenario", "", "added")]


def test_options_are_put_in_order_with_the_question(desk: Questionnaire, ed: Browser):
    item = of_kind(desk, "scenario")
    fields = opened(ed, page_of(item))
    a, b, c, d = (fields[f"options-{n}-key"] for n in range(4))
    places = {f"options-{n}-place": place for n, place in enumerate((4, 2, 3, 1))}
    ed.post(page_of(item), {**fields, **places})
    [said] = [one for one in document(desk)["items"] if one["key"] == item.key]
    assert [option["key"] for option in said["options"]] == [d, b, c, a]


def test_the_sides_have_the_names_of_the_poles(desk: Questionnaire, ed: Browser):
    page = ed.get(page_of(of_kind(desk, "rating"))).content.decode()
    side = page.partition('name="side"')[2].partition("</select>")[0]
    assert re.findall(r'value="([ab])"[^>]*>(\w+)<', side) == [("a", "B2C"), ("b", "B2B")]


def test_the_page_counts_words_and_characters_against_the_limits(desk: Questionnaire, ed: Browser):
    item = of_kind(desk, "pair")
    item.left_text, item.right_text = "One two three.", "Four five."
    item.save()
    page = ed.get(page_of(item)).content.decode()
    assert re.findall(r"data-characters>(\d+)<", page) == ["14", "10"]
    assert re.findall(r"data-words>(\d+)<", page) == ["5"]
    assert re.findall(r"data-words-max>(\d+)<", page) == ["26"]
    assert "is-over" not in page
    item.left_text = "word " * 25
    item.save()
    assert '<p class="desk-total is-over" data-total>' in ed.get(page_of(item)).content.decode()
    scenario = ed.get(page_of(of_kind(desk, "scenario"))).content.decode()
    limits = re.findall(r"data-words-max>(\d+)<", scenario)
    assert sorted(set(limits), key=int) == ["12", "40", "90"]
    rating = ed.get(page_of(of_kind(desk, "rating"))).content.decode()
    assert set(re.findall(r"data-words-max>(\d+)<", rating)) == {"20"}


def test_beside_a_question_stands_where_it_is_used_and_what_it_rests_on(
    desk: Questionnaire, ed: Browser
):
    item = Item.objects.filter(questionnaire=desk, placements__section__form__key="short")[0]
    context = ed.get(page_of(item)).context
    [full, short] = context["uses"]
    assert (full.form, short.form) == ("Full questionnaire", "Short questionnaire")
    keys = [key for section in document(desk)["forms"][1]["sections"] for key in section["items"]]
    assert keys[short.place - 1] == item.key
    assert all(title for _ref, title in context["sources"])
    assert [ref for ref, _title in context["sources"]] == item.source_refs.split("\n")


def test_beside_a_question_stands_how_it_differs_from_the_newest_edition(
    desk: Questionnaire, ed: Browser
):
    number = published().number
    item = of_kind(desk, "pair")
    told_first = ed.get(page_of(item)).context["against"]
    assert told_first == f"The same as in edition {number}."
    item.left_text = "Another statement."
    item.save()
    told_then = ed.get(page_of(item)).context["against"]
    assert told_then == f"Not the same as in edition {number}: a new revision."
    Item.objects.filter(pk=item.pk).update(key="new")
    assert ed.get(page_of(item)).context["against"] == f"New: not in edition {number}."
    # An empty text is no document: nothing to compare, and a fault of this row.
    Item.objects.filter(pk=item.pk).update(key=item.key, left_text="")
    context = ed.get(page_of(item)).context
    assert context["revision"] is None
    assert context["against"].startswith("Cannot be compared")
    assert [fault.path[2:] for fault in context["faults"]] == [("left", "text")]


def test_beside_a_question_stand_its_own_faults_only(desk: Questionnaire, ed: Browser):
    one, other = Item.objects.filter(questionnaire=desk, kind="rating")[:2]
    one.text = "I always did it."
    one.save()
    assert ["always" in f.message for f in ed.get(page_of(one)).context["faults"]] == [True]
    assert ed.get(page_of(other)).context["faults"] == ()


def test_questions_are_found_by_text_key_form_and_kind(shipped_desk: Questionnaire, ed: Browser):
    def listed(query: str) -> list[str]:
        address = f"{list_of(Item, shipped_desk)}&{query}"
        return [row.key for row in ed.get(address).context["cl"].result_list]

    item = of_kind(shipped_desk, "scenario")
    Placement.objects.filter(item=item).delete()
    assert listed("form=none") == [item.key]
    assert item.key in listed(f"q={item.text.split()[2]}")
    assert listed(f"q={item.key}") == [item.key]
    assert len(listed("kind__exact=scenario")) == 8
    form = Placement.objects.filter(section__form__key="short")[0].section.form_id
    assert len(listed(f"form={form}")) == 15
