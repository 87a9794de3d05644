"""Desks and the staff who sit at them, for the tests of the editor's pages."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.instrument.document import Questionnaire as Document
from assessments.people.models import User
from assessments.questionnaires.groups import EDITORS, PUBLISHERS
from assessments.questionnaires.models import Edition, Questionnaire
from assessments.questionnaires.services import load_onto_desk, publish
from tests.cast import signed_in, with_second_factor
from tests.instrument.small import small


def staff(group: str = "", email: str = "") -> User:
    """A member of the staff, of a group if one is named."""
    email = email or f"{(group or 'staff').lower()}@example.org"
    if user := User.objects.filter(email=email).first():
        return user
    user = with_second_factor(User.objects.create_user(email, is_staff=True))
    if group:
        user.groups.add(Group.objects.get(name=group))
    return user


def editor() -> Client:
    """The browser of somebody who may edit and not publish."""
    return signed_in(staff(EDITORS))


def publisher() -> Client:
    """The browser of somebody who may publish too."""
    return signed_in(staff(PUBLISHERS))


def desk_with(document: Document | None = None, *, by: User | None = None) -> Questionnaire:
    """A desk that holds the document, by default the small questionnaire; nothing published."""
    return load_onto_desk(document=document or small(), at=timezone.now(), by=by)


def published_desk(document: Document | None = None) -> tuple[Questionnaire, Edition]:
    """A desk and the edition that it was published as."""
    desk = desk_with(document)
    return desk, publish(questionnaire=desk, at=timezone.now(), note="First")


def address(name: str, questionnaire: Questionnaire, *args: object) -> str:
    """Of a page of the desk: `check`, `load` …"""
    return reverse(f"admin:desk-{name}", args=[questionnaire.pk, *args])


def later(seconds: int = 1):
    """A moment after now."""
    return timezone.now() + timedelta(seconds=seconds)
