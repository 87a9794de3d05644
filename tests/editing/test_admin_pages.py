"""The desk in the admin: every part's pages open, and say what they save."""

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from assessments.people.models import User
from assessments.questionnaires.rows import PARTS
from assessments.questionnaires.services import load_onto_desk
from tests.cast import shipped_questionnaire, signed_in, with_second_factor

MODELS = [model._meta.model_name for model in PARTS]


@pytest.fixture
def desk(db):
    return load_onto_desk(document=shipped_questionnaire(), at=timezone.now())


@pytest.fixture
def editor(db) -> Browser:
    return signed_in(with_second_factor(User.objects.create_superuser("ed@example.org")))


@pytest.mark.parametrize("model", PARTS, ids=MODELS)
def test_the_pages_of_a_part_open(desk, editor, model):
    name = f"admin:assessments_{model._meta.model_name}"
    row = model._default_manager.filter(questionnaire=desk).first()
    pages = [
        reverse(f"{name}_changelist"),
        reverse(f"{name}_add"),
        reverse(f"{name}_change", args=[row.pk]),
        reverse(f"{name}_delete", args=[row.pk]),
        reverse(f"{name}_history", args=[row.pk]),
    ]
    assert [editor.get(page).status_code for page in pages] == [200] * 5


def test_other(desk, editor):
    from assessments.questionnaires.rows import Form

    pages = [
        reverse("admin:assessments_questionnaire_changelist"),
        reverse("admin:assessments_questionnaire_add"),
        reverse("admin:assessments_questionnaire_change", args=[desk.pk]),
        reverse("admin:desk-targets", args=[desk.pk]),
        reverse("admin:desk-ties", args=[desk.pk]),
        reverse("admin:desk-packs", args=[desk.pk]),
        reverse("admin:desk-arrange", args=[desk.pk, Form.objects.first().pk]),
        *[
            reverse("admin:assessments_item_add") + f"?kind={k}"
            for k in ("pair", "rating", "scenario")
        ],
    ]
    assert [editor.get(page).status_code for page in pages] == [200] * len(pages)
