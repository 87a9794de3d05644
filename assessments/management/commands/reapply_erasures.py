"""`reapply_erasures`: after a backup was restored, erase again what was erased since."""

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from assessments.management.commands import as_json
from assessments.privacy.services import reapply_erasures


class Command(BaseCommand):
    help = "Erase again whatever of the file of erasures is in the database. Safe to repeat."

    def handle(self, **options: Any) -> None:
        done = reapply_erasures()
        for number in done.unreadable:
            self.stderr.write(
                f"Line {number} is torn and was skipped: what it began to name was never erased."
            )
        # Without a file nothing was ever erased, or `ERASURES_FILE` names the wrong one.
        self.stdout.write(as_json({"file": settings.ERASURES_FILE, **asdict(done)}))
