"""A desk to edit, and people who may."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client as Browser
from django.utils import timezone

from assessments.instrument.document import Questionnaire as Document
from assessments.instrument.files import read_yaml
from assessments.people.models import User
from assessments.questionnaires.groups import EDITORS
from assessments.questionnaires.models import Questionnaire
from assessments.questionnaires.services import load_onto_desk
from tests.cast import shipped_questionnaire, signed_in, with_second_factor
from tests.instrument.medium import medium_yaml
from tests.instrument.small import small


@cache
def medium() -> Document:
    return read_yaml(medium_yaml())


@pytest.fixture
def desk(db: Any) -> Questionnaire:
    """The desk of a questionnaire made of the shipped one: a fifth of it, with all that it has."""
    return load_onto_desk(document=medium(), at=timezone.now())


@pytest.fixture
def shipped_desk(db: Any) -> Questionnaire:
    """The desk of the shipped questionnaire, where it takes many rows."""
    return load_onto_desk(document=shipped_questionnaire(), at=timezone.now())


@pytest.fixture
def other_desk(desk: Questionnaire) -> Questionnaire:
    """The desk of another questionnaire, made after the first."""
    return load_onto_desk(document=small(), at=timezone.now())


def staff(email: str, name: str, *groups: str) -> Browser:
    """A browser of somebody who may enter the admin, as a member of groups."""
    user = User.objects.create_user(email, name=name, is_staff=True)
    user.groups.set(Group.objects.filter(name__in=groups))
    return signed_in(with_second_factor(user))


@pytest.fixture
def ed(db: Any) -> Browser:
    """An editor."""
    return staff("ed@example.org", "Ed", EDITORS)


@pytest.fixture
def eve(db: Any) -> Browser:
    """Another editor."""
    return staff("eve@example.org", "Eve", EDITORS)


@pytest.fixture
def guest(db: Any) -> Browser:
    """Staff without any right on questionnaires."""
    return staff("guest@example.org", "Guest")
