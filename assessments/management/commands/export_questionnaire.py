"""`export_questionnaire SLUG`: the desk or an edition as a file on stdout."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.instrument.canonical import parse_canonical
from assessments.instrument.files import write_json, write_yaml
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
        document = parse_canonical(_stored(slug, edition))
        write = write_yaml if format == "yaml" else write_json
        self.stdout.write(write(document), ending="")


def _stored(slug: str, edition: int | None) -> str:
    try:
        if edition is None:
            return Questionnaire.objects.get(slug=slug).desk
        return Edition.objects.get(questionnaire__slug=slug, number=edition).document
    except Questionnaire.DoesNotExist as error:
        raise CommandError(f"There is no questionnaire {slug!r}.", returncode=2) from error
    except Edition.DoesNotExist as error:
        message = f"The questionnaire {slug!r} has no edition {edition}."
        raise CommandError(message, returncode=2) from error
