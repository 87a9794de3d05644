"""Deeds of the desk: edit it, load a document onto it, publish it, retire it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.errors import DomainError
from assessments.instrument.canonical import canonical_json, digest
from assessments.instrument.checks import publishing_faults
from assessments.instrument.differences import Difference, differences
from assessments.instrument.document import Questionnaire as Document
from assessments.instrument.faults import DocumentFaults
from assessments.people.models import User
from assessments.questionnaires.desk import document_of, put_on_desk, read_desk
from assessments.questionnaires.models import DeskChange, Edition, Questionnaire, parts_text

Deed = DeskChange.Deed


@contextmanager
def editing(
    *,
    questionnaire: Questionnaire,
    at: datetime,
    by: User | None = None,
    deed: DeskChange.Deed = Deed.EDITED,
    note: str = "",
) -> Iterator[Questionnaire]:
    """What changes on the desk inside goes into its history, or not at all.

    Gives the desk, locked: whoever else edits it waits for the end. Nothing changed, nothing
    written.
    """
    with transaction.atomic():
        desk = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
        before = read_desk(desk).plain
        yield desk
        desk.refresh_from_db()
        if found := differences(before, read_desk(desk).plain):
            _record(desk, deed, at=at, by=by, note=note, found=found)
            Questionnaire.objects.filter(pk=desk.pk).update(changed_at=at)


@transaction.atomic
def load_onto_desk(
    *,
    document: Document,
    at: datetime,
    by: User | None = None,
    note: str = "",
    seen: datetime | None = None,
) -> Questionnaire:
    """Make the document the desk of its questionnaire; editions stay as they are.

    `seen` is when the desk that the person has seen was changed last: raises `DomainError` if it
    changed since.
    """
    # Locked, so that nobody changes it between the look and the load.
    desk, _created = Questionnaire.objects.select_for_update().get_or_create(
        slug=document.slug, defaults={"changed_at": at}
    )
    if seen is not None and desk.changed_at != seen:
        raise DomainError(_("The desk has changed since you opened this page. Look once more."))
    with editing(questionnaire=desk, at=at, by=by, deed=Deed.LOADED, note=note) as desk:
        put_on_desk(desk, document)
    return desk


@transaction.atomic
def publish(
    *,
    questionnaire: Questionnaire,
    at: datetime,
    by: User | None = None,
    note: str = "",
    seen: str = "",
) -> Edition:
    """Freeze the desk as the next edition; what is already answered stays as it was.

    A desk equal to the newest edition makes no new one: that edition is returned. `seen` is the
    digest of the desk that the person has seen, if any. Raises `DomainError` if it has changed
    since, and with the faults that stand in the way.
    """
    # Two people who publish at once take turns, so that numbers follow one another; and nobody
    # changes the desk between its checks and its freezing.
    desk = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    try:
        document = document_of(desk)
    except DocumentFaults as error:
        raise DomainError(_("This cannot be published yet."), error.faults) from error
    if seen and seen != digest(document):
        raise DomainError(
            _("The desk has changed since you opened this page. Look once more, then publish.")
        )
    faults = [fault for fault in publishing_faults(document) if fault.level == "fault"]
    if faults:
        raise DomainError(_("This cannot be published yet."), faults)
    newest = Edition.objects.newest_of(desk.slug).first()
    if newest is not None and newest.digest == digest(document):
        return newest
    edition = freeze(questionnaire=desk, document=document, at=at, by=by, note=note)
    _record(desk, Deed.PUBLISHED, at=at, by=by, note=f"{edition.number}: {note}"[:1000])
    return edition


def freeze(
    *,
    questionnaire: Questionnaire,
    document: Document,
    at: datetime,
    by: User | None = None,
    note: str = "",
) -> Edition:
    """The document as the questionnaire's next edition; whether it may be is not asked here."""
    newest = Edition.objects.newest_of(questionnaire.slug).first()
    return Edition.objects.create(
        questionnaire=questionnaire,
        number=newest.number + 1 if newest else 1,
        document=canonical_json(document),
        digest=digest(document),
        published_at=at,
        published_by=by,
        note=note,
    )


@transaction.atomic
def retire(*, questionnaire: Questionnaire, at: datetime, by: User | None, note: str) -> None:
    """Offer the questionnaire no longer. Attempts under way go on, results stay."""
    changed = Questionnaire.objects.filter(pk=questionnaire.pk, retired_at=None)
    if not changed.update(retired_at=at):
        raise DomainError(_("This questionnaire is retired already."))
    _record(questionnaire, Deed.RETIRED, at=at, by=by, note=note)


@transaction.atomic
def reinstate(*, questionnaire: Questionnaire, at: datetime, by: User | None, note: str) -> None:
    """Offer a retired questionnaire again."""
    changed = Questionnaire.objects.filter(pk=questionnaire.pk, retired_at__isnull=False)
    if not changed.update(retired_at=None):
        raise DomainError(_("This questionnaire is not retired."))
    _record(questionnaire, Deed.REINSTATED, at=at, by=by, note=note)


def _record(
    desk: Questionnaire,
    deed: DeskChange.Deed,
    *,
    at: datetime,
    by: User | None,
    note: str,
    found: Sequence[Difference] = (),
) -> None:
    DeskChange.objects.create(
        questionnaire=desk,
        deed=deed,
        note=note,
        differences=[one.to_data() for one in found],
        parts=parts_text(one.part for one in found),
        at=at,
        by=by,
    )
