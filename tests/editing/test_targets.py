"""The targets of all roles are one table, saved by one request."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.questionnaires.models import DeskChange, Questionnaire
from assessments.questionnaires.rows import Dimension, Role, Target
from tests.editing.pages import document, fields_of, newest, opened, told


def address(desk: Questionnaire) -> str:
    return reverse("admin:desk-targets", args=[desk.pk])


@pytest.fixture
def cell(desk: Questionnaire) -> tuple[Role, Dimension, str]:
    """The first role and dimension, and the name of their cell."""
    role, dimension = Role.objects.first(), Dimension.objects.first()
    assert role
    assert dimension
    return role, dimension, f"{role.pk}-{dimension.pk}"


def test_cells_are_set_and_emptied_by_one_request(
    desk: Questionnaire, ed: Browser, cell: tuple[Role, Dimension, str]
):
    role, dimension, name = cell
    before = document(desk)["roles"]
    other = Dimension.objects.filter(questionnaire=desk)[1]
    fields = opened(ed, address(desk))
    assert sum(name.startswith("weight-") for name in fields) == 4

    reply = ed.post(
        address(desk),
        {
            **fields,
            f"position-{name}": "2",
            f"weight-{name}": "0",
            f"position-{role.pk}-{other.pk}": "",
            f"weight-{role.pk}-{other.pk}": "",
        },
    )

    assert reply.status_code == 302
    after = document(desk)["roles"]
    assert after[1:] == before[1:]
    wanted = {**before[0]["targets"], dimension.key: {"position": 2, "weight": 0}}
    del wanted[other.key]
    assert after[0]["targets"] == wanted
    assert {part for part, *_ in told(newest(desk))} == {f"roles/{role.key}"}


def test_a_cell_that_was_empty_is_filled(
    desk: Questionnaire, ed: Browser, cell: tuple[Role, Dimension, str]
):
    role, dimension, name = cell
    Target.objects.filter(role=role, dimension=dimension).delete()
    fields = opened(ed, address(desk))
    assert fields[f"position-{name}"] == ""
    ed.post(address(desk), {**fields, f"position-{name}": "-1", f"weight-{name}": "3"})
    target = Target.objects.get(role=role, dimension=dimension)
    assert (target.position, target.weight) == (-1, 3)


@pytest.mark.parametrize(
    ("position", "weight", "sentence"),
    [
        ("", "1", "Choose both, or neither."),
        ("1", "", "Choose both, or neither."),
        ("3", "1", "Choose from the list."),
        ("1", "-1", "Choose from the list."),
        ("x", "1", "Choose from the list."),
    ],
)
def test_what_is_wrong_stands_at_its_cell_and_nothing_is_saved(
    desk: Questionnaire,
    ed: Browser,
    cell: tuple[Role, Dimension, str],
    position: str,
    weight: str,
    sentence: str,
):
    _role, _dimension, name = cell
    before = document(desk)
    fields = opened(ed, address(desk))
    fields |= {f"position-{name}": position, f"weight-{name}": weight}
    other = next(one for one in fields if one.startswith("weight-") and one != f"weight-{name}")
    reply = ed.post(address(desk), {**fields, other: "1"})
    shown = reply.content.decode()
    assert reply.status_code == 200
    assert re.findall(r'id="error-([\d-]+)">\s*([^<]+?)\s*</p>', shown) == [(name, sentence)]
    # What else was chosen is kept.
    assert fields_of(shown)[other] == "1"
    assert document(desk) == before
    assert newest(desk).deed == DeskChange.Deed.LOADED


def test_the_table_costs_the_same_queries_at_any_size(desk: Questionnaire, ed: Browser):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert ed.get(address(desk)).status_code == 200
        return len(asked)

    large = queries()
    Role.objects.filter(pk__in=[role.pk for role in Role.objects.all()[1:]]).delete()
    assert (large, queries()) == (11, 11)
