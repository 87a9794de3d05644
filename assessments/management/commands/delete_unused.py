"""`delete_unused`: anonymous attempts that nobody came back to go, as the consent says."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from assessments.http.limits import delete_full_buckets
from assessments.management.commands import as_json
from assessments.people.services import delete_ended_sessions
from assessments.responses.models import ANONYMOUS_KEPT_DAYS
from assessments.responses.services import delete_unused_attempts


class Command(BaseCommand):
    help = f"Delete anonymous attempts not used for {ANONYMOUS_KEPT_DAYS} days. Run it daily."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count; delete nothing")

    def handle(self, *, dry_run: bool, **options: Any) -> None:
        now = timezone.now()
        # These say nothing to anybody and are not counted.
        delete_full_buckets(at=now, dry_run=dry_run)
        delete_ended_sessions(at=now, dry_run=dry_run)
        before = now - timedelta(days=ANONYMOUS_KEPT_DAYS)
        count = delete_unused_attempts(last_used_before=before, dry_run=dry_run)
        self.stdout.write(as_json({"would_be_deleted" if dry_run else "deleted": count}))
