"""Who changed what on a desk, in words."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from assessments.editing.words import MODELS, Change, difference_words, part_words
from assessments.instrument.differences import Difference, DocumentPart
from assessments.questionnaires.models import DeskChange, Questionnaire

# Of one entry in the list; the rest stands on a page of its own.
PARTS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class PartEntry:
    """A part of the document with what changed of it; `part` is how an address names it."""

    part: str
    words: str
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One deed: who did it, when, and what changed by it; `left_out` parts are not shown."""

    pk: int
    deed: str
    by: str
    at: datetime
    note: str
    summary: str
    parts: list[PartEntry]
    left_out: int


def history_address(questionnaire_id: int, part: DocumentPart) -> str:
    """Where the history of one part stands."""
    address = reverse("admin:desk-history", args=[questionnaire_id])
    return f"{address}?part={'.'.join(part)}"


def collections() -> list[tuple[str, str]]:
    """Sorts of parts to filter by: how an address names them, and what they are called."""
    return [
        ("questionnaire", _("Questionnaire")),
        *(
            (".".join(collection), capfirst(str(model._meta.verbose_name_plural)))
            for collection, model in MODELS.items()
        ),
        ("study", _("Study plan")),
    ]


def history_entry(
    change: DeskChange, *, part: str = "", most: int | None = PARTS_SHOWN
) -> HistoryEntry:
    """A deed in words; of its changes those of one part, or collection, if that is given."""
    by_part: dict[DocumentPart, list[Difference]] = {}
    for data in change.differences:
        found = Difference.from_data(data)
        name = ".".join(found.part)
        if not part or name == part or name.startswith(f"{part}."):
            by_part.setdefault(found.part, []).append(found)
    parts = [
        PartEntry(".".join(where), part_words(where), [difference_words(one) for one in some])
        for where, some in list(by_part.items())[:most]
    ]
    return HistoryEntry(
        pk=change.pk,
        deed=capfirst(str(DeskChange.Deed(change.deed).label)),
        by=(change.by.get_full_name() or change.by.email) if change.by else _("nobody known"),
        at=change.at,
        note=change.note,
        summary=_summary(list(by_part)),
        parts=parts,
        left_out=len(by_part) - len(parts),
    )


def _summary(parts: list[DocumentPart]) -> str:
    """The first part, and how many more there are."""
    if not parts:
        return ""
    if len(parts) == 1:
        return part_words(parts[0])
    said = {"part": part_words(parts[0]), "more": len(parts) - 1}
    return _("%(part)s and %(more)d more") % said


def people_of(questionnaire: Questionnaire) -> list[tuple[int, str]]:
    """Whoever changed something on the desk. One query."""
    people = (
        DeskChange.objects.filter(questionnaire=questionnaire, by__isnull=False)
        .order_by("by__email")
        .values_list("by", "by__email")
        .distinct()
    )
    return list(people)
