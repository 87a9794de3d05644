"""`export_questionnaire SLUG`: the desk or an edition as a file on stdout."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.instrument.canonical import parse_canonical
from assessments.instrument.document import Questionnaire as Document
from assessments.instrument.faults import DocumentFaults
from assessments.instrument.files import write_json, write_yaml
from assessments.questionnaires.desk import document_of
from assessments.questionnaires.models import Edition, Questionnaire


class Command(BaseCommand):
    help = "Write the desk, or an edition, to stdout. Loading it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument(
            "--edition", type=int, help="an edition's number; without it, the desk"
        )
        parser.add_argument("--format", choices=["yaml", "json"], default="yaml")

    def handle(self, *, slug: str, edition: int | None, format: str, **options: Any) -> None:  # noqa: A002
        document = _document(slug, edition)
        write = write_yaml if format == "yaml" else write_json
        self.stdout.write(write(document), ending="")


def _document(slug: str, edition: int | None) -> Document:
    try:
        if edition is None:
            return document_of(Questionnaire.objects.get(slug=slug))
        stored = Edition.objects.get(questionnaire__slug=slug, number=edition)
        return parse_canonical(stored.document)
    except Questionnaire.DoesNotExist as error:
        raise CommandError(f"There is no questionnaire {slug!r}.", returncode=2) from error
    except Edition.DoesNotExist as error:
        message = f"The questionnaire {slug!r} has no edition {edition}."
        raise CommandError(message, returncode=2) from error
    except DocumentFaults as error:
        raise CommandError(f"The desk is not a whole document yet:\n{error}") from error
