"""`restore FILE`: a backup into the configured database, which must be empty."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.errors import DomainError
from assessments.keeping.restore import restore
from assessments.management.commands import as_json

# The backup may be of an older release; what was erased since is back; and then look.
NEXT = ["migrate", "reapply_erasures", "verify"]


class Command(BaseCommand):
    help = "Put a backup into the configured database, which must be empty (docs/commands.md)."
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            restore(backup=file)
        except OSError as error:
            raise CommandError(
                f"{error.filename or file}: {error.strerror}.", returncode=2
            ) from error
        except DomainError as error:
            raise CommandError(f"Nothing was restored. {error}") from error
        self.stdout.write(as_json({"restored": str(file), "next": NEXT}))
        self.stderr.write(
            f"Before the site is opened again, run in this order: {', '.join(NEXT)}."
        )
