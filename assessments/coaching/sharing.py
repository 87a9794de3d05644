"""The words that a client agrees to, and the digest that proves which ones they were."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from assessments.people.consents import NOTES_KEPT_DAYS, Scope
from assessments.people.models import User

TEXT = "assessments/coaching/consent_text.html"


@dataclass(frozen=True, slots=True)
class Agreement:
    """A consent before it is given: with whom, what, until the end of which day."""

    coach: User
    scopes: Collection[str]
    until: date

    @property
    def expires_at(self) -> datetime:
        """The last moment of the last day, so that its date is the day that people read."""
        return timezone.make_aware(datetime.combine(self.until, time.max))

    def text(self) -> SafeString:
        """What the client reads before saying yes, as HTML."""
        context = {
            "coach": self.coach,
            "practice": self.coach.coach_profile.practice,
            "until": self.until,
            "notes_kept_days": NOTES_KEPT_DAYS,
            **{scope.value: scope.value in self.scopes for scope in Scope},
        }
        return render_to_string(TEXT, context)

    def digest(self) -> str:
        """SHA-256 of that text."""
        return "sha256:" + hashlib.sha256(self.text().encode()).hexdigest()
