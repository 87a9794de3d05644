"""An editor without the right to publish publishes by no route that the admin has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter
from django.utils import timezone

from assessments.editing.admin.questionnaires import PAGES
from assessments.instrument.canonical import digest
from assessments.instrument.files import write_yaml
from assessments.questionnaires.desk import document_of
from assessments.questionnaires.models import Edition, Questionnaire
from assessments.questionnaires.rows import PARTS, Role
from assessments.questionnaires.services import retire
from tests.cast import signed_in
from tests.editing.desks import EDITORS, PUBLISHERS, address, published_desk, staff

pytestmark = pytest.mark.django_db
PUBLISHERS_ONLY = {"desk-publish", "desk-retire", "desk-reinstate"}
# They end the browser's session or change who it is.
NOT_ASKED = {"logout", "password_change", "login", "jsi18n"}


@pytest.fixture
def desk() -> Questionnaire:
    """A desk that says something else than its newest edition."""
    desk, _edition = published_desk()
    Role.objects.update(rationale="For other reasons")
    return desk


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    """Every address below."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one)
        else:
            yield one


def admin_patterns() -> dict[str, URLPattern]:
    """Every named address of the admin, by its name."""
    [site] = [one for one in get_resolver().url_patterns
              if isinstance(one, URLResolver) and one.namespace == "admin"]  # fmt: skip
    return {one.name: one for one in patterns(site) if one.name}


def addresses(desk: Questionnaire) -> Iterator[tuple[str, str]]:
    """Every address of the admin that this desk has, each with its name."""
    ids: dict[Any, Any] = {
        model._meta.model_name: model._default_manager.first() for model in PARTS
    }
    ids |= {
        "questionnaire": desk,
        "edition": desk.editions.first(),
        "deskchange": desk.changes.first(),
        "user": staff(email="whoever@example.org"),
    }
    for name, pattern in admin_patterns().items():
        if name in NOT_ASKED:
            continue
        kwargs = {}
        for given, converter in pattern.pattern.converters.items():
            row = ids.get(given) or ids.get(name.split("_")[1] if "_" in name else "")
            known = {"pk": desk.pk, "number": 1, "app_label": "assessments", "model_name": "item"}
            known |= {"change": ids["deskchange"].pk}
            if given in known:
                kwargs[given] = known[given]
            elif isinstance(converter, IntConverter):
                kwargs[given] = row.pk if row else 1
            else:
                kwargs[given] = str(row.pk) if row else "1"
        if not pattern.pattern.converters and pattern.pattern.regex.groups:
            continue
        yield name, reverse(f"admin:{name}", kwargs=kwargs)


def everything(desk: Questionnaire) -> dict[str, str]:
    """Whatever any page might take for the word to publish."""
    return {
        "note": "Let me", "seen": digest(document_of(desk)), "digest": digest(document_of(desk)),
        "publish": "on", "_publish": "1", "go": "publish", "confirm": "on", "post": "yes",
        "retired_at_0": "2020-01-01", "retired_at_1": "00:00:00", "retired_at": "2020-01-01",
        "text": write_yaml(document_of(desk)), "state": "", "form": "full",
    }  # fmt: skip


def offered(desk: Questionnaire) -> tuple[int, object]:
    """How many editions there are, and whether the newest is offered."""
    desk.refresh_from_db()
    return Edition.objects.count(), desk.retired_at


def test_the_walk_knows_every_page_of_a_desk(desk: Questionnaire):
    names = {name for name, _address in addresses(desk)}
    assert {f"desk-{name}" for _route, name, _view in PAGES} <= names
    assert names >= PUBLISHERS_ONLY


def test_no_route_lets_an_editor_publish_or_retire(desk: Questionnaire):
    browser, before = signed_in(staff(EDITORS)), offered(desk)
    refused, posted = set(), everything(desk)
    for name, place in list(addresses(desk)):
        # Each meets the same desk: an editor may well delete what is on it.
        with transaction.atomic():
            for reply in (browser.get(place), browser.post(place, posted)):
                assert reply.status_code < 500, place
                if reply.status_code == 403 and name.startswith("desk-"):
                    refused.add(name)
            assert offered(desk) == before, place
            transaction.set_rollback(True)
    assert refused >= PUBLISHERS_ONLY


@pytest.mark.soak
def test_no_action_of_a_list_publishes(desk: Questionnaire):
    ada = staff(EDITORS)
    browser, before = signed_in(ada), offered(desk)
    for model in admin.site._registry:
        if model._meta.app_label != "assessments":
            continue
        place = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        rows = [str(row.pk) for row in model._default_manager.all()[:2]]
        reply = browser.get(place)
        if reply.status_code == 403:
            continue
        names = re.findall(r'<option value="(\w+)"', reply.content.decode())
        for name in ("publish", "retire", *names):
            posted = {"action": name, "_selected_action": rows, "post": "yes"}
            assert browser.post(place, posted).status_code < 500
    assert offered(desk) == before


def test_a_retired_questionnaire_stays_retired(desk: Questionnaire):
    retire(questionnaire=desk, at=timezone.now(), by=None, note="")
    before = offered(desk)
    browser = signed_in(staff(EDITORS))
    assert browser.post(address("reinstate", desk), everything(desk)).status_code == 403
    place = reverse("admin:assessments_questionnaire_change", args=[desk.pk])
    browser.post(place, {**everything(desk), "retired_at_0": "", "retired_at_1": ""})
    assert offered(desk) == before


@pytest.mark.soak
def test_without_the_right_to_see_questionnaires_no_page_opens(desk: Questionnaire):
    browser = signed_in(staff())
    for name, place in list(addresses(desk)):
        if name.startswith("desk-"):
            assert browser.get(place).status_code == 403, name
            assert browser.post(place, everything(desk)).status_code in {403, 405}, name
            assert Client().get(place).status_code == 302, name


def test_a_publisher_reaches_what_an_editor_does_not(desk: Questionnaire):
    browser = signed_in(staff(PUBLISHERS))
    for name in PUBLISHERS_ONLY:
        assert browser.get(reverse(f"admin:{name}", args=[desk.pk])).status_code == 200
