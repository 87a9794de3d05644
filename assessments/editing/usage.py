"""What stands behind a row of the desk: its sources, where it is used, what is wrong with it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from assessments.instrument.canonical import item_revision
from assessments.instrument.checks import publishing_faults
from assessments.instrument.document import Questionnaire as Document
from assessments.instrument.faults import DocumentFaults, Fault
from assessments.instrument.files import read_data
from assessments.questionnaires.desk import read_desk
from assessments.questionnaires.editions import published_edition
from assessments.questionnaires.models import Edition, Questionnaire
from assessments.questionnaires.rows import Item, Part, Source


@dataclass(frozen=True, slots=True)
class Use:
    """A place where a question stands: in a section of a form, counted from 1."""

    form: str
    form_pk: int
    section: str
    place: int


@dataclass(frozen=True, slots=True)
class Checked:
    """A desk read once for a page: its document, if it is one, and the faults of one row."""

    document: Document | None
    faults: tuple[Fault, ...]


def sources_of(desk: Questionnaire, row: Any) -> list[tuple[str, str]]:
    """The references that a row names, with their titles; "" where there is no such source."""
    refs = [ref for ref in row.source_refs.split("\n") if ref]
    titles = dict(
        Source.objects.filter(questionnaire=desk, ref__in=refs).values_list("ref", "title")
    )
    return [(ref, titles.get(ref, "")) for ref in refs]


def uses_of(item: Item) -> list[Use]:
    """Where a question stands, form by form."""
    placements = item.placements.select_related("section__form").order_by(
        "section__form__place", "section__place"
    )
    return [
        Use(
            form=placement.section.form.title,
            form_pk=placement.section.form_id,
            section=placement.section.title,
            place=1 + placement.section.placements.filter(place__lt=placement.place).count(),
        )
        for placement in placements
    ]


def checked(desk: Questionnaire, row: Part) -> Checked:
    """The desk's document, and the faults and warnings of one of its rows."""
    read = read_desk(desk)
    document: Document | None = None
    try:
        document = read_data(read.plain)
        found = publishing_faults(document)
    except DocumentFaults as error:
        found = error.faults
    return Checked(document, tuple(fault for fault in found if read.row_at(fault.path) == row))


def revision_of(document: Document | None, item: Item) -> str | None:
    """The revision of a question on the desk; None while the desk is no document."""
    if document is None or item.key not in document.item:
        return None
    return item_revision(document, item.key)


def against_the_edition(desk: Questionnaire, document: Document | None, item: Item) -> str:
    """How a question stands to the newest edition, in a sentence."""
    newest = Edition.objects.newest_of(desk.slug).values_list("pk", flat=True).first()
    if newest is None:
        return _("Nothing is published yet.")
    edition = published_edition(newest)
    number = {"number": edition.number}
    if item.key not in edition.document.item:
        return _("New: not in edition %(number)s.") % number
    mine = revision_of(document, item)
    if mine is None:
        return _("Cannot be compared: the questionnaire has faults that must be mended first.")
    if mine == item_revision(edition.document, item.key):
        return _("The same as in edition %(number)s.") % number
    return _("Not the same as in edition %(number)s: a new revision.") % number
