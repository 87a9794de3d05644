"""A visit to an attempt moves the day on which it would be deleted, and renews the browser."""

from django.http import HttpRequest
from django.utils import timezone

from assessments.people.actors import hold_attempt
from assessments.responses.models import Attempt
from assessments.responses.services import note_use


def note_visit(request: HttpRequest, attempt: Attempt) -> None:
    """Remember the visit; at most once an hour it writes anything."""
    if note_use(attempt=attempt, at=timezone.now()) and attempt.owner_id is None:
        # Saving the session sets its cookie anew, so that it lasts as long as the attempt.
        hold_attempt(request, attempt.pk)
