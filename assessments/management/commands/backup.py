"""`backup FOLDER`: the database into a dated file, while the site is used."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assessments.errors import DomainError
from assessments.keeping.backup import back_up
from assessments.management.commands import as_json


class Command(BaseCommand):
    help = "Write the database into a new dated file of a folder (docs/commands.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--keep", type=int, metavar="DAYS", help="delete older backups, never the last one"
        )

    def handle(self, *, folder: Path, keep: int | None, **options: Any) -> None:
        if not folder.is_dir():
            raise CommandError(f"There is no folder {folder}.", returncode=2)
        if keep is not None and keep < 0:
            raise CommandError("Give --keep as a number of days.", returncode=2)
        try:
            made = back_up(folder=folder, at=timezone.now(), keep_days=keep)
        except DomainError as error:
            raise CommandError(f"No backup was made. {error}") from error
        self.stdout.write(
            as_json(
                {
                    "file": str(made.file),
                    "bytes": made.file.stat().st_size,
                    "deleted": [str(file) for file in made.deleted],
                }
            )
        )
