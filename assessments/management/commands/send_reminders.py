"""`send_reminders`: tell people by e-mail that what they share ends soon. Run it daily."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from assessments.management.commands import as_json
from assessments.people.consents import REMIND_DAYS_BEFORE_END
from assessments.privacy.reminders import send_reminders


class Command(BaseCommand):
    help = f"Remind people once, {REMIND_DAYS_BEFORE_END} days before what they share ends."

    def handle(self, **options: Any) -> None:
        self.stdout.write(as_json(send_reminders(at=timezone.now())))
