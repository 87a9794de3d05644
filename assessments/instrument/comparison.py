"""Two documents compared in the editor's terms: what is another, and what that means."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from assessments.instrument.alignment import matched_sections
from assessments.instrument.comparability import Meaning, meaning_of
from assessments.instrument.comparison_words import comparison_sentences
from assessments.instrument.differences import (
    QUESTIONNAIRE,
    Difference,
    DocumentPart,
    Kind,
    differences,
)
from assessments.instrument.document import Form, Questionnaire
from assessments.instrument.item_changes import ItemChange, item_changes
from assessments.instrument.rewording import Run, word_runs

WORDING = ("stems", "anchors")
"""Of the questionnaire: what takers read with every pair or rating."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value of a part, as in `Difference`; `runs` where a text was reworded."""

    field: str
    kind: Kind
    before: Any
    after: Any
    runs: tuple[Run, ...] = ()


@dataclass(frozen=True, slots=True)
class PartChange:
    """A part other than an item; `name` is what people call it.

    `kind` is *changed* unless the part as a whole was added, removed or only moved.
    """

    part: DocumentPart
    name: str
    kind: Kind
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two documents of one questionnaire; `sentences` say to an editor what the change means."""

    items: tuple[ItemChange, ...]
    parts: tuple[PartChange, ...]
    what_it_means: Meaning
    sentences: tuple[str, ...]

    @property
    def added(self) -> tuple[ItemChange, ...]:
        """New items, and those that are on a form again."""
        return tuple(change for change in self.items if change.is_added)

    @property
    def reworded(self) -> tuple[ItemChange, ...]:
        """Items with another text of their own; each is a new question."""
        return tuple(change for change in self.items if change.rewordings)

    @property
    def rekeyed(self) -> tuple[ItemChange, ...]:
        """Items that are a new question in effect: keyed, placed or built otherwise."""
        return tuple(change for change in self.items if change.keying)

    @property
    def moved(self) -> tuple[ItemChange, ...]:
        """Items that are asked before and after, in another place or on another form."""
        return tuple(
            change
            for change in self.items
            if change.moves and not (change.is_added or change.is_retired)
        )

    @property
    def retired(self) -> tuple[ItemChange, ...]:
        """Items that are gone, or on no form any more."""
        return tuple(change for change in self.items if change.is_retired)

    @property
    def wording(self) -> tuple[FieldChange, ...]:
        """Stems and anchors: each makes every pair, or every rating, a new question."""
        return tuple(
            change
            for part in self.of("questionnaire")
            for change in part.changes
            if change.field.partition(".")[0] in WORDING
        )

    def of(self, *part: str) -> tuple[PartChange, ...]:
        """The changes of `("dimensions",)`, `("roles",)`, `("study", "recommendations")` …"""
        return tuple(change for change in self.parts if change.part[: len(part)] == part)


def compare_documents(before: Questionnaire, after: Questionnaire) -> Comparison:
    """What the second document has otherwise than the first.

    Either may be a desk whose names do not fit yet. Raises ValueError for two questionnaires.
    """
    if before.slug != after.slug:
        raise ValueError(f"“{before.slug}” and “{after.slug}” are two questionnaires.")
    first, second = (
        document.model_dump(by_alias=True, exclude_defaults=True) for document in (before, after)
    )
    found = differences(first, second)
    meaning = meaning_of(before, after, found)
    return Comparison(
        items=item_changes(before, after),
        parts=tuple(_parts(before, after, found)),
        what_it_means=meaning,
        sentences=comparison_sentences(before, after, meaning, found),
    )


def _parts(
    before: Questionnaire, after: Questionnaire, found: Iterable[Difference]
) -> Iterator[PartChange]:
    """Everything but the items; of forms, the sections without the items in them."""
    names = _names(after)
    names |= {part: name for part, name in _names(before).items() if part not in names}
    by_part: dict[DocumentPart, list[Difference]] = {part: [] for part in names}
    others = [difference for difference in found if not _is_in_sections(difference)]
    for difference in [*others, *_sections(before, after)]:
        if difference.part in by_part:
            by_part[difference.part].append(difference)
    for part, rows in by_part.items():
        if rows:
            yield PartChange(part, names[part], _kind(rows), tuple(map(_field_change, rows)))


def _names(document: Questionnaire) -> dict[DocumentPart, str]:
    """What people call each part, in the document's order; items have a place of their own."""
    study = document.study
    return {
        QUESTIONNAIRE: document.title,
        **{("sources", row.ref): row.ref for row in document.sources},
        **{("glossary", row.term): row.term for row in document.glossary},
        **{("background", row.key): row.text for row in document.background},
        **{("clusters", row.key): row.name for row in document.clusters},
        **{("dimensions", row.key): row.name for row in document.dimensions},
        **{("forms", row.key): row.title for row in document.forms},
        **{("roles", row.key): row.name for row in document.roles},
        ("study",): "Study plan",
        **{("study", "recommendations", row.key): row.title for row in study.recommendations},
        **{("study", "resources", row.key): row.title for row in study.resources},
    }


def _is_in_sections(difference: Difference) -> bool:
    """Told by `_sections`, and where items stand by their moves."""
    return difference.part[0] == "forms" and difference.field.startswith("sections.")


def _sections(before: Questionnaire, after: Questionnaire) -> Iterator[Difference]:
    for key, form in after.form.items():
        if key in before.form:
            yield from _sections_of(("forms", key), before.form[key], form)


def _sections_of(part: DocumentPart, before: Form, after: Form) -> Iterator[Difference]:
    """Sections by their places from 1: new, gone, renamed, elsewhere."""
    old, new = before.sections, after.sections
    found = matched_sections(
        [(section.title, section.items) for section in old],
        [(section.title, section.items) for section in new],
    )
    for i, j in found.same:
        field = f"sections.{j + 1}"
        if (i, j) in found.moved:
            yield Difference(part, field, "moved", i + 1, j + 1)
        if old[i].title != new[j].title:
            yield Difference(part, f"{field}.title", "changed", old[i].title, new[j].title)
    for i in found.removed:
        yield Difference(part, f"sections.{i + 1}", "removed", old[i].title, None)
    for j in found.added:
        yield Difference(part, f"sections.{j + 1}", "added", None, new[j].title)


def _kind(rows: list[Difference]) -> Kind:
    kind = rows[0].kind
    is_whole = not rows[0].field and (kind != "moved" or len(rows) == 1)
    return kind if is_whole else "changed"


def _field_change(row: Difference) -> FieldChange:
    is_reworded = row.kind == "changed" and isinstance(row.before, str)
    runs = word_runs(row.before, row.after) if is_reworded and isinstance(row.after, str) else ()
    return FieldChange(row.field, row.kind, row.before, row.after, runs)
