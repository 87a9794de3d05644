"""The desk: rows that say a document, and nothing lost between the two."""

import random
from contextlib import suppress
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.errors import DomainError
from assessments.instrument.canonical import canonical_json
from assessments.instrument.document import Questionnaire as Document
from assessments.instrument.faults import DocumentFaults
from assessments.instrument.files import read_data
from assessments.people.models import User
from assessments.questionnaires import rows
from assessments.questionnaires.desk import document_of, read_desk
from assessments.questionnaires.editions import newest_edition
from assessments.questionnaires.models import DeskChange, Edition, Questionnaire
from assessments.questionnaires.services import (
    editing,
    load_onto_desk,
    publish,
    reinstate,
    retire,
)
from tests.cast import shipped_questionnaire

pytestmark = pytest.mark.django_db


def loaded(document: Document, by: User | None = None) -> Questionnaire:
    return load_onto_desk(document=document, at=timezone.now(), by=by)


@pytest.fixture
def desk() -> Questionnaire:
    return loaded(shipped_questionnaire())


def plain(document: Document) -> Any:
    return document.model_dump(by_alias=True, exclude_defaults=True)


def rearranged(document: Document, seed: int) -> Document:
    """The document in another order, with parts renamed, moved and left out."""
    chance = random.Random(seed)
    data = plain(document)
    for name in ("sources", "glossary", "background", "clusters", "dimensions", "items", "roles"):
        data[name] = tuple(chance.sample(data[name], len(data[name])))
    for form in data["forms"]:
        keys = [key for section in form["sections"] for key in section["items"]]
        kept = chance.sample(keys, len(keys) - 2)
        half = len(kept) // 2
        form["sections"] = (
            {"title": f"First {seed}", "items": tuple(kept[:half])},
            {"title": "Second", "items": tuple(kept[half:])},
        )
    dimension = chance.choice(data["dimensions"])
    dimension["mistakes"] = dimension["mistakes"][::-1]
    dimension["interview"] |= {"a": (*dimension["interview"]["b"], f"A question of {seed}?")}
    role = chance.choice(data["roles"])
    key = chance.choice(list(role["targets"]))
    role["targets"][key] = {"position": chance.randint(-2, 2), "weight": 0}
    study = data["study"]
    study["recommendations"] = tuple(
        one for one in study["recommendations"] if chance.random() < 0.9
    )
    left = {one["key"] for one in study["recommendations"]}
    for pack in ("foundation", "groundwork", "closing"):
        study[pack] = tuple(key for key in study[pack] if key in left)
    study["tie_order"] = tuple(chance.sample(study["tie_order"], len(study["tie_order"])))
    return read_data(data)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_was_there_before_the_desk_says_what_was_loaded_last(seed: int) -> None:
    shipped = shipped_questionnaire()
    for document in (shipped, rearranged(shipped, seed), shipped, rearranged(shipped, seed + 7)):
        assert canonical_json(document_of(loaded(document))) == canonical_json(document)


def test_rows_whose_keys_stay_keep_their_ids(desk: Questionnaire) -> None:
    def ids() -> dict[str, int]:
        return {f"{model.__name__} {part}": part.pk for model in rows.PARTS
                for part in model._default_manager.all()}  # fmt: skip

    before = ids()
    loaded(rearranged(shipped_questionnaire(), 1))
    assert ids().items() <= before.items()
    assert len(ids()) < len(before)


def test_of_two_children_in_one_place_none_is_left_behind(desk: Questionnaire) -> None:
    dimension = rows.Dimension.objects.first()
    assert dimension is not None
    rows.Mistake.objects.create(dimension=dimension, place=0, bad="one more", good="too many")
    loaded(shipped_questionnaire())
    assert document_of(desk) == shipped_questionnaire()


def test_reading_costs_a_query_for_each_kind_of_row(desk: Questionnaire) -> None:
    with CaptureQueriesContext(connection) as queries:
        read_desk(desk)
    assert len(queries) == 24


def test_two_questionnaires_stand_beside_each_other(desk: Questionnaire) -> None:
    other = shipped_questionnaire().model_copy(update={"slug": "another"})
    assert document_of(loaded(other)) == other
    assert document_of(desk) == shipped_questionnaire()


def test_a_part_of_another_questionnaire_is_refused(desk: Questionnaire) -> None:
    other = loaded(shipped_questionnaire().model_copy(update={"slug": "another"}))
    item = desk.item_set.order_by("pk")[0]
    item.dimension = other.dimension_set.order_by("pk")[0]
    with pytest.raises(ValidationError, match="another questionnaire"):
        item.clean()


def test_an_unfinished_desk_says_where_it_is_not_a_document(desk: Questionnaire) -> None:
    item = desk.item_set.filter(kind="rating")[0]
    rows.Item.objects.filter(pk=item.pk).update(text="")
    with pytest.raises(DocumentFaults) as error:
        document_of(desk)
    (fault,) = error.value.faults
    assert read_desk(desk).row_at(fault.path) == item
    editions = Edition.objects.count()
    with pytest.raises(DomainError):
        publish(questionnaire=desk, at=timezone.now())
    assert Edition.objects.count() == editions


def test_every_change_is_one_entry_of_the_history(desk: Questionnaire) -> None:
    editor = User.objects.create_user("editor@example.org")
    item = desk.item_set.filter(kind="rating")[0]
    before = item.text
    with editing(questionnaire=desk, by=editor, at=timezone.now()):
        item.text = "Reworded"
        item.save()
    change = DeskChange.objects.filter(questionnaire=desk).latest("pk")
    assert (change.deed, change.by) == ("edited", editor)
    assert change.differences == [
        {
            "part": ["items", item.key],
            "field": "text",
            "kind": "changed",
            "before": before,
            "after": "Reworded",
        }
    ]


def test_a_deed_that_changes_nothing_or_fails_leaves_no_entry(desk: Questionnaire) -> None:
    entries = DeskChange.objects.count()
    loaded(shipped_questionnaire())
    with suppress(DomainError), editing(questionnaire=desk, at=timezone.now()):
        desk.item_set.update(text="gone")
        raise DomainError("no")
    assert DeskChange.objects.count() == entries
    assert document_of(desk) == shipped_questionnaire()


def test_a_retired_questionnaire_is_offered_to_nobody_until_it_is_reinstated(
    desk: Questionnaire,
) -> None:
    Questionnaire.objects.update(licence="CC0")
    publish(questionnaire=desk, at=timezone.now())
    now: Any = {"at": timezone.now(), "by": None, "note": "enough"}
    retire(questionnaire=desk, **now)
    assert newest_edition(desk.slug) is None
    with pytest.raises(DomainError, match="retired already"):
        retire(questionnaire=desk, **now)
    reinstate(questionnaire=desk, **now)
    assert newest_edition(desk.slug) is not None
    with pytest.raises(DomainError, match="not retired"):
        reinstate(questionnaire=desk, **now)
    deeds = DeskChange.objects.order_by("pk").values_list("deed", flat=True)
    assert list(deeds) == ["loaded", "published", "retired", "reinstated"]
