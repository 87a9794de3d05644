"""Questions of a form, dimensions in ties and steps for every plan: in order by one request."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from assessments.editing.arranging import form_groups
from assessments.instrument.checks import estimated_minutes
from assessments.questionnaires.models import DeskChange, Questionnaire
from assessments.questionnaires.rows import (
    Dimension,
    Form,
    Item,
    PackStep,
    Recommendation,
    Section,
)
from tests.cast import shipped_questionnaire
from tests.editing.pages import document, newest, opened, told


@pytest.fixture
def desk(shipped_desk: Questionnaire) -> Questionnaire:
    """Here it takes many rows."""
    return shipped_desk


@pytest.fixture
def short(desk: Questionnaire) -> Form:
    """The short form, of three sections."""
    return Form.objects.get(questionnaire=desk, key="short")


def arrange(form: Form) -> str:
    return reverse("admin:desk-arrange", args=[form.questionnaire_id, form.pk])


def sections(desk: Questionnaire) -> list[Any]:
    return [section["items"] for section in document(desk)["forms"][1]["sections"]]


def test_saved_as_it_is_a_form_stays(desk: Questionnaire, short: Form, ed: Browser):
    before = document(desk)
    assert ed.post(arrange(short), opened(ed, arrange(short))).status_code == 302
    assert document(desk) == before
    assert newest(desk).deed == DeskChange.Deed.LOADED


def test_questions_move_within_and_between_sections_come_and_go(
    desk: Questionnaire, short: Form, ed: Browser
):
    (one, two, three, *_), (four, *_), *_ = before = sections(desk)
    pk = dict(Item.objects.filter(questionnaire=desk).values_list("key", "pk"))
    second = Section.objects.filter(form=short)[1].pk
    new = next(key for key in pk if key not in {key for keys in before for key in keys})
    fields = opened(ed, arrange(short))

    reply = ed.post(
        arrange(short),
        {
            **fields,
            # The first goes to the start of the second section, the second goes, the third comes
            # last, and one that was on no section comes second in the second.
            f"group-{pk[one]}": second,
            f"place-{pk[one]}": 0,
            f"group-{pk[two]}": "",
            f"place-{pk[three]}": 99,
            f"group-{pk[new]}": second,
            f"place-{pk[new]}": 1,
        },
    )

    assert reply.status_code == 302
    after = sections(desk)
    assert after[0] == [*before[0][3:], three]
    # Of equal numbers, the one that stood there before comes first.
    assert after[1] == [one, four, new, *before[1][1:]]
    assert after[2:] == before[2:]
    assert {part for part, *_ in told(newest(desk))} == {"forms/short"}
    assert DeskChange.objects.filter(deed="edited").count() == 1


def test_only_sections_of_the_form_are_taken(
    desk: Questionnaire, short: Form, ed: Browser, other_desk: Questionnaire
):
    before = document(desk)
    foreign = Section.objects.filter(form__questionnaire=other_desk)[0].pk
    fields = opened(ed, arrange(short))
    moved = {name: foreign for name in fields if name.startswith("group-")}
    assert ed.post(arrange(short), {**fields, **moved}).status_code == 302
    assert document(desk) == before
    elsewhere = reverse("admin:desk-arrange", args=[other_desk.pk, short.pk])
    assert ed.get(elsewhere).status_code == 404


def test_the_page_says_the_minutes_that_publishing_checks(
    desk: Questionnaire, short: Form, ed: Browser
):
    page = ed.get(arrange(short)).content.decode()
    wanted = estimated_minutes(shipped_questionnaire(), shipped_questionnaire().form["short"])
    assert re.findall(r"data-minutes-total>([\d.]+)<", page) == [f"{wanted:.1f}"]
    assert re.findall(r"data-minutes-max>(\d+)<", page) == [str(short.minutes_max)]
    groups = form_groups(desk, short)
    assert sum(group.minutes for group in groups if group.name) == pytest.approx(wanted)


def test_dimensions_are_put_in_the_order_of_ties(desk: Questionnaire, ed: Browser):
    address = reverse("admin:desk-ties", args=[desk.pk])
    before = document(desk)["study"]["tie_order"]
    last = Dimension.objects.get(questionnaire=desk, key=before[-1])
    fields = opened(ed, address)
    assert ed.post(address, {**fields, f"place-{last.pk}": 0}).status_code == 302
    assert document(desk)["study"]["tie_order"] == [before[-1], *before[:-1]]
    assert {part for part, *_ in told(newest(desk))} == {"study"}


def test_steps_for_every_plan_are_ordered_added_and_taken_out(desk: Questionnaire, ed: Browser):
    address = reverse("admin:desk-packs", args=[desk.pk])
    before = {pack: document(desk)["study"][pack] for pack in PackStep.Pack.values}
    steps = list(PackStep.objects.filter(pack="foundation").select_related("recommendation"))
    new = Recommendation.objects.exclude(pack_steps__pack="closing").first()
    assert new is not None
    fields = opened(ed, address)

    reply = ed.post(
        address,
        {
            **fields,
            f"group-foundation-{steps[0].recommendation_id}": "",
            f"place-foundation-{steps[1].recommendation_id}": 99,
            "add-closing": new.pk,
        },
    )

    assert reply.status_code == 302
    first, second, *rest = before["foundation"]
    after = {pack: document(desk)["study"][pack] for pack in PackStep.Pack.values}
    assert after == {
        **before,
        "foundation": [*rest, second],
        "closing": [*before["closing"], new.key],
    }
    assert first not in after["foundation"]


def test_arranging_is_for_editors_of_a_form_only(
    desk: Questionnaire, short: Form, ed: Browser, guest: Browser
):
    pages = [
        arrange(short),
        *(reverse(f"admin:desk-{n}", args=[desk.pk]) for n in ("ties", "packs", "targets")),
    ]
    assert [ed.get(page).status_code for page in pages] == [200] * 4
    assert [guest.get(page).status_code for page in pages] == [403] * 4
    assert [guest.post(page).status_code for page in pages] == [403] * 4
