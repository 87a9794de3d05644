"""`apply_retention`: what has been kept for its time goes. Run it daily."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from assessments.management.commands import as_json
from assessments.privacy.retention import apply_retention


class Command(BaseCommand):
    help = "Delete whatever has been kept for its time (docs/commands.md). Run it daily."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count; change nothing")

    def handle(self, *, dry_run: bool, **options: Any) -> None:
        done = apply_retention(at=timezone.now(), dry_run=dry_run)
        self.stdout.write(as_json({"would_be_deleted" if dry_run else "deleted": done}))
