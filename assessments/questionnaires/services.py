"""Deeds of the desk: load a document onto it, publish it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.errors import DomainError
from assessments.instrument.canonical import canonical_json, digest, parse_canonical
from assessments.instrument.checks import publishing_faults
from assessments.instrument.document import Questionnaire as Document
from assessments.people.models import User
from assessments.questionnaires.models import Edition, Questionnaire


def load_onto_desk(*, document: Document, at: datetime) -> Questionnaire:
    """Make the document the desk of its questionnaire; editions stay as they are."""
    desk, _created = Questionnaire.objects.update_or_create(
        slug=document.slug,
        defaults={
            "title": document.title,
            "desk": canonical_json(document),
            "changed_at": at,
        },
    )
    return desk


@transaction.atomic
def publish(
    *, questionnaire: Questionnaire, at: datetime, by: User | None = None, note: str = ""
) -> Edition:
    """Freeze the desk as the next edition; what is already answered stays as it was.

    A desk equal to the newest edition makes no new one: that edition is returned. Raises
    `DomainError` with the faults that stand in the way.
    """
    # Two people who publish at once take turns, so that numbers follow one another.
    desk = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    document = parse_canonical(desk.desk)
    faults = [fault for fault in publishing_faults(document) if fault.level == "fault"]
    if faults:
        raise DomainError(_("This cannot be published yet."), faults)
    newest = Edition.objects.newest_of(desk.slug).first()
    if newest is not None and newest.digest == digest(document):
        return newest
    return Edition.objects.create(
        questionnaire=desk,
        number=newest.number + 1 if newest else 1,
        document=canonical_json(document),
        digest=digest(document),
        published_at=at,
        published_by=by,
        note=note,
    )
