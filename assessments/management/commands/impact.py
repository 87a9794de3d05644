"""`impact SLUG`: what publishing the desk would change in recent results."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assessments.editing.impact import LAST_DEFAULT, LAST_MAX, run_impact
from assessments.instrument.faults import DocumentFaults
from assessments.management.commands import as_json
from assessments.questionnaires.models import Questionnaire


class Command(BaseCommand):
    help = "Score recent results under the desk and count what would differ; changes no result."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", nargs="?", default=settings.HOME_QUESTIONNAIRE)
        parser.add_argument(
            "--last", type=int, default=LAST_DEFAULT, help="how many of the newest results"
        )

    def handle(self, *, slug: str, last: int, **options: Any) -> None:
        if not 1 <= last <= LAST_MAX:
            message = f"Give --last as a whole number from 1 to {LAST_MAX}."
            raise CommandError(message, returncode=2)
        questionnaire = Questionnaire.objects.filter(slug=slug).first()
        if questionnaire is None:
            raise CommandError(f"There is no questionnaire {slug!r}.", returncode=2)
        try:
            run = run_impact(questionnaire=questionnaire, last=last, at=timezone.now())
        except DocumentFaults as error:
            raise CommandError(f"The desk is not a whole document yet:\n{error}") from error
        self.stdout.write(as_json(run.result))
