"""`questionnaire_schema`: the JSON Schema of `questionnaire/1`."""

from typing import Any

from django.core.management.base import BaseCommand

from assessments.instrument.canonical import json_schema
from assessments.management.commands import as_json


class Command(BaseCommand):
    help = "Print the JSON Schema of the questionnaire document."
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        self.stdout.write(as_json(json_schema()))
