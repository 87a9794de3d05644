"""`refresh_sums [--rebuild]`: count what is new for question analysis. Run it often."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assessments.management.commands import as_json
from assessments.questionnaires.models import Edition
from assessments.responses.counting import Recount, recount, refresh

# Seconds after each batch, in which others write: SQLite has no queue for them.
PAUSE = 0.1


class Command(BaseCommand):
    help = "Add what is new to the sums of question analysis (docs/commands.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--rebuild", action="store_true", help="count everything again; exit 1 if it differs"
        )

    def handle(self, *, rebuild: bool, **options: Any) -> None:
        done = refresh(at=timezone.now(), pause=PAUSE)
        said: dict[str, object] = {"counted": dict(done.counted)}
        if not rebuild:
            self.stdout.write(as_json(said))
            return
        result = recount()
        said |= {"equal": result.is_equal, "differences": _differences(result)}
        self.stdout.write(as_json(said))
        if not result.is_equal:
            raise CommandError("The sums were not what the answers give. They are now.")


def _differences(result: Recount) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for place, stored in result.stored.items():
        edition = Edition.objects.select_related("questionnaire").get(pk=place.edition_id)
        what = stored.differences(result.recounted[place])
        found.append(
            {
                "questionnaire": edition.questionnaire.slug,
                "edition": edition.number,
                "form": place.form,
                "sums": what,
            }
        )
    return found
