"""Deeds of the editors' pages that change many rows at once; each is for use inside `editing`."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Max, QuerySet

from assessments.questionnaires.models import Questionnaire
from assessments.questionnaires.rows import (
    Dimension,
    Form,
    PackStep,
    Part,
    Placement,
    Role,
    Target,
)

Cell = tuple[int, int]
"""The ids of a role and of a dimension."""


def next_place(siblings: QuerySet[Any]) -> int:
    """The place after the last of some rows."""
    last = siblings.aggregate(last=Max("place"))["last"]
    return 0 if last is None else last + 1


def put_in_order(*, parts: QuerySet[Any], pks: Sequence[int]) -> None:
    """Let some of the parts stand in this order, in the places that these had together.

    Parts that are not named keep their places. Ids that are none of the parts' are left out.
    """
    before = list(parts.order_by("place", "pk"))
    known = {part.pk: part for part in before}
    moving = [known[pk] for pk in dict.fromkeys(pks) if pk in known]
    moved = {part.pk for part in moving}
    following = iter(moving)
    after: list[Part] = [next(following) if part.pk in moved else part for part in before]
    changed = []
    for place, part in enumerate(after):
        if part.place != place:
            part.place = place
            changed.append(part)
    parts.model._default_manager.bulk_update(changed, ["place"], batch_size=100)


def put_in_tie_order(*, desk: Questionnaire, pks: Sequence[int]) -> None:
    """Let the dimensions come in this order where gaps are equal."""
    places = {pk: place for place, pk in enumerate(pks)}
    dimensions = list(Dimension.objects.filter(questionnaire=desk).order_by("tie_place", "pk"))
    dimensions.sort(key=lambda dimension: places.get(dimension.pk, len(places)))
    for place, dimension in enumerate(dimensions):
        dimension.tie_place = place
    Dimension.objects.bulk_update(dimensions, ["tie_place"], batch_size=100)


def arrange_form(*, form: Form, items: Mapping[int, Sequence[int]]) -> None:
    """Let the sections of a form hold these questions, in this order; all others none.

    Ids of questions by ids of sections; what is not the form's or its questionnaire's is an
    error of whoever calls.
    """
    Placement.objects.filter(section__form=form).delete()
    Placement.objects.bulk_create(
        Placement(section_id=section, item_id=item, place=place)
        for section, placed in items.items()
        for place, item in enumerate(placed)
    )


def set_packs(*, desk: Questionnaire, steps: Mapping[str, Sequence[int]]) -> None:
    """Let the lists for every plan hold these recommendations, in this order."""
    PackStep.objects.filter(questionnaire=desk).delete()
    PackStep.objects.bulk_create(
        PackStep(questionnaire=desk, pack=pack, recommendation_id=pk, place=place)
        for pack, pks in steps.items()
        for place, pk in enumerate(dict.fromkeys(pks))
    )


def set_targets(*, desk: Questionnaire, wanted: Mapping[Cell, tuple[int, int] | None]) -> None:
    """Let the roles of a desk have these targets (position, weight); None is none.

    Cells that are not named stay as they are.
    """
    there: dict[Cell, Target] = {
        (target.role_id, target.dimension_id): target
        for target in Target.objects.filter(role__questionnaire=desk)
    }
    new, gone, changed = [], [], []
    for cell, values in wanted.items():
        target = there.get(cell)
        if values is None:
            gone += [target.pk] if target else []
        elif target is None:
            role, dimension = cell
            position, weight = values
            new.append(
                Target(role_id=role, dimension_id=dimension, position=position, weight=weight)
            )
        elif (target.position, target.weight) != values:
            target.position, target.weight = values
            changed.append(target)
    Target.objects.filter(pk__in=gone).delete()
    Target.objects.bulk_create(new)
    Target.objects.bulk_update(changed, ["position", "weight"], batch_size=100)


def targets_of(desk: Questionnaire) -> dict[Cell, tuple[int, int]]:
    """Position and weight of every target of a desk."""
    found: dict[Cell, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for role in Role.objects.filter(questionnaire=desk).prefetch_related("targets"):
        for target in role.targets.all():
            found[role.pk, target.dimension_id] = (target.position, target.weight)
    return dict(found)
