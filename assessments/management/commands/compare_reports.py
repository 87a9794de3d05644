"""`compare_reports A.json B.json`: what really changed from one result to another."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.instrument.document import Questionnaire
from assessments.management.commands import as_json
from assessments.management.commands.score import read_json_file
from assessments.scoring import AnswerSheet, Report
from assessments.scoring.calibration import Calibration
from assessments.scoring.change import NotComparable, compare
from assessments.scoring.verify import read_calibration, read_export, verify


class Command(BaseCommand):
    help = "Compare two export/1 files, the earlier one first; prints change/1. No database."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("a", type=Path, metavar="A.json")
        parser.add_argument("b", type=Path, metavar="B.json")

    def handle(self, *, a: Path, b: Path, **options: Any) -> None:
        try:
            first, calibration_a = self._attempt(a)
            second, calibration_b = self._attempt(b)
            change = compare(
                *first, *second, calibration_a=calibration_a, calibration_b=calibration_b
            )
        except NotComparable as error:
            raise CommandError(f"These cannot be compared: {error}") from error
        self.stdout.write(as_json(json.loads(change.canonical())))

    def _attempt(
        self, file: Path
    ) -> tuple[tuple[Questionnaire, AnswerSheet, Report], Calibration | None]:
        content = read_json_file(file)
        try:
            differences = verify(content)
            found = read_export(content), read_calibration(content)
        except ValueError as error:
            raise CommandError(f"{file}: {error}", returncode=2) from error
        if differences:
            # What is compared follows from the answers, so it can still be told.
            self.stderr.write(f"{file}: the report is not what its answers give.")
        return found
