"""`copy_database TARGET_URL`: everything into another database, for example PostgreSQL."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.errors import DomainError
from assessments.keeping.contents import unknown_tables
from assessments.keeping.copying import copy_everything
from assessments.management.commands import as_json


class Command(BaseCommand):
    help = "Copy all rows into an empty database, which is migrated first (docs/commands.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target_url", metavar="TARGET_URL")

    def handle(self, *, target_url: str, **options: Any) -> None:
        try:
            copied = copy_everything(target_url=target_url)
        except DomainError as error:
            raise CommandError(f"Nothing was copied. {error}") from error
        self.stdout.write(
            as_json(
                {
                    "rows": copied.rows,
                    "digest": copied.digest,
                    "left_out": unknown_tables(),
                }
            )
        )
