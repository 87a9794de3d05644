"""`analyse RESPONSES.csv --scales SCALES.json`: item analysis of any table of answers."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.management.commands import as_json
from assessments.management.commands.score import read_json_file
from assessments.scoring.response_table import analyse_table, read_task


class Command(BaseCommand):
    help = "Item analysis of a table with a column for each item. No database."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("responses", type=Path, metavar="RESPONSES.csv")
        parser.add_argument("--scales", type=Path, required=True, metavar="SCALES.json")

    def handle(self, *, responses: Path, scales: Path, **options: Any) -> None:
        try:
            task = read_task(read_json_file(scales))
        except ValueError as error:
            raise CommandError(f"{scales}: {error}", returncode=2) from error
        try:
            with responses.open(encoding="utf-8-sig", newline="") as lines:
                analysed = analyse_table(lines, task)
        except OSError as error:
            reason = f"{responses} cannot be read: {error.strerror}"
            raise CommandError(reason, returncode=2) from error
        except ValueError as error:
            raise CommandError(f"{responses}: {error}", returncode=2) from error
        self.stdout.write(as_json(analysed))
