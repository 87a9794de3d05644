"""Editions as documents, read once per process."""

from dataclasses import dataclass, field
from functools import lru_cache

from django.conf import settings

from assessments.instrument.canonical import parse_canonical
from assessments.instrument.document import Questionnaire as Document
from assessments.questionnaires.models import Edition, Questionnaire

# An edition never changes, so a process may keep it for life; the bound only caps memory.
EDITIONS_KEPT = 64


@dataclass(frozen=True, slots=True)
class PublishedEdition:
    """An edition, parsed: its row's id, its number, its digest and its document.

    The digest says which document it is, so that comparing two need not look into it.
    """

    pk: int
    number: int
    digest: str
    document: Document = field(compare=False)


@lru_cache(maxsize=EDITIONS_KEPT)
def published_edition(pk: int) -> PublishedEdition:
    """The edition of that id. One query and one parse the first time, none afterwards."""
    row = Edition.objects.get(pk=pk)
    return PublishedEdition(
        pk=row.pk, number=row.number, digest=row.digest, document=parse_canonical(row.document)
    )


def newest_edition(slug: str) -> PublishedEdition | None:
    """The edition of a questionnaire that a new attempt takes; None before the first.

    None too when the questionnaire is retired: what is under way goes on, nothing new begins.
    """
    pk = Edition.objects.newest_of(slug).offered().values_list("pk", flat=True).first()
    return None if pk is None else published_edition(pk)


def latest_edition(slug: str) -> PublishedEdition | None:
    """The newest edition, retired or not: what explains the results that are there."""
    pk = Edition.objects.newest_of(slug).values_list("pk", flat=True).first()
    return None if pk is None else published_edition(pk)


def offered_editions() -> list[PublishedEdition]:
    """The newest edition of every questionnaire that may be started, by slug. One query."""
    pks = Edition.objects.offered().newest_of_each().values_list("pk", flat=True)
    return [published_edition(pk) for pk in pks]


def home_document() -> Document | None:
    """What the site is about, offered at the moment or not; None before it is published."""
    edition = latest_edition(settings.HOME_QUESTIONNAIRE)
    return edition.document if edition else None


def is_home_retired() -> bool:
    """Whether the start page offers nothing, and nobody can be invited, since it was retired."""
    return is_retired(settings.HOME_QUESTIONNAIRE)


def is_retired(slug: str) -> bool:
    """Whether the questionnaire is there and can no longer be started."""
    return Questionnaire.objects.filter(slug=slug, retired_at__isnull=False).exists()
