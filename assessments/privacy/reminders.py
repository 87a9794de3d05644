"""Tell people once that what they share is about to end."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from assessments.people.consents import REMIND_DAYS_BEFORE_END, Consent
from assessments.people.mail import send


def due_reminders(at: datetime) -> QuerySet[Consent]:
    """Consents in force that end soon, and whose giver was not told so yet."""
    soon = at + timedelta(days=REMIND_DAYS_BEFORE_END)
    ending = Consent.objects.in_force(at).filter(expires_at__lte=soon, reminded_at=None)
    return ending.filter(client__is_active=True).select_related("client", "coach")


def send_reminders(*, at: datetime) -> dict[str, int]:
    """Send them; how many went off and how many the mail server did not take."""
    sent = failed = 0
    for consent in due_reminders(at):
        is_off = send(
            to=consent.client.email,
            subject=_("what you share ends soon"),
            template="assessments/privacy/mail/consent_ends.txt",
            context={"consent": consent, "url": settings.SITE_URL},
        )
        if is_off:
            Consent.objects.filter(pk=consent.pk, reminded_at=None).update(reminded_at=at)
        sent, failed = sent + is_off, failed + (not is_off)
    return {"sent": sent, "failed": failed}
