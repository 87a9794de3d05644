"""The compiled query of taking gives what the permission says, and nothing else."""

from itertools import product
from uuid import UUID

import pytest

from assessments.people.actors import Actor
from assessments.people.models import User
from assessments.responses.fetching import answers_of, editable_attempt
from assessments.responses.models import Answer, Attempt, Given
from tests.cast import answer, new_attempt, published

pytestmark = pytest.mark.django_db
UNKNOWN = UUID(int=7)


def values(attempt: Attempt) -> dict[str, object]:
    return {f.attname: getattr(attempt, f.attname) for f in Attempt._meta.concrete_fields}


def test_it_is_what_the_actor_may_edit_for_every_kind_of_actor_and_attempt():
    edition = published()
    owner, other = (User.objects.create_user(f"{name}@example.org") for name in ("a", "b"))
    free, kept = new_attempt(edition), new_attempt(edition, owner=owner)
    users = (None, owner.pk, other.pk)
    holdings: tuple[tuple[UUID, ...], ...] = ((), (free.pk,), (kept.pk,), (free.pk, kept.pk))
    for user, held, pk in product(users, holdings, (free.pk, kept.pk, UNKNOWN)):
        actor = Actor(user, held)
        expected = Attempt.objects.editable_by(actor).filter(pk=pk).first()
        found = editable_attempt(actor, pk)
        assert found == expected, (user, held, pk)
        if found and expected:
            assert values(found) == values(expected)


def test_the_answers_are_those_of_the_attempt_without_those_taken_back():
    edition = published()
    one, other = new_attempt(edition), new_attempt(edition)
    first, second, third = edition.document.form["full"].item_keys[:3]
    answer(one, {first: 1, second: 2, third: ""})
    answer(other, {second: 3})
    for attempt, keys in ((one, {first, second}), (other, {second})):
        stored = Answer.objects.filter(attempt=attempt, item_key__in=keys)
        assert answers_of(attempt) == {
            row.item_key: Given(row.item_key, row.value, row.revision, row.saved_at)
            for row in stored
        }
