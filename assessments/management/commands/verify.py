"""`verify [--last N]`: prove that editions, answers and reports are what they say."""

from argparse import ArgumentParser
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.keeping.contents import unknown_tables
from assessments.keeping.verify import contents_at_one_moment, verify_everything
from assessments.management.commands import as_json

# Between two lines that say how far it is.
SECONDS = 5.0


class Command(BaseCommand):
    help = "Check hashes, references and answers, and score every report again; exit 1 if not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--last", type=int, metavar="N", help="score only so many of the newest reports again"
        )

    def handle(self, *, last: int | None, **options: Any) -> None:
        if last is not None and last < 1:
            raise CommandError("Give --last as a whole number from 1.", returncode=2)
        self.told_at = monotonic()
        result = verify_everything(progress=self._tell, last=last)
        found = contents_at_one_moment()
        said = {
            "equal": not result.differences,
            "editions": result.editions,
            "attempts": result.attempts,
            "answers": result.answers,
            "reports": result.reports,
            "differences": result.differences,
            "rows": found.rows,
            "digest": found.digest,
            "tables": {
                name: {"rows": tally.rows, "digest": tally.digest}
                for name, tally in sorted(found.tables.items())
            },
            "unknown_tables": unknown_tables(),
        }
        self.stdout.write(as_json(said))
        if result.differences:
            raise CommandError("What is stored is not what it should be.")

    def _tell(self, done: int, in_all: int) -> None:
        if monotonic() - self.told_at >= SECONDS:
            self.told_at = monotonic()
            self.stderr.write(f"{done} of {in_all} attempts")
