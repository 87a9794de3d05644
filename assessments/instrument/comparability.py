"""What a change of the questionnaire means for results before and after it.

Answers are compared item by item, where an item has the same key and the same revision
(measurement 7); a dimension's preference needs at least one such pair, its readiness for a side
at least one such rating.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from assessments.instrument.canonical import digest, item_revision
from assessments.instrument.differences import Difference
from assessments.instrument.document import Form, Item, Questionnaire

Level = Literal["none", "texts_only", "scores", "items"]

# What a step or a resource says; everything else of it decides which plans it comes into.
STUDY_TEXTS = {
    *("title", "text", "done_when", "author", "year", "url", "note"),
    *("resources", "source_refs"),
}
SCORING_RULES = ("rules.rows", "rules.quality_cap")


@dataclass(frozen=True, slots=True)
class DimensionShare:
    """A dimension on a form: how many of its items are the same, of how many before and after.

    `lost` names the scores that can no longer be compared: `preference`, `readiness_a`,
    `readiness_b`.
    """

    dimension: str
    name: str
    before: int
    after: int
    same: int
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormShare:
    """A form that both have: how many of its items are the same, of how many before and after.

    `dimensions` are those whose comparison is affected, in the second document's order; `lost`
    names the scores that can be compared on none.
    """

    form: str
    title: str
    before: int
    after: int
    same: int
    lost: tuple[str, ...]
    dimensions: tuple[DimensionShare, ...]

    @property
    def share(self) -> float:
        """The share of the form's items after that are the same, 0 to 1."""
        return self.same / self.after if self.after else 0.0


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the whole change means.

    `none`: the documents are equal. `texts_only`: every question is the same and answers give the
    same scores. `scores`: every question is the same, but scores are worked out otherwise.
    `items`: some questions are new, changed or gone, or a form is.

    `role_fits_change`: roles or their targets differ. `plans_change`: steps, hours, order or
    needs of a study plan differ, not only its wording.
    """

    level: Level
    role_fits_change: bool
    plans_change: bool
    forms: tuple[FormShare, ...]

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions whose comparison is affected on any form."""
        rows = (row for form in self.forms for row in form.dimensions)
        return tuple(dict.fromkeys(row.dimension for row in rows))


def meaning_of(
    before: Questionnaire, after: Questionnaire, found: Sequence[Difference]
) -> Meaning:
    """What the change means; `found` are the documents' `differences`."""
    same = _same_items(before, after)
    forms = tuple(
        _form_share(before, form, after, after.form[key], same)
        for key, form in before.form.items()
        if key in after.form
    )
    return Meaning(
        level=_level(before, after, forms, found),
        role_fits_change=any(map(_is_role_fit, found)),
        plans_change=any(map(_is_plan, found)),
        forms=forms,
    )


def _same_items(before: Questionnaire, after: Questionnaire) -> set[str]:
    return {
        key
        for key in after.item
        if key in before.item and item_revision(before, key) == item_revision(after, key)
    }


def _level(
    before: Questionnaire,
    after: Questionnaire,
    forms: Iterable[FormShare],
    found: Sequence[Difference],
) -> Level:
    if digest(before) == digest(after):
        return "none"
    if set(before.form) != set(after.form) or any(
        form.same < max(form.before, form.after) for form in forms
    ):
        return "items"
    return "scores" if any(map(is_scoring, found)) else "texts_only"


def _form_share(
    before: Questionnaire, old: Form, after: Questionnaire, new: Form, same: set[str]
) -> FormShare:
    first, second = _items_of(before, old), _items_of(after, new)
    common = [item for item in second if item.key in same and item.key in old.item_keys]
    keys = dict.fromkeys([*after.dimension, *before.dimension])
    shares = (_dimension_share(before, after, key, first, second, common) for key in keys)
    return FormShare(
        form=new.key,
        title=new.title,
        before=len(first),
        after=len(second),
        same=len(common),
        lost=_lost(first, second, common),
        dimensions=tuple(row for row in shares if row.same < max(row.before, row.after)),
    )


def _items_of(document: Questionnaire, form: Form) -> list[Item]:
    # On a desk a form may name what is not there.
    return [document.item[key] for key in form.item_keys if key in document.item]


def _dimension_share(
    before: Questionnaire,
    after: Questionnaire,
    key: str,
    first: Iterable[Item],
    second: Iterable[Item],
    common: Iterable[Item],
) -> DimensionShare:
    old, new, same = (
        [item for item in items if item.dimension == key] for items in (first, second, common)
    )
    return DimensionShare(
        dimension=key,
        name=(after.dimension.get(key) or before.dimension[key]).name,
        before=len(old),
        after=len(new),
        same=len(same),
        lost=_lost(old, new, same),
    )


def _lost(before: Iterable[Item], after: Iterable[Item], same: Iterable[Item]) -> tuple[str, ...]:
    return tuple(sorted((_facets(before) | _facets(after)) - _facets(same)))


def _facets(items: Iterable[Item]) -> set[str]:
    """The scores that these items give; a scenario gives none without a rating."""
    return {
        "preference" if item.kind == "pair" else f"readiness_{item.side}"
        for item in items
        if item.kind != "scenario"
    }


def _is_role_fit(difference: Difference) -> bool:
    whole = not difference.field and difference.kind != "moved"
    return difference.part[0] == "roles" and (whole or difference.field.startswith("targets"))


def _is_plan(difference: Difference) -> bool:
    if difference.part[0] == "study":
        is_resource = difference.part[:2] == ("study", "resources")
        return not is_resource and difference.field.partition(".")[0] not in STUDY_TEXTS
    return _is_role_fit(difference)


def is_scoring(difference: Difference) -> bool:
    """Whether the same answers may give another score, headline or text of a cluster."""
    part, field = difference.part[0], difference.field
    return (
        (part == "dimensions" and field in ("half_weight", "cluster"))
        or (part == "dimensions" and not field and difference.kind != "moved")
        or (part == "forms" and field in SCORING_RULES)
    )
