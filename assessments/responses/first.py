"""Which finished attempts are the first of their person at a form of a questionnaire."""

from collections.abc import Collection, Hashable, Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from assessments.analysis.models import GROUPS
from assessments.responses.models import Attempt


class _Kin(NamedTuple):
    """What there is to know of an attempt to tell whose it is, and whether it came first."""

    pk: UUID
    owner: int | None
    continued_from: UUID | None
    questionnaire: int
    form: str
    finished_at: datetime | None
    counted_as: str


def first_of_a_person(attempts: Collection[Attempt]) -> set[UUID]:
    """Those of the finished attempts that no other of the same person at the same form precedes.

    One precedes that finished before, or that is counted as the first already.
    """
    kin = _with_relatives(attempts)
    people = _people(kin.values())
    others: dict[Hashable, list[_Kin]] = {}
    for one in kin.values():
        if one.finished_at is not None:
            others.setdefault(_trial(one, people), []).append(one)
    return {
        attempt.pk
        for attempt in attempts
        if not any(
            _precedes(other, kin[attempt.pk]) for other in others[_trial(kin[attempt.pk], people)]
        )
    }


def _trial(one: _Kin, people: dict[UUID, Hashable]) -> Hashable:
    """Equal for attempts of one person at one form, of whatever edition."""
    return people[one.pk], one.questionnaire, one.form


def _precedes(other: _Kin, one: _Kin) -> bool:
    if other.pk == one.pk or other.finished_at is None or one.finished_at is None:
        return False
    is_earlier = (other.finished_at, other.pk) < (one.finished_at, one.pk)
    return other.counted_as in GROUPS or is_earlier


def _with_relatives(attempts: Collection[Attempt]) -> dict[UUID, _Kin]:
    """The attempts and all others of the same people; a query for each step between them."""
    known: dict[UUID, _Kin] = {}
    found = _kin(Q(pk__in=[attempt.pk for attempt in attempts]))
    while found:
        known |= found
        owners = {one.owner for one in found.values() if one.owner is not None}
        parents = {one.continued_from for one in found.values() if one.continued_from}
        near = Q(continued_from__in=found) | Q(pk__in=parents) | Q(owner__in=owners)
        found = {pk: one for pk, one in _kin(near).items() if pk not in known}
    return known


def _kin(which: Q) -> dict[UUID, _Kin]:
    rows = Attempt.objects.filter(which).values_list(
        "pk", "owner", "continued_from", "edition__questionnaire", "form", "finished_at",
        "counted_as",
    )  # fmt: skip
    return {row[0]: _Kin(*row) for row in rows}


def _people(kin: Iterable[_Kin]) -> dict[UUID, Hashable]:
    """The same mark for attempts that belong to one account or were continued from each other."""
    near: dict[Hashable, Hashable] = {}

    def mark(one: Hashable) -> Hashable:
        while near.setdefault(one, one) != one:
            one = near[one]
        return one

    rows = list(kin)
    for row in rows:
        for other in (row.continued_from, row.owner):
            # Ids of attempts and of accounts never look alike.
            if other is not None:
                near[mark(other)] = mark(row.pk)
    return {row.pk: mark(row.pk) for row in rows}
