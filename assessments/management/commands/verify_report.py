"""`verify_report FILE.json`: recompute a report from the file that its page offers."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.management.commands import as_json
from assessments.management.commands.score import read_json_file
from assessments.scoring.verify import verify


class Command(BaseCommand):
    help = "Recompute the report of an export/1 file; says equal, or what differs. No database."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            differences = verify(read_json_file(file))
        except ValueError as error:
            raise CommandError(f"{file}: {error}", returncode=2) from error
        self.stdout.write(as_json({"equal": not differences, "differences": differences}))
        if differences:
            raise CommandError(f"{file}: the report is not what its answers give.")
