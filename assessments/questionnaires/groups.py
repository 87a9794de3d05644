"""The groups that staff who edit belong to: Editors, and Publishers who may do more."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Model

from assessments.questionnaires.models import DeskChange, Edition, Questionnaire
from assessments.questionnaires.rows import (
    PARTS,
    BackgroundOption,
    InterviewQuestion,
    Mistake,
    Neighbour,
    Option,
    PackStep,
    Placement,
    Reading,
    Section,
    Target,
)

EDITORS, PUBLISHERS = "Editors", "Publishers"
TO_READ: tuple[type[Model], ...] = (Edition, DeskChange)
TO_EDIT: tuple[type[Model], ...] = (
    *PARTS, BackgroundOption, InterviewQuestion, Mistake, Neighbour, Option, PackStep, Placement,
    Reading, Section, Target,
)  # fmt: skip


def make_groups() -> None:
    """Make both groups, with their permissions, where they are not there yet.

    A group that is there stays as the administrator made it.
    """
    editors = {f"view_{model._meta.model_name}" for model in (*TO_READ, *TO_EDIT)}
    editors |= {
        f"{deed}_{model._meta.model_name}"
        for model in TO_EDIT
        for deed in ("add", "change", "delete")
    }
    # Nobody deletes a questionnaire: editions hang on it.
    editors |= {f"{deed}_questionnaire" for deed in ("view", "add", "change")}
    _make(EDITORS, editors)
    _make(PUBLISHERS, editors | {"publish_questionnaire"})


def _make(name: str, codenames: set[str]) -> None:
    group, is_new = Group.objects.get_or_create(name=name)
    if is_new:
        app = Questionnaire._meta.app_label
        group.permissions.set(
            Permission.objects.filter(content_type__app_label=app, codename__in=codenames)
        )
