"""The desk and the editions of a questionnaire, by what an address calls them."""

from assessments.instrument.document import Questionnaire as Document
from assessments.questionnaires.desk import document_of
from assessments.questionnaires.editions import PublishedEdition, published_edition
from assessments.questionnaires.models import Edition, Questionnaire

DESK = "desk"


def edition_numbers(questionnaire: Questionnaire) -> list[int]:
    """Of all editions, the newest first. One query."""
    editions = Edition.objects.newest_of(questionnaire.slug)
    return list(editions.values_list("number", flat=True))


def edition_of(questionnaire: Questionnaire, number: int) -> PublishedEdition:
    """An edition by its number; raises `Edition.DoesNotExist`."""
    row = Edition.objects.only("pk").get(questionnaire=questionnaire, number=number)
    return published_edition(row.pk)


def newest_of(questionnaire: Questionnaire) -> PublishedEdition | None:
    """The newest edition, of a retired questionnaire too; None before the first."""
    numbers = Edition.objects.newest_of(questionnaire.slug).values_list("pk", flat=True)
    pk = numbers.first()
    return None if pk is None else published_edition(pk)


def document_at(questionnaire: Questionnaire, version: str) -> Document:
    """The document of a version: `desk`, or the number of an edition that there is.

    Raises `DocumentFaults` while the desk is none.
    """
    if version == DESK:
        return document_of(questionnaire)
    return edition_of(questionnaire, int(version)).document
